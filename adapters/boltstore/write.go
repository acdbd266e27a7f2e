package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	bolt "go.etcd.io/bbolt"
)

// job is one caller's write. apply may run more than once, so it must set what
// it gives back anew each time; err and done belong to the writing goroutine.
type job struct {
	apply func(w *writer) error
	err   error
	done  chan error
}

// writer is a write transaction that knows how much was written, so that a job
// which fails before its first write costs its neighbours nothing.
type writer struct {
	view
	writes int
}

func (w *writer) put(bucket string, key, value []byte) error {
	w.writes++
	if err := w.tx.Bucket([]byte(bucket)).Put(key, value); err != nil {
		return fmt.Errorf("writing to %s: %w", bucket, err)
	}
	return nil
}

func (w *writer) delete(bucket string, key []byte) error {
	w.writes++
	if err := w.tx.Bucket([]byte(bucket)).Delete(key); err != nil {
		return fmt.Errorf("deleting from %s: %w", bucket, err)
	}
	return nil
}

// update hands apply to the writing goroutine and waits until it is durable.
// When ctx ends while it waits, ctx's error is returned and the write may still
// happen.
func (s *Store) update(ctx context.Context, apply func(w *writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{apply: apply, done: make(chan error, 1)}
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

// rest is for how long nothing was written when the file's memory is let go.
const rest = time.Second

// write is the writing goroutine: it ends when Close was called.
func (s *Store) write() {
	defer close(s.written)
	idle := time.NewTimer(rest)
	defer idle.Stop()
	var batch []*job
	for {
		select {
		case j := <-s.jobs:
			batch = append(batch[:0], j)
		case <-idle.C:
			s.letGo()
			continue
		case <-s.closing:
			return
		}
		batch = s.gather(batch)
		s.run(batch)
		clear(batch)
		idle.Reset(rest)
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

// gather takes all that wait. Those who were answered by the last transaction
// get a chance to come back first: a batch of one costs a whole flush.
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
	for rest := batch; len(rest) > 0; {
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

// transact applies the jobs in one transaction. bad is the index of a job that
// failed after it had written; nothing is stored then.
func (s *Store) transact(jobs []*job) (bad int, err error) {
	if s.broken != nil {
		return -1, s.broken
	}
	begun := time.Now()
	err = guard(func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return fmt.Errorf("beginning to write: %w", err)
		}
		defer func() { _ = tx.Rollback() }() // does nothing after Commit
		var w *writer
		if w, bad = apply(tx, jobs); bad >= 0 || w.writes == 0 {
			return nil
		}
		id := tx.ID()
		if err := tx.Commit(); err != nil {
			return s.unwritten(id, err)
		}
		if s.flush != nil {
			s.flush()
		}
		if s.observe != nil {
			s.observe(len(jobs), time.Since(begun))
		}
		return nil
	})
	// A panic may have left bbolt with its lock held or its list of free pages
	// half changed: nothing more is written until the next Open then, either.
	if _, panicked := errors.AsType[*panicError](err); panicked || errors.Is(err, ErrFailed) {
		s.broken = err
		close(s.failed)
	}
	return bad, err
}

func apply(tx *bolt.Tx, jobs []*job) (w *writer, bad int) {
	w = &writer{view: view{tx}}
	for i, j := range jobs {
		before := w.writes
		if j.err = j.apply(w); j.err != nil && w.writes != before {
			return w, i
		}
	}
	return w, -1
}
