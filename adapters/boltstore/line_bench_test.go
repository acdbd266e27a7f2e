package boltstore_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// BenchmarkLine reads the line of 100,000 tickets.
func BenchmarkLine(b *testing.B) {
	s, err := boltstore.Open(filepath.Join(b.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true})
	mustB(b, err)
	b.Cleanup(func() { mustB(b, s.Close()) })
	const people = 100_000
	for i := range people {
		c := hello(fmt.Sprintf("%x", uint32(i)*2654435761)) // in no order
		at := c.Conversation.UpdatedAt.Add(time.Duration(i) * time.Second)
		c.Ticket = &handoff.Ticket{
			ID: "t" + c.Conversation.ID, Conversation: c.Conversation.ID, Queue: "support", Reason: "asked", Note: "a note for the agent", Words: []string{"help", "me"},
			OpenedAt: at, PromisedBy: at.Add(time.Hour), WindowCloses: at.Add(24 * time.Hour), AnswerBy: at.Add(20 * time.Hour),
			Handling: 5 * time.Minute, Weight: 2, Place: handoff.Place{Class: handoff.Later, At: at.Add(time.Hour), Next: at.Add(16 * time.Hour)},
		}
		c.Conversation.Ticket = c.Ticket.ID
		mustB(b, s.Commit(b.Context(), []bot.Change{c}))
	}
	b.ResetTimer()
	for b.Loop() {
		n := 0
		mustB(b, s.Line(b.Context(), true, func(handoff.Ticket) error {
			n++
			return nil
		}))
		if n != people {
			b.Fatalf("%d in line", n)
		}
	}
}

func mustB(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
