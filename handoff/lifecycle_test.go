package handoff

import (
	"errors"
	"slices"
	"testing"
)

var (
	statuses = []Status{Bot, Queued, Assigned, Resolved}
	events   = []Event{Escalate, Claim, Release, Transfer, Assign, HandBack, Resolve, Reopen}
)

// TestEveryPairOfStatusAndEvent holds the whole life cycle a second time, in
// another form: what is not written here must be refused.
func TestEveryPairOfStatusAndEvent(t *testing.T) {
	t.Parallel()
	type pair struct {
		from Status
		ev   Event
	}
	allowed := map[pair]Status{
		{Bot, Escalate}:      Queued,
		{Queued, Claim}:      Assigned,
		{Queued, HandBack}:   Bot,
		{Queued, Resolve}:    Resolved,
		{Assigned, Release}:  Queued,
		{Queued, Transfer}:   Queued,
		{Assigned, Transfer}: Queued,
		{Queued, Assign}:     Assigned,
		{Assigned, Assign}:   Assigned,
		{Assigned, HandBack}: Bot,
		{Assigned, Resolve}:  Resolved,
		{Resolved, Reopen}:   Bot,
	}
	for _, from := range statuses {
		for _, ev := range events {
			t.Run(string(from)+" "+string(ev), func(t *testing.T) {
				t.Parallel()
				got, err := Move(from, ev)
				want, ok := allowed[pair{from, ev}]
				if ok {
					if err != nil || got != want {
						t.Fatalf("Move = %s, %v; want %s", got, err, want)
					}
					return
				}
				refused(t, from, ev, got, err)
			})
		}
	}
}

func refused(t *testing.T, from Status, ev Event, got Status, err error) {
	t.Helper()
	if got != from {
		t.Errorf("a refused move went to %s, want to stay %s", got, from)
	}
	move, ok := errors.AsType[*MoveError](err)
	if !ok || *move != (MoveError{From: from, Event: ev}) {
		t.Errorf("error %#v, want a MoveError of %s and %s", err, from, ev)
	}
}

func TestTheTableOfTheLifeCycleNamesOnlyKnownWords(t *testing.T) {
	t.Parallel()
	for _, e := range lifecycle() {
		if !slices.Contains(events, Event(e.Name)) {
			t.Errorf("event %q is no Event", e.Name)
		}
		for _, s := range append(slices.Clone(e.Src), e.Dst) {
			if !slices.Contains(statuses, Status(s)) {
				t.Errorf("event %q: %q is no Status", e.Name, s)
			}
		}
	}
}

func TestAnUnknownStatusOrEventIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		from Status
		ev   Event
	}{
		{"an unknown status", "archived", Claim},
		{"an unknown event", Queued, "steal"},
		{"no event", Queued, ""},
		{"a word of another case", Queued, "Claim"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Move(tt.from, tt.ev)
			refused(t, tt.from, tt.ev, got, err)
		})
	}
}

func TestTheZeroConversationIsTheBots(t *testing.T) {
	t.Parallel()
	if got, err := Move("", Escalate); got != Queued || err != nil {
		t.Errorf("Move = %q, %v; want queued", got, err)
	}
	got, err := Move("", Claim)
	refused(t, Bot, Claim, got, err)
}

func TestAMoveErrorSaysWhatIsNotPossible(t *testing.T) {
	t.Parallel()
	const want = "a conversation that is resolved cannot claim"
	if got := (&MoveError{From: Resolved, Event: Claim}).Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
