package bot

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"frontdesk/flows"
)

const (
	// callGrace is how long after its timeout an attempt counts as lost: time
	// enough to store its result.
	callGrace = 10 * time.Second
	// longestCallWait is the longest wait between two attempts: a customer is waiting.
	longestCallWait = time.Minute
	// callRoom is how long after a start calls that wait from before it may take to
	// find room, when many of them do.
	callRoom = 10 * time.Minute
)

// callTally is what became of calls in one decision.
type callTally struct{ begun, succeeded, failed, retried int64 }

// ring does what is due about the call: its next attempt is begun, or the flow
// is told that none is left. It returns false when there is no room to begin one.
func (d *draft) ring(t *callTally) bool {
	call := *d.Conversation.Call
	lost := !call.BegunAt.IsZero()
	switch {
	case !d.rules.callers:
		t.failed++
		d.called(flows.Called{Error: "refused"})
		return true
	case lost && !call.more():
		t.failed++
		d.called(flows.Called{Error: "timeout"})
		return true
	case !d.rules.room:
		return false
	case lost:
		t.retried++
		call.Code = "timeout"
	}
	t.begun++
	call.Attempts++
	call.BegunAt = d.now
	call.DueAt = d.now.Add(call.Request.Timeout + callGrace)
	d.Conversation.Call = &call
	return true
}

// comes reports whether the call is under way or comes again by itself. One that
// is due later than any call can be was left by a clock that went back since.
func (c Call) comes(now time.Time) bool {
	wait := c.DueAt.Sub(now)
	return wait > 0 && wait <= max(c.Request.Timeout+callGrace, longestCallWait)
}

// more reports whether a further attempt is allowed.
func (c Call) more() bool { return c.Attempts < c.Request.Tries }

// called hands the answer to the call to the flow. What the customer wrote before
// it came goes first: it answers nothing that the flow asks only now, and it may
// lead away from the call.
func (d *draft) called(result flows.Called) {
	id := d.Conversation.Call.ID
	d.answer()
	if c := d.Conversation.Call; c == nil || c.ID != id {
		return
	}
	set := d.follow()
	d.Conversation.Call = nil
	if !d.Conversation.Flow.Begun() {
		d.plan(set)
		return
	}
	d.carryOut(set, set.Step(d.Conversation.Flow, result, d.env())) // not step, which would move it first
}

// answered takes the result of an attempt of the call named id: another attempt
// is put off, or the flow is told. What comes too late, when the conversation
// went elsewhere, is dropped.
func answered(s Snapshot, id string, result flows.Called, again bool, after time.Duration, r rules, now time.Time) woken {
	if s.Conversation.Call == nil || s.Conversation.Call.ID != id {
		return woken{}
	}
	d := change(s, r, now)
	call := *d.Conversation.Call
	w := woken{acted: true}
	switch {
	case again && call.more():
		w.calls.retried++
		call.Code = reason(result)
		call.BegunAt = time.Time{}
		call.DueAt = now.Add(min(max(after, backoff(call.Attempts, 2)), longestCallWait))
		d.Conversation.Call = &call
	case again || result.Error != "":
		w.calls.failed++
		d.called(result)
	default:
		w.calls.succeeded++
		d.called(result)
	}
	w.change = d.Change
	return w
}

// reason is why an attempt is made again: what kept the answer away, or the
// status that the answer had.
func reason(c flows.Called) string {
	if c.Error != "" {
		return c.Error
	}
	return "http_" + strconv.Itoa(c.Status)
}

// Called takes the result of an attempt that Fire began, see Caller.Call for
// again and after. A result for a call that the conversation does not wait for
// any more is dropped, and that is no error.
func (e *Engine) Called(
	ctx context.Context, conversation, call string, result flows.Called, again bool, after time.Duration,
) error {
	_, _, err := e.unasked(ctx, conversation, func(s Snapshot, r rules, now time.Time) woken {
		return answered(s, call, result, again, after, r, now)
	})
	if err != nil {
		return fmt.Errorf("taking the result of call %s: %w", call, err)
	}
	return nil
}
