package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

// instant takes everything at once, and says when it has taken enough.
type instant struct {
	limits bot.Limits
	mu     sync.Mutex
	left   int
	done   chan struct{}
}

func (c *instant) Name() string       { return "phone" }
func (c *instant) Limits() bot.Limits { return c.limits }

func (c *instant) Send(_ context.Context, o bot.Outgoing) (bot.Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left == 0 {
		close(c.done)
	}
	return bot.Sent{ExternalID: o.Message.ID()}, nil
}

// BenchmarkDispatch is what the dispatcher and the real store make of a backlog
// on a channel that takes everything at once: the file is flushed for real.
func BenchmarkDispatch(b *testing.B) {
	const conversations, each = 500, 4
	for b.Loop() {
		b.StopTimer()
		store, err := boltstore.Open(filepath.Join(b.TempDir(), "frontdesk.db"), boltstore.Options{})
		if err != nil {
			b.Fatal(err)
		}
		backlog(b, store, conversations, each)
		channel := &instant{limits: metaLike(), left: conversations * each, done: make(chan struct{})}
		channels := map[string]bot.Channel{"phone": channel}
		d := bot.NewDispatcher(bot.DispatcherConfig{
			Outbox: store, Channels: channels, Hub: &bot.Hub{}, Stats: bot.NewStats(channels),
			Log: slog.New(slog.DiscardHandler), Grace: time.Second,
		})
		ctx, stop := context.WithCancel(b.Context())
		b.StartTimer()
		ended := make(chan struct{})
		go func() { d.Run(ctx); close(ended) }()
		<-channel.done
		stop()
		<-ended
		b.StopTimer()
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N*conversations*each)/b.Elapsed().Seconds(), "deliveries/s")
}

// backlog fills a store with conversations that each wait for some messages.
func backlog(tb testing.TB, store *boltstore.Store, conversations, each int) {
	tb.Helper()
	var group sync.WaitGroup
	for worker := range 50 {
		group.Go(func() {
			for i := worker; i < conversations; i += 50 {
				if err := store.Commit(context.Background(), []bot.Change{waitingOn("phone", fmt.Sprintf("c%05d", i), each)}); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// waitingOn is a new conversation in which some messages wait to be sent.
func waitingOn(channel, id string, messages int) bot.Change {
	now := time.Now().UTC()
	c := bot.Change{
		Contact: &bot.Contact{ID: "k" + id, Aliases: []bot.Alias{{Channel: channel, Kind: "phone", Value: id}}, CreatedAt: now},
		Conversation: bot.Conversation{
			ID: id, Channel: channel, Contact: "k" + id, Status: "bot", NewestInbound: now, Version: 1,
			LastSeq: uint64(messages), CreatedAt: now, UpdatedAt: now,
		},
	}
	for n := range uint64(messages) {
		m := bot.Message{
			Conversation: id, Seq: n + 1, Author: bot.AuthorBot, Kind: bot.KindText, Text: fmt.Sprintf("%s says %d", id, n+1),
			At: now, State: bot.StateQueued, StateAt: now,
		}
		c.Messages = append(c.Messages, m)
		c.Deliveries = append(c.Deliveries, bot.Delivery{Conversation: id, Seq: m.Seq, Author: m.Author, DueAt: now})
	}
	return c
}

func waitingChange(id string, messages int) bot.Change { return waitingOn("phone", id, messages) }
