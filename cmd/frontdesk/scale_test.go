package main

import (
	"cmp"
	"context"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows/carry"
)

// instant is a channel whose platform takes everything at once.
type instant struct{ taken *atomic.Int64 }

func (c instant) Name() string { return "whatsapp" }

func (c instant) Limits() bot.Limits {
	l, _ := carry.Of(carry.WhatsApp)
	return bot.Limits{Limits: l, Kind: carry.WhatsApp, Window: window.Shipped().For("whatsapp"), UnknownWait: time.Minute}
}

func (c instant) Send(context.Context, bot.Outgoing) (bot.Sent, error) {
	return bot.Sent{ExternalID: "wamid.HBgMNDQ3NzAwOTAwMDAwFQIAERgS" + strconv.FormatInt(c.taken.Add(1), 10)}, nil
}

// office is the program without its faces: messages in, answers out.
type office struct {
	store  *boltstore.Store
	engine *bot.Engine
	taken  *atomic.Int64
	close  func()
}

func newOffice(b *testing.B, path, flowsPath string, options boltstore.Options) office {
	b.Helper()
	set, err := loadFlows(flowsPath)
	if err != nil {
		b.Fatal(err)
	}
	store, err := boltstore.Open(path, options)
	if err != nil {
		b.Fatal(err)
	}
	o := office{store: store, taken: &atomic.Int64{}}
	channels := map[string]bot.Channel{"whatsapp": instant{o.taken}}
	stats, log, hub := bot.NewStats(channels), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), &bot.Hub{}
	d := bot.NewDispatcher(bot.DispatcherConfig{Outbox: store, Channels: channels, Hub: hub, Stats: stats, Log: log, Grace: time.Second})
	o.engine = bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: set, Hub: hub, Wake: d.Wake, Hold: d.Hold, Stats: stats, Log: log,
	})
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { d.Run(ctx) })
	o.close = func() {
		stop()
		running.Wait()
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	}
	return o
}

// single is a flow that answers every message with one.
func single(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "single.yaml")
	err := os.WriteFile(path, []byte(`
version: 1
business: Bakery
handoff: {words: [person please]}
flows:
  main:
    start: wait
    states:
      wait: {say: "We are open from seven to six, on Sundays until noon. What else would you like to know?", ask: line, go: wait}
`), 0o600)
	if err != nil {
		b.Fatal(err)
	}
	return path
}

// round lets as many of the customers as there are turns write once, a number at
// a time, and returns when all are answered.
func (o office) round(b *testing.B, customers, turns, atOnce, n int) {
	var next atomic.Int64
	var group sync.WaitGroup
	begun := o.taken.Load()
	for range atOnce {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(turns); i = next.Add(1) - 1 {
				// Customers do not write in the order in which they came.
				who := i * 2_654_435_761 % int64(customers)
				id := fmt.Sprintf("wamid.HBgMNDQ3NzAwOTAwMDAwFQIAERgS%d.%d", who, n)
				err := o.engine.Handle(context.Background(), bot.Batch{Messages: []bot.Inbound{{
					Channel: "whatsapp", Event: "whatsapp/" + id, Name: "Mara Test",
					From:    []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: strconv.FormatInt(447700900000+who, 10)}},
					Message: bot.Message{Kind: bot.KindText, Text: "what are your opening hours, please? " + strconv.Itoa(n), ExternalID: id, At: time.Now()},
				}}})
				if err != nil {
					b.Errorf("Handle: %v", err)
				}
			}
		})
	}
	group.Wait()
	for o.taken.Load()-begun < int64(turns) {
		time.Sleep(time.Millisecond)
	}
}

// fill makes conversations of ten messages each, as five rounds of all customers
// leave them behind when everything was answered. The first customer really
// writes; the others get what was stored then, with their own names and ids.
func (o office) fill(b *testing.B, customers int) {
	b.Helper()
	o.round(b, customers, 1, 1, 1)
	first := bot.Alias{Channel: "whatsapp", Kind: "phone", Value: "447700900000"}
	snap, err := o.store.Load(b.Context(), bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{first}})
	if err != nil {
		b.Fatal(err)
	}
	turn, err := o.store.Transcript(b.Context(), snap.Conversation.ID, 0, 10)
	if err != nil || len(turn) != 2 {
		b.Fatalf("the first customer's conversation: %v, %v", turn, err)
	}
	for n := 1; n <= 5; n++ {
		var next atomic.Int64
		var group sync.WaitGroup
		for range 512 {
			group.Go(func() {
				for i := next.Add(1) - 1; i < int64(customers); i = next.Add(1) - 1 {
					who := i * 2_654_435_761 % int64(customers)
					if who == 0 {
						continue
					}
					if err := o.store.Commit(context.Background(), []bot.Change{alike(snap, turn, who, n)}); err != nil {
						b.Errorf("Commit: %v", err)
					}
				}
			})
		}
		group.Wait()
	}
}

// alike is a customer's nth turn, like the one of another.
func alike(snap bot.Snapshot, turn []bot.Message, who int64, n int) bot.Change {
	name := base32.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(who)*0x9E3779B97F4A7C15))
	id := func(like string) string { return (name + like)[:len(like)] }
	conv := snap.Conversation
	conv.ID, conv.Contact = id(conv.ID), id(conv.Contact)
	conv.Version, conv.LastSeq = uint64(n), uint64(2*n)
	c := bot.Change{Base: uint64(n - 1), Conversation: conv, Messages: slices.Clone(turn)}
	for i := range c.Messages {
		m := &c.Messages[i]
		m.Conversation, m.Seq = conv.ID, uint64(2*n-1+i)
		m.ExternalID = fmt.Sprintf("wamid.HBgMNDQ3NzAwOTAwMDAwFQIAERgS%d.%d.%d", who, n, i)
	}
	c.Event = "whatsapp/" + c.Messages[0].ExternalID
	if n == 1 {
		contact := snap.Contact
		contact.ID = conv.Contact
		contact.Aliases = []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: strconv.FormatInt(447700900000+who, 10)}}
		c.Contact = &contact
	}
	return c
}

// resident tells how much memory the process has of its own, and how much of the
// file the kernel shows it, in bytes.
func resident() (own, file float64) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0 // another system
	}
	for line := range strings.Lines(string(status)) {
		f := strings.Fields(line)
		n, _ := strconv.ParseFloat(f[min(1, len(f)-1)], 64)
		switch f[0] {
		case "RssAnon:":
			own = n * 1024
		case "RssFile:":
			file = n * 1024
		}
	}
	return own, file
}

// BenchmarkScale is what a message costs when there are many conversations, each
// of ten messages: five of the customer and their answers. Then the file is opened,
// and ten thousand of the customers write once more, 64 at a time, and are
// answered: message in, decision, commit, lease, send, result. The file follows a
// moment later: settled is until it has all of it, and the processor's time is that
// of both. The sizes are
// FRONTDESK_SCALE, as in 10000,100000,1000000: a million take ten minutes and 6 GB.
func BenchmarkScale(b *testing.B) {
	const turns = 10_000
	for size := range strings.SplitSeq(cmp.Or(os.Getenv("FRONTDESK_SCALE"), "1000"), ",") {
		customers, err := strconv.Atoi(size)
		if err != nil {
			b.Fatalf("FRONTDESK_SCALE: %v", err)
		}
		b.Run("conversations="+size, func(b *testing.B) {
			if b.N > 1 {
				b.Fatal("one run is enough: -benchtime=1x")
			}
			asServed(b)
			path, flows := filepath.Join(b.TempDir(), "frontdesk.db"), single(b)
			o := newOffice(b, path, flows, boltstore.Options{NoSync: true})
			o.fill(b, customers)
			o.close()
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			flushed(b, path)
			begun := time.Now()
			o = newOffice(b, path, flows, boltstore.Options{})
			opened := time.Since(begun)
			o.round(b, customers, min(turns, customers)/10, 64, 6) // warm
			begun, used := time.Now(), cpu(b)
			o.round(b, customers, min(turns, customers), 64, 7)
			answered := time.Since(begun)
			_, busy := resident()
			time.Sleep(6 * time.Second) // at rest the file follows the journal, and then it is let go of
			cost := cpu(b) - used
			debug.FreeOSMemory()
			own, file := resident()
			begun = time.Now()
			o.round(b, customers, min(turns, customers), 64, 8)
			o.close()
			settled := time.Since(begun)
			each := func(d time.Duration) float64 {
				return float64(d.Microseconds()) / float64(min(turns, customers))
			}
			b.ReportMetric(each(answered), "µs/turn")
			b.ReportMetric(each(settled), "settled-µs/turn")
			b.ReportMetric(each(cost), "cpu-µs/turn")
			b.ReportMetric(float64(info.Size())/float64(customers*10), "B/message")
			b.ReportMetric(float64(opened.Microseconds())/1000, "open-ms")
			b.ReportMetric(own/(1<<20), "own-MB")
			b.ReportMetric(busy/(1<<20), "mapped-busy-MB")
			b.ReportMetric(file/(1<<20), "mapped-MB")
		})
	}
}

// flushed has the disk write a file now, and not while we measure.
func flushed(b *testing.B, path string) {
	b.Helper()
	f, err := os.Open(path)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		b.Fatal(err)
	}
}
