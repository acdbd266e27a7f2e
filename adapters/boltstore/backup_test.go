package boltstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

// folder is what is in the folder of a file.
func folder(t *testing.T, path string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestACopyHoldsWhatWasThereWhileOthersWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var mu sync.Mutex
	written := 0
	for i := range 4 {
		group.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := s.Commit(t.Context(), []bot.Change{hello(fmt.Sprintf("c%d-%d", i, n))}); err != nil {
					t.Errorf("Commit: %v", err)
					return
				}
				mu.Lock()
				written++
				mu.Unlock()
			}
		})
	}
	for range 5 {
		mu.Lock()
		before := written
		mu.Unlock()
		c, err := s.Copy(t.Context())
		must(t, err)
		to := filepath.Join(t.TempDir(), "copy.db")
		b, err := io.ReadAll(c)
		must(t, err)
		if int64(len(b)) != c.Size {
			t.Errorf("the copy has %d bytes and says %d", len(b), c.Size)
		}
		must(t, c.Close())
		must(t, os.WriteFile(to, b, 0o600))
		look, err := boltstore.Look(to)
		must(t, err)
		checked, err := look.Inspect(t.Context(), nil)
		if err != nil || len(checked.Findings) > 0 || checked.Conversations < before {
			t.Errorf("%d conversations of %d or more, %v, %v", checked.Conversations, before, checked.Findings, err)
		}
		closeStore(t, look)
	}
	stop()
	group.Wait()
	closeStore(t, s)
	if diff := cmp.Diff([]string{"frontdesk.db"}, folder(t, path)); diff != "" {
		t.Errorf("in the folder is (-want +got):\n%s", diff)
	}
}

func TestACopyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path := rich(t)
	s := open(t, path, quick())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Copy(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Copy: %v", err)
	}
	if _, err := s.Inspect(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Inspect: %v", err)
	}
	if _, err := s.Stats(ctx, time.Now(), bot.Retention{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Stats: %v", err)
	}
}

func TestCompactKeepsEveryRowAndNothingElse(t *testing.T) {
	t.Parallel()
	path := rich(t)
	edit(t, path, func(tx *bolt.Tx) error { // rows without a value, too
		return tx.Bucket([]byte("wakes")).Put([]byte("aaaaaaaaaaaaada"), []byte{})
	})
	want := rows(t, path)
	s := open(t, path, quick())
	for i := range 200 {
		must(t, s.Commit(t.Context(), []bot.Change{hello(fmt.Sprint("gone", i))}))
	}
	for i := range 200 {
		_, err := s.Erase(t.Context(), fmt.Sprint("kgone", i), bot.Audit{})
		must(t, err)
	}
	if _, _, err := boltstore.Compact(path); !errors.Is(err, boltstore.ErrInUse) {
		t.Errorf("a file that is in use: %v", err)
	}
	closeStore(t, s)
	must(t, os.WriteFile(path+".compact", []byte("left by a crash"), 0o600))
	before, after, err := boltstore.Compact(path)
	must(t, err)
	if info, err := os.Stat(path); err != nil || info.Size() != after || after >= before || after > 200<<10 {
		t.Errorf("%d bytes before, %d after, %v", before, after, err)
	}
	got := rows(t, path)
	for k := range got {
		if bytes.HasPrefix([]byte(k), []byte("audit/")) {
			delete(got, k)
		}
	}
	for k := range want {
		if bytes.HasPrefix([]byte(k), []byte("audit/")) {
			delete(want, k)
		}
	}
	delete(got, "meta/number audit")
	delete(want, "meta/number audit")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the rows differ (-want +got):\n%s", diff)
	}
	s = open(t, path, quick()) // events are still numbered
	must(t, s.Keep(t.Context(), []bot.Event{{Channel: "x", At: hello("").Conversation.UpdatedAt}}))
	closeStore(t, s)
	if n := len(rows(t, path)) - len(got); n != 201+1+1 { // the audit's and their number, and the event's
		t.Errorf("%d rows more", n)
	}
}

// What was erased stays in free pages until the file is written anew.
func TestAfterErasingAndCompactingNoByteOfAPersonIsInTheFile(t *testing.T) {
	t.Parallel()
	path := rich(t)
	s := open(t, path, quick())
	c := hello("4366012345")
	c.Contact.Name, c.Messages[0].Text, c.Messages[1].Text = "Zacharias", "Quetschkommode", "Zwetschkenröster"
	c.Messages[0].Location = &bot.Location{Name: "Xylophonweg"}
	c.Conversation.Flow.Vars = map[string]any{"address": "Yspertal"}
	must(t, s.Commit(t.Context(), []bot.Change{c}))
	must(t, s.Keep(t.Context(), []bot.Event{{Channel: "whatsapp", At: time.Now(), Body: []byte(`{"id": "+4366012345", "note": "Wolpertinger"}`)}}))
	row, err := s.Erase(t.Context(), c.Contact.ID, bot.Audit{At: time.Now(), By: "ana", What: bot.AuditErase})
	must(t, err)
	if row.Events != 1 {
		t.Errorf("the row is %+v", row)
	}
	closeStore(t, s)
	_, _, err = boltstore.Compact(path)
	must(t, err)
	file, err := os.ReadFile(path)
	must(t, err)
	for _, word := range []string{"Zacharias", "Quetsch", "Zwetsch", "Xylophon", "Yspertal", "Wolpertinger", "+4366012345"} {
		if bytes.Contains(file, []byte(word)) {
			t.Errorf("the file holds %s", word)
		}
	}
	if !bytes.Contains(file, []byte("k4366012345")) {
		t.Error("the audit does not hold the contact's id")
	}
	sound(t, path)
}

// A contact that cannot be read is erased like any other.
func TestWhatIsDamagedIsErasedToo(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(tx *bolt.Tx) error{
		"the contact":       spoils("contacts", "kada"),
		"the conversation":  spoils("conversations", "ada\x01"),
		"a message of ours": spoils("conversations", string(key("ada"))),
		"the open ticket":   spoils("conversations", "ada\x03tada"),
		"a delivery":        spoils("outbox", string(key("ada"))),
		"an event": func(tx *bolt.Tx) error {
			k, _ := tx.Bucket([]byte("events")).Cursor().First()
			return spoils("events", string(k))(tx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := rich(t)
			edit(t, path, harm)
			s := open(t, path, quick())
			found, err := s.Find(t.Context(), "ada")
			must(t, err)
			if name != "the conversation" && (len(found) != 1 || found[0].ID != "kada") {
				t.Errorf("found %+v", found)
			}
			if _, err := s.Person(t.Context(), "kada"); !errors.Is(err, boltstore.ErrDamaged) {
				t.Errorf("the damage is not told: %v", err)
			}
			_, err = s.Erase(t.Context(), "kada", bot.Audit{})
			must(t, err)
			closeStore(t, s)
			for k := range rows(t, path) {
				// The books keep what was paid for: an id that leads nowhere any more.
				if bytes.Contains([]byte(k), []byte("ada")) && !strings.HasPrefix(k, "costs/") {
					t.Errorf("%q is there still", k)
				}
			}
			if left := inspect(t, path); name != "an event" && len(left) > 0 {
				t.Errorf("left is %+v", left)
			}
		})
	}
}

// spoils overwrites the middle of a record.
func spoils(bucket, k string) func(tx *bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		b := bytes.Clone(tx.Bucket([]byte(bucket)).Get([]byte(k)))
		b[len(b)/2] ^= 4
		return tx.Bucket([]byte(bucket)).Put([]byte(k), b)
	}
}

func TestNothingHappensByItselfInAFileThatWasRestored(t *testing.T) {
	t.Parallel()
	path := rich(t)
	s := open(t, path, quick())
	now := hello("").Conversation.UpdatedAt.Add(2 * time.Hour)
	if names, _, err := due(t, s, now.Add(-time.Hour), 1); err != nil || len(names) != 1 {
		t.Fatalf("Due: %v, %v", names, err) // one of the two was being sent when the backup was made
	}
	row, err := s.Restored(t.Context(), bot.Audit{At: now, What: bot.AuditRestore}, true)
	if err != nil || row.Deliveries != 2 || row.Conversations != 2 {
		t.Fatalf("Restored: %+v, %v", row, err)
	}
	if names, _, err := due(t, s, now.Add(1000*time.Hour), 100); err != nil || len(names) != 0 {
		t.Errorf("due is %v, %v", names, err)
	}
	if wakes, next, err := s.Wakes(t.Context(), now.Add(1000*time.Hour), 10); err != nil || len(wakes) != 0 || !next.IsZero() {
		t.Errorf("awake is %v at %v, %v", wakes, next, err)
	}
	for _, id := range []string{"ada", "ben"} {
		list, err := s.Transcript(t.Context(), id, 1, 1)
		if err != nil || list[0].State != bot.StateUnknown || list[0].Code != "restored" || !list[0].StateAt.Equal(now) {
			t.Errorf("the message is %+v, %v", list, err)
		}
		if row, err := s.Conversation(t.Context(), id); err != nil || !row.Ticket.Open() {
			t.Errorf("the ticket is %+v, %v", row.Ticket, err)
		}
	}
	if again, err := s.Restored(t.Context(), bot.Audit{At: now}, true); err != nil || again.Deliveries+again.Conversations != 0 {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	closeStore(t, s)
	sound(t, path)
}
