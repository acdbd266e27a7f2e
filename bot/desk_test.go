package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
)

const shop = `
version: 1
business: Test Shop
queues:
  support: {first_reply: 15m}
handoff:
  words: [person]
  queue: support
  after_misses: 2
  say: One moment, please.
not_understood: Sorry?
answers:
  hours:
    words: [open]
    say: Nine to five.
flows:
  main:
    start: menu
    states:
      menu:
        say: Hello!
        choices:
          - Prices: prices
          - Order: order
          - A person please: handoff
      prices:
        say: From 499.
        go: menu
      order:
        ask: number
        say: Which number?
        pattern: '^\d{3}$'
        retry: Three digits, please.
        go: found
      found:
        say: "{{ number }} is on its way."
        end: true
`

// prices is what the flow says to "1": two texts that fit into one message.
const prices = "From 499.\n\nHello!"

// far is the far side of a channel: it records what it is sent, and answers as
// the test says. It stands for a platform and for nothing of ours.
type far struct {
	name   string
	limits bot.Limits

	mu     sync.Mutex
	sent   []bot.Outgoing
	answer func(n int, o bot.Outgoing) error // nil: accept
	tried  []time.Time
	calls  int
	ids    bool // each send has an id of its own: "ext-1", "ext-2" ...
}

func (f *far) Name() string       { return f.name }
func (f *far) Limits() bot.Limits { return f.limits }

func (f *far) Send(_ context.Context, o bot.Outgoing) (bot.Sent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	f.tried = append(f.tried, time.Now())
	if f.answer != nil {
		if err := f.answer(f.calls, o); err != nil {
			return bot.Sent{}, err
		}
	}
	f.sent = append(f.sent, o)
	if f.ids {
		return bot.Sent{ExternalID: fmt.Sprintf("ext-%d", f.calls)}, nil
	}
	return bot.Sent{ExternalID: "ext-" + o.Message.ID()}, nil
}

// texts is what was accepted, in order.
func (f *far) texts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, o := range f.sent {
		out = append(out, o.Message.Text)
	}
	return out
}

func (f *far) tries() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.tried)
}

// desk is the whole of bot on the real store, with one far side.
type desk struct {
	t      *testing.T
	path   string
	set    *flows.Set
	store  *boltstore.Store
	engine *bot.Engine
	stats  *bot.Stats
	wake   func()
	far    *far
	shop   *shopSystem
	plays  *bot.Play // nil: the test's flows answer
	idle   bool      // its timers do not run
	stop   func()
	n      int
	writes atomic.Int64 // that the store made durable
}

// metaLike are limits as WhatsApp's.
func metaLike() bot.Limits {
	limits, _ := carry.Of(carry.WhatsApp)
	return bot.Limits{Limits: limits, Kind: carry.WhatsApp, Window: window.Shipped().For("whatsapp"), UnknownWait: 2 * time.Minute}
}

// newDesk starts a desk; everything ends with the test.
func newDesk(t *testing.T) *desk {
	t.Helper()
	set, findings := flows.Parse("shop.yaml", []byte(shop))
	if set == nil {
		t.Fatalf("the test's flows: %v", findings)
	}
	d := &desk{
		t: t, path: filepath.Join(t.TempDir(), "frontdesk.db"), set: set,
		far: &far{name: "phone", limits: metaLike()}, shop: &shopSystem{},
	}
	d.start()
	t.Cleanup(func() { d.stop() })
	return d
}

// restart ends the program and begins it anew on the same file. With a play it
// answers from then on.
func (d *desk) restart(plays *bot.Play) {
	d.t.Helper()
	d.stop()
	d.plays = plays
	d.start()
}

func (d *desk) start() {
	d.t.Helper()
	store, err := boltstore.Open(d.path, boltstore.Options{Observe: func(n int, _ time.Duration) { d.writes.Add(int64(n)) }})
	if err != nil {
		d.t.Fatal(err)
	}
	channels := map[string]bot.Channel{d.far.name: d.far}
	log := slog.New(slog.NewTextHandler(d.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	hub := &bot.Hub{}
	d.store, d.stats = store, bot.NewStats(channels)
	dispatcher := bot.NewDispatcher(bot.DispatcherConfig{
		Outbox: store, Channels: channels, Hub: hub, Stats: d.stats, Log: log, Grace: time.Second,
		Unsent: func(ctx context.Context, o bot.Outcome) error { return d.engine.Unsent(ctx, o) },
	})
	var timers *bot.Timers
	d.wake = func() { dispatcher.Wake(); timers.Wake() }
	d.engine = bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: d.set, Caller: d.shop, Hub: hub, Wake: d.wake, Hold: dispatcher.Hold,
		Stats: d.stats, Log: log,
	})
	if d.plays != nil {
		d.engine.Follow(d.plays)
	}
	timers = bot.NewTimers(bot.TimersConfig{Agenda: store, Engine: d.engine, Log: log, Grace: time.Second})
	ctx, stop := context.WithCancel(context.WithoutCancel(d.t.Context()))
	var running sync.WaitGroup
	if !d.idle {
		running.Go(func() { timers.Run(ctx) })
	}
	running.Go(func() { dispatcher.Run(ctx) })
	d.stop = func() {
		stop()
		running.Wait()
		if err := store.Close(); err != nil {
			d.t.Error(err)
		}
	}
}

// message is a customer's text, with an id of its own, sent now.
func (d *desk) message(customer, text string) bot.Inbound {
	d.n++
	return bot.Inbound{
		Channel: "phone", Event: fmt.Sprintf("phone/m%d", d.n),
		From: []bot.Alias{{Channel: "phone", Kind: "phone", Value: customer}}, Name: "Mara Test",
		Message: bot.Message{Kind: bot.KindText, Text: text, ExternalID: fmt.Sprintf("m%d", d.n), At: time.Now().UTC().Truncate(time.Second)},
	}
}

func (d *desk) handle(in ...bot.Inbound) {
	d.t.Helper()
	if err := d.engine.Handle(d.t.Context(), bot.Batch{Messages: in}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) says(customer, text string) {
	d.t.Helper()
	d.handle(d.message(customer, text))
}

// receipts hands in what the platform tells now of our messages.
func (d *desk) receipts(receipts ...bot.Receipt) {
	d.t.Helper()
	for i := range receipts {
		receipts[i].Channel = "phone"
		receipts[i].At = time.Now().UTC()
	}
	if err := d.engine.Handle(d.t.Context(), bot.Batch{Receipts: receipts}); err != nil {
		d.t.Fatal(err)
	}
}

// row is the customer's conversation.
func (d *desk) row(customer string) bot.Row {
	d.t.Helper()
	s, err := d.store.Load(d.t.Context(), bot.Lookup{
		Channel: "phone", Aliases: []bot.Alias{{Channel: "phone", Kind: "phone", Value: customer}},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return bot.Row{Conversation: s.Conversation, Contact: s.Contact, Ticket: s.Ticket}
}

// transcript is the customer's conversation as lines "author state text".
func (d *desk) transcript(customer string) []string {
	d.t.Helper()
	messages, err := d.store.Transcript(d.t.Context(), d.row(customer).Conversation.ID, 0, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, m := range messages {
		out = append(out, strings.Join([]string{string(m.Author), string(m.State), m.Text}, " "))
	}
	return out
}
