package boltstore_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
)

// older makes a file as format 1 knew it: no indexes of wakes and standings, no
// flows, and conversations of form 1. bodies are the JSON of some.
func older(t *testing.T, path string, bodies map[string]string) {
	t.Helper()
	edit(t, path, func(tx *bolt.Tx) error {
		conversations := tx.Bucket([]byte("conversations"))
		for id, body := range bodies {
			b := append(bytes.Clone(conversations.Get([]byte(id))[:1+3*8]), body...)
			b[0] = 1
			if err := conversations.Put([]byte(id), b); err != nil {
				return err
			}
		}
		return errors.Join(
			tx.DeleteBucket([]byte("wakes")), tx.DeleteBucket([]byte("standings")), tx.DeleteBucket([]byte("flows")),
			tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("1")))
	})
}

func wantStandings(t *testing.T, s *boltstore.Store, want ...bot.Standing) {
	t.Helper()
	if got, err := s.Standings(t.Context()); err != nil || !slices.Equal(got, want) {
		t.Errorf("conversations stand at %+v, %v, want %+v", got, err, want)
	}
}

func standing(flow, node string, count int) bot.Standing {
	return bot.Standing{Version: "v1", Place: flows.Place{Flow: flow, Node: node}, Conversations: count}
}

func TestAFileOfTheFirstFormatIsReadAndCounted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	for _, id := range []string{"a", "b", "over", "broken"} {
		if err := s.Commit(t.Context(), []bot.Change{hello(id)}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	closeStore(t, s)
	const rest = `"newest_inbound":"2026-03-02T12:00:00Z","created_at":"2026-03-02T12:00:00Z","updated_at":"2026-03-02T12:00:00Z"}`
	older(t, path, map[string]string{
		"a": `{"id":"a","channel":"whatsapp","contact":"ka","status":"bot","flow":{"version":"v1","flow":"start","node":"ask",` +
			`"vars":{"name":"Ada","number":"42"},"tries":1,"misses":2,"missed":["hm"]},"ticket":"t1",` + rest,
		"b":      `{"id":"b","channel":"whatsapp","contact":"kb","flow":{"version":"v1","flow":"start","node":"ask"},` + rest,
		"over":   `{"id":"over","channel":"whatsapp","contact":"kover","flow":{"version":"v1"},` + rest,
		"broken": `{"id":"broken","flow":{"version":"v1","flow":"start","node":"ask"},`,
	})
	s = open(t, path, quick())
	wantStandings(t, s, standing("start", "ask", 2))
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
	c := hello("a").Conversation
	c.Status, c.Ticket = "bot", "t1"
	c.Flow = flows.State{
		Version: "v1", Flow: "start", Node: "ask", Vars: map[string]any{"name": "Ada", "number": "42"}, Tries: 1, Misses: 2, Missed: []string{"hm"},
	}
	wantConversation(t, s, c)

	// What is written from now on is counted, whether it is parsed for it or not.
	now := c.UpdatedAt
	if _, _, err := due(t, s, now, 10); err == nil {
		t.Error("the broken conversation is not told")
	}
	if err := s.Done(t.Context(), bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateSent, At: now}); err != nil {
		t.Fatalf("Done: %v", err)
	}
	if err := s.Done(t.Context(), bot.Outcome{Conversation: "b", Seq: 2, State: bot.StateFailed, At: now, ShutAt: now}); err != nil {
		t.Fatalf("Done: %v", err)
	}
	wantStandings(t, s, standing("start", "ask", 2))
	c.Version, c.Flow.Node, c.SilentAt = 3, "end", now.Add(time.Hour)
	if err := s.Commit(t.Context(), []bot.Change{{Base: 2, Conversation: c}}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	closeStore(t, s)
	s = open(t, path, quick())
	wantConversation(t, s, c)
	wantStandings(t, s, standing("start", "ask", 1), standing("start", "end", 1))
	if ids, next, err := s.Wakes(t.Context(), now, 10); err != nil || len(ids) != 0 || !next.Equal(c.SilentAt) {
		t.Errorf("Wakes: %v, %v, %v", ids, next, err)
	}
}

func wantConversation(t *testing.T, s *boltstore.Store, want bot.Conversation) {
	t.Helper()
	snap, err := s.Load(t.Context(), bot.Lookup{Conversation: want.ID})
	if diff := cmp.Diff(want, snap.Conversation); err != nil || diff != "" {
		t.Errorf("the conversation differs, %v (-want +got):\n%s", err, diff)
	}
}

// A file of before the standings, in which one page of conversations is broken:
// the rest of it works, and nothing pretends to be counted.
func TestABrokenPageDoesNotKeepAnOlderFileFromOpening(t *testing.T) {
	t.Parallel()
	path := filled(t)
	older(t, path, nil)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page, uncounted := os.Getpagesize(), 0
	for at := 4 * page; at+page <= len(whole); at += page {
		b := bytes.Clone(whole)
		copy(b[at:], bytes.Repeat([]byte{0xff}, page))
		path := filepath.Join(t.TempDir(), "broken.db")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := boltstore.Open(path, quick())
		if err != nil {
			continue
		}
		if _, err := s.Standings(t.Context()); errors.Is(err, boltstore.ErrDamaged) {
			uncounted++
			if err := s.KeepFlows(t.Context(), "v1", flows.Files{}); err != nil {
				t.Errorf("KeepFlows: %v", err)
			}
		}
		_ = s.Close()
	}
	if uncounted == 0 {
		t.Error("no page held conversations")
	}
}

// A file of before the rule: what waits is marked as if a watermark spoke of it.
func TestAWatermarkDoesNotTrustAnOlderHeader(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	c := hello("a")
	if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	closeStore(t, s)
	key := []byte("a\x00\x00\x00\x00\x00\x00\x00\x00\x02")
	edit(t, path, func(tx *bolt.Tx) error {
		messages := tx.Bucket([]byte("messages"))
		b := bytes.Clone(messages.Get(key))
		b[1] = 1
		return messages.Put(key, b)
	})
	s = open(t, path, quick())
	snap, err := s.Load(t.Context(), bot.Lookup{
		Channel: "whatsapp", Aliases: c.Contact.Aliases, Until: c.Conversation.UpdatedAt.Add(time.Hour),
	})
	if err != nil || snap.Conversation.ID != "a" || len(snap.Messages) != 0 {
		t.Fatalf("a watermark finds %+v, %v", snap.Messages, err)
	}
}

// A file of before the tally holds deliveries without one.
func TestADeliveryWithoutATallyHasCountedNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	c := hello("a")
	if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	closeStore(t, s)
	edit(t, path, func(tx *bolt.Tx) error {
		outbox := tx.Bucket([]byte("outbox"))
		key := []byte("a\x00\x00\x00\x00\x00\x00\x00\x00\x02")
		header := bytes.Clone(outbox.Get(key)[:1+1+12])
		return outbox.Put(key, append(header,
			`{"delivery":{"conversation":"a","seq":2,"author":"bot","attempts":3,"due_at":"2026-03-02T12:00:00Z"}}`...))
	})
	s = open(t, path, quick())
	due, _, err := s.Due(t.Context(), c.Conversation.UpdatedAt, time.Minute, map[string]int{"whatsapp": 100})
	if err != nil || len(due) != 1 || due[0].Delivery.Attempts != 3 || due[0].Delivery.Tally != (bot.Tally{}) {
		t.Fatalf("Due: %+v, %v", due, err)
	}
}
