package load

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// TestEveryMessageIsPlayedOnce also proves that a webhook carries one channel's
// messages only, and that the messages of a customer are numbered without a gap.
func TestEveryMessageIsPlayedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := Options{
			Channels: make([]Channel, rapid.IntRange(1, 7).Draw(t, "channels")),
			Senders:  rapid.IntRange(1, 40).Draw(t, "senders"),
			Batch:    rapid.IntRange(1, 9).Draw(t, "batch"),
		}
		s := newSchedule(&o)
		if n := s.senders(); n < o.Senders || n >= o.Senders+len(o.Channels) {
			t.Fatalf("%d customers were made of %d", n, o.Senders)
		}
		latest := make([]int, s.senders())
		for j := range 60 {
			channel, slots := s.slots(nil, j)
			if len(slots) != o.Batch {
				t.Fatalf("webhook %d has %d messages", j, len(slots))
			}
			for _, m := range slots {
				if m.sender%len(o.Channels) != channel {
					t.Fatalf("customer %d writes to channel %d", m.sender, channel)
				}
				if m.number != latest[m.sender]+1 {
					t.Fatalf("customer %d writes message %d after %d", m.sender, m.number, latest[m.sender])
				}
				latest[m.sender] = m.number
			}
		}
	})
}

// claims lets workers claim webhooks that take a while each, and gives when each was
// due and how late it was begun.
func claims(p *pacer, workers int, takes time.Duration) (due, late []time.Duration) {
	p.begun = time.Now()
	var group sync.WaitGroup
	var mu sync.Mutex
	for range workers {
		group.Go(func() {
			for {
				_, at, ok := p.claim(context.Background())
				if !ok {
					return
				}
				mu.Lock()
				due, late = append(due, at), append(late, time.Since(p.begun)-at)
				mu.Unlock()
				time.Sleep(takes)
			}
		})
	}
	group.Wait()
	return due, late
}

func TestWebhooksGoOutWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pacer{schedule: schedule{channels: 1, perChannel: 1, batch: 2, rate: 100}, until: time.Second}
		due, late := claims(p, 8, 30*time.Millisecond)
		if len(due) != 50 {
			t.Fatalf("%d webhooks of two messages in a second at 100 messages a second", len(due))
		}
		for i, at := range slices.Sorted(slices.Values(due)) {
			if at != time.Duration(i)*20*time.Millisecond {
				t.Errorf("webhook %d is due at %s", i, at)
			}
		}
		if slices.Max(late) != 0 {
			t.Errorf("one was late by %s, though there were workers", slices.Max(late))
		}
	})
}

func TestASlowProgramDoesNotSlowTheSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pacer{schedule: schedule{channels: 1, perChannel: 1, batch: 1, rate: 10}, until: time.Second}
		due, late := claims(p, 1, time.Second) // one at a time, each ten times too slow
		if len(due) != 10 || due[9] != 900*time.Millisecond {
			t.Fatalf("due were %v", due)
		}
		if late[9] != 9*time.Second-900*time.Millisecond {
			t.Errorf("the last was begun %s late; its lateness must count", late[9])
		}
	})
}

func TestWithoutARateAWorkerTakesTheNextAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pacer{schedule: schedule{channels: 1, perChannel: 1, batch: 1}, until: time.Second}
		due, late := claims(p, 4, 100*time.Millisecond)
		if len(due) != 40 || slices.Max(late) != 0 {
			t.Errorf("%d webhooks by 4 workers in ten turns, late by %s", len(due), slices.Max(late))
		}
	})
}

func TestClaimEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		p := &pacer{schedule: schedule{channels: 1, perChannel: 1, batch: 1, rate: 0.1}, begun: time.Now(), until: time.Hour}
		p.next.Store(1)
		if _, _, ok := p.claim(ctx); ok || time.Since(p.begun) != time.Second {
			t.Errorf("claimed %t after %s", ok, time.Since(p.begun))
		}
	})
}
