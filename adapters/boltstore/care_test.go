package boltstore_test

import (
	"context"
	"path/filepath"
	"testing"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/storetest"
)

func TestCare(t *testing.T) {
	t.Parallel()
	storetest.RunCare(t, func(t *testing.T) storetest.Care {
		path := filepath.Join(t.TempDir(), "frontdesk.db")
		s := open(t, path, quick())
		return storetest.Care{
			Store: s,
			Reopen: func() storetest.Cared {
				closeStore(t, s)
				s = open(t, path, quick())
				return s
			},
			Findings: func() []string { return findings(t, s) },
		}
	})
}

// sound checks a file that nobody has open.
func sound(t *testing.T, path string) {
	t.Helper()
	s, err := boltstore.Look(path)
	if err != nil {
		t.Errorf("Look: %v", err)
		return
	}
	if found := findings(t, s); len(found) > 0 {
		t.Errorf("the file is not sound: %q", found)
	}
	closeStore(t, s)
}

// findings is what a check of the store's file finds, a line each.
func findings(t *testing.T, s *boltstore.Store) []string {
	t.Helper()
	checked, err := s.Inspect(context.Background(), nil) // the test may be over
	if err != nil {
		t.Fatalf("Inspect: %v", err)
	}
	lines := []string{}
	for _, f := range checked.Findings {
		lines = append(lines, f.Where+": "+f.What)
	}
	return lines
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
