package boltstore

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"frontdesk/bot"
)

// town is a file with many customers, and what each of them is told.
type town struct {
	file []byte
	ids  []string
	said map[string]map[uint64]string // conversation -> seq -> message
}

func newTown(t *testing.T) town {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := openFast(t, path)
	c := town{said: make(map[string]map[uint64]string)}
	for range 120 {
		id := rand.Text()[:16]
		c.ids = append(c.ids, id)
		for _, do := range []move{meets(id), says(id, "One moment.", 200), says(id, "Here it is.", 800)} {
			if err := do(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.Transcript(t.Context(), id, 0, 100)
		if err != nil || len(list) != 4 {
			t.Fatalf("%d messages, %v", len(list), err)
		}
		c.said[id] = make(map[uint64]string)
		for _, m := range list {
			c.said[id][m.Seq] = asText(t, m)
		}
	}
	finish(t, s)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c.file = file
	return c
}

func asText(t *testing.T, m bot.Message) string {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// visit opens a damaged file and reads all of it, and writes to it if it is told
// to. It gives how many customers are served as if nothing had happened; -1: the
// file was refused.
func (c town) visit(t *testing.T, file []byte, writes bool) (served int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{NoSync: true})
	if err != nil {
		if newer := (*FormatError)(nil); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) && !errors.As(err, &newer) {
			t.Errorf("Open: %v", err)
		}
		return -1
	}
	defer func() { _ = s.Close() }() // says what it wants, but returns
	for _, id := range c.ids {
		if c.whole(t, s, id) {
			served++
		}
	}
	_, _, _ = s.Wakes(t.Context(), noon().Add(48*time.Hour), 100)
	_, _, _ = s.Tickets(t.Context(), bot.TicketFilter{}, "", 100)
	if !writes {
		return served
	}
	due, _, _ := s.Due(t.Context(), noon().Add(time.Hour), time.Minute, map[string]int{"whatsapp": 1000})
	for _, a := range due {
		if a.Message.Conversation != a.Conversation.ID || a.Contact.ID != a.Conversation.Contact || asText(t, a.Message) != c.said[a.Conversation.ID][a.Message.Seq] {
			t.Errorf("handed out to be sent to %s: %+v", a.Contact.Name, a.Message)
		}
	}
	for _, id := range c.ids[:8] {
		_ = says(id, "More.", 100)(t.Context(), s)
		_ = s.Done(t.Context(), bot.Outcome{Conversation: id, Seq: 2, State: bot.StateSent, At: noon()})
	}
	for _, id := range c.ids[8:] {
		c.whole(t, s, id)
	}
	return served
}

// whole reads all that is known of a customer. What is read must be what was
// written, or an error: never another text, and never another's.
func (c town) whole(t *testing.T, s *Store, id string) bool {
	t.Helper()
	alias := bot.Alias{Channel: "whatsapp", Kind: "phone", Value: id}
	snap, err := s.Load(t.Context(), bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{alias}})
	if err == nil && snap.Conversation.ID != "" && (snap.Conversation.ID != id || snap.Contact.Name != id) {
		t.Errorf("%s is taken for %s, %s", id, snap.Conversation.ID, snap.Contact.Name)
	}
	list, listErr := s.Transcript(t.Context(), id, 0, 100)
	for _, m := range list {
		got, want := asText(t, m), c.said[id][m.Seq]
		if m.Seq > 4 && strings.HasSuffix(m.Text, "("+id+")") {
			continue // the bit was in its key, which has no checksum: ours, at the wrong place
		}
		if got != want {
			t.Errorf("%s reads %s", id, got)
		}
	}
	return err == nil && snap.Conversation.ID == id && listErr == nil && len(list) == 4
}

// pagesOf gives where the pages of a kind are that are in use.
func (c town) pagesOf(t *testing.T, kind uint16) (offsets []int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	if err := os.WriteFile(path, c.file, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	names := map[uint16]string{branchPage: "branch", leafPage: "leaf", freelistPage: "freelist", 0x04: "meta"}
	err = db.View(func(tx *bbolt.Tx) error {
		for at := 0; at < len(c.file); at += os.Getpagesize() {
			p, err := tx.Page(at / os.Getpagesize())
			if err != nil {
				return err
			}
			if p != nil && p.Type == names[kind] {
				offsets = append(offsets, at)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return offsets
}

// A bit flips somewhere, in each kind of page.
func TestABitThatFlipped(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for _, tt := range []struct {
		name     string
		kind     uint16
		from, to int // bytes of the page
		spares   int // customers who are served all the same, when the file is opened
	}{
		{"in a meta page", 0x04, 0, headerSize + 64, 120}, // the other one is taken
		{"in the list of free pages", freelistPage, 0, 200, 120},
		{"in the head of a branch", branchPage, 0, headerSize, 0},
		{"in the directory of a branch", branchPage, headerSize, 120, 0},
		{"in a key of a branch", branchPage, 120, 600, 0},
		{"in the head of a leaf", leafPage, 0, headerSize, 40},
		{"in the directory of a leaf", leafPage, headerSize, 120, 40},
		{"in a record", leafPage, 600, os.Getpagesize(), 40},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			random := mathrand.New(mathrand.NewPCG(seed, uint64(tt.from)<<16|uint64(tt.kind)))
			pages := c.pagesOf(t, tt.kind)
			if len(pages) == 0 {
				t.Fatal("there is no such page")
			}
			refused := 0
			for range 20 {
				file := bytes.Clone(c.file)
				at, bit := pages[random.IntN(len(pages))]+tt.from+random.IntN(tt.to-tt.from), random.IntN(8)
				file[at] ^= 1 << bit
				// What bbolt writes next to a spoilt key may spoil its tree further, or need
				// gigabytes: that is for the checks when the file is opened next.
				writes := tt.kind == freelistPage || tt.kind == 0x04
				switch served := c.visit(t, file, writes); {
				case served < 0:
					refused++
				case served < tt.spares:
					t.Errorf("bit %d of byte %d: only %d customers are served", bit, at, served)
				}
			}
			t.Logf("%d of 20 files were refused", refused)
		})
	}
}

// Pages that lead to the wrong ones are found before bbolt goes round in circles,
// which would end the process, or writes over what is in use.
func TestPagesThatLeadElsewhereAreFound(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	branch := c.pagesOf(t, branchPage)[0]
	meta, ok := newestMeta(bytes.NewReader(c.file))
	if !ok {
		t.Fatal("there is no meta page")
	}
	list := int(meta.freelist) * os.Getpagesize()
	first := branch + headerSize + 8 // where the branch says which page is its first
	put := binary.NativeEndian.PutUint64
	leaf := binary.NativeEndian.Uint64(c.file[first:])
	for _, tt := range []struct {
		name  string
		spoil func(file []byte)
	}{
		{"a branch leads to itself", func(file []byte) { put(file[first:], uint64(branch/os.Getpagesize())) }},
		{"its last page is itself", func(file []byte) {
			last := int(binary.NativeEndian.Uint16(file[branch+10:])) - 1
			put(file[first+last*elementSize:], uint64(branch/os.Getpagesize()))
		}},
		{"a branch leads to a page twice", func(file []byte) { put(file[first+elementSize:], leaf) }},
		{"a branch leads behind the end", func(file []byte) { put(file[first:], meta.pages) }},
		{"a branch leads to a meta page", func(file []byte) { put(file[first:], 1) }},
		{"a page that is used counts as free", func(file []byte) { put(file[list+headerSize:], leaf) }},
		{"the list of free pages is longer than it is", func(file []byte) { file[list+10], file[list+11] = 0xFE, 0xFE }},
		{"the list of free pages is a leaf", func(file []byte) { file[list+8] = leafPage }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := slices.Clone(c.file)
			tt.spoil(file)
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(path, Options{NoSync: true}); !errors.Is(err, ErrDamaged) {
				t.Errorf("Open: %v", err)
			}
			if err := checkPages(bytes.NewReader(file)); !errors.Is(err, ErrDamaged) {
				t.Errorf("checkPages: %v", err)
			}
		})
	}
	if err := checkPages(bytes.NewReader(c.file)); err != nil {
		t.Errorf("a file that is whole: %v", err)
	}
}
