package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// model is what a bucket must hold, by key.
type model map[string]string

func (m model) keys() []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// Whatever is written, and wherever its rows are by now, reading finds the newest.
func TestRowsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := begin(t)
		defer finish(t, s)
		want := model{}
		key := rapid.SampledFrom([]string{"a", "b", "ba", "bb", "c", "d", "e", "f"})
		for i := range rapid.IntRange(1, 40).Draw(r, "steps") {
			k := key.Draw(r, "key")
			switch rapid.SampledFrom([]string{"put", "put", "delete", "turn", "bring", "walk"}).Draw(r, "step") {
			case "put":
				want[k] = fmt.Sprint(i)
				mustWrite(r, s, func(w *writer) error { return w.put(inAudit, []byte(k), []byte(want[k])) })
			case "delete":
				delete(want, k)
				mustWrite(r, s, func(w *writer) error { return w.delete(inAudit, []byte(k)) })
			case "turn": // the file takes some of it only
				mustAsk(r, s, func() error {
					if s.under == nil {
						s.turnOver()
						return s.bringSome(s.under.rows()[:len(s.under.rows())/2], 0, false)
					}
					return nil
				})
			case "bring":
				mustAsk(r, s, s.bringAll)
			case "walk":
				compare(r, s, want, k)
			}
		}
		for _, k := range []string{"", "b", "z"} {
			compare(r, s, want, k)
		}
	})
}

func mustWrite(r *rapid.T, s *Store, f func(w *writer) error) {
	if err := s.update(context.Background(), f); err != nil {
		r.Fatal(err)
	}
}

func mustAsk(r *rapid.T, s *Store, f func() error) {
	if err := s.hand(context.Background(), &job{ask: f}); err != nil {
		r.Fatal(err)
	}
}

// compare compares every way of reading with the model, from a key on.
func compare(r *rapid.T, s *Store, want model, from string) {
	keys := want.keys()
	at, _ := slices.BinarySearch(keys, from)
	moves := rapid.SliceOfN(rapid.Bool(), 0, 20).Draw(r, "on or back") // not in a view, which takes rapid's panics for its own
	err := s.view(func(v view) error {
		c := v.cursor(inAudit)
		k, b := c.Seek([]byte(from))
		for _, on := range moves {
			if at < 0 || at >= len(keys) {
				if k != nil {
					return fmt.Errorf("at the end is %q", k)
				}
				break
			}
			if string(k) != keys[at] || string(b) != want[keys[at]] {
				return fmt.Errorf("%q has %q, want %q with %q", k, b, keys[at], want[keys[at]])
			}
			if got := v.get(inAudit, k); !bytes.Equal(got, b) {
				return fmt.Errorf("get gives %q for %q, and the walk %q", got, k, b)
			}
			if on {
				at++
				k, b = c.Next()
			} else {
				at--
				k, b = c.Prev()
			}
		}
		if k, _ := c.Last(); len(keys) > 0 && string(k) != keys[len(keys)-1] {
			return fmt.Errorf("the last is %q", k)
		}
		if k, _ := c.First(); len(keys) > 0 && string(k) != keys[0] {
			return fmt.Errorf("the first is %q", k)
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}

// Readers see all of a commit or nothing of it, while the file follows.
func TestReadersSeeWholeCommits(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	const pairs = 8
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for p := range pairs {
		group.Go(func() { // both rows of a pair always say the same
			for n := 0; ctx.Err() == nil; n++ {
				err := s.update(t.Context(), func(w *writer) error {
					b := fmt.Append(nil, n)
					return errors.Join(w.put(inAudit, fmt.Append(nil, "a", p), b), w.put(inEvents, fmt.Append(nil, "z", p), b))
				})
				if err != nil {
					t.Errorf("update: %v", err)
					return
				}
			}
		})
	}
	group.Go(func() {
		for ctx.Err() == nil {
			if err := errors.Join(bringSlowly(t.Context(), s), settles(t.Context(), s)); err != nil {
				t.Errorf("bringing the file up to date: %v", err)
				return
			}
		}
	})
	for range 2000 {
		err := s.view(func(v view) error {
			for p := range pairs {
				a, z := v.get(inAudit, fmt.Append(nil, "a", p)), v.get(inEvents, fmt.Append(nil, "z", p))
				if !bytes.Equal(a, z) {
					return fmt.Errorf("pair %d has %q and %q", p, a, z)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
			break
		}
	}
	stop()
	group.Wait()
}

// settles lets the file follow beside the writing goroutine, until the next move.
func settles(ctx context.Context, s *Store) error {
	err := s.hand(ctx, &job{ask: func() error {
		s.turnOver()
		s.settle()
		return nil
	}})
	return errors.Join(err, s.SaveAgent(ctx, handoff.Agent{Name: "eve"}), s.hand(ctx, &job{ask: s.bringAll}))
}

// The file follows by itself, without anybody writing or asking.
func TestTheFileFollowsTheJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := begin(t)
		defer finish(t, s)
		inFile := func() bool {
			b, err := image(t, s)[theFile], error(nil)
			names, err := met(t, disk{theFile: b})
			if err != nil {
				t.Fatal(err)
			}
			return len(names) == 3
		}
		for _, id := range people() {
			if err := meets(id)(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(rest / 2)
		if inFile() {
			t.Error("the file was written to at once")
		}
		time.Sleep(rest)
		synctest.Wait()
		if !inFile() {
			t.Error("the file lacks what was written long ago")
		}
	})
}

// Where the file can take nothing for long, writes are refused before the memory is
// full, and go on when it can.
func TestWhatWaitsForTheFileIsBounded(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	var mu sync.Mutex
	stuck := true
	intercept(s, func(name string, next writeAt, b []byte, offset int64) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if name == theFile && stuck {
			return 0, errors.New("the disk is tired")
		}
		return next(b, offset)
	})
	fill := func() error {
		big := handoff.Agent{Name: "eve", Display: string(make([]byte, 1<<20))}
		return s.SaveAgent(t.Context(), big)
	}
	var err error
	n := 0
	for ; err == nil && n < 4*mostUnsettled>>20; n++ {
		err = fill()
	}
	if err == nil || errors.Is(err, bot.ErrFull) || n < mostUnsettled>>20 {
		t.Fatalf("after %d MiB: %v", n, err)
	}
	mu.Lock()
	stuck = false
	mu.Unlock()
	if err := errors.Join(brought(t.Context(), s), fill()); err != nil {
		t.Errorf("when it can again: %v", err)
	}
}
