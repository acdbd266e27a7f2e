package boltstore_test

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

func hello(id string) bot.Change {
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	return bot.Change{
		Event:   "event " + id,
		Contact: &bot.Contact{ID: "k" + id, Name: "Ada", Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: id}}},
		Conversation: bot.Conversation{
			ID: id, Channel: "whatsapp", Contact: "k" + id, NewestInbound: now, LastSeq: 2, Version: 1, CreatedAt: now, UpdatedAt: now,
		},
		Messages: []bot.Message{
			{Conversation: id, Seq: 1, Author: bot.AuthorCustomer, Kind: bot.KindText, Text: "Hello, where is my order?", At: now, State: bot.StateReceived},
			{Conversation: id, Seq: 2, Author: bot.AuthorBot, Kind: bot.KindText, Text: "What is its number?", At: now, State: bot.StateQueued},
		},
		Deliveries: []bot.Delivery{{Conversation: id, Seq: 2, Author: bot.AuthorBot, DueAt: now}},
	}
}

// gate is a disk whose flush ends when it is let.
type gate struct {
	mu      sync.Mutex
	flushes int
	open    chan struct{}
}

func (g *gate) flush() {
	g.mu.Lock()
	g.flushes++
	open := g.open
	g.mu.Unlock()
	<-open
}

// busy opens a store inside a bubble whose writing goroutine is held in the
// flush of a first commit.
func busy(t *testing.T) (*boltstore.Store, *gate) {
	t.Helper()
	g := &gate{open: make(chan struct{})}
	o := quick()
	o.Flush = g.flush
	s := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), o)
	go func() { _ = s.Commit(t.Context(), []bot.Change{hello("first")}) }()
	synctest.Wait()
	return s, g
}

func TestWaitingCommitsShareAFlush(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, g := busy(t)
		const senders = 64
		var group sync.WaitGroup
		for i := range senders {
			group.Go(func() {
				if err := s.Commit(t.Context(), []bot.Change{hello(strconv.Itoa(i))}); err != nil {
					t.Errorf("Commit: %v", err)
				}
			})
		}
		synctest.Wait()
		close(g.open)
		group.Wait()
		if g.flushes > 4 {
			t.Errorf("%d waiting commits took %d flushes, want a handful", senders, g.flushes-1)
		}
	})
}

func TestRefusedAndFailedWritesDoNoHarm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, g := busy(t)
		tooLong := func(id string) bot.Change { // bbolt refuses the key, after the job began to write
			c := hello(id)
			c.Contact.Aliases[0].Value = strings.Repeat("x", 40_000)
			return c
		}
		stale := hello("first")
		stale.Event = "another"
		jobs := []struct {
			change bot.Change
			want   error // nil: stored; errAny: any
		}{
			{hello("a"), nil},
			{tooLong("b"), errAny},
			{hello("first"), bot.ErrDuplicate},
			{hello("c"), nil},
			{stale, bot.ErrConflict},
			{tooLong("d"), errAny},
			{hello("e"), nil},
		}
		var group sync.WaitGroup
		for _, j := range jobs {
			group.Go(func() {
				err := s.Commit(t.Context(), []bot.Change{j.change})
				if some := errors.Is(j.want, errAny); (some && err == nil) || (!some && !errors.Is(err, j.want)) {
					t.Errorf("committing %s: got error %v, want %v", j.change.Conversation.ID, err, j.want)
				}
			})
		}
		synctest.Wait()
		close(g.open)
		group.Wait()
		for _, j := range jobs {
			id := j.change.Conversation.ID
			snap, err := s.Load(t.Context(), bot.Lookup{Conversation: id, Events: []string{j.change.Event}})
			stored := err == nil && snap.Seen[j.change.Event]
			if want := j.want == nil || errors.Is(j.want, bot.ErrDuplicate); stored != want {
				t.Errorf("conversation %s: stored is %v, want %v (%v)", id, stored, want, err)
			}
		}
	})
}

var errAny = errors.New("any error")

func TestReadingAndWritingNothingFlushesNothing(t *testing.T) {
	t.Parallel()
	var g gate
	g.open = make(chan struct{})
	close(g.open)
	o := quick()
	o.Flush = g.flush
	s := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), o)
	now := hello("a").Conversation.UpdatedAt
	for range 3 {
		if due, _, err := s.Due(t.Context(), now, time.Minute, map[string]int{"whatsapp": 100}); err != nil || len(due) != 0 {
			t.Fatalf("Due: %v, %v", due, err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Fatalf("Check: %v", err)
		}
	}
	if err := s.Commit(t.Context(), []bot.Change{hello("a")}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	for range 3 {
		if err := s.Commit(t.Context(), []bot.Change{hello("a")}); !errors.Is(err, bot.ErrDuplicate) {
			t.Fatalf("Commit: %v", err)
		}
		if due, _, err := s.Due(t.Context(), now.Add(-time.Second), time.Minute, map[string]int{"whatsapp": 100}); err != nil || len(due) != 0 {
			t.Fatalf("Due: %v, %v", due, err)
		}
	}
	if g.flushes != 1 {
		t.Fatalf("one commit took %d flushes", g.flushes)
	}
}

func TestACallerWhoGivesUpIsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, g := busy(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Commit(ctx, []bot.Change{hello("a")}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Commit: %v", err)
		}
		close(g.open)
	})
}

// The probe must not say that all is well while writes hang.
func TestCheckWaitsForWritesThatHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, g := busy(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Check(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Check: %v", err)
		}
		close(g.open)
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("Check: %v", err)
		}
	})
}

func TestCloseAnswersThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, g := busy(t)
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				err := s.Commit(t.Context(), []bot.Change{hello(strconv.Itoa(i))})
				if err != nil && !errors.Is(err, boltstore.ErrClosed) {
					t.Errorf("Commit: %v", err)
				}
			})
		}
		synctest.Wait()
		group.Go(func() { closeStore(t, s) })
		synctest.Wait()
		close(g.open)
		group.Wait()
	})
}

func TestAClosedStoreSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), quick())
	closeStore(t, s)
	closeStore(t, s)
	_, load := s.Load(t.Context(), bot.Lookup{Conversation: "a"})
	_, _, due := s.Due(t.Context(), time.Time{}, time.Minute, map[string]int{"whatsapp": 100})
	_, _, tickets := s.Tickets(t.Context(), bot.TicketFilter{}, "", 1)
	for name, err := range map[string]error{
		"Load": load, "Due": due, "Tickets": tickets,
		"Commit": s.Commit(t.Context(), []bot.Change{hello("a")}),
		"Check":  s.Check(t.Context()),
		"Done":   s.Done(t.Context(), bot.Outcome{Conversation: "a", Seq: 1}),
	} {
		if !errors.Is(err, boltstore.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
