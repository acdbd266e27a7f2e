package boltstore

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
)

// missing is a store with what two customers wrote that was not understood; one row
// is damaged.
func missing(t *testing.T) (s *Store, at time.Time) {
	t.Helper()
	at = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	s = openFast(t, filepath.Join(t.TempDir(), "frontdesk.db"))
	for _, id := range []string{"ada", "ben"} {
		c := bot.Conversation{ID: id, Channel: "x", Contact: "k" + id, Version: 1, CreatedAt: at, UpdatedAt: at}
		miss := bot.Miss{At: at, Conversation: id, Seq: 1, Channel: "x", Words: "hm", Outcome: flows.OutcomeNone}
		later := miss
		later.At = at.Add(time.Hour)
		must(t, s.Commit(t.Context(), []bot.Change{{Contact: &bot.Contact{ID: c.Contact}, Conversation: c, Misses: []bot.Miss{miss, later}}}))
	}
	key := missKey(bot.Miss{At: at, Conversation: "ada", Seq: 1})
	must(t, s.update(t.Context(), func(w *writer) error {
		b := append([]byte(nil), w.get(inMisses, key)...)
		b[len(b)-1]++
		return w.put(inMisses, key, b)
	}))
	return s, at
}

func TestWhatWasNotUnderstoodAndIsDamagedIsTold(t *testing.T) {
	t.Parallel()
	s, at := missing(t)
	defer finish(t, s)
	list, err := s.Misses(t.Context(), bot.MissFilter{Limit: 9})
	if err != nil || len(list) != 3 {
		t.Errorf("listed are %+v, %v", list, err)
	}
	checked, err := s.Inspect(t.Context(), nil)
	must(t, err)
	if checked.Misses != 4 || len(checked.Findings) != 1 || checked.Findings[0].Where != "what was not understood at 2026-03-02T12:00:00Z" {
		t.Errorf("found %+v", checked.Findings)
	}
	keep := bot.Retention{Keep: bot.Keep{Misses: time.Hour}}
	swept, _, err := s.Sweep(t.Context(), at.Add(time.Hour+1), keep, "")
	if swept.Misses != 1 || err == nil || !strings.Contains(err.Error(), "misses of 2026-03-02T12:00:00Z") {
		t.Errorf("swept %+v, %v", swept, err)
	}
	if stats, err := s.Stats(t.Context(), at, keep); err != nil || stats.Damaged != 1 {
		t.Errorf("counted %+v, %v", stats, err)
	}
}

// What is damaged goes with the person as well, and what came in the moment before.
func TestNothingThatWasNotUnderstoodIsLeftOfWhoIsErased(t *testing.T) {
	t.Parallel()
	s, at := missing(t)
	defer finish(t, s)
	var known bot.Person
	var keys named
	must(t, s.view(func(v view) (err error) {
		known, keys, _, err = v.person("kada")
		return err
	}))
	c := bot.Conversation{ID: "ada", Channel: "x", Contact: "kada", Version: 2, CreatedAt: at, UpdatedAt: at}
	miss := bot.Miss{At: at.Add(2 * time.Hour), Conversation: "ada", Seq: 1, Channel: "x", Words: "too late"}
	must(t, s.Commit(t.Context(), []bot.Change{{Base: 1, Conversation: c, Misses: []bot.Miss{miss}}}))
	must(t, s.update(t.Context(), func(w *writer) error {
		row, err := w.erase(known, keys, bot.Audit{At: at})
		if row.Misses != 3 {
			return fmt.Errorf("%d were erased, want 3", row.Misses)
		}
		return err
	}))
	must(t, s.view(func(v view) error {
		if left, _, _ := v.missesOf([]string{"ada"}); len(left) > 0 {
			t.Errorf("left are %q", left)
		}
		if left, _, _ := v.missesOf([]string{"ben"}); len(left) != 2 {
			t.Errorf("of the other are left %q", left)
		}
		return nil
	}))
}
