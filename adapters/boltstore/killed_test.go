package boltstore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// kill is the files as they were when a process was killed, and how far each of
// those who count was known to have come before.
type kill struct {
	files disk
	least []uint64
}

// A process is killed before any write to its files, while others commit and the
// file follows beside them. What was answered is there, and each commit whole.
func TestNothingIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	const counters, kills = 4, 20
	s := begin(t)
	path := s.db.Path()
	var answered [counters]atomic.Uint64
	var mu sync.Mutex
	var found []kill
	ctx, stop := context.WithCancel(t.Context())
	intercept(s, func(_ string, next writeAt, b []byte, offset int64) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if len(found) == kills {
			stop()
		} else if rand.IntN(8) == 0 {
			k := kill{files: disk{}}
			for i := range answered {
				k.least = append(k.least, answered[i].Load())
			}
			parts := journalPaths(path)
			for _, name := range append(parts[:], path) {
				if b, err := os.ReadFile(name); err == nil { // a part may not be there yet
					k.files[strings.TrimPrefix(name, path)] = b
				}
			}
			found = append(found, k)
		}
		return next(b, offset)
	})
	var group sync.WaitGroup
	for i := range counters {
		group.Go(func() {
			for n := uint64(1); ctx.Err() == nil; n++ {
				if err := s.update(t.Context(), counts(i, n)); err != nil {
					t.Errorf("update: %v", err)
					return
				}
				answered[i].Store(n)
			}
		})
	}
	group.Go(func() {
		for ctx.Err() == nil {
			var err error
			for range fewRows { // so that the file takes them in several transactions
				err = errors.Join(err, s.update(t.Context(), counts(counters, 1)))
			}
			if err := errors.Join(err, settles(t.Context(), s)); err != nil {
				t.Errorf("settles: %v", err)
				return
			}
		}
	})
	group.Wait()
	finish(t, s)
	for i, k := range found {
		revive(t, i, k)
	}
}

// counts writes a number to two buckets, and to rows that come and go.
func counts(i int, n uint64) func(w *writer) error {
	return func(w *writer) error {
		b := binary.BigEndian.AppendUint64(nil, n)
		err := errors.Join(w.put(inAudit, fmt.Append(nil, "a", i), b), w.put(inEvents, fmt.Append(nil, "z", i), b))
		come, gone := fmt.Append(nil, "row", i, ".", n), fmt.Append(nil, "row", i, ".", n-min(n, 200))
		return errors.Join(err, w.put(inAudit, come, make([]byte, n%900)), w.delete(inAudit, gone))
	}
}

func revive(t *testing.T, i int, k kill) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	k.files.put(t, path)
	s, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Errorf("kill %d: Open: %v", i, err)
		return
	}
	defer finish(t, s)
	wholesome(t, s)
	err = s.view(func(v view) error {
		for c, least := range k.least {
			a, z := v.get(inAudit, fmt.Append(nil, "a", c)), v.get(inEvents, fmt.Append(nil, "z", c))
			if string(a) != string(z) {
				return fmt.Errorf("half a commit: %x and %x", a, z)
			}
			n := uint64(0)
			if a != nil {
				n = binary.BigEndian.Uint64(a)
			}
			if n < least || n > least+1 {
				return fmt.Errorf("%d, and %d was answered", n, least)
			}
			rows := len(v.keysBelow(inAudit, fmt.Append(nil, "row", c, ".")))
			if want := min(int(n), 200); rows != want {
				return fmt.Errorf("%d rows, want %d", rows, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Errorf("kill %d: %v", i, err)
	}
}
