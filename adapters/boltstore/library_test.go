package boltstore

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"frontdesk/bot"
	"frontdesk/flows"
)

// at is the first change of a conversation that stands in a state of version v1.
func at(id, node string) bot.Change {
	return bot.Change{
		Contact: &bot.Contact{ID: "k" + id},
		Conversation: bot.Conversation{
			ID: id, Channel: "whatsapp", Contact: "k" + id, Version: 1, Flow: flows.State{Version: "v1", Flow: "start", Node: node},
		},
	}
}

func TestDamagedFlowsAreNotThere(t *testing.T) {
	t.Parallel()
	s := reopened(t, nil, filepath.Join(t.TempDir(), "frontdesk.db"))
	must(t, s.KeepFlows(t.Context(), "v1", flows.Files{Root: "flows.yaml"}))
	must(t, s.update(t.Context(), func(w *writer) error { return w.put(inFlows, []byte("v1"), []byte("\x01{")) }))
	if _, err := s.Flows(t.Context(), "v1"); !errors.Is(err, bot.ErrNotFound) || !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrNotFound and ErrDamaged", err)
	}
	must(t, s.KeepFlows(t.Context(), "v1", flows.Files{Root: "flows.yaml"}))
	if _, err := s.Flows(t.Context(), "v1"); err != nil {
		t.Errorf("kept again: %v", err)
	}
}

func TestADamagedCountIsToldAndCountedAnew(t *testing.T) {
	t.Parallel()
	ask := "v1\x00start\x00ask"
	for name, damaged := range map[string]row{
		"a number that is none": {[]byte(ask), []byte("many")},
		"an empty number":       {[]byte(ask), []byte{}},
		"a zero":                {[]byte(ask), make([]byte, 8)},
		"a place that is none":  {[]byte("?"), []byte("\x00\x00\x00\x00\x00\x00\x00\x01")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			s := reopened(t, nil, path)
			other := at("c", "end")
			other.Conversation.Flow.Version = "v2"
			for _, c := range []bot.Change{at("a", "ask"), at("b", "ask"), other} {
				must(t, s.Commit(t.Context(), []bot.Change{c}))
			}
			must(t, s.KeepFlows(t.Context(), "v1", flows.Files{}))
			must(t, s.update(t.Context(), func(w *writer) error { return w.put(inStandings, damaged.key, damaged.value) }))

			list, err := s.Standings(t.Context())
			end := bot.Standing{Version: "v2", Place: flows.Place{Flow: "start", Node: "end"}, Conversations: 1}
			if !errors.Is(err, ErrDamaged) || !slices.Contains(list, end) {
				t.Errorf("Standings: %+v, %v", list, err)
			}
			// Nobody knows who stands where, so all flows are kept; and a customer's
			// message is stored all the same.
			must(t, s.KeepFlows(t.Context(), "v3", flows.Files{}))
			next := at("a", "end")
			next.Base, next.Conversation.Version = 1, 2
			must(t, s.Commit(t.Context(), []bot.Change{next}))
			must(t, s.Commit(t.Context(), []bot.Change{at("d", "ask")}))
			if _, err := s.Standings(t.Context()); !errors.Is(err, ErrDamaged) {
				t.Errorf("Standings after more were counted: %v", err)
			}

			s = reopened(t, s, path)
			want := []bot.Standing{end, end, end}
			want[0].Version, want[0].Place.Node, want[0].Conversations, want[1].Version = "v1", "ask", 2, "v1"
			if list, err := s.Standings(t.Context()); err != nil || !slices.Equal(list, want) {
				t.Errorf("Standings after another Open: %+v, %v", list, err)
			}
			_, err = s.Flows(t.Context(), "v1")
			must(t, err)
			must(t, s.Close())
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reopened closes s, if there is one, and opens the file at path.
func reopened(t *testing.T, s *Store, path string) *Store {
	t.Helper()
	if s != nil {
		must(t, s.Close())
	}
	s, err := Open(path, Options{NoSync: true})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A message costs no more than it must: what does not move is not written.
func TestWhatDoesNotMoveIsNotWritten(t *testing.T) {
	t.Parallel()
	s := reopened(t, nil, filepath.Join(t.TempDir(), "frontdesk.db"))
	c := at("a", "ask")
	c.Conversation.SilentAt = c.Conversation.SilentAt.AddDate(2026, 0, 0)
	must(t, s.Commit(t.Context(), []bot.Change{c}))
	c.Base, c.Conversation.Version, c.Contact = 1, 2, nil
	change, err := prepareTalk([]bot.Change{c})
	must(t, err)
	must(t, s.update(t.Context(), func(w *writer) error {
		before := w.writes
		err := w.commit([]talk{change})
		if got := w.writes - before; got != 1 {
			t.Errorf("%d records were written, want the conversation only", got)
		}
		return err
	}))
}

// An entry that was found to say nothing may say something when it is to be
// removed: then it stays.
func TestAWakeThatCameTrueIsNotRemoved(t *testing.T) {
	t.Parallel()
	s := reopened(t, nil, filepath.Join(t.TempDir(), "frontdesk.db"))
	c := at("a", "ask")
	c.Conversation.SilentAt = c.Conversation.SilentAt.AddDate(2026, 0, 0)
	must(t, s.Commit(t.Context(), []bot.Change{c}))
	key := wakeKey(c.Conversation.SilentAt, "a")
	stale := wakeKey(c.Conversation.SilentAt.AddDate(1, 0, 0), "a")
	must(t, s.update(t.Context(), func(w *writer) error {
		if err := w.put(inWakes, stale, nil); err != nil {
			return err
		}
		return w.deleteWakes([][]byte{key, stale})
	}))
	must(t, s.view(func(v view) error {
		if left := v.keysBelow(inWakes, nil); len(left) != 1 || !bytes.Equal(left[0], key) {
			t.Errorf("left is %q", left)
		}
		return nil
	}))
}
