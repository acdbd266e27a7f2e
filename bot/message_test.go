package bot

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAMessageOnlyMovesForward(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to MessageState
		want     bool
	}{
		{StateQueued, StateSent, true},
		{StateQueued, StateUnknown, true},
		{StateUnknown, StateSent, true},
		{StateSent, StateDelivered, true},
		{StateSent, StateFailed, true},
		{StateQueued, StateCancelled, true},
		{StateSent, StateRead, true},
		{StateRead, StateDelivered, false},
		{StateRead, StateSent, false},
		{StateSent, StateSent, false},
		{StateDelivered, StateFailed, false},
		{StateRead, StateFailed, false},
		{StateFailed, StateDelivered, true}, // it did arrive
		{StateFailed, StateSent, false},
		{StateSent, StateUnknown, false},
		{StateReceived, StateRead, false},
		{StateNoted, StateSent, false},
		{StateSent, StateReceived, false},
	} {
		if got := c.from.Advance(c.to); got != c.want {
			t.Errorf("may a %s message become %s? got %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestStatusesInAnyOrderEndAtTheFurthest(t *testing.T) {
	t.Parallel()
	order := []MessageState{StateQueued, StateUnknown, StateSent, StateDelivered, StateRead}
	rapid.Check(t, func(t *rapid.T) {
		state, furthest := StateQueued, 0
		for _, i := range rapid.SliceOf(rapid.IntRange(0, len(order)-1)).Draw(t, "statuses") {
			furthest = max(furthest, i)
			if state.Advance(order[i]) {
				state = order[i]
			}
		}
		if state != order[furthest] {
			t.Fatalf("ended at %s, want %s", state, order[furthest])
		}
	})
}

func FuzzParseMessageID(f *testing.F) {
	f.Add("abc-1")
	f.Add("abc-")
	f.Add("-1")
	f.Add("outbox:5512")
	f.Fuzz(func(t *testing.T, id string) {
		conversation, seq, err := ParseMessageID(id)
		if err != nil {
			return
		}
		back, n, err := ParseMessageID(MessageID(conversation, seq))
		if err != nil || back != conversation || n != seq {
			t.Fatalf("%q reads as %q, %d, and back as %q, %d, %v", id, conversation, seq, back, n, err)
		}
	})
}
