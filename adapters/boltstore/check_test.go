package boltstore_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
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
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// rich gives the path of a closed store in which there is something of everything.
func rich(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	for _, id := range []string{"ada", "ben"} {
		c := hello(id)
		at := c.Conversation.UpdatedAt
		c.Conversation.SilentAt = at.Add(time.Hour)
		c.Conversation.Flow = flows.State{Version: "v1", Flow: "main", Node: "ask"}
		c.Messages[1].ExternalID = "wamid." + id
		c.Messages[1].Cost = bot.Cost{Month: window.MonthOf(at), Predicted: window.Amount{Micros: 6800, Currency: "USD", Known: true}, Flow: "main"}
		c.Conversation.Ticket = "t" + id
		c.Ticket = &handoff.Ticket{ID: "t" + id, Conversation: id, Queue: "support", OpenedAt: at, PromisedBy: at.Add(time.Minute)}
		must(t, s.Commit(t.Context(), []bot.Change{c}))
		must(t, s.Keep(t.Context(), []bot.Event{{Channel: "whatsapp", At: at, Body: []byte(`{}`)}}))
	}
	must(t, s.KeepFlows(t.Context(), "v1", flows.Files{Root: "flows.yaml"}))
	must(t, s.SaveAgent(t.Context(), handoff.Agent{Name: "ana"}))
	must(t, s.SaveSession(t.Context(), handoff.Session{TokenHash: "hash", Agent: "ana", ExpiresAt: time.Now()}))
	_, err := s.Restored(t.Context(), bot.Audit{At: hello("").Conversation.UpdatedAt, What: bot.AuditRestore}, false)
	must(t, err)
	closeStore(t, s)
	_, _, err = boltstore.Compact(path) // it is copied often
	must(t, err)
	return path
}

// rows are all rows of a file, by bucket and key, without what it knows of its journal.
func rows(t *testing.T, path string) map[string]string {
	t.Helper()
	all := map[string]string{}
	edit(t, path, func(tx *bolt.Tx) error {
		return tx.ForEach(func(bucket []byte, b *bolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				all[string(bucket)+"/"+string(k)] = string(v)
				return nil
			})
		})
	})
	delete(all, "meta/journal")
	return all
}

func copied(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	to := filepath.Join(t.TempDir(), "frontdesk.db")
	must(t, os.WriteFile(to, b, 0o600))
	return to
}

func inspect(t *testing.T, path string) []boltstore.Finding {
	t.Helper()
	s, err := boltstore.Look(path)
	if err != nil {
		t.Fatalf("Look: %v", err)
	}
	defer closeStore(t, s)
	checked, err := s.Inspect(t.Context(), nil)
	if err != nil {
		t.Fatalf("Inspect: %v", err)
	}
	return checked.Findings
}

// What is an index is made anew from the records, so any of its rows may be lost
// or overwritten.
func TestEveryRowOfAnIndexIsMissedAndMadeAnew(t *testing.T) {
	t.Parallel()
	path := rich(t)
	want := rows(t, path)
	indexes := []string{"aliases", "by_contact", "open_tickets", "due", "wakes", "standings", "tallies", "months"}
	for _, row := range slices.Sorted(maps.Keys(want)) {
		bucket, k, _ := strings.Cut(row, "/")
		if !slices.Contains(indexes, bucket) {
			continue
		}
		for name, harm := range map[string]func(b *bolt.Bucket) error{
			"lost":        func(b *bolt.Bucket) error { return b.Delete([]byte(k)) },
			"overwritten": func(b *bolt.Bucket) error { return b.Put([]byte(k), []byte("nonsense")) },
			"at another key": func(b *bolt.Bucket) error {
				return errors.Join(b.Delete([]byte(k)), b.Put([]byte(k+"~"), []byte(want[row])))
			},
			"under no key": func(b *bolt.Bucket) error { return b.Put([]byte("?"), []byte(want[row])) },
		} {
			if name == "overwritten" && bucket == "wakes" {
				continue // nothing is read there
			}
			t.Run(fmt.Sprintf("%s %q %s", bucket, k, name), func(t *testing.T) {
				t.Parallel()
				path := copied(t, path)
				edit(t, path, func(tx *bolt.Tx) error { return harm(tx.Bucket([]byte(bucket))) })
				found := inspect(t, path)
				if len(found) == 0 || !slices.ContainsFunc(found, func(f boltstore.Finding) bool { return f.Mendable }) {
					t.Fatalf("found %+v", found)
				}
				done, err := boltstore.Mend(t.Context(), path)
				if err != nil || (len(done) == 0 && bucket != "standings") { // which Open counts anew
					t.Fatalf("Mend: %v, %v", done, err)
				}
				if left := inspect(t, path); len(left) > 0 {
					t.Errorf("after mending: %+v", left)
				}
				if diff := cmp.Diff(want, rows(t, path)); diff != "" {
					t.Errorf("the rows differ (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// Of a record nothing is known but what it says: a bit of it that flips is told,
// and nothing is lost by mending what can be mended.
func TestEveryRecordThatCannotBeReadIsTold(t *testing.T) {
	t.Parallel()
	path := rich(t)
	want := rows(t, path)
	for _, row := range slices.Sorted(maps.Keys(want)) {
		bucket, k, _ := strings.Cut(row, "/")
		mark := bucket == "conversations" && strings.Contains(k, "\x02")
		switch bucket {
		case "contacts", "conversations", "outbox", "flows", "events", "audit", "agents", "sessions", "traffic":
		default:
			continue
		}
		t.Run(fmt.Sprintf("%s %q", bucket, k), func(t *testing.T) {
			t.Parallel()
			path := copied(t, path)
			broken := bytes.Clone([]byte(want[row]))
			broken[len(broken)/2] ^= 4
			if mark {
				broken = broken[1:]
			}
			edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Put([]byte(k), broken) })
			if found := inspect(t, path); len(found) == 0 {
				t.Fatal("nothing is found")
			}
			if _, err := boltstore.Mend(t.Context(), path); err != nil {
				t.Fatalf("Mend: %v", err)
			}
			after := rows(t, path)
			if _, there := after[row]; !there && bucket != "sessions" {
				t.Error("the record was removed")
			}
			if again := inspect(t, path); slices.ContainsFunc(again, func(f boltstore.Finding) bool { return f.Mendable }) {
				t.Errorf("after mending: %+v", again)
			}
		})
	}
}

func TestWhatIsMissingIsTold(t *testing.T) {
	t.Parallel()
	lose := func(bucket, k string) func(tx *bolt.Tx) error {
		return func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Delete([]byte(k)) }
	}
	first := "ben\x00\x00\x00\x00\x00\x00\x00\x00\x01"
	for _, tt := range []struct {
		name string
		harm func(tx *bolt.Tx) error
		want string // the findings, in their order, each the beginning
	}{
		{"nothing", func(*bolt.Tx) error { return nil }, ""},
		{"the first message, as by retention", lose("conversations", first), ""},
		{"the newest message", lose("conversations", string(key("ben"))), "conversation ben: its newest message is 1, and it says 2|delivery ben-2: its message is not there"},
		{"a contact", lose("contacts", "kben"), "name whatsapp phone …ben: |conversation ben: its contact kben is not there"},
		{"a conversation", lose("conversations", "ben\x01"), "conversation ben: there are messages, marks or tickets of it|contact kben on whatsapp: |wakes: |standings: v1 main ask are counted as 2, and are 1"},
		{"a bucket", func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("audit")) }, "audit: the bucket is not there"},
		{"an open ticket", lose("conversations", "ben\x03tben"), "open_tickets: |open_tickets: |tallies: |tallies: |tallies: "},
		{"a contact's conversation", func(tx *bolt.Tx) error {
			return errors.Join(lose("by_contact", "kben\x00whatsapp")(tx), tx.Bucket([]byte("contacts")).Put([]byte("knobody"), tx.Bucket([]byte("contacts")).Get([]byte("kben"))))
		}, "contact kben: it has no conversation|contact knobody: its name whatsapp phone …ben belongs to contact kben|contact knobody: it has no conversation|conversation ben: its contact does not lead to it"},
		{"the number of events", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("number events"), binary.BigEndian.AppendUint64(nil, 1))
		}, "events: number 2 would be given again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := rich(t)
			edit(t, path, tt.harm)
			var got []string
			for _, f := range inspect(t, path) {
				got = append(got, f.Where+": "+f.What)
			}
			want := strings.Split(tt.want, "|")
			if tt.want == "" {
				want = nil
			}
			if len(got) != len(want) {
				t.Fatalf("found %q", got)
			}
			for i, line := range got {
				if !strings.HasPrefix(line, want[i]) {
					t.Errorf("found %q, want %q", line, want[i])
				}
			}
		})
	}
}

func TestLookChangesNothingAndRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	path := rich(t)
	before, err := os.ReadFile(path)
	must(t, err)
	s, err := boltstore.Look(path)
	must(t, err)
	if err := s.SaveAgent(t.Context(), handoff.Agent{Name: "ben"}); !errors.Is(err, boltstore.ErrClosed) {
		t.Errorf("a write to what is only looked at: %v", err)
	}
	if _, err := s.Stats(t.Context(), time.Now(), bot.Retention{}); err != nil {
		t.Errorf("Stats: %v", err)
	}
	closeStore(t, s)
	after, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}

	held := open(t, path, quick())
	if _, err := boltstore.Look(path); !errors.Is(err, boltstore.ErrInUse) {
		t.Errorf("a file that is in use: %v", err)
	}
	closeStore(t, held)
	text := filepath.Join(t.TempDir(), "notes.txt")
	must(t, os.WriteFile(text, bytes.Repeat([]byte("notes\n"), 10_000), 0o600))
	if _, err := boltstore.Look(text); !errors.Is(err, boltstore.ErrForeign) {
		t.Errorf("a file of something else: %v", err)
	}
	older := rich(t)
	edit(t, older, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("2")) })
	if _, err := boltstore.Look(older); err == nil || !strings.Contains(err.Error(), "format 2") {
		t.Errorf("a file of an older format: %v", err)
	}
}
