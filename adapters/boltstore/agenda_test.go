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
	"frontdesk/flows"
)

// sleepers gives the path of a closed store with twenty conversations that wake
// at the same moment and stand in one of two states, damaged by f.
func sleepers(t *testing.T, f func(tx *bolt.Tx) error) (path string, now time.Time) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	for i := range 20 {
		c := hello(fmt.Sprintf("c%02d", i))
		now = c.Conversation.UpdatedAt
		c.Conversation.AnswerAt = now
		c.Conversation.Flow = flows.State{Version: "v1", Flow: "start", Node: []string{"ask", "end"}[i%2]}
		if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	if err := s.KeepFlows(t.Context(), "v1", flows.Files{Root: "flows.yaml"}); err != nil {
		t.Fatalf("KeepFlows: %v", err)
	}
	closeStore(t, s)
	edit(t, path, f)
	return path, now
}

// wake is a key of the wakes: at noon and a number of seconds.
func wake(seconds int64, conversation string) []byte {
	noon := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC).Unix()
	b := binary.BigEndian.AppendUint64(nil, uint64(noon+seconds)^(1<<63))
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
		"an entry of another time":   {"", func(tx *bolt.Tx) error { return tx.Bucket([]byte("wakes")).Put(wake(-9, "c07"), nil) }},
		"a missing conversation":     {"c07", func(tx *bolt.Tx) error { return tx.Bucket([]byte("conversations")).Delete([]byte("c07")) }},
		"a cut conversation": {"c07", func(tx *bolt.Tx) error {
			conversations := tx.Bucket([]byte("conversations"))
			return conversations.Put([]byte("c07"), bytes.Clone(conversations.Get([]byte("c07"))[:45]))
		}},
		"a conversation of an unknown form": {"c07", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("conversations")).Put([]byte("c07"), bytes.Repeat([]byte{9}, 99))
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
