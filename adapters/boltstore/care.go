package boltstore

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"frontdesk/bot"
)

var (
	_ bot.Sweeper = (*Store)(nil)
	_ bot.Records = (*Store)(nil)
)

// lookWait is too short to wait at all: whoever looks asks the program that has
// the file open instead.
const lookWait = time.Millisecond

// Look opens the file at path to be read only: it changes nothing, not even what
// Open would put right, so that what is damaged can be looked at. What would write
// returns ErrClosed. Errors are those of Open, *FormatError for an older format
// too, and fs.ErrNotExist; the caller must Close what it gets otherwise.
func Look(path string) (*Store, error) {
	return look(path, func(name string, flag int, mode os.FileMode) (*os.File, error) {
		return os.OpenFile(name, flag, mode) //nolint:gosec // the operator's own path
	})
}

func look(path string, open func(string, int, os.FileMode) (*os.File, error)) (*Store, error) {
	s := &Store{closing: make(chan struct{}), failed: make(chan struct{})}
	close(s.closing)
	s.close = sync.OnceValue(func() error { return s.db.Close() })
	err := guard(func() (err error) {
		s.db, err = bolt.Open(path, 0, &bolt.Options{
			Timeout: lookWait, ReadOnly: true, PreLoadFreelist: true,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := open(name, flag, mode)
				s.file = f
				return f, err
			},
		})
		if err != nil {
			return err
		}
		if err := s.db.View(s.known); err != nil {
			return err
		}
		return s.db.View(func(tx *bolt.Tx) error { return s.withJournal(tx, path) })
	})
	if err == nil {
		return s, nil
	}
	if _, panicked := errors.AsType[*panicError](err); !panicked && s.db != nil {
		_ = s.db.Close()
	}
	if s.file != nil {
		_ = s.file.Close() // after a panic db.Close may wait for a lock that it left behind
	}
	return nil, fmt.Errorf("opening %s: %w", path, opening(err))
}

// looks reports whether the file was opened by Look: nobody writes to it.
func (s *Store) looks() bool { return s.jobs == nil }

// known checks that the file is whole and of our format.
func (s *Store) known(tx *bolt.Tx) error {
	if err := s.entire(tx); err != nil {
		return err
	}
	found, err := viewOf(tx).format()
	switch {
	case err != nil:
		return err
	case found == 0:
		return ErrForeign
	case found < format:
		return &FormatError{Found: found, Known: format}
	}
	return nil
}

// withJournal reads what the file at path lacks still, which nobody brings into
// it meanwhile.
func (s *Store) withJournal(tx *bolt.Tx, path string) error {
	id, number, err := writerTo(tx).identify() // writes nothing: the format is the newest
	if err != nil {
		return err
	}
	left, err := readJournal(path, id, number)
	if err != nil {
		return err
	}
	s.number = left.number
	if left.number > number {
		s.under = left.rows
	}
	s.now.Store(&shown{0, s.layers((&layer{}).next())})
	return nil
}

// opening says what an error of bbolt means to who opens a file.
func opening(err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return ErrInUse
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return fmt.Errorf("%w: %w", ErrForeign, err)
	}
	return err
}
