package boltstore

import (
	"context"
	"errors"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// How what the journal has comes into the file. Batches are written to a layer, the
// top. Now and then the top becomes the under, which nobody writes to any more, and
// is written to the file, while batches go on in a new top and the next part of the
// journal. A conversation's page is written once then, however often it was changed
// meanwhile, and what came and went is not written at all.
//
// It is written in many small transactions with pauses, or else whoever waits for a
// flush of the journal would wait for all of it. Between them the file has some of
// the under's rows and not the others, which nobody sees: readers see the under
// itself, and after a crash the journal has all of it, as the file says only at the
// end which record it has.
const (
	// settleAfter is how long batches go on in one top, and about how long it takes
	// to write the one before to the file.
	settleAfter = 5 * time.Second
	// settleSize is how many bytes are written to a top before that. Then there are
	// no pauses.
	settleSize = 32 << 20
	// mostUnsettled is how many bytes wait while the file takes the ones before.
	mostUnsettled = 64 << 20
	// settleAgain is when it is tried again where the file could not take them.
	settleAgain = 500 * time.Millisecond
	// fewRows go into a transaction where there are pauses, and manyRows otherwise.
	fewRows, manyRows = 64, 8192
)

// follow lets the file follow the journal when it is time, and says when to look again.
func (s *Store) follow(now time.Time) time.Duration {
	switch {
	case s.settling && s.top.size >= settleSize:
		s.hasten()
	case s.rested:
		return time.Hour // nobody wakes it but a write
	case s.settling || s.broken != nil:
	case s.under != nil && now.Before(s.again):
		return s.again.Sub(now)
	case s.under != nil:
		s.settle()
	case s.top.size >= settleSize || s.top.size > 0 && !now.Before(s.since.Add(settleAfter)):
		s.turnOver()
		s.settle()
	}
	return rest
}

// turnOver begins a new top.
func (s *Store) turnOver() {
	s.turn++
	s.under, s.number = s.top, s.journal.number
	s.top = (&layer{}).next()
	s.journal.turn()
	s.reveal()
}

// settle begins to bring the file up to date with the under.
func (s *Store) settle() {
	s.settling, s.haste = true, make(chan struct{})
	under, number, j := s.under, s.number, s.journal
	p := pace{haste: s.haste, spread: settleAfter * 3 / 4, rows: fewRows}
	next, size := (j.active+1)%journalParts, min(slices.Max(j.size[:]), journalMost)
	go func() {
		err := s.bring(under, number, p)
		if err == nil {
			_ = j.extend(next, size) // whoever writes there will meet what hinders it
		}
		s.settled <- err
	}()
}

// hasten lets it go on without pauses.
func (s *Store) hasten() {
	select {
	case <-s.haste:
	default:
		close(s.haste)
	}
}

// hurry waits for it without pauses.
func (s *Store) hurry() {
	s.hasten()
	s.followed(<-s.settled)
}

// followed takes in what came of it.
func (s *Store) followed(err error) {
	s.settling, s.unsettled = false, err
	if err != nil {
		s.full = s.full || isFull(err)
		s.again = time.Now().Add(settleAgain)
		s.fails(err)
		return
	}
	s.under = nil
	s.reveal()
}

// mayWrite lets a batch wait while too much is on its way into the file, and
// refuses it when the file cannot take it.
func (s *Store) mayWrite() error {
	if s.broken == nil && s.top.size > mostUnsettled && s.settling {
		s.hurry()
		s.follow(time.Now())
	}
	switch {
	case s.broken != nil:
		return s.broken
	case s.top.size > mostUnsettled && s.unsettled != nil:
		return s.unsettled
	}
	return nil
}

// upToDate brings the file up to date with all that was written before, and gives
// a transaction that sees it so, which the caller must end.
func (s *Store) upToDate(ctx context.Context) (tx *bolt.Tx, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Not with the end of ctx: nobody would end the transaction.
	err = s.hand(context.WithoutCancel(ctx), &job{ask: func() (err error) {
		if err = s.bringAll(); err == nil {
			tx, err = s.db.Begin(false)
		}
		return err
	}})
	return tx, err
}

// bringAll runs on the writing goroutine.
func (s *Store) bringAll() error {
	if s.settling {
		s.hurry()
	}
	for s.broken == nil && (s.under != nil || s.top.size > 0) {
		if s.under == nil {
			s.turnOver()
		}
		if s.followed(s.bring(s.under, s.number, pace{})); s.unsettled != nil {
			return s.unsettled
		}
	}
	return s.broken
}

// bringTwice makes the journal unnecessary: both meta pages know of it then.
func (s *Store) bringTwice(l *layer, number uint64) error {
	if err := s.bring(l, number, pace{}); err != nil {
		return err // a number finds room where its rows did not
	}
	return s.bring((&layer{}).next(), number, pace{})
}

// last ends the writing. What the file cannot take stays in the journal, for the
// next Open.
func (s *Store) last() {
	err := s.bringAll()
	if err == nil && s.turn > 0 {
		err = s.bring((&layer{}).next(), s.journal.number, pace{}) // see bringTwice
	}
	settled := err == nil
	if s.broken != nil {
		err = nil // whoever closes knows: see Failed
	}
	s.ended = errors.Join(err, s.journal.close(settled))
}
