package boltstore

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"frontdesk/bot"
)

// A conversation that knows of no entry in the wakes, or of one that is too late,
// would sleep for ever; what its header tells must be what it does.
func TestAConversationThatWouldNotWakeIsToldAndMended(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	for name, harm := range map[string]func(w *writer, c bot.Conversation, b []byte) error{
		"it knows of no entry": func(w *writer, c bot.Conversation, b []byte) error {
			appendTime(b[:atEntry], time.Time{})
			reseal(b)
			return w.delete(inWakes, wakeKey(c.SilentAt, c.ID))
		},
		"its entry is too late": func(w *writer, c bot.Conversation, b []byte) error {
			later := c.SilentAt.Add(time.Hour)
			appendTime(b[:atEntry], later)
			reseal(b)
			if err := w.delete(inWakes, wakeKey(c.SilentAt, c.ID)); err != nil {
				return err
			}
			return w.put(inWakes, wakeKey(later, c.ID), nil)
		},
		"its header tells another moment": func(_ *writer, c bot.Conversation, b []byte) error {
			i := bytes.Index(b[conversationFixed:], appendTime(nil, c.SilentAt)) + conversationFixed
			appendTime(b[:i], c.SilentAt.Add(time.Hour))
			reseal(b)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			s := openFast(t, path)
			c := bot.Conversation{ID: "ada", Channel: "x", Contact: "kada", Version: 1, SilentAt: at.Add(time.Hour), CreatedAt: at, UpdatedAt: at}
			must(t, s.Commit(t.Context(), []bot.Change{{Contact: &bot.Contact{ID: "kada"}, Conversation: c}}))
			must(t, s.update(t.Context(), func(w *writer) error {
				b := slices.Clone(w.get(inConversations, conversationKey("ada")))
				if err := harm(w, c, b); err != nil {
					return err
				}
				return w.put(inConversations, conversationKey("ada"), b)
			}))
			checked, err := s.Inspect(t.Context(), nil)
			must(t, err)
			if len(checked.Findings) != 1 || !checked.Findings[0].Mendable || checked.Findings[0].Where != "conversation ada" {
				t.Errorf("found %+v", checked.Findings)
			}
			must(t, s.Close())
			if done, err := Mend(t.Context(), path); err != nil || len(done) != 1 {
				t.Errorf("Mend: %q, %v", done, err)
			}
			s = openFast(t, path)
			defer finish(t, s)
			if checked, err = s.Inspect(t.Context(), nil); err != nil || len(checked.Findings) > 0 {
				t.Errorf("after mending: %+v, %v", checked.Findings, err)
			}
			if awake, _, err := s.Wakes(t.Context(), c.SilentAt, 10); err != nil || !slices.Equal(awake, []string{"ada"}) {
				t.Errorf("awake is %v, %v", awake, err)
			}
		})
	}
}
