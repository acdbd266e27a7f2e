package boltstore

import (
	"encoding/binary"
	"fmt"
	"time"
)

// pace is how fast something is written to the file.
type pace struct {
	haste  <-chan struct{} // closed: no pauses any more. Nil: none at all
	spread time.Duration   // how long it takes with them
	rows   int             // in a transaction, with them
}

// hurried reports whether there are no pauses.
func (p pace) hurried() bool {
	select {
	case <-p.haste:
		return true
	default:
		return p.haste == nil
	}
}

// pause waits after n of all rows.
func (p pace) pause(n, all int) {
	if p.hurried() {
		return
	}
	timer := time.NewTimer(p.spread * time.Duration(n) / time.Duration(all))
	defer timer.Stop()
	select {
	case <-p.haste:
	case <-timer.C:
	}
}

// bring writes a layer to the file. number is that of its newest record. What is
// there already is written again, which changes nothing.
func (s *Store) bring(l *layer, number uint64, p pace) error {
	rows := l.rows()
	for all := len(rows); ; {
		n := min(len(rows), manyRows)
		if !p.hurried() {
			n = min(n, p.rows)
		}
		last := n == len(rows)
		err := guard(func() error { return s.bringSome(rows[:n], number, last) })
		if err != nil || last {
			return err
		}
		rows = rows[n:]
		p.pause(n, all)
	}
}

// bringSome writes some rows, and with the last of them which record the file has.
func (s *Store) bringSome(rows []write, number uint64, last bool) error {
	tx, err := s.db.Begin(true)
	if err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	w := writerTo(tx)
	for _, i := range []int{placeOf(inEvents), placeOf(inAudit)} {
		w.bucket(i).FillPercent = 0.9 // only appended to
	}
	for _, r := range rows {
		if err := w.take(r); err != nil {
			return err
		}
	}
	if last {
		if err := w.put(inMeta, []byte(keyJournal), binary.BigEndian.AppendUint64(nil, number)); err != nil {
			return err
		}
	}
	id := tx.ID()
	if err := tx.Commit(); err != nil {
		return s.unwritten(id, err)
	}
	s.ahead.fill(s.file, s.db)
	return nil
}

func (w *writer) take(r write) error {
	bucket := buckets()[r.bucket]
	if r.value == nil {
		return w.delete(bucket, r.key)
	}
	return w.put(bucket, r.key, r.value)
}
