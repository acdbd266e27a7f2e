package boltstore_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

// sleepers gives the path of a closed store with twenty conversations that wake
// at the same moment and one that never wakes, damaged by f.
func sleepers(t *testing.T, f func(tx *bolt.Tx) error) (path string, now time.Time) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	for i := range 20 {
		c := hello(fmt.Sprintf("c%02d", i))
		now = c.Conversation.UpdatedAt
		c.Conversation.AnswerAt = now
		if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	if err := s.Commit(t.Context(), []bot.Change{hello("sound asleep")}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	closeStore(t, s)
	edit(t, path, f)
	return path, now
}

// wakeNoon is when all of them wake, in seconds since 1970.
const wakeNoon = 1_772_452_800

// wake is a key of the wakes: at noon and a number of seconds.
func wake(seconds int64, conversation string) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(wakeNoon+seconds)^(1<<63))
	return append(append(b, 0, 0, 0, 0), conversation...)
}

func TestADamagedWakeStopsNobodyElse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bad string // who does not wake; empty: all do
		f   func(tx *bolt.Tx) error
	}{
		"an entry that is too short": {"", func(tx *bolt.Tx) error { return tx.Bucket([]byte("wakes")).Put([]byte("?"), nil) }},
		"an entry of nobody":         {"", func(tx *bolt.Tx) error { return tx.Bucket([]byte("wakes")).Put(wake(-9, ""), nil) }},
		"an entry of a stranger":     {"", func(tx *bolt.Tx) error { return tx.Bucket([]byte("wakes")).Put(wake(-9, "stranger"), nil) }},
		"an entry of no time": {"", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("wakes")).Put(wake(time.Time{}.Unix()-wakeNoon, "sound asleep"), nil)
		}},
		"an entry of another time": {"", func(tx *bolt.Tx) error { return tx.Bucket([]byte("wakes")).Put(wake(-9, "c07"), nil) }},
		"a missing conversation":   {"c07", func(tx *bolt.Tx) error { return tx.Bucket([]byte("conversations")).Delete([]byte("c07\x01")) }},
		"a cut conversation": {"c07", func(tx *bolt.Tx) error {
			conversations := tx.Bucket([]byte("conversations"))
			return conversations.Put([]byte("c07\x01"), bytes.Clone(conversations.Get([]byte("c07\x01"))[:40]))
		}},
		"a conversation of an unknown form": {"c07", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("conversations")).Put([]byte("c07\x01"), bytes.Repeat([]byte{9}, 99))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, now := sleepers(t, tt.f)
			s := open(t, path, quick())
			var want []string
			for i := range 20 {
				if id := fmt.Sprintf("c%02d", i); id != tt.bad {
					want = append(want, id)
				}
			}
			got, next, err := s.Wakes(t.Context(), now, 100)
			if !errors.Is(err, boltstore.ErrDamaged) || !slices.Equal(got, want) || !next.IsZero() {
				t.Errorf("Wakes: %v, %v, %v", got, next, err)
			}
			if got, _, err := s.Wakes(t.Context(), now, 100); err != nil || !slices.Equal(got, want) {
				t.Errorf("Wakes once more: %v, %v", got, err)
			}
		})
	}
}
