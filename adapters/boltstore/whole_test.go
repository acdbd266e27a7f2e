package boltstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// A bucket that is not there was made anew and empty once, or ended the first
// request: whoever it held was forgotten.
func TestAFileWithoutOneOfItsBucketsIsRefused(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	for _, name := range buckets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			if err := os.WriteFile(path, c.file, 0o600); err != nil {
				t.Fatal(err)
			}
			without(t, path, name)
			s, err := Open(path, Options{NoSync: true})
			if err == nil {
				_ = s.Close()
			}
			foreign := name == inMeta && errors.Is(err, ErrForeign) // nothing says what it is then
			if !foreign && (!errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), name)) {
				t.Errorf("Open says %v", err)
			}
		})
	}
}

func without(t *testing.T, path, bucket string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(bucket)) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
