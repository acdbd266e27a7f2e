package boltstore_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// format2 gives a copy of a file that frontdesk wrote when its format was 2.
// Three customers wrote. a waits for a person, and is being sent something. b was
// sent its answer. c's could not be sent.
func format2(t *testing.T) (path string) {
	t.Helper()
	return unpacked(t, "format2.db.gz")
}

// unpacked gives a copy of a file of the test data.
func unpacked(t *testing.T, name string) (path string) {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "frontdesk.db")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// format1 makes one of format 1 of a file of format 2: without the indexes of
// wakes and standings, without flows, and with conversations whose header holds
// three numbers only.
func format1(t *testing.T) (path string) {
	t.Helper()
	path = format2(t)
	edit(t, path, func(tx *bolt.Tx) error {
		conversations := tx.Bucket([]byte("conversations"))
		records := make(map[string][]byte)
		err := conversations.ForEach(func(k, b []byte) error {
			const numbers, indexed = 1 + 3*8, 1 + 3*8 + 12 + 4
			place := int(binary.BigEndian.Uint32(b[indexed-4:]))
			records[string(k)] = append(append([]byte{1}, b[1:numbers]...), b[indexed+place:]...)
			return nil
		})
		for k, b := range records {
			err = errors.Join(err, conversations.Put([]byte(k), b))
		}
		return errors.Join(err,
			tx.DeleteBucket([]byte("wakes")), tx.DeleteBucket([]byte("standings")), tx.DeleteBucket([]byte("flows")),
			tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("1")))
	})
	return path
}

func wantStandings(t *testing.T, s *boltstore.Store, want ...bot.Standing) {
	t.Helper()
	if got, err := s.Standings(t.Context()); err != nil || !slices.Equal(got, want) {
		t.Errorf("conversations stand at %+v, %v, want %+v", got, err, want)
	}
}

func TestAnOlderFileIsWrittenAnew(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file func(t *testing.T) string
		kept string
	}{"format 1": {format1, ".format1"}, "format 2": {format2, ".format2"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := tt.file(t)
			if err := os.WriteFile(path+".new", []byte("what a crash left"), 0o600); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // and it stays so
				s := open(t, path, quick())
				wantOlder(t, s)
				closeStore(t, s)
			}
			if after, err := os.ReadFile(path + tt.kept); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the old file is not kept as it was: %v", err)
			}
			if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something is left beside it: %v", err)
			}
		})
	}
}

// wantOlder checks everything that format2's file held.
func wantOlder(t *testing.T, s *boltstore.Store) {
	t.Helper()
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
	now := hello("a").Conversation.UpdatedAt
	want := hello("a").Conversation
	want.Status, want.Ticket, want.SilentAt = handoff.Queued, "t1", now.Add(time.Hour)
	want.Flow = flows.State{
		Version: "v1", Flow: "start", Node: "ask", Vars: map[string]any{"name": "Ada", "number": 42.0}, Tries: 1, Misses: 2, Missed: []string{"hm"},
	}
	snap, err := s.Load(t.Context(), bot.Lookup{
		Channel: "whatsapp", Aliases: hello("a").Contact.Aliases, Events: []string{"whatsapp/wamid.1", "wamid.1", "another"},
	})
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	ticket := handoff.Ticket{
		ID: "t1", Conversation: "a", Queue: "sales", Reason: "asked", Words: []string{"help"},
		OpenedAt: now, PromisedBy: now.Add(time.Minute), WindowCloses: now.Add(24 * time.Hour),
	}
	wantSnap := bot.Snapshot{
		Contact: *hello("a").Contact, Conversation: want, Ticket: ticket, Seen: map[string]bool{"whatsapp/wamid.1": true},
	}
	if snap.Ticket.Place.At.IsZero() {
		t.Error("the ticket stands before everybody, for ever")
	}
	snap.Ticket.Place = handoff.Place{}
	if diff := cmp.Diff(wantSnap, snap); diff != "" {
		t.Errorf("the snapshot (-want +got):\n%s", diff)
	}
	if rows, _, err := s.Tickets(t.Context(), bot.TicketFilter{Waiting: true}, "", 10); err != nil || len(rows) != 1 || rows[0].Ticket.ID != "t1" {
		t.Errorf("Tickets: %+v, %v", rows, err)
	}
	named, err := s.Load(t.Context(), bot.Lookup{Channel: "whatsapp", Aliases: hello("b").Contact.Aliases, ExternalID: "wamid.out"})
	if err != nil || named.Conversation.ID != "b" || named.Messages[0].State != bot.StateSent {
		t.Errorf("by the platform's name for a message: %+v, %v", named, err)
	}
	if list, err := s.Transcript(t.Context(), "c", 0, 10); err != nil || len(list) != 2 || list[1].Code != "timeout" {
		t.Errorf("Transcript: %+v, %v", list, err)
	}
	wantStandings(t, s, bot.Standing{Version: "v1", Place: flows.Place{Flow: "start", Node: "ask"}, Conversations: 2})
	if ids, _, err := s.Wakes(t.Context(), now.Add(time.Hour), 10); err != nil || !slices.Equal(ids, []string{"a"}) {
		t.Errorf("Wakes: %v, %v", ids, err)
	}
	if agent, err := s.Agent(t.Context(), "ana"); err != nil || agent.Password != "hash" {
		t.Errorf("Agent: %+v, %v", agent, err)
	}
	if session, err := s.Session(t.Context(), "h"); err != nil || session.Agent != "ana" {
		t.Errorf("Session: %+v, %v", session, err)
	}
}

// What was being sent when an older program ended is due again, and everything
// that was counted of it is known.
func TestAnOlderOutboxGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t, format2(t), quick())
	names, list, err := due(t, s, hello("a").Conversation.UpdatedAt.Add(time.Minute), 10)
	if err != nil || !slices.Equal(names, []string{"a-2", "c-2"}) {
		t.Fatalf("Due: %v, %v", names, err)
	}
	for _, a := range list {
		d := a.Delivery
		if lost := !d.BegunAt.IsZero(); d.Conversation == "a" && (!lost || d.Attempts != 1) {
			t.Errorf("the delivery that was leased: %+v", d)
		}
		if d.Conversation == "c" && (d.Tally.Faults != 3 || d.Attempts != 1) {
			t.Errorf("the delivery that was tried: %+v", d)
		}
	}
}

// What is broken in an older file is left out, and the rest is carried over.
func TestABrokenRecordDoesNotKeepAnOlderFileFromOpening(t *testing.T) {
	t.Parallel()
	path := format2(t)
	edit(t, path, func(tx *bolt.Tx) error {
		return errors.Join(
			tx.Bucket([]byte("conversations")).Put([]byte("b"), []byte("\x02broken")),
			tx.Bucket([]byte("contacts")).Put([]byte("kc"), []byte("\x01{")),
			tx.Bucket([]byte("messages")).Put([]byte("c\x00\x00\x00\x00\x00\x00\x00\x00\x01"), nil))
	})
	wantOlderPart(t, open(t, path, quick()))
}

func wantOlderPart(t *testing.T, s *boltstore.Store) {
	t.Helper()
	if snap, err := s.Load(t.Context(), bot.Lookup{Conversation: "a"}); err != nil || snap.Ticket.ID != "t1" {
		t.Errorf("Load: %+v, %v", snap, err)
	}
	if _, err := s.Load(t.Context(), bot.Lookup{Conversation: "b"}); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("Load of what is broken: %v", err)
	}
}

// An event's body stands as it came, also in an older file.
func TestOlderEventsKeepTheirBodies(t *testing.T) {
	t.Parallel()
	path := format2(t)
	closeStore(t, open(t, path, quick()))
	edit(t, path, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("events")).ForEach(func(_, b []byte) error {
			if !bytes.Contains(b, []byte("{ \"a\" :\n1 }")) || json.Valid(b[1:]) {
				t.Errorf("stored %q", b)
			}
			return nil
		})
	})
}

// The file of format 3 is the one that rich makes. It is completed where it is.
func TestAFileOfTheFormatBeforeIsCompleted(t *testing.T) {
	t.Parallel()
	path := unpacked(t, "format3.db.gz")
	before := rows(t, path)
	if _, err := boltstore.Look(path); err == nil || !strings.Contains(err.Error(), "written by an older frontdesk (format 3") {
		t.Errorf("Look: %v", err)
	}
	s := open(t, path, quick())
	named, err := s.Load(t.Context(), bot.Lookup{Channel: "whatsapp", Aliases: hello("ada").Contact.Aliases, ExternalID: "wamid.ada"})
	if err != nil || named.Messages[0].ID() != "ada-2" {
		t.Errorf("by the platform's name for a message: %+v, %v", named.Messages, err)
	}
	must(t, s.Keep(t.Context(), []bot.Event{{Channel: "whatsapp", At: hello("").Conversation.UpdatedAt, Body: []byte(`{}`)}}))
	closeStore(t, s)
	if found := inspect(t, path); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	after := rows(t, path)
	if n := len(slices.Collect(keysIn(after, "events/"))); n != 3 {
		t.Errorf("%d events, want the two that were there and a new one", n)
	}
	for k, b := range before {
		switch bucket, _, _ := strings.Cut(k, "/"); {
		case bucket == "external":
			if _, there := after[k]; there {
				t.Errorf("%q is there still", k)
			}
		case bucket == "open_tickets": // they stand in line now, see lineUp
		case strings.HasPrefix(k, "conversations/") && strings.ContainsAny(k, "\x01\x03"): // and say when that is judged again
		case bucket != "meta" && after[k] != b:
			t.Errorf("%q is not as it was", k)
		}
	}
}

// The file of format 4 is what a program left that was killed: the one that rich
// makes, and beside it a journal with another customer's ticket, whose place in the
// list is as that format had it.
func TestACrashedProgramsFileOfTheFormatBeforeIsCompleted(t *testing.T) {
	t.Parallel()
	path := unpacked(t, "format4.db.gz")
	journal, err := os.ReadFile(unpacked(t, "format4.db.journal1.gz"))
	must(t, err)
	must(t, os.WriteFile(path+".journal1", journal, 0o600))
	s := open(t, path, quick())
	list, _, err := s.Tickets(t.Context(), bot.TicketFilter{}, "", 10)
	must(t, err)
	var names []string
	for _, r := range list {
		names = append(names, r.Ticket.ID)
		if r.Ticket.Place.At.IsZero() || !r.Conversation.RankAt.Equal(r.Ticket.Place.Next) {
			t.Errorf("ticket %s stands at %+v, and is judged again at %v", r.Ticket.ID, r.Ticket.Place, r.Conversation.RankAt)
		}
	}
	slices.Sort(names)
	if want := []string{"tada", "tben", "tcleo"}; !slices.Equal(names, want) {
		t.Errorf("the open tickets are %q, want %q", names, want)
	}
	closeStore(t, s)
	if found := inspect(t, path); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func keysIn(rows map[string]string, bucket string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range rows {
			if strings.HasPrefix(k, bucket) && !yield(k) {
				return
			}
		}
	}
}
