package boltstore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
)

// refusal is one write that a full disk refuses.
type refusal struct {
	at   int // which of all writes, from 1
	part int // what of it is written nevertheless, in percent
	seen int // writes so far
	met  bool
}

func (r *refusal) write(_ string, next writeAt, b []byte, offset int64) (int, error) {
	if r.seen++; r.seen != r.at {
		return next(b, offset)
	}
	r.met = true
	n, err := next(b[:len(b)*r.part/100], offset)
	if err != nil {
		return n, err
	}
	return n, &os.PathError{Op: "write", Path: "frontdesk.db", Err: syscall.ENOSPC}
}

// states is what the store holds before each step of the script, and at its end.
func states(t *testing.T) []string {
	t.Helper()
	s := begin(t)
	defer finish(t, s)
	list := []string{reread(t, image(t, s))}
	for i, do := range script() {
		if err := do(t.Context(), s); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		list = append(list, reread(t, image(t, s)))
		if i%3 == 0 { // it makes no difference whether the file or the journal has it
			if err := brought(t.Context(), s); err != nil {
				t.Fatalf("step %d: bringing the file up to date: %v", i, err)
			}
		}
		if list[i] == list[i+1] && i != 15 { // that one keeps an event, which no method tells
			t.Fatalf("step %d changes nothing", i)
		}
	}
	return list
}

// Every single write of the script finds the disk full once.
func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	want := states(t)
	for _, part := range []int{0, 1, 50, 99} {
		t.Run(fmt.Sprintf("%d percent of the write", part), func(t *testing.T) {
			t.Parallel()
			r := refusal{met: true}
			for at := 1; r.met && !t.Failed(); at++ {
				r = refusal{at: at, part: part}
				full(t, &r, want)
			}
			if r.at < 50 {
				t.Errorf("the script has %d writes: not worth a test", r.at-1)
			}
		})
	}
}

// full runs the script on a disk with one refusal.
func full(t *testing.T, r *refusal, want []string) {
	t.Helper()
	s := begin(t)
	defer func() {
		r.seen = -1 << 30 // those of Close are not meant
		finish(t, s)
	}()
	intercept(s, r.write)
	for i, do := range script() {
		for _, half := range []struct {
			name string
			do   move
			left string // in the store, when the disk is full
		}{
			{"the step", do, want[i]},
			{"bringing the file up to date", brought, want[i+1]},
		} {
			err := half.do(t.Context(), s)
			if err == nil {
				continue
			}
			got := reread(t, image(t, s))
			switch {
			case got != half.left:
				t.Errorf("write %d: step %d: %s was refused and left (-want +got):\n%s", r.at, i, half.name, cmp.Diff(half.left, got))
			case errors.Is(err, ErrFailed):
				return // the meta page was written so far that it counts
			case !errors.Is(err, bot.ErrFull) || !errors.Is(err, syscall.ENOSPC):
				t.Errorf("write %d: step %d: %s: %v", r.at, i, half.name, err)
			}
			if !s.full {
				t.Errorf("write %d: the store forgot that the disk is full", r.at)
			}
			if err := half.do(t.Context(), s); err != nil { // there is room again
				t.Fatalf("write %d: step %d: %s, again: %v", r.at, i, half.name, err)
			}
		}
	}
	if r.at%20 == 0 { // it takes room and flushes it: not for each
		if err := s.Check(t.Context()); err != nil || s.full {
			t.Errorf("there is room, and Check says %v", err)
		}
	}
	wholesome(t, s)
	if got := reread(t, image(t, s)); got != want[len(want)-1] {
		t.Errorf("write %d: at the end (-want +got):\n%s", r.at, cmp.Diff(want[len(want)-1], got))
	}
}

// A full disk stays full for a while: reads go on, and nothing is worn out by
// being refused again and again.
func TestADiskThatStaysFull(t *testing.T) {
	t.Parallel()
	want := states(t)
	s := begin(t)
	defer finish(t, s)
	room := true
	intercept(s, func(_ string, next writeAt, b []byte, offset int64) (int, error) {
		if !room {
			return 0, &os.PathError{Op: "write", Err: syscall.EDQUOT}
		}
		return next(b, offset)
	})
	for i, do := range script() {
		room = false
		for range 3 {
			if err := do(t.Context(), s); !errors.Is(err, bot.ErrFull) {
				t.Fatalf("step %d on a full disk: %v", i, err)
			}
			if _, err := s.Agents(t.Context()); err != nil {
				t.Fatalf("reading from a full disk: %v", err)
			}
		}
		room = true
		if err := do(t.Context(), s); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		room = false
		for range 3 {
			if err := brought(t.Context(), s); !errors.Is(err, bot.ErrFull) {
				t.Fatalf("step %d: bringing the file up to date on a full disk: %v", i, err)
			}
		}
		room = true
		if err := brought(t.Context(), s); err != nil {
			t.Fatalf("step %d: bringing the file up to date: %v", i, err)
		}
	}
	wholesome(t, s)
	if got := reread(t, image(t, s)); got != want[len(want)-1] {
		t.Errorf("at the end (-want +got):\n%s", cmp.Diff(want[len(want)-1], got))
	}
	select {
	case <-s.Failed():
		t.Error("a full disk counts as failed")
	default:
	}
}

func TestWhatCountsAsFull(t *testing.T) {
	t.Parallel()
	path := func(errno syscall.Errno) error {
		return &os.PathError{Op: "truncate", Path: "frontdesk.db", Err: errno}
	}
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"no room on the disk", path(syscall.ENOSPC), true},
		{"no room in the quota, told by a flush", syscall.EDQUOT, true},
		{"a file that may not become longer", path(syscall.EFBIG), true},
		{"bbolt, whose words are all that is left of it", fmt.Errorf("file resize error: %s", path(syscall.EFBIG).Error()), true},
		{"a broken disk", path(syscall.EIO), false},
		{"a broken disk in bbolt's words", fmt.Errorf("file sync error: %s", path(syscall.EIO).Error()), false},
		{"a short write", io.ErrShortWrite, false},
		{"nothing", nil, false},
	} {
		if got := isFull(tt.err); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// deaf makes the flushes of bbolt fail, from the write on that decides says so.
// What is written arrives all the same. A pipe stands for the file: it has no disk
// that could be flushed.
func deaf(t *testing.T, s *Store, decides func(offset int64) bool) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	file := (**os.File)(inside(s.db, "file"))
	whole := *file
	t.Cleanup(func() { *file = whole })
	intercept(s, func(name string, next writeAt, b []byte, offset int64) (int, error) {
		n, err := next(b, offset)
		*file = whole
		if name == theFile && decides(offset) {
			*file = w
		}
		return n, err
	})
}

func TestAFlushThatFails(t *testing.T) {
	t.Parallel()
	meta := int64(2 * os.Getpagesize())
	for _, tt := range []struct {
		name    string
		decides func(offset int64) bool // which flush of the file; nil: those of the journal
		ends    bool
	}{
		{"of the data leaves nothing, and the next write may work", func(offset int64) bool { return offset >= meta }, false},
		{"of the meta page ends all writing", func(offset int64) bool { return offset < meta }, true},
		{"of the journal ends all writing", nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			s, err := Open(path, Options{}) // with flushes
			if err != nil {
				t.Fatalf("Open: %v", err)
			}
			t.Cleanup(func() { _ = s.Close() }) // says that the disk failed
			broken := true
			if tt.decides != nil {
				deaf(t, s, func(offset int64) bool { return broken && tt.decides(offset) })
			} else {
				s.journal.flush = func(*os.File) error { return syscall.EIO }
			}
			err = meets("ada")(t.Context(), s)
			if tt.decides == nil == (err == nil) {
				t.Errorf("Commit: %v", err)
			}
			if err == nil {
				err = brought(t.Context(), s)
			}
			if err == nil || errors.Is(err, ErrFailed) != tt.ends || errors.Is(err, bot.ErrFull) {
				t.Errorf("what failed is told as %v", err)
			}
			broken = false
			err = errors.Join(meets("bob")(t.Context(), s), brought(t.Context(), s))
			if errors.Is(err, ErrFailed) != tt.ends || (err == nil) == tt.ends {
				t.Errorf("the next Commit: %v", err)
			}
			ended := false
			select {
			case <-s.Failed():
				ended = true
			default:
			}
			if err := s.Check(t.Context()); ended != tt.ends || errors.Is(err, ErrFailed) != tt.ends {
				t.Errorf("failed is %v; Check: %v", ended, err)
			}
			// Nobody is told that something is stored which may not be durable.
			snap, err := s.Load(t.Context(), bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: "ada"}}, Events: []string{"ada.1"}})
			if err != nil || snap.Seen["ada.1"] != (tt.decides != nil) {
				t.Errorf("Load: %v, %v", snap.Seen, err)
			}
			if _, err := s.Agents(t.Context()); err != nil {
				t.Errorf("reading: %v", err)
			}
		})
	}
}
