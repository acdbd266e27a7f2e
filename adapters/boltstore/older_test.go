package boltstore_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

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
	due, _, err := s.Due(t.Context(), c.Conversation.UpdatedAt, time.Minute, 10, nil)
	if err != nil || len(due) != 1 || due[0].Delivery.Attempts != 3 || due[0].Delivery.Tally != (bot.Tally{}) {
		t.Fatalf("Due: %+v, %v", due, err)
	}
}
