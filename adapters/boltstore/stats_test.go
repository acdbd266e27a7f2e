package boltstore_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

func TestStatsCountEveryRowAndWhatIsKeptNoLonger(t *testing.T) {
	t.Parallel()
	path := rich(t)
	s := open(t, path, quick())
	at := hello("").Conversation.UpdatedAt
	old := hello("old")
	old.Deliveries = nil
	old.Messages[0].At, old.Messages[1].At = at.Add(-40*24*time.Hour), at.Add(-39*24*time.Hour)
	old.Conversation.UpdatedAt = old.Messages[1].At
	old.Misses = []bot.Miss{{At: old.Messages[0].At, Conversation: old.Conversation.ID, Seq: 1, Channel: "whatsapp", Words: "hm"}}
	must(t, s.Commit(t.Context(), []bot.Change{old}))
	keep := bot.Retention{Keep: bot.Keep{Messages: 10 * 24 * time.Hour, Conversations: 30 * 24 * time.Hour, Events: time.Hour}, Audit: time.Hour}
	got, err := s.Stats(t.Context(), at.Add(2*time.Hour), keep)
	must(t, err)
	if got.Bytes < 16<<10 || got.Free <= 0 || got.Free > got.Bytes {
		t.Errorf("%d bytes, of which %d are free", got.Bytes, got.Free)
	}
	counts := map[string]int{}
	for _, k := range got.Kinds {
		if counts[k.Name] = k.Rows; (k.Rows == 0) != (k.Bytes == 0) {
			t.Errorf("%d %s have %d bytes", k.Rows, k.Name, k.Bytes)
		}
	}
	want := map[string]int{
		"contacts": 3, "conversations": 3, "messages": 6, "tickets": 2, "marks": 3, "deliveries": 2, "events": 2, "audit": 1, "costs": 2, "traffic": 1,
		"misses": 1,
		"flows":  1, "agents": 1, "sessions": 1, "indexes": 3 + 3 + 4 + 2 + 2 + 1 + 3 + 1,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	got.Kinds, got.Bytes, got.Free = nil, 0, 0
	rest := boltstore.Stats{
		Format: 6, Conversations: []boltstore.Group{{Channel: "whatsapp", Conversations: 3}},
		Oldest: old.Messages[0].At, Newest: at, Waiting: 2, OpenTickets: 2,
		Over: bot.Swept{Messages: 2, Conversations: 1, Contacts: 1, Events: 2, Audit: 1, Marks: 1, Misses: 1},
	}
	if diff := cmp.Diff(rest, got); diff != "" {
		t.Errorf("the rest (-want +got):\n%s", diff)
	}
	// It is what a walk removes.
	var swept bot.Swept
	for from := bot.Cursor(""); ; {
		some, next, err := s.Sweep(t.Context(), at.Add(2*time.Hour), keep, from)
		must(t, err)
		swept.Messages, swept.Conversations, swept.Contacts = swept.Messages+some.Messages, swept.Conversations+some.Conversations, swept.Contacts+some.Contacts
		swept.Events, swept.Audit, swept.Marks = swept.Events+some.Events, swept.Audit+some.Audit, swept.Marks+some.Marks
		swept.Misses += some.Misses
		if from = next; from == "" {
			break
		}
	}
	if diff := cmp.Diff(rest.Over, swept); diff != "" {
		t.Errorf("a walk removes (-stats +walk):\n%s", diff)
	}
	empty := open(t, filepath.Join(t.TempDir(), "frontdesk.db"), quick())
	if got, err := empty.Stats(t.Context(), at, keep); err != nil || !got.Oldest.IsZero() || got.Over != (bot.Swept{}) || len(got.Kinds) != 15 {
		t.Errorf("an empty store: %+v, %v", got, err)
	}
}
