package metatest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"frontdesk/bot"
)

// Sound fails when a batch holds what the engine or a store cannot take: an
// empty or overlong id, a text that is no UTF-8 or holds NUL, a time or a place
// that cannot be written, an event that is no JSON.
func Sound(t testing.TB, b bot.Batch) {
	t.Helper()
	for _, i := range b.Messages {
		m := i.Message
		key(t, "event", i.Event)
		moment(t, m.At)
		if len(i.From) == 0 || i.Channel == "" || m.Kind == "" {
			t.Errorf("a message without sender, channel or kind: %+v", i)
		}
		for _, a := range i.From {
			key(t, "alias", a.Value)
			if a.Channel != i.Channel || a.Kind == "" {
				t.Errorf("the alias %+v on %s", a, i.Channel)
			}
		}
		if m.Kind == bot.KindText && m.Text == "" || m.Kind == bot.KindChoice && (m.ChoiceID == "" || m.Text == "") {
			t.Errorf("an empty message: %+v", m)
		}
		if len(m.ExternalID) > 600 {
			t.Errorf("an external id of %d bytes", len(m.ExternalID))
		}
		storable(t, i.Name, m.Text, m.ChoiceID, m.ExternalID)
		if m.Media != nil {
			storable(t, m.Media.ID, m.Media.URL, m.Media.MIME, m.Media.Filename)
			if m.Media.Kind != string(m.Kind) {
				t.Errorf("a %s with a file that is %q", m.Kind, m.Media.Kind)
			}
		}
		if m.Location != nil {
			storable(t, m.Location.Name, m.Location.Address)
			if _, err := json.Marshal(m.Location); err != nil || m.Kind != bot.KindLocation {
				t.Errorf("a %s with the place %+v", m.Kind, m.Location)
			}
		}
	}
	for _, r := range b.Receipts {
		moment(t, r.At)
		if r.Channel == "" || r.State == "" || r.Message == "" && r.ExternalID == "" && (r.Until.IsZero() || len(r.From) == 0) {
			t.Errorf("a receipt about nothing: %+v", r)
		}
		storable(t, r.Message, r.ExternalID, r.Code, r.Reason)
	}
	for _, e := range b.Events {
		if e.Channel == "" || e.Kind == "" || len(e.Kind) > 64 || !json.Valid(e.Body) {
			t.Errorf("the event %+v", e)
		}
		storable(t, e.Kind)
	}
}

func key(t testing.TB, what, s string) {
	t.Helper()
	if s == "" || len(s) > 600 {
		t.Errorf("%s of %d bytes", what, len(s))
	}
	storable(t, s)
}

func storable(t testing.TB, all ...string) {
	t.Helper()
	for _, s := range all {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("%q cannot be stored", s)
		}
	}
}

func moment(t testing.TB, at time.Time) {
	t.Helper()
	if at.IsZero() || at.Location() != time.UTC || at.Year() > 9999 {
		t.Errorf("the time %v", at)
	}
}
