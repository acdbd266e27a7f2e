package boltstore_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
)

// filled gives the path of a closed store with some conversations.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	for i := range 60 {
		if err := s.Commit(t.Context(), []bot.Change{hello(strconv.Itoa(i))}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	closeStore(t, s)
	var size int64 // bbolt makes the file larger than what it uses
	edit(t, path, func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	})
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenMakesAPrivateFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data", "frontdesk")
	open(t, filepath.Join(folder, "frontdesk.db"), quick())
	for path, want := range map[string]os.FileMode{folder: 0o700, filepath.Join(folder, "frontdesk.db"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "frontdesk.db")
		s := open(t, path, quick())
		_, err := boltstore.Open(path, quick())
		if !errors.Is(err, boltstore.ErrInUse) || !strings.Contains(err.Error(), "the data folder is in use by another frontdesk process") {
			t.Errorf("Open: %v", err)
		}
		closeStore(t, s)
		open(t, path, quick())
	})
}

func TestANewerFormatIsRefused(t *testing.T) {
	t.Parallel()
	path := filled(t)
	edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("7")) })
	_, err := boltstore.Open(path, quick())
	var newer *boltstore.FormatError
	if !errors.As(err, &newer) || newer.Found != 7 || !strings.Contains(err.Error(), "written by a newer frontdesk (format 7, this one knows 6)") {
		t.Fatalf("Open: %v", err)
	}
	edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("6")) })
	open(t, path, quick())
}

// edit opens the file behind the store's back, which also proves that it was
// let go.
func edit(t *testing.T, path string, f func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, NoSync: true})
	if err != nil {
		t.Fatalf("opening the file itself: %v", err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatalf("editing the file itself: %v", err)
	}
}

func TestWhatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	others := filepath.Join(t.TempDir(), "others.db")
	edit(t, others, func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte("recipes"))
		return err
	})
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, bytes.Repeat([]byte("no data of ours\n"), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(t.TempDir(), "short.db")
	if err := os.WriteFile(short, []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{others, text, short} {
		for range 2 { // the refused file is let go
			_, err := boltstore.Open(path, quick())
			if !errors.Is(err, boltstore.ErrForeign) {
				t.Errorf("Open(%s): %v", filepath.Base(path), err)
			}
		}
	}
}

func TestACutFileIsRefused(t *testing.T) {
	t.Parallel()
	exact := filled(t)
	whole, err := os.ReadFile(exact)
	if err != nil {
		t.Fatal(err)
	}
	open(t, exact, quick())
	for size := 1; size < len(whole); size += len(whole) / 23 {
		path := filepath.Join(t.TempDir(), "cut.db")
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		use(t, path, true)
	}
}

func TestABrokenPageIsAnError(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	for at := 0; at < len(whole); at += 2 * page {
		for _, with := range []byte{0x00, 0xff} {
			b := bytes.Clone(whole)
			copy(b[at:], bytes.Repeat([]byte{with}, page))
			path := filepath.Join(t.TempDir(), "broken.db")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			use(t, path, false)
		}
	}
}

// use opens a file that may be broken and works with it; only a panic, or a
// success that cannot be, fails.
func use(t *testing.T, path string, refuse bool) {
	t.Helper()
	s, err := boltstore.Open(path, quick())
	if err != nil {
		if !errors.Is(err, boltstore.ErrDamaged) && !errors.Is(err, boltstore.ErrForeign) {
			t.Errorf("Open: %v", err)
		}
		return
	}
	if refuse {
		t.Error("a file without its end was opened")
	}
	for i := range 64 {
		_, _ = s.Load(t.Context(), bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: strconv.Itoa(i)}}})
		_ = s.Commit(t.Context(), []bot.Change{hello(strconv.Itoa(i))})
	}
	_, _, _ = s.Due(t.Context(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), time.Minute, map[string]int{"whatsapp": 100})
	_, _, _ = s.Tickets(t.Context(), bot.TicketFilter{}, "", 100)
	_, _, _ = s.Wakes(t.Context(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), 100)
	_, _ = s.Standings(t.Context())
	_ = s.KeepFlows(t.Context(), "v1", flows.Files{Root: "flows.yaml"})
	_ = s.Close() // says what it wants, but returns
}

func TestEventsAreKeptAsTheyCame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	body := "{ \"a\" :\n\t1 }\n"
	at := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	for range 2 {
		if err := s.Keep(t.Context(), []bot.Event{{Channel: "whatsapp", Kind: "account_update", At: at, Body: []byte(body)}}); err != nil {
			t.Fatalf("Keep: %v", err)
		}
	}
	closeStore(t, s)
	var found int
	edit(t, path, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("events")).ForEach(func(_, v []byte) error {
			if !strings.Contains(string(v), "account_update") || !strings.Contains(string(v), body) {
				t.Errorf("stored %q", v)
			}
			found++
			return nil
		})
	})
	if found != 2 {
		t.Errorf("%d events were kept, want 2", found)
	}
}
