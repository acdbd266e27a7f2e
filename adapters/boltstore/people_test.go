package boltstore_test

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// Each new session looks at some, so that all that are over go in the end.
func TestManySessionsThatAreOverGo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	end := hello("").Conversation.UpdatedAt
	session := func(end time.Time) {
		t.Helper()
		if err := s.SaveSession(t.Context(), handoff.Session{TokenHash: rand.Text(), Agent: "ada", ExpiresAt: end}); err != nil {
			t.Fatalf("SaveSession: %v", err)
		}
	}
	const old, young = 1000, 100
	for range old {
		session(end)
	}
	for range young {
		session(end.Add(31 * 24 * time.Hour))
	}
	closeStore(t, s)
	edit(t, path, func(tx *bolt.Tx) error {
		if got := tx.Bucket([]byte("sessions")).Stats().KeyN; got != young {
			t.Errorf("%d sessions are left, want %d", got, young)
		}
		return nil
	})
}

func TestASessionThatCannotBeReadEndsWithTheOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	closeStore(t, open(t, path, quick()))
	edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("sessions")).Put([]byte("hash"), []byte("?")) })
	s := open(t, path, quick())
	if err := s.SaveSession(t.Context(), handoff.Session{TokenHash: "new", Agent: "ada"}); err != nil {
		t.Errorf("SaveSession: %v", err)
	}
	if err := s.DeleteSessions(t.Context(), "ada"); err != nil {
		t.Errorf("DeleteSessions: %v", err)
	}
	for _, token := range []string{"hash", "new"} {
		_, err := s.Session(t.Context(), token)
		wantNotFound(t, err)
	}
}

func wantNotFound(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("got error %v", err)
	}
}
