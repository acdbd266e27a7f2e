package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// job is one caller's write. apply may run more than once, so it must set what
// it gives back anew each time; err and done belong to the writing goroutine.
type job struct {
	apply func(w *writer) error
	ask   func() error // instead of apply: about the store itself, while no transaction is open
	err   error
	done  chan error
}

// writer is a view that may be written to, and knows how much was written, so that
// a job which fails before its first write costs its neighbours nothing.
type writer struct {
	view
	own     *layer                // the first of the view's layers; nil: it writes to the file
	writes  int                   // so far
	changed []write               // likewise, in order; nothing when it writes to the file
	months  map[monthAt]bot.Month // that the batch changes, see sumUp
}

// writerTo writes to the file itself: when it is made, or brought up to date.
func writerTo(tx *bolt.Tx) *writer { return &writer{view: viewOf(tx)} }

// put copies key and value.
func (w *writer) put(bucket string, key, value []byte) error {
	w.writes++
	n := placeOf(bucket)
	if w.own == nil {
		if err := w.bucket(n).Put(key, value); err != nil {
			return fmt.Errorf("writing to %s: %w", bucket, err)
		}
		return nil
	}
	// What bbolt would refuse later must be refused now.
	if len(key) == 0 || len(key) > bolt.MaxKeySize || len(value) > bolt.MaxValueSize {
		return fmt.Errorf("writing to %s: a key of %d bytes and a value of %d", bucket, len(key), len(value))
	}
	b := append(append(make([]byte, 0, len(key)+len(value)), key...), value...)
	r := row{b[:len(key):len(key)], b[len(key):]}
	w.own.put(n, r.key, r.value)
	w.changed = append(w.changed, write{n, r})
	return nil
}

func (w *writer) delete(bucket string, key []byte) error {
	w.writes++
	n := placeOf(bucket)
	if w.own == nil {
		if err := w.bucket(n).Delete(key); err != nil {
			return fmt.Errorf("deleting from %s: %w", bucket, err)
		}
		return nil
	}
	key = bytes.Clone(key)
	w.changed = append(w.changed, write{n, row{key: key}})
	if w.below(n, key) {
		w.own.put(n, key, nil)
	} else { // most of what waits to be sent comes and goes without the file's knowing
		w.own.forget(n, key)
	}
	return nil
}

// below reports whether there is a row under the layer that is written to.
func (w *writer) below(bucket int, key []byte) bool {
	for _, l := range w.layers[1:] {
		if value, ok := l.get(bucket, key); ok {
			return value != nil
		}
	}
	return w.bucket(bucket).Get(key) != nil
}

// numbered is the newest number in a bucket whose keys end with one.
func (v view) numbered(bucket string) uint64 {
	if b := v.get(inMeta, []byte(keyNumber+bucket)); len(b) == 8 {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (w *writer) setNumbered(bucket string, n uint64) error {
	return w.put(inMeta, []byte(keyNumber+bucket), binary.BigEndian.AppendUint64(nil, n))
}

// update hands apply to the writing goroutine and waits until it is durable.
// When ctx ends while it waits, ctx's error is returned and the write may still
// happen.
func (s *Store) update(ctx context.Context, apply func(w *writer) error) error {
	return s.hand(ctx, &job{apply: apply})
}

func (s *Store) hand(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan error, 1)
	select {
	case s.jobs <- j:
	case <-s.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rest is for how long nothing was written when the file follows at once, and when
// its memory is let go then.
const rest = time.Second

// write is the writing goroutine: it ends when Close was called.
func (s *Store) write() {
	defer close(s.written)
	timer := time.NewTimer(rest)
	defer timer.Stop()
	var batch []*job
	for {
		select {
		case j := <-s.jobs:
			batch = s.gather(append(batch[:0], j))
			s.run(batch)
			clear(batch)
		case err := <-s.settled:
			s.followed(err)
		case now := <-timer.C:
			if now.Sub(s.wrote) >= rest {
				s.idle()
			}
		case <-s.closing:
			s.last()
			return
		}
		timer.Reset(s.follow(time.Now()))
	}
}

// idle uses the time in which nobody writes.
func (s *Store) idle() {
	switch {
	case s.settling:
		s.hasten()
	case s.broken == nil && s.under == nil && s.top.size > 0:
		s.turnOver()
		s.settle()
		s.hasten()
	case s.under == nil:
		s.letGo()
		s.rested = true
	}
}

// letGo lets go of the file's memory; see resident.
func (s *Store) letGo() {
	if s.broken != nil {
		return
	}
	var size int64
	err := s.view(func(v view) error {
		size = v.tx.Size()
		return nil
	})
	if err == nil {
		s.resident.letGo(s.db.Info().Data, size)
	}
}

// gather takes all that wait. Those who were answered by the last batch get a
// chance to come back first: a batch of one costs a whole flush.
func (s *Store) gather(batch []*job) []*job {
	for yielded := false; len(batch) < s.maxBatch; {
		select {
		case j := <-s.jobs:
			batch = append(batch, j)
			yielded = false
		default:
			if yielded {
				return batch
			}
			runtime.Gosched()
			yielded = true
		}
	}
	return batch
}

// run writes a batch and tells every caller. A job that fails half way is taken
// out and the rest is done again without it.
func (s *Store) run(batch []*job) {
	for rest := s.answer(batch); len(rest) > 0; {
		bad, err := s.transact(rest)
		if err != nil {
			for _, j := range rest {
				j.done <- err
			}
			return
		}
		if bad < 0 {
			for _, j := range rest {
				j.done <- j.err
			}
			return
		}
		rest[bad].done <- rest[bad].err
		rest[bad] = rest[0]
		rest = rest[1:]
	}
}

// answer answers those who ask about the store itself, and gives the others.
func (s *Store) answer(batch []*job) []*job {
	writes := batch[:0]
	for _, j := range batch {
		switch {
		case j.ask == nil:
			writes = append(writes, j)
		case s.broken != nil:
			j.done <- s.broken
		default:
			j.done <- j.ask()
		}
	}
	return writes
}

// transact applies the jobs to a layer of their own, and shows it to readers when
// the journal has it. bad is the index of a job that failed after it had written;
// nothing is stored then.
func (s *Store) transact(jobs []*job) (bad int, err error) {
	if err := s.mayWrite(); err != nil {
		return -1, err
	}
	begun := time.Now()
	err = guard(func() error {
		tx, err := s.db.Begin(false)
		if err != nil {
			return fmt.Errorf("beginning to write: %w", err)
		}
		defer func() { _ = tx.Rollback() }()
		w := &writer{own: s.top.next(), changed: s.changed[:0]}
		w.view = viewOf(tx, s.layers(w.own)...)
		bad = w.apply(jobs)
		if bad < 0 {
			err = w.putMonths()
		}
		s.changed = w.changed
		if err != nil || bad >= 0 || w.writes == 0 {
			return err
		}
		if err := s.journal.append(w.changed); err != nil {
			return s.unjournaled(err)
		}
		s.show(w.own, begun)
		if s.flush != nil {
			s.flush()
		}
		if s.observe != nil {
			s.observe(len(jobs), time.Since(begun))
		}
		return nil
	})
	clear(s.changed)
	s.fails(err)
	return bad, err
}

func (w *writer) apply(jobs []*job) (bad int) {
	for i, j := range jobs {
		before := w.writes
		if j.err = j.apply(w); j.err != nil && w.writes != before {
			return i
		}
	}
	return -1
}

// fails stops all writing when nobody knows any more what the disk holds, or when
// a page is broken that the next write may need.
func (s *Store) fails(err error) {
	if _, panicked := errors.AsType[*panicError](err); (panicked || errors.Is(err, ErrFailed)) && s.broken == nil {
		s.broken = err
		close(s.failed)
	}
}
