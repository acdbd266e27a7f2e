package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

// office is a dispatcher on the real store, with channels of a test's making and
// nothing else.
type office struct {
	t        *testing.T
	store    *boltstore.Store
	outbox   bot.Outbox // nil: the store
	channels map[string]bot.Channel
	stats    *bot.Stats
	d        *bot.Dispatcher
	stop     func()
}

// inOffice runs a test in a bubble of fake time; the test starts the dispatcher.
func inOffice(t *testing.T, channels []*post, f func(t *testing.T, o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		o := &office{t: t, store: store, channels: map[string]bot.Channel{}, stop: func() {}}
		for _, p := range channels {
			o.channels[p.name] = p
			if p.probes {
				o.channels[p.name] = prober{p}
			}
		}
		defer func() {
			o.stop()
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		}()
		f(t, o)
	})
}

func (o *office) start() {
	o.stats = bot.NewStats(o.channels)
	outbox := o.outbox
	if outbox == nil {
		outbox = o.store
	}
	o.d = bot.NewDispatcher(bot.DispatcherConfig{
		Outbox: outbox, Channels: o.channels, Hub: &bot.Hub{}, Stats: o.stats, Grace: time.Second,
		Log: slog.New(slog.NewTextHandler(o.t.Output(), &slog.HandlerOptions{Level: slog.LevelError + 1})),
	})
	ctx, stop := context.WithCancel(context.WithoutCancel(o.t.Context()))
	var running sync.WaitGroup
	running.Go(func() { o.d.Run(ctx) })
	o.stop = func() {
		stop()
		running.Wait()
		o.stop = func() {}
	}
}

// waits adds conversations in each of which some messages wait.
func (o *office) waits(channel string, messages int, ids ...string) {
	o.t.Helper()
	for _, id := range ids {
		if err := o.store.Commit(o.t.Context(), []bot.Change{waitingOn(channel, id, messages)}); err != nil {
			o.t.Fatal(err)
		}
	}
	if o.d != nil {
		o.d.Wake()
	}
}

// more adds a message to a conversation.
func (o *office) more(id string) {
	o.t.Helper()
	for {
		s, err := o.store.Load(o.t.Context(), bot.Lookup{Conversation: id})
		if err != nil {
			o.t.Fatal(err)
		}
		now, c := time.Now().UTC(), s.Conversation
		c.Version, c.LastSeq, c.UpdatedAt, c.NewestInbound = c.Version+1, c.LastSeq+1, now, now
		m := bot.Message{
			Conversation: id, Seq: c.LastSeq, Author: bot.AuthorBot, Kind: bot.KindText, Text: "More", At: now, State: bot.StateQueued, StateAt: now,
		}
		err = o.store.Commit(o.t.Context(), []bot.Change{{
			Base: c.Version - 1, Conversation: c, Messages: []bot.Message{m},
			Deliveries: []bot.Delivery{{Conversation: id, Seq: m.Seq, Author: m.Author, DueAt: now}},
		}})
		if err == nil {
			o.d.Wake()
			return
		}
		if !errors.Is(err, bot.ErrConflict) {
			o.t.Fatal(err)
		}
	}
}

// states counts the messages of a conversation by their state.
func (o *office) states(id string) map[bot.MessageState]int {
	o.t.Helper()
	messages, err := o.store.Transcript(o.t.Context(), id, 0, 10_000)
	if err != nil {
		o.t.Fatal(err)
	}
	count := map[bot.MessageState]int{}
	for _, m := range messages {
		count[m.State]++
	}
	return count
}

// post is the far side of a channel: what was sent, when, and how it answers.
type post struct {
	name   string
	limits bot.Limits
	probes bool
	// answer decides about a send, which may wait; nil: accepted. It is called
	// from many goroutines.
	answer func(ctx context.Context, o bot.Outgoing) error
	alive  func(ctx context.Context) error // answers probes; nil: at once

	mu    sync.Mutex
	tried []time.Time
	sent  []string // Message.ID of what was accepted
	asked []time.Time
	busy  int
	most  int // sends at once
}

func newPost(name string, pace bot.Pace) *post {
	limits := metaLike()
	limits.Pace = pace
	return &post{name: name, limits: limits}
}

func (p *post) Name() string       { return p.name }
func (p *post) Limits() bot.Limits { return p.limits }

func (p *post) Send(ctx context.Context, o bot.Outgoing) (bot.Sent, error) {
	p.mu.Lock()
	p.tried = append(p.tried, time.Now())
	p.busy++
	p.most = max(p.most, p.busy)
	p.mu.Unlock()
	var err error
	if p.answer != nil {
		err = p.answer(ctx, o)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
	if err != nil {
		return bot.Sent{}, err
	}
	p.sent = append(p.sent, o.Message.ID())
	return bot.Sent{ExternalID: "ext-" + o.Message.ID()}, nil
}

// took is what was accepted, in order; tries is when sends began.
func (p *post) took() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sent...)
}

func (p *post) tries() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Time(nil), p.tried...)
}

// probed is how often it was asked whether it answers.
func (p *post) probed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked)
}

// prober is a post that can be asked whether it answers.
type prober struct{ *post }

func (p prober) Probe(ctx context.Context) error {
	p.mu.Lock()
	p.asked = append(p.asked, time.Now())
	p.mu.Unlock()
	if p.alive == nil {
		return nil
	}
	return p.alive(ctx)
}

// silence hangs until nobody waits any more, as a server does that takes requests
// and answers none.
func silence(ctx context.Context) error {
	<-ctx.Done()
	return &bot.SendError{Class: bot.ClassUnknown, Code: "timeout", Reason: "no answer in time", Host: true}
}
