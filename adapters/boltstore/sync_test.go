package boltstore

import (
	"path/filepath"
	"testing"
)

// No kill of a process can show that a flush is missing: the system keeps what
// was written. So it is looked at.
func TestTheStoreFlushesUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "frontdesk.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.db.NoSync || s.db.NoGrowSync || s.db.NoFreelistSync {
		t.Errorf("bbolt leaves out flushes: NoSync %v, NoGrowSync %v, NoFreelistSync %v", s.db.NoSync, s.db.NoGrowSync, s.db.NoFreelistSync)
	}
}
