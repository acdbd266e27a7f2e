package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
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
	return bot.Limits{Limits: l, Kind: carry.WhatsApp, Window: window.Meta(), UnknownWait: time.Minute}
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

func newOffice(b *testing.B, path, flowsPath string) office {
	b.Helper()
	set, err := loadFlows(flowsPath)
	if err != nil {
		b.Fatal(err)
	}
	store, err := boltstore.Open(path, boltstore.Options{})
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

// round lets every customer write once, 64 at a time, and returns when all are answered.
func (o office) round(b *testing.B, customers, n int) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(customers); i = next.Add(1) - 1 {
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
	for o.taken.Load() < int64(customers*n) {
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
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
// of ten messages: five of the customer and their answers. The last round is
// measured: message in, decision, commit, lease, send, result. A million are
// asked for with FRONTDESK_SCALE=1000000, and take half an hour and 10 GB.
func BenchmarkScale(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if s := os.Getenv("FRONTDESK_SCALE"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatalf("FRONTDESK_SCALE: %v", err)
		}
		sizes = []int{n}
	}
	for _, customers := range sizes {
		b.Run(fmt.Sprintf("conversations=%d", customers), func(b *testing.B) {
			if b.N > 1 {
				b.Fatal("one run is enough: -benchtime=1x")
			}
			path := filepath.Join(b.TempDir(), "frontdesk.db")
			o := newOffice(b, path, single(b))
			for n := 1; n <= 4; n++ {
				o.round(b, customers, n)
			}
			debug.FreeOSMemory()
			begun := time.Now()
			o.round(b, customers, 5)
			took := time.Since(begun)
			debug.FreeOSMemory()
			own, file := resident()
			o.close()
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			begun = time.Now()
			o = newOffice(b, path, single(b))
			opened := time.Since(begun)
			o.close()
			messages := float64(customers) * 10
			b.ReportMetric(float64(took.Microseconds())/float64(customers), "µs/turn")
			b.ReportMetric(float64(info.Size())/messages, "B/message")
			b.ReportMetric(float64(opened.Microseconds())/1000, "open-ms")
			b.ReportMetric(own/(1<<20), "own-MB")
			b.ReportMetric(file/(1<<20), "mapped-MB")
		})
	}
}
