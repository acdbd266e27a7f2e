package boltstore_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
)

// counted opens a store on the real disk, whose flush takes delay longer, and
// counts the flushes.
func counted(b *testing.B, maxBatch int, delay time.Duration) (*boltstore.Store, *atomic.Int64) {
	b.Helper()
	var flushes atomic.Int64
	s, err := boltstore.Open(filepath.Join(b.TempDir(), "frontdesk.db"), boltstore.Options{
		MaxBatch: maxBatch,
		Flush: func() {
			flushes.Add(1)
			if delay > 0 {
				time.Sleep(delay)
			}
		},
	})
	if err != nil {
		b.Fatalf("Open: %v", err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Errorf("Close: %v", err)
		}
	})
	return s, &flushes
}

// turn is what one message of a customer writes: the message, the reply, the
// conversation and the delivery.
func turn(c bot.Conversation, n int) bot.Change {
	now := c.UpdatedAt.Add(time.Second)
	base := c.Version
	c.Version, c.UpdatedAt, c.NewestInbound = base+1, now, now
	c.LastSeq += 2
	return bot.Change{
		Event: fmt.Sprintf("wamid.HBgLNDkxNTE1MTUxNTEVAgASGBQzQUE%s%08d", c.ID, n), Base: base, Conversation: c,
		Messages: []bot.Message{
			{
				Conversation: c.ID, Seq: c.LastSeq - 1, Author: bot.AuthorCustomer, Kind: bot.KindText, Text: "Hello, where is my order?",
				ExternalID: "wamid.HBgLNDkxNTE1MTUxNTEVAgASGBQzQUE", At: now, State: bot.StateReceived, StateAt: now,
			},
			{
				Conversation: c.ID, Seq: c.LastSeq, Author: bot.AuthorBot, Kind: bot.KindText, Text: "What is the number of your order?",
				At: now, State: bot.StateQueued, StateAt: now,
			},
		},
		Deliveries: []bot.Delivery{{Conversation: c.ID, Seq: c.LastSeq, Author: bot.AuthorBot, DueAt: now}},
		Settled:    []uint64{c.LastSeq - 2}, // or the outbox would only grow
	}
}

func commit(b *testing.B, s *boltstore.Store, c bot.Change) bot.Conversation {
	if err := s.Commit(b.Context(), []bot.Change{c}); err != nil {
		b.Errorf("Commit: %v", err)
	}
	return c.Conversation
}

// BenchmarkCommit is one sender who waits for each of its commits.
func BenchmarkCommit(b *testing.B) {
	s, _ := counted(b, 0, 0)
	c := commit(b, s, hello("alone"))
	for n := 0; b.Loop(); n++ {
		c = commit(b, s, turn(c, n))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkSenders is 64 conversations at once, with group commit and with a
// transaction for each commit, on this disk and on one that takes 1 ms more.
// The ratio of commits/s is what sharing a flush is worth.
func BenchmarkSenders(b *testing.B) {
	for _, delay := range []time.Duration{0, time.Millisecond} {
		b.Run(fmt.Sprintf("delay=%v/commit=group", delay), func(b *testing.B) { senders(b, 0, delay) })
		b.Run(fmt.Sprintf("delay=%v/commit=single", delay), func(b *testing.B) { senders(b, 1, delay) })
	}
}

func senders(b *testing.B, maxBatch int, delay time.Duration) {
	const count = 64
	s, flushes := counted(b, maxBatch, delay)
	var conversations [count]bot.Conversation
	for i := range conversations {
		conversations[i] = commit(b, s, hello(fmt.Sprintf("%02d", i)))
	}
	flushes.Store(0)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var group sync.WaitGroup
	for _, c := range conversations {
		group.Go(func() {
			for n := 0; left.Add(-1) >= 0; n++ {
				c = commit(b, s, turn(c, n))
			}
		})
	}
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
	b.ReportMetric(float64(b.N)/float64(max(flushes.Load(), 1)), "commits/flush")
}

// BenchmarkDelivery is a message's whole way through the outbox: committed,
// leased, done.
func BenchmarkDelivery(b *testing.B) {
	s, _ := counted(b, 0, 0)
	c := commit(b, s, hello("alone"))
	for n := 0; b.Loop(); n++ {
		c = commit(b, s, turn(c, n))
		due, _, err := s.Due(b.Context(), c.UpdatedAt, time.Minute, map[string]int{"whatsapp": 100})
		if err != nil || len(due) != 1 {
			b.Fatalf("Due: %v, %v", due, err)
		}
		if err := s.Done(b.Context(), bot.Outcome{Conversation: c.ID, Seq: c.LastSeq, State: bot.StateSent, At: c.UpdatedAt}); err != nil {
			b.Fatalf("Done: %v", err)
		}
		c.Version++
	}
}

// BenchmarkWalk is BenchmarkCommit with a flow: with each message the
// conversation stands elsewhere and wakes at another time.
func BenchmarkWalk(b *testing.B) {
	s, _ := counted(b, 0, 0)
	c := commit(b, s, hello("alone"))
	for n := 0; b.Loop(); n++ {
		next := turn(c, n)
		next.Conversation.Flow = flows.State{Version: "v1", Flow: "orders", Node: fmt.Sprint("state", n%7)}
		next.Conversation.SilentAt = next.Conversation.UpdatedAt.Add(time.Hour)
		c = commit(b, s, next)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkLoad is what a decision begins with.
func BenchmarkLoad(b *testing.B) {
	s, _ := counted(b, 0, 0)
	first := hello("alone")
	commit(b, s, first)
	l := bot.Lookup{Channel: "whatsapp", Aliases: first.Contact.Aliases, Events: []string{"another"}}
	for b.Loop() {
		if snap, err := s.Load(b.Context(), l); err != nil || snap.Conversation.ID == "" {
			b.Fatal(errors.New("nobody"), err)
		}
	}
}

// BenchmarkIdle is what the dispatcher asks most of the time.
func BenchmarkIdle(b *testing.B) {
	s, _ := counted(b, 0, 0)
	c := commit(b, s, hello("alone"))
	for b.Loop() {
		if _, next, err := s.Due(b.Context(), c.UpdatedAt.Add(-time.Second), time.Minute, map[string]int{"whatsapp": 100}); err != nil || next.IsZero() {
			b.Fatal(next, err)
		}
	}
}

// BenchmarkAsleep is the same for the timers, of a thousand conversations.
func BenchmarkAsleep(b *testing.B) {
	s, _ := counted(b, 0, 0)
	for i := range 1000 {
		c := hello(fmt.Sprint(i))
		c.Conversation.SilentAt = c.Conversation.UpdatedAt.Add(time.Duration(i+1) * time.Second)
		commit(b, s, c)
	}
	now := hello("").Conversation.UpdatedAt
	for b.Loop() {
		if ids, next, err := s.Wakes(b.Context(), now, 100); err != nil || len(ids) != 0 || next.IsZero() {
			b.Fatal(ids, next, err)
		}
	}
}
