package boltstore_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/storetest"
	"frontdesk/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick leaves out the flush: these tests crash no machine.
func quick() boltstore.Options { return boltstore.Options{NoSync: true} }

func open(t *testing.T, path string, o boltstore.Options) *boltstore.Store {
	t.Helper()
	s, err := boltstore.Open(path, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func closeStore(t *testing.T, s *boltstore.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Fixture {
		path := filepath.Join(t.TempDir(), "frontdesk.db")
		t.Cleanup(func() { sound(t, path) }) // after it was closed
		s := open(t, path, quick())
		return storetest.Fixture{
			Store: s,
			Reopen: func() bot.Store {
				closeStore(t, s)
				s = open(t, path, quick())
				return s
			},
			Close: func() { closeStore(t, s) },
		}
	})
}

func TestPeople(t *testing.T) {
	t.Parallel()
	storetest.RunPeople(t, func(t *testing.T) storetest.People {
		return open(t, filepath.Join(t.TempDir(), "frontdesk.db"), quick())
	})
}
