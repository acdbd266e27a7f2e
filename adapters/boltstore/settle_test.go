package boltstore

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// A disk that is full when the program starts may have room for a number and not
// for the rows that belong to it.
func TestTheFileDoesNotClaimWhatItCouldNotTake(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	refused := false
	intercept(s, func(name string, next writeAt, b []byte, offset int64) (int, error) {
		if name == theFile && !refused {
			refused = true
			return 0, &os.PathError{Op: "write", Path: "frontdesk.db", Err: syscall.ENOSPC}
		}
		return next(b, offset)
	})
	rows := (&layer{}).next()
	rows.put(placeOf(inAudit), []byte("a"), []byte("b"))
	if err := s.hand(t.Context(), &job{ask: func() error { return s.bringTwice(rows, 7) }}); !errors.Is(err, bot.ErrFull) {
		t.Errorf("on a full disk: %v", err)
	}
	if err := s.db.View(func(tx *bolt.Tx) error {
		if _, number, err := writerTo(tx).identify(); err != nil || number != 0 {
			t.Errorf("the file says that it has record %d, %v", number, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// beginning calls f when the next transaction begins, which bbolt tells its logger.
type beginning struct {
	bolt.Logger
	armed *atomic.Bool
	f     func()
}

func (b beginning) Debugf(string, ...any) {
	if b.armed.CompareAndSwap(true, false) {
		b.f()
	}
}

// Between what a reader begins from and its transaction the file may come to have
// what was written after that.
func TestReadersDoNotMixTheFileWithOlderLayers(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	write := func(a, z string) error {
		return s.update(t.Context(), func(w *writer) (err error) {
			if z != "" {
				err = w.put(inEvents, []byte("z"), []byte(z))
			}
			return errors.Join(err, w.put(inAudit, []byte("a"), []byte(a)))
		})
	}
	var armed atomic.Bool
	logger := (*bolt.Logger)(inside(s.db, "logger"))
	*logger = beginning{*logger, &armed, func() {
		if err := errors.Join(write("2", "2"), brought(t.Context(), s)); err != nil {
			t.Errorf("writing meanwhile: %v", err)
		}
	}}
	if err := errors.Join(write("0", "0"), brought(t.Context(), s), write("1", "")); err != nil {
		t.Fatal(err)
	}
	armed.Store(true)
	err := s.view(func(v view) error {
		if a, z := v.get(inAudit, []byte("a")), v.get(inEvents, []byte("z")); string(a) != "2" || string(z) != "2" {
			t.Errorf("a is %s and z is %s", a, z)
		}
		return nil
	})
	if err != nil || armed.Load() {
		t.Errorf("view: %v", err)
	}
}

// Everybody who writes waits for Check while the disk was full.
func TestCheckWaitsForNoPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := begin(t)
		defer finish(t, s)
		err := s.update(t.Context(), func(w *writer) error {
			for i := range 4 * fewRows {
				if err := w.put(inAudit, fmt.Appendf(nil, "row %d", i), nil); err != nil {
					return err
				}
			}
			return nil
		})
		begun := time.Now()
		err = errors.Join(err, s.hand(t.Context(), &job{ask: func() error {
			s.turnOver()
			s.settle()
			s.full = true
			return nil
		}}))
		if err := errors.Join(err, s.Check(t.Context())); err != nil {
			t.Errorf("Check: %v", err)
		}
		if took := time.Since(begun); took > 0 {
			t.Errorf("Check took %v", took)
		}
	})
}

// One part that had to take much must not make the others as long for good.
func TestALongPartMakesNoOtherLonger(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	if err := meets("ada")(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	var size int64
	err := s.hand(t.Context(), &job{ask: func() error {
		s.journal.size[0] = 2 * journalMost
		s.turnOver()
		s.settle()
		err := <-s.settled
		s.followed(err)
		size = s.journal.size[(s.journal.active+1)%journalParts]
		return err
	}})
	if err != nil || size > journalMost {
		t.Errorf("the next part has %d MiB, %v", size>>20, err)
	}
}
