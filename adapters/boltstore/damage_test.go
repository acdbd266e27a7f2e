package boltstore_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/handoff"
)

func due(t *testing.T, s *boltstore.Store, now time.Time, limit int) (names []string, list []bot.Attempt, err error) {
	t.Helper()
	list, _, err = s.Due(t.Context(), now, time.Minute, map[string]int{"whatsapp": limit})
	for _, a := range list {
		names = append(names, a.Message.ID())
	}
	slices.Sort(names)
	return names, list, err
}

// key is that of the outgoing message of hello and of its delivery.
func key(conversation string) []byte {
	return []byte(conversation + "\x00\x00\x00\x00\x00\x00\x00\x00\x02")
}

// damages is everything that can be wrong with what a delivery of c07 needs.
func damages() map[string]func(tx *bolt.Tx) error {
	spoil := func(bucket, key string) func(tx *bolt.Tx) error {
		return func(tx *bolt.Tx) error {
			b := bytes.Clone(tx.Bucket([]byte(bucket)).Get([]byte(key)))
			return tx.Bucket([]byte(bucket)).Put([]byte(key), append(b[:len(b)-1], '?'))
		}
	}
	lose := func(bucket, key string) func(tx *bolt.Tx) error {
		return func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Delete([]byte(key)) }
	}
	set := func(bucket, key, value string) func(tx *bolt.Tx) error {
		return func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucket)).Put([]byte(key), []byte(value)) }
	}
	id, delivery := "c07", string(key("c07"))
	return map[string]func(tx *bolt.Tx) error{
		"a broken contact":                     spoil("contacts", "k"+id),
		"a missing contact":                    lose("contacts", "k"+id),
		"a broken message":                     spoil("conversations", delivery),
		"a missing message":                    lose("conversations", delivery),
		"a broken conversation":                spoil("conversations", id+"\x01"),
		"a cut conversation":                   set("conversations", id+"\x01", "\x01\x00"),
		"a missing conversation":               lose("conversations", id+"\x01"),
		"a broken delivery":                    spoil("outbox", delivery),
		"a cut delivery":                       set("outbox", delivery, "\x01\x00"),
		"an empty delivery":                    set("outbox", delivery, ""),
		"a delivery of an unknown form":        set("outbox", delivery, "\x09"+strings.Repeat("?", 40)),
		"a missing delivery":                   lose("outbox", delivery),
		"a delivery that is another":           set("outbox", delivery, "\x01\x00"+strings.Repeat("\x00", 12)+`{"delivery":{"conversation":"c08","seq":2}}`),
		"an entry of the queue of no channel":  set("due", "garbage", ""),
		"an entry of the queue without a time": set("due", "whatsapp\x00", ""),
	}
}

// twenty gives the path of a closed store with a delivery of each of twenty
// customers, damaged by f.
func twenty(t *testing.T, lease bool, f func(tx *bolt.Tx) error) (path string, now time.Time) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	for i := range 20 {
		c := hello(fmt.Sprintf("c%02d", i))
		now = c.Conversation.UpdatedAt
		if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	if lease {
		if names, _, err := due(t, s, now, 100); err != nil || len(names) != 20 {
			t.Fatalf("Due: %v, %v", names, err)
		}
	}
	closeStore(t, s)
	edit(t, path, f)
	return path, now
}

// healthy is the names of what is due when c07 is damaged and when it is not.
func healthy(except string) (names []string) {
	for i := range 20 {
		if id := fmt.Sprintf("c%02d", i); id != except {
			names = append(names, id+"-2")
		}
	}
	return names
}

func TestDamageOfOneCustomerStopsNobodyElse(t *testing.T) {
	t.Parallel()
	for name, f := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, now := twenty(t, false, f)
			s := open(t, path, quick())
			bad := "c07"
			if strings.HasPrefix(name, "an entry") {
				bad = ""
			}
			got, _, err := due(t, s, now, 100)
			if !slices.Equal(got, healthy(bad)) {
				t.Errorf("handed out %v", got)
			}
			if !errors.Is(err, boltstore.ErrDamaged) || (bad != "" && !strings.Contains(err.Error(), bad)) {
				t.Errorf("the damage is told as: %v", err)
			}
			// It is leased like the others and not told again before that ran out.
			if got, _, err := due(t, s, now.Add(59*time.Second), 100); err != nil || len(got) != 0 {
				t.Errorf("while all are leased: %v, %v", got, err)
			}
			got, _, err = due(t, s, now.Add(time.Minute), 100)
			if !slices.Equal(got, healthy(bad)) {
				t.Errorf("after the leases: %v", got)
			}
			// An entry that speaks of nothing is gone; all else is told again.
			if gone := bad == "" || name == "a missing delivery"; gone != (err == nil) {
				t.Errorf("after the leases: %v", err)
			}
		})
	}
}

// A page full of damaged customers stands before the healthy ones.
func TestDamageDoesNotStayAtTheHeadOfTheQueue(t *testing.T) {
	t.Parallel()
	path, now := twenty(t, false, func(tx *bolt.Tx) error {
		for i := range 10 {
			if err := tx.Bucket([]byte("contacts")).Delete(fmt.Appendf(nil, "kc%02d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	s := open(t, path, quick())
	if got, _, err := due(t, s, now, 10); len(got) != 0 || !errors.Is(err, boltstore.ErrDamaged) || strings.Count(err.Error(), "stands still") != 10 {
		t.Errorf("the damaged ones: %v, %v", got, err)
	}
	if got, _, err := due(t, s, now, 10); len(got) != 10 || err != nil {
		t.Errorf("the others: %v, %v", got, err)
	}
}

func TestWhatWasHeldBackIsNoAttempt(t *testing.T) {
	t.Parallel()
	var contact []byte
	path, now := twenty(t, false, func(tx *bolt.Tx) error {
		contacts := tx.Bucket([]byte("contacts"))
		contact = bytes.Clone(contacts.Get([]byte("kc07")))
		return contacts.Delete([]byte("kc07"))
	})
	s := open(t, path, quick())
	for range 3 {
		if _, _, err := due(t, s, now, 100); err == nil {
			t.Fatal("the damage is not told")
		}
		now = now.Add(time.Minute)
	}
	closeStore(t, s)
	edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("contacts")).Put([]byte("kc07"), contact) })
	s = open(t, path, quick())
	_, list, err := due(t, s, now, 100)
	if err != nil || len(list) != 20 {
		t.Fatalf("after the repair: %d, %v", len(list), err)
	}
	for _, a := range list {
		d := a.Delivery
		if held := d.Conversation == "c07"; held && (d.Attempts != 0 || !d.BegunAt.IsZero() || d.Unknown) || !held && d.Attempts != 3 {
			t.Errorf("the delivery is %+v", d)
		}
	}
}

// A takeover finds a delivery that was held back: it was given to nobody, so it
// is not being sent.
func TestATakeoverCancelsWhatWasHeldBack(t *testing.T) {
	t.Parallel()
	path, now := twenty(t, false, damages()["a missing contact"])
	s := open(t, path, quick())
	if _, _, err := due(t, s, now, 100); err == nil {
		t.Fatal("the damage is not told")
	}
	c := hello("c07").Conversation
	c.Version, c.Epoch = c.Version+1, c.Epoch+1
	if err := s.Commit(t.Context(), []bot.Change{{Base: 1, Conversation: c}}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	list, err := s.Transcript(t.Context(), "c07", 1, 1)
	if err != nil || len(list) != 1 || list[0].State != bot.StateCancelled {
		t.Errorf("the message is %+v, %v", list, err)
	}
	if got, _, err := due(t, s, now.Add(time.Minute), 100); err != nil || !slices.Equal(got, healthy("c07")) {
		t.Errorf("afterwards: %v, %v", got, err)
	}
}

// A stale entry of the queue must never hand out what is out already.
func TestAStaleEntryOfTheQueueHandsOutNothing(t *testing.T) {
	t.Parallel()
	var stale []byte
	path, now := twenty(t, true, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("due")).ForEach(func(k, _ []byte) error {
			if bytes.HasSuffix(k, []byte("c07")) {
				stale = bytes.Clone(k)
			}
			return nil
		})
	})
	stale[len("whatsapp\x00")+8] -= 120 // seconds
	edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket([]byte("due")).Put(stale, []byte{0}) })
	s := open(t, path, quick())
	got, list, err := due(t, s, now, 100)
	if !errors.Is(err, boltstore.ErrDamaged) || len(slices.Compact(got)) != len(list) {
		t.Errorf("handed out %v, %v", got, err)
	}
	again, _, err := due(t, s, now, 100)
	if err != nil || len(got)+len(again) != 20 {
		t.Errorf("handed out %v, and then %v, %v", got, again, err)
	}
	if got, _, err := due(t, s, now.Add(time.Minute), 100); err != nil || !slices.Equal(got, healthy("")) {
		t.Errorf("after the leases: %v, %v", got, err)
	}
}

func TestDamageDoesNotKeepTheStoreFromOpening(t *testing.T) {
	t.Parallel()
	for name, f := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, now := twenty(t, true, f)
			s := open(t, path, quick())
			bad := "c07"
			if strings.HasPrefix(name, "an entry") {
				bad = ""
			}
			// The leases of all others, before and behind it, were handed back.
			got, _, first := due(t, s, now, 100)
			if !slices.Equal(got, healthy(bad)) {
				t.Errorf("handed out %v", got)
			}
			_, _, second := due(t, s, now.Add(time.Minute), 100)
			if err := errors.Join(first, second); !errors.Is(err, boltstore.ErrDamaged) {
				t.Errorf("the damage is not told: %v", err)
			}
		})
	}
}

func TestACutFileIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	for name, size := range map[string]int{
		"of which nothing is left":             0,
		"of one byte":                          1,
		"that ends within the first meta page": 79,
		"that ends before the second":          page,
		"that ends within the second":          page + 79,
		"that ends behind both":                2 * page,
		"that ends within the list behind":     2*page + 1,
		"of half its length":                   len(whole) / 2,
		"without its last page":                len(whole) - page,
		"without its last byte":                len(whole) - 1,
	} {
		t.Run("a file "+name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the refused file is let go
				_, err := boltstore.Open(path, quick())
				if !errors.Is(err, boltstore.ErrDamaged) && !errors.Is(err, boltstore.ErrForeign) {
					t.Fatalf("Open: %v", err)
				}
				if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "put a backup in its place with frontdesk store restore") {
					t.Errorf("the operator is told %q", err)
				}
			}
			if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, whole[:size]) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func TestAStoreThatManyBeginAtOnceIsOne(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "frontdesk.db")
	var group sync.WaitGroup
	var wrote atomic.Int64
	for range 8 {
		group.Go(func() {
			switch s, err := boltstore.Open(path, quick()); {
			case errors.Is(err, boltstore.ErrInUse):
			case err != nil:
				t.Errorf("Open: %v", err)
			default: // what it writes must not be replaced by a new file of another
				err := s.SaveAgent(t.Context(), handoff.Agent{Name: rand.Text()})
				if err := errors.Join(err, s.Close()); err != nil {
					t.Error(err)
				}
				wrote.Add(1)
			}
		})
	}
	group.Wait()
	s := open(t, path, quick())
	if agents, err := s.Agents(t.Context()); err != nil || len(agents) != int(wrote.Load()) {
		t.Errorf("%d of %d writes are there, %v", len(agents), wrote.Load(), err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

// A caller who gives up while its lease is stored must not share anything with it.
func TestDueThatGivesUpSharesNothing(t *testing.T) {
	t.Parallel()
	now := hello("").Conversation.UpdatedAt
	for i := range 30 {
		g := &gate{open: make(chan struct{})}
		close(g.open)
		o := quick()
		o.Flush = g.flush
		s := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), o)
		if err := s.Commit(t.Context(), []bot.Change{hello("a")}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
		held := make(chan struct{})
		g.mu.Lock()
		g.open = held
		g.mu.Unlock()
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() { _ = s.SaveAgent(t.Context(), handoff.Agent{Name: strconv.Itoa(i)}) })
		group.Go(func() {
			if due, next, err := s.Due(ctx, now, time.Minute, map[string]int{"whatsapp": 10}); err != nil && (due != nil || !next.IsZero()) {
				t.Errorf("Due: %v, %v, %v", due, next, err)
			}
		})
		time.AfterFunc(time.Millisecond, cancel)
		time.AfterFunc(time.Millisecond, func() { close(held) })
		group.Wait()
		closeStore(t, s)
	}
}
