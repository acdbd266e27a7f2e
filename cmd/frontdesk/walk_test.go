package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/adapters/whatsapp"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// TestTheWalkOfOneMessage takes one WhatsApp message through the house, function
// by function, on the real store: docs/design.md tells the same story.
func TestTheWalkOfOneMessage(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	graph := metatest.NewGraph(t, metatest.Options{Token: token, Numbers: []string{number}, AppSecret: secret})
	set, err := loadFlows(example)
	if err != nil {
		t.Fatal(err)
	}
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	channel, err := whatsapp.New(whatsapp.Config{
		Name: "whatsapp", PhoneNumberID: number, AccessToken: token, AppSecret: secret, VerifyToken: verify,
		GraphURL: graph.URL(), GraphVersion: "v26.0", UnknownWait: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	channels := map[string]bot.Channel{"whatsapp": channel}
	hub, stats, log := &bot.Hub{}, bot.NewStats(channels), slog.New(slog.DiscardHandler)
	dispatcher := bot.NewDispatcher(bot.DispatcherConfig{
		Outbox: store, Channels: channels, Hub: hub, Stats: stats, Log: log, Grace: time.Second,
	})
	engine := bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: set, Hub: hub, Wake: dispatcher.Wake, Hold: dispatcher.Hold, Stats: stats, Log: log,
	})

	// Decode verifies the raw bytes before it reads them.
	mara := metatest.Person{Phone: "447700900123", UserID: "GB.7H2K9Q4ZT0", Name: "Mara Test"}
	body := metatest.WhatsApp(number).Text(mara, "wamid.1", time.Now(), "agent please").Body()
	accounts := map[string]string{number: "whatsapp"}
	if _, err := channel.Decode(metatest.Signed("guess", body), body, accounts); !errors.Is(err, bot.ErrSignature) {
		t.Fatalf("a forged webhook gives %v", err)
	}
	batch, err := channel.Decode(metatest.Signed(secret, body), body, accounts)
	if err != nil || len(batch.Messages) != 1 {
		t.Fatalf("decoded %d messages, %v", len(batch.Messages), err)
	}

	// Handle is Load, decide, Commit: message, state, ticket and reply at once.
	hints, end := hub.Subscribe("")
	defer end()
	if err := engine.Handle(ctx, batch); err != nil {
		t.Fatal(err)
	}
	lookup := bot.Lookup{Channel: "whatsapp", Aliases: batch.Messages[0].From[:1]}
	snapshot, err := store.Load(ctx, lookup)
	if err != nil {
		t.Fatal(err)
	}
	conversation := snapshot.Conversation
	diff(t, "status", handoff.Queued, conversation.Status)
	diff(t, "version: one commit", uint64(1), conversation.Version)
	diff(t, "the ticket's queue", "workshop", snapshot.Ticket.Queue)
	diff(t, "the name", "Mara Test", snapshot.Contact.Name)
	diff(t, "the hint", bot.Hint{Conversation: conversation.ID}, <-hints)
	messages, err := store.Transcript(ctx, conversation.ID, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "lines", 3, len(messages))
	diff(t, "the reply waits", bot.StateQueued, messages[1].State)

	// The Dispatcher leases, judges, sends, and stores the result.
	running, stop := context.WithCancel(ctx)
	var sender sync.WaitGroup
	sender.Go(func() { dispatcher.Run(running) })
	if err := graph.Wait(ctx, 1); err != nil {
		t.Fatal(err)
	}
	stop()
	sender.Wait()
	sent := graph.Sent()[0]
	diff(t, "what was sent", messages[1].Text, sent.Text)
	diff(t, "what the platform is to echo", messages[1].ID(), sent.ID)

	// A status goes the same way, forward only.
	for _, status := range []string{"read", "sent"} {
		body := metatest.WhatsApp(number).Status(sent.ExternalID, status, time.Now(), sent.ID).Body()
		batch, err := channel.Decode(metatest.Signed(secret, body), body, accounts)
		if err != nil {
			t.Fatal(err)
		}
		if err := engine.Handle(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	if messages, err = store.Transcript(ctx, conversation.ID, 0, 10); err != nil {
		t.Fatal(err)
	}
	diff(t, "the reply", bot.StateRead, messages[1].State)

	// A person takes it: Load, decide, Commit once more, and the epoch rises.
	if err := engine.Claim(ctx, conversation.ID, "ana"); err != nil {
		t.Fatal(err)
	}
	row, err := store.Conversation(ctx, conversation.ID)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "status", handoff.Assigned, row.Conversation.Status)
	diff(t, "epoch", conversation.Epoch+1, row.Conversation.Epoch)
	diff(t, "owner", "ana", row.Ticket.Agent)
}
