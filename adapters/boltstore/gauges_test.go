package boltstore_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// Whoever reads the metrics does not know that the program is about to end.
func TestGaugesOfAStoreThatIsBeingClosed(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), quick())
	begun := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for n := 0; ; n++ {
			if n == 100 {
				close(begun)
			}
			if _, err := s.Gauges(t.Context(), time.Now()); err != nil {
				if !errors.Is(err, boltstore.ErrClosed) {
					t.Errorf("Gauges: %v", err)
				}
				return
			}
		}
	})
	<-begun
	closeStore(t, s)
	group.Wait()
}

func TestGauges(t *testing.T) {
	t.Parallel()
	var transactions, writes int
	s := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true, Observe: func(n int, took time.Duration) {
		transactions++
		writes += n
		if took <= 0 {
			t.Error("a transaction took no time")
		}
	}})
	now := hello("a").Conversation.UpdatedAt
	for id, ticket := range map[string]handoff.Ticket{
		"a": {Queue: "sales", WindowCloses: now.Add(-time.Minute)},
		"b": {Queue: "sales", WindowCloses: now.Add(10 * time.Minute)},
		"c": {Queue: "sales", Agent: "ana", WindowCloses: now.Add(time.Hour)},
		"d": {Queue: "help", WindowCloses: now.Add(3 * time.Hour)},
		"e": {Queue: "help", WindowCloses: now.Add(5 * time.Hour)},
		"f": {Queue: "help"},
	} {
		c := hello(id)
		ticket.ID, ticket.Conversation, ticket.OpenedAt = "t"+id, id, now
		ticket.Place = ticket.Stand(now)
		c.Ticket, c.Conversation.Ticket = &ticket, ticket.ID
		if id > "d" {
			c.Conversation.AnswerAt = now.Add(time.Duration(id[0]-'e') * time.Minute)
		}
		if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Gauges(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Gauges{
		Outbox:   map[string]bot.OutboxGauge{"whatsapp": {Conversations: 6, OldestDue: now}},
		Queues:   map[string]bot.QueueGauge{"sales": {Waiting: 2, Claimed: 1}, "help": {Waiting: 3}},
		Deadline: now.Add(10 * time.Minute),
		Windows:  bot.WindowGauge{Closed: 1, Within15: 1, Within1h: 2, Within4h: 3},
		Timers:   1, TimersDue: now,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(bot.Gauges{}, "FileBytes", "FreeBytes")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.FileBytes < 16<<10 || got.FreeBytes < 0 || got.FreeBytes > got.FileBytes {
		t.Errorf("%d bytes, %d of them free", got.FileBytes, got.FreeBytes)
	}
	if transactions != 6 || writes != 6 {
		t.Errorf("%d transactions with %d writes were told", transactions, writes)
	}
}
