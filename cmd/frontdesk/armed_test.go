package main

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// nearing is a flow whose conversations go to a person two hours before their
// window closes.
func nearing(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "nearing.yaml")
	err := os.WriteFile(path, []byte(`
version: 1
business: Bakery
handoff: {words: [person please], before_close: 2h}
flows:
  main:
    start: wait
    states:
      wait: {say: "What would you like to know?", ask: line, go: wait}
`), 0o600)
	if err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkDeadlines is what deadlines cost in a store in which many are armed: a
// commit that arms an earlier one and one that cancels it, beside one that leaves it
// as it is; opening; and ten thousand that come in one second, until the last
// conversation has its ticket. The sizes are FRONTDESK_ARMED, as in 10000,1000000.
func BenchmarkDeadlines(b *testing.B) {
	for size := range strings.SplitSeq(cmp.Or(os.Getenv("FRONTDESK_ARMED"), "3000"), ",") {
		armed, err := strconv.Atoi(size)
		if err != nil {
			b.Fatalf("FRONTDESK_ARMED: %v", err)
		}
		b.Run("armed="+size, func(b *testing.B) {
			if b.N > 1 {
				b.Fatal("one run is enough: -benchtime=1x")
			}
			asServed(b)
			path, flows := filepath.Join(b.TempDir(), "frontdesk.db"), nearing(b)
			o := newOffice(b, path, flows, boltstore.Options{NoSync: true})
			turn := o.arm(b, armed)
			o.close()
			flushed(b, path)
			debug.FreeOSMemory()
			before, _ := resident()

			begun := time.Now()
			o = newOffice(b, path, flows, boltstore.Options{})
			b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, "open-ms")
			const each = 20_000
			n := min(each, armed/3)
			far := time.Now().Add(20 * time.Hour)
			rest := o.move(b, turn, 0, n, 2, func(c *bot.Conversation, _ int) {})
			earlier := o.move(b, turn, n, n, 2, func(c *bot.Conversation, i int) { c.CloseAt = far.Add(time.Duration(i) * time.Microsecond) })
			none := o.move(b, turn, 2*n, n, 2, func(c *bot.Conversation, _ int) { c.CloseAt = time.Time{} })
			b.ReportMetric(rest, "commit-µs")
			b.ReportMetric(earlier-rest, "arm-µs")
			b.ReportMetric(none-rest, "cancel-µs")

			fired := min(10_000, n)
			took, late := o.fire(b, turn, fired)
			b.ReportMetric(took.Seconds(), "all-fired-s")
			b.ReportMetric(late.Seconds(), "after-the-last-s")
			time.Sleep(6 * time.Second) // the file follows the journal
			debug.FreeOSMemory()
			own, _ := resident()
			b.ReportMetric((own-before)/(1<<20), "own-MB-more")
			o.close()
		})
	}
}

// armedTurn is a customer's turn that others are made alike to.
type armedTurn struct {
	snap     bot.Snapshot
	messages []bot.Message
}

// arm makes conversations whose deadlines come in about a day.
func (o office) arm(b *testing.B, conversations int) armedTurn {
	b.Helper()
	o.round(b, 1, 1, 1, 1)
	first := bot.Alias{Channel: "whatsapp", Kind: "phone", Value: "447700900000"}
	snap, err := o.store.Load(b.Context(), bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{first}})
	if err != nil || snap.Conversation.CloseAt.IsZero() {
		b.Fatalf("the first customer's conversation: %+v, %v", snap.Conversation, err)
	}
	messages, err := o.store.Transcript(b.Context(), snap.Conversation.ID, 0, 10)
	if err != nil {
		b.Fatal(err)
	}
	turn := armedTurn{snap, messages}
	o.move(b, turn, 1, conversations-1, 1, func(c *bot.Conversation, i int) {
		c.CloseAt = c.CloseAt.Add(time.Duration(i) * time.Millisecond)
	})
	return turn
}

// move commits the nth turn of some of the customers, 64 at a time, and gives how
// long each took, in microseconds.
func (o office) move(b *testing.B, t armedTurn, from, count, n int, set func(c *bot.Conversation, i int)) float64 {
	b.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	begun := time.Now()
	for range 64 {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(count); i = next.Add(1) - 1 {
				who := int64(from) + i
				if who == 0 {
					continue
				}
				c := alike(t.snap, t.messages, who, n)
				c.Conversation.CloseAt = c.Conversation.CloseAt.Add(time.Duration(who) * time.Millisecond)
				set(&c.Conversation, int(i))
				if err := o.store.Commit(context.Background(), []bot.Change{c}); err != nil {
					b.Errorf("Commit: %v", err)
				}
			}
		})
	}
	group.Wait()
	return float64(time.Since(begun).Microseconds()) / float64(max(count, 1))
}

// fire lets so many deadlines come within one second, and gives how long it took
// from the first of them until all conversations have a ticket, and how long after
// the last one that was.
func (o office) fire(b *testing.B, t armedTurn, count int) (all, late time.Duration) {
	b.Helper()
	first := time.Now().Add(2*time.Second + time.Duration(count)*200*time.Microsecond)
	o.move(b, t, 0, count, 3, func(c *bot.Conversation, i int) {
		c.CloseAt = first.Add(time.Duration(i) * time.Second / time.Duration(count))
		c.NewestInbound = c.CloseAt.Add(-22 * time.Hour)
	})
	if time.Now().After(first) {
		b.Fatal("the machine is too slow: the first deadline has passed")
	}
	timers := bot.NewTimers(bot.TimersConfig{
		Agenda: o.store, Engine: o.engine, Log: slog.New(slog.DiscardHandler), Grace: time.Second,
	})
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { timers.Run(ctx) })
	defer func() { stop(); running.Wait() }()
	time.Sleep(time.Until(first))
	for {
		counts, err := o.store.TicketCounts(b.Context(), time.Now())
		if err != nil {
			b.Fatal(err)
		}
		if counts.All >= count-1 { // the very first customer is no one's like
			break
		}
		if time.Since(first) > time.Minute {
			b.Fatalf("after a minute %d of %d conversations have a ticket (%s)", counts.All, count, handoff.Queued)
		}
		time.Sleep(2 * time.Millisecond)
	}
	all = time.Since(first)
	return all, all - time.Second
}
