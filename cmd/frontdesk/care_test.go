package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// seed DIR makes a store with two customers: Ada, to whom something waits to be
// sent and who had a ticket, and Ben on two channels.
func seed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: seed DIR")
	}
	s, err := boltstore.Open(filepath.Join(ts.MkAbs(args[0]), "frontdesk.db"), boltstore.Options{})
	ts.Check(err)
	defer s.Close()
	for _, c := range seeded() {
		ts.Check(s.Commit(context.Background(), []bot.Change{c}))
	}
	ts.Check(s.Keep(context.Background(), []bot.Event{{
		Channel: "whatsapp", Kind: "user_id_update", At: seedTime(), Body: []byte(`{"wa_id":"436601234567","profile":"Ada Lovelace"}`),
	}}))
}

func seedTime() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func seeded() []bot.Change {
	at := seedTime()
	ada := bot.Contact{ID: "kada", Name: "Ada Lovelace", Language: "en", CreatedAt: at, Aliases: []bot.Alias{
		{Channel: "whatsapp", Kind: "phone", Value: "436601234567"},
	}}
	ben := bot.Contact{ID: "kben", Name: "Ben", CreatedAt: at, Aliases: []bot.Alias{
		{Channel: "messenger", Kind: "psid", Value: "24001"}, {Channel: "sms", Kind: "phone", Value: "+436601234567"},
	}}
	talk := func(id, channel string, of bot.Contact, messages ...bot.Message) bot.Change {
		for i := range messages {
			messages[i].Conversation, messages[i].Seq, messages[i].Kind = id, uint64(i+1), bot.KindText
			messages[i].At, messages[i].StateAt = at.Add(time.Duration(i)*time.Minute), at.Add(time.Duration(i)*time.Minute)
		}
		return bot.Change{Event: "event of " + id, Messages: messages, Conversation: bot.Conversation{
			ID: id, Channel: channel, Contact: of.ID, Status: handoff.Bot, LastSeq: uint64(len(messages)), Version: 1,
			NewestInbound: at, CreatedAt: at, UpdatedAt: at.Add(time.Hour),
			Flow: flows.State{Version: "v1", Flow: "main", Node: "order", Language: "en"},
		}}
	}
	first := talk("cada", "whatsapp", ada,
		bot.Message{Author: bot.AuthorCustomer, Text: "Is my engine ready?", ExternalID: "wamid.in1", State: bot.StateReceived},
		bot.Message{Author: bot.AuthorBot, Text: "One moment.\nA person looks.", ExternalID: "wamid.out1", State: bot.StateSent},
		bot.Message{Author: bot.AuthorAgent, Agent: "ana", Text: "Tomorrow at nine.", State: bot.StateQueued},
	)
	price := window.Amount{Micros: 6800, Currency: "USD", Known: true}
	first.Messages[1].Cost = bot.Cost{
		Month: window.MonthOf(at), Category: window.Service, Market: "Brazil", Predicted: window.Free(), Free: window.BecauseAllotment, Saved: 2, Flow: "main",
		Reported: &bot.Pricing{Category: "service", Type: "regular", Model: "PMP", Billable: true}, ReportedAt: at.Add(2 * time.Minute), Actual: price,
	}
	first.Messages[2].Cost = bot.Cost{Month: window.MonthOf(at), Category: window.Service, Queue: "support"} // its price is not known
	first.Contact = &ada
	first.Conversation.Flow.Vars = map[string]any{"address": "12 St James's Square"}
	first.Conversation.SilentAt = at.Add(2 * time.Hour)
	first.Ticket = &handoff.Ticket{ID: "tada", Conversation: "cada", Queue: "support", Reason: "asked", Note: "the engine", OpenedAt: at, ClosedAt: at.Add(time.Hour)}
	first.Deliveries = []bot.Delivery{{Conversation: "cada", Seq: 3, Author: bot.AuthorAgent, DueAt: at}}
	second := talk("cben", "messenger", ben, bot.Message{Author: bot.AuthorCustomer, Text: "Hello from Ben", ExternalID: "mid.1", State: bot.StateReceived})
	second.Contact = &ben
	third := talk("cbensms", "sms", ben, bot.Message{Author: bot.AuthorCustomer, Text: "Again Ben", ExternalID: "sms.1", State: bot.StateReceived})
	return []bot.Change{first, second, third}
}

// spoil DIR damages the indexes of a store that seed made.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: spoil DIR")
	}
	db, err := bolt.Open(filepath.Join(ts.MkAbs(args[0]), "frontdesk.db"), 0o600, nil)
	ts.Check(err)
	defer db.Close()
	ts.Check(db.Update(func(tx *bolt.Tx) error {
		for _, bucket := range []string{"wakes", "due"} {
			if k, _ := tx.Bucket([]byte(bucket)).Cursor().First(); k == nil {
				return fmt.Errorf("there is nothing in %s", bucket)
			} else if err := tx.Bucket([]byte(bucket)).Delete(k); err != nil {
				return err
			}
		}
		aliases := tx.Bucket([]byte("aliases"))
		return aliases.Put([]byte("whatsapp\x00phone\x00999888777"), []byte("kada"))
	}))
}

// holds FILE TEXT fails unless the bytes of TEXT are somewhere in FILE.
func holdsText(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] holds FILE TEXT")
	}
	if found := bytes.Contains([]byte(ts.ReadFile(args[0])), []byte(args[1])); found == neg {
		ts.Fatalf("%s holds %q: %t", args[0], args[1], found)
	}
}

func TestAnErasureIsConfirmed(t *testing.T) {
	t.Parallel()
	for answer, gone := range map[string]bool{"yes\n": true, "yes": true, " yes \n": true, "y\n": false, "\n": false, "": false, "no\n": false} {
		t.Run(fmt.Sprintf("%q", answer), func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			s, err := boltstore.Open(filepath.Join(data, "frontdesk.db"), boltstore.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Commit(t.Context(), seeded()[:1]); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			out, err := runCommand(t, answer, "contact", "erase", "kada", "--data", data)
			if gone != (err == nil) || !strings.Contains(out, "contact kada, Ada Lovelace, whatsapp phone 436601234567 will be erased for good. Write yes to go on:") {
				t.Errorf("%v\n%s", err, out)
			}
			if _, err := runCommand(t, "", "contact", "export", "kada", "--data", data); gone != (err != nil) {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}
