package bot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/flows"
)

func TestWhatWasDueDoesNotHappenInAConversationThatIsStilled(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	past, future := now.Add(-time.Minute), now.Add(time.Minute)
	at := flows.State{Version: "v1", Flow: "main", Node: "ask", Language: "de", Vars: map[string]any{"size": "S"}}
	left := flows.State{Language: "de", Vars: map[string]any{"size": "S"}}
	for _, tt := range []struct {
		name      string
		has, want Conversation
		due       bool
	}{
		{"nothing is due", Conversation{Flow: at, SilentAt: future}, Conversation{Flow: at, SilentAt: future}, false},
		{"nothing is ever due", Conversation{Flow: at}, Conversation{Flow: at}, false},
		{"silence", Conversation{Flow: at, SilentAt: past, CloseAt: future}, Conversation{Flow: at, CloseAt: future}, true},
		{"silence, in this moment", Conversation{Flow: at, SilentAt: now}, Conversation{Flow: at}, true},
		{"the window's close", Conversation{Flow: at, CloseAt: past, SilentAt: future}, Conversation{Flow: at, SilentAt: future}, true},
		{
			"texts in quick fire",
			Conversation{Flow: at, Gathered: []string{"a", "b"}, AnswerAt: past, SilentAt: future},
			Conversation{Flow: at, SilentAt: future},
			true,
		},
		{
			"a call: the flow is left, and what is known of the customer stays",
			Conversation{Flow: at, Call: &Call{ID: "c", DueAt: past}},
			Conversation{Flow: left},
			true,
		},
		{
			"silence, and a call that comes later",
			Conversation{Flow: at, SilentAt: past, Call: &Call{ID: "c", DueAt: future}},
			Conversation{Flow: at, Call: &Call{ID: "c", DueAt: future}},
			true,
		},
		{
			"a window that the platform closed before its time",
			Conversation{Flow: at, CloseAt: future, NewestInbound: past, ShutAt: past},
			Conversation{Flow: at, NewestInbound: past, ShutAt: past},
			true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, due := tt.has.Stilled(now)
			if due != tt.due {
				t.Errorf("something was due: %t", due)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again, due := got.Stilled(now); due {
				t.Errorf("something is due still: %+v", again)
			}
		})
	}
}
