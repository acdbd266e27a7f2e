package boltstore

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// prepare checks what the file is, completes one of an older format, brings it up
// to date with its journal and hands back the leases of the process that had it
// before. It writes only when it must.
func (s *Store) prepare(path string, sync bool) error {
	if err := s.db.View(s.whole); err != nil {
		return err
	}
	var id fileID
	var number uint64
	err := s.edit(func(w *writer) (err error) {
		id, number, err = w.identify()
		return err
	})
	if err != nil {
		return err
	}
	left, err := readJournal(path, id, number)
	if err != nil {
		return err
	}
	if left.any { // what the file has is known to one of its meta pages, perhaps
		if err := s.bringTwice(left.rows, left.number); err != nil {
			return err
		}
	}
	s.journal = newJournal(path, id, sync, left.number)
	return errors.Join(removeJournal(path), s.edit((*writer).handOver))
}

// edit writes to the file itself. When f writes nothing, nothing is written.
func (s *Store) edit(f func(w *writer) error) error {
	tx, err := s.db.Begin(true)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	w := writerTo(tx)
	if err := f(w); err != nil || w.writes == 0 {
		return err
	}
	return tx.Commit()
}

// whole checks that the file has all its pages and a format that Open can use.
func (s *Store) whole(tx *bolt.Tx) error {
	if err := s.entire(tx); err != nil {
		return err
	}
	was, err := viewOf(tx).format()
	if err == nil && was > 0 && was < firstUpdated {
		err = &olderError{was}
	}
	if err != nil {
		return err
	}
	return hasBuckets(tx, was)
}

// entire checks that the file has all its pages.
func (s *Store) entire(tx *bolt.Tx) error {
	info, err := s.file.Stat()
	if err == nil && info.Size() < tx.Size() {
		err = fmt.Errorf("%w: it has %d bytes and should have %d", ErrDamaged, info.Size(), tx.Size())
	}
	return err
}

// firstUpdated is the first format whose file is completed; older ones are written anew.
const firstUpdated = 3

// untilFormat3 led from the platforms' ids to our messages.
const untilFormat3 = "external"

// identify gives a file that is new, or of the format before, its buckets and its
// name, and says which file it is and which record of its journal it has.
func (w *writer) identify() (id fileID, number uint64, err error) {
	was, err := w.format()
	if err != nil {
		return id, 0, err
	}
	if was < format {
		if err := w.create(); err != nil {
			return id, 0, err
		}
	}
	if copy(id[:], w.get(inMeta, []byte(keyFile))) != len(id) {
		return id, 0, fmt.Errorf("%w: it does not say which file it is", ErrDamaged)
	}
	if b := w.get(inMeta, []byte(keyJournal)); len(b) == 8 {
		number = binary.BigEndian.Uint64(b)
	}
	return id, number, nil
}

// hasBuckets checks that a file of a format has the buckets that the format has.
// One whose entry is spoilt is not made anew: what it held is still in the file.
func hasBuckets(tx *bolt.Tx, format int) error {
	all := buckets()
	for _, name := range all[:had(format)] {
		if tx.Bucket([]byte(name)) == nil {
			return fmt.Errorf("%w: the bucket %s is not to be found", ErrDamaged, name)
		}
	}
	return nil
}

// handOver completes a file of the format before, hands back the leases of the
// process that had it, and counts anew what is counted wrong.
func (w *writer) handOver() error {
	if err := w.complete(); err != nil {
		return err
	}
	if _, damage := w.standings(); damage != nil {
		if err := w.recount(); err != nil {
			return err
		}
	}
	return w.handBack()
}

// format is the number of the file's format; 0: the file is new.
func (v view) format() (int, error) {
	meta := v.bucket(placeOf(inMeta))
	if meta == nil {
		if k, _ := v.tx.Cursor().First(); k != nil {
			return 0, ErrForeign
		}
		return 0, nil
	}
	found, err := strconv.Atoi(string(meta.Get([]byte(keyFormat))))
	if err != nil {
		return 0, fmt.Errorf("%w: its format is no number", ErrForeign)
	}
	if found > format {
		return 0, &FormatError{Found: found, Known: format}
	}
	return found, nil
}

func (w *writer) create() error {
	for _, name := range buckets() {
		b, err := w.tx.CreateBucketIfNotExists([]byte(name))
		if err != nil {
			return fmt.Errorf("creating bucket %s: %w", name, err)
		}
		w.writes++                    // of which nobody else knows
		if n := b.Sequence(); n > 0 { // until format 3
			if err := w.setNumbered(name, n); err != nil {
				return err
			}
		}
	}
	if w.tx.Bucket([]byte(untilFormat3)) != nil {
		if err := w.tx.DeleteBucket([]byte(untilFormat3)); err != nil {
			return fmt.Errorf("removing bucket %s: %w", untilFormat3, err)
		}
	}
	if w.get(inMeta, []byte(keyFormat)) == nil { // an older one is completed, see complete
		if err := w.setFormat(); err != nil {
			return err
		}
	}
	if w.get(inMeta, []byte(keyFile)) != nil {
		return nil
	}
	var id fileID
	_, _ = rand.Read(id[:]) // never fails
	return w.put(inMeta, []byte(keyFile), id[:])
}
