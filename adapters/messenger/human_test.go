package messenger_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/messenger"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

const oneFlow = `
version: 1
business: Bella Bikes
queues: {support: {}}
handoff: {words: [human], queue: support}
flows: {main: {start: menu, states: {menu: {say: Hello, end: true}}}}
`

// TestAPersonsAnswerOfTheThirdDayIsMarked goes the whole way: an agent presses Send,
// the answer is stored, read back by the dispatcher and sent to the Graph API. What
// the bot had put into the same outbox is not sent at all.
func TestAPersonsAnswerOfTheThirdDayIsMarked(t *testing.T) {
	t.Parallel()
	g := metatest.NewGraph(t, metatest.Options{Token: metatest.TestToken, Pages: []string{metatest.TestPage}})
	c := config(g.URL())
	c.Window = window.Shipped().For("messenger", window.HumanAgent)
	channel, err := messenger.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(channel.Close)
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if err := store.Commit(t.Context(), []bot.Change{threeDaysAgo(time.Now().UTC())}); err != nil {
		t.Fatal(err)
	}
	engine := answering(t, store, channel)
	if err := engine.Reply(t.Context(), "c1", "ana", "It is on its way.", "n1"); err != nil {
		t.Fatal(err)
	}
	wait, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := g.Wait(wait, 1); err != nil {
		t.Fatal(err)
	}
	var body struct {
		MessagingType string `json:"messaging_type"`
		Tag           string
	}
	sent := g.Sent()
	if err := json.Unmarshal(sent[0].Body, &body); err != nil || len(sent) != 1 {
		t.Fatalf("%d were sent, %v", len(sent), err)
	}
	if sent[0].Text != "It is on its way." || body.MessagingType != "MESSAGE_TAG" || body.Tag != "HUMAN_AGENT" {
		t.Errorf("sent %s", sent[0].Body)
	}
	lines, err := store.Transcript(t.Context(), "c1", 0, 10)
	if err != nil || lines[1].State != bot.StateDraft || lines[1].Code != "window_closed" {
		t.Errorf("the bot's message is %+v, %v", lines[1], err)
	}
}

// threeDaysAgo is a conversation that ana has, with something of the bot's that was
// not sent in time.
func threeDaysAgo(now time.Time) bot.Change {
	wrote := now.Add(-3 * 24 * time.Hour)
	line := func(seq uint64, author bot.Author, state bot.MessageState) bot.Message {
		return bot.Message{Conversation: "c1", Seq: seq, Author: author, Kind: bot.KindText, Text: "Hello", At: wrote, State: state, StateAt: wrote}
	}
	return bot.Change{
		Conversation: bot.Conversation{
			ID: "c1", Channel: "messenger", Contact: "k1", Status: handoff.Assigned, Ticket: "t1", NewestInbound: wrote, WroteAt: wrote,
			LastSeq: 2, Version: 1, CreatedAt: wrote, UpdatedAt: now,
		},
		Contact:    &bot.Contact{ID: "k1", Aliases: []bot.Alias{{Channel: "messenger", Kind: "psid", Value: "PSID_42"}}, CreatedAt: wrote},
		Messages:   []bot.Message{line(1, bot.AuthorCustomer, bot.StateReceived), line(2, bot.AuthorBot, bot.StateQueued)},
		Deliveries: []bot.Delivery{{Conversation: "c1", Seq: 2, Author: bot.AuthorBot, DueAt: now}},
		Ticket:     &handoff.Ticket{ID: "t1", Conversation: "c1", Queue: "support", Agent: "ana", OpenedAt: wrote, ClaimedAt: wrote},
	}
}

// answering is an engine whose dispatcher sends until the test ends.
func answering(t *testing.T, store *boltstore.Store, channel bot.Channel) *bot.Engine {
	t.Helper()
	set, found := flows.Parse("flows.yaml", []byte(oneFlow))
	if set == nil {
		t.Fatal(found)
	}
	channels := map[string]bot.Channel{channel.Name(): channel}
	stats, hub, log := bot.NewStats(channels), &bot.Hub{}, slog.New(slog.DiscardHandler)
	d := bot.NewDispatcher(bot.DispatcherConfig{Outbox: store, Channels: channels, Hub: hub, Stats: stats, Log: log, Grace: time.Second})
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { d.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: set, Hub: hub, Wake: d.Wake, Hold: d.Hold, Stats: stats, Log: log,
	})
}
