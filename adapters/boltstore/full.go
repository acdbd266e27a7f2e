package boltstore

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// roomWanted is how much room a full disk must have again before Check is
// content: as much as a transaction of a busy moment takes.
const roomWanted = 4 << 20

// Failed is closed when nothing more can be written until the next Open: the disk
// failed in the middle of a write (ErrFailed), or a write met a broken page
// (ErrDamaged). What the process holds in memory cannot be mended from within, so
// it should end with an error and be started again. A full disk is no such case.
func (s *Store) Failed() <-chan struct{} { return s.failed }

// unwritten says what it means that bbolt could not commit transaction id, which
// was to bring the file up to date.
//
// bbolt writes the transaction's pages where nothing is that anybody reads,
// flushes them, writes the meta page that makes them the newest state, and flushes
// again. On an error it reads its list of free pages anew from the file. So
// whatever fails before the meta page leaves the file as it was, and the next
// transaction writes all it needs again: nothing of it rests on what was lost.
//
// Once the meta page is in the file's mapping it is another matter. The flush may
// have failed, and then it must not be tried again: the system may have marked the
// page as clean although it never reached the disk, so the next flush succeeds and
// means nothing. The disk may hold the state before or the one after, and bbolt
// takes the one after for granted: the pages that only the former needs are free,
// and the next transaction would write over them. So nothing more is written, and
// whatever the disk holds is read by the next Open, and brought up to date with the
// journal.
func (s *Store) unwritten(id int, cause error) error {
	newest := 0
	err := s.db.View(func(tx *bolt.Tx) error { // fails when bbolt has lost its mapping
		newest = tx.ID()
		return nil
	})
	switch {
	case err != nil || newest >= id:
		return fmt.Errorf("%w: %w", ErrFailed, errors.Join(cause, err))
	case isFull(cause):
		return fmt.Errorf("%w: writing the data file: %w", bot.ErrFull, cause)
	}
	return fmt.Errorf("writing the data file: %w", cause)
}

// unjournaled says what it means that the journal did not take a record. Of one
// that was not written nothing is left. One whose flush failed may be on the disk
// or not, and a second flush would tell nothing, as above: the next Open reads it,
// or does not.
func (s *Store) unjournaled(cause error) error {
	switch {
	case errors.Is(cause, errUnflushed):
		return fmt.Errorf("%w: %w", ErrFailed, cause)
	case isFull(cause):
		s.full = true
		return fmt.Errorf("%w: writing the journal: %w", bot.ErrFull, cause)
	}
	return fmt.Errorf("writing the journal: %w", cause)
}

// isFull reports whether a write failed for want of room: of the disk, of a quota,
// or of what a file may have. bbolt tells of a file that it could not make longer
// in words only.
func isFull(err error) bool {
	if err == nil {
		return false
	}
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, errno) || strings.HasSuffix(err.Error(), ": "+errno.Error()) {
			return true
		}
	}
	return false
}

// probe finds out whether a full disk has room again. It writes zeros where the
// file will grow next: nobody reads there until a transaction has written there
// itself, and the room is needed anyway. A small record would prove nothing, as it
// finds its place in the journal. It runs on the writing goroutine.
func (s *Store) probe() error {
	if !s.full {
		return s.unsettled
	}
	if s.settling { // it may make the file longer, and everybody who writes waits
		s.hurry()
	}
	if s.broken != nil {
		return s.broken
	}
	var size int64
	err := s.db.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	})
	if err == nil {
		_, err = s.file.WriteAt(make([]byte, roomWanted), size)
	}
	if err == nil {
		err = s.file.Sync() // some file systems find their room only now
	}
	switch {
	case isFull(err):
		return fmt.Errorf("%w: trying whether there is room again: %w", bot.ErrFull, err)
	case err != nil:
		return fmt.Errorf("trying whether there is room again: %w", err)
	}
	s.full, s.again = false, time.Time{}
	return nil
}
