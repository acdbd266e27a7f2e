package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// woken is what came of a decision that no message asked for.
type woken struct {
	change Change
	acted  bool      // false: there is nothing to commit
	waits  bool      // a call is due, and there was no room for it
	calls  callTally // what became of calls
}

// wake does whatever is due at now although nobody writes: what was gathered is
// answered, a call is made, the flow is told of silence, the ladder is climbed.
// In this order, each judged on what the one before left.
func wake(s Snapshot, r rules, now time.Time) woken {
	d := change(s, r, now)
	c := &d.Conversation
	due := func(at time.Time) bool { return !at.IsZero() && !at.After(now) }
	if !due(c.WakeAt()) {
		return woken{}
	}
	var w woken
	if due(c.RankAt) {
		d.rank()
		w.acted = true
	}
	if c.Status != handoff.Bot {
		d.quiet() // whoever takes over ends all that
		if d.plan(d.rules.current); due(c.closing()) {
			d.climb()
		}
		return woken{change: d.Change, acted: true}
	}
	if due(c.AnswerAt) {
		d.answer()
		w.acted = true
	}
	if c.Call != nil && due(c.Call.DueAt) {
		if w.waits = !d.ring(&w.calls); !w.waits {
			w.acted = true
		}
	}
	if due(c.SilentAt) {
		d.silent()
		w.acted = true
	}
	if due(c.closing()) {
		d.climb()
		w.acted = true
	}
	w.waits = w.waits && c.Call != nil // it may have been left behind
	w.change = d.Change
	return w
}

// silent tells the flow that the customer stayed silent. While a call is under
// way, or comes again, that is not so: the customer waits for us, perhaps because
// the program was down. A call ends by itself; one that finds no room does not,
// but the time in which there was no program to make it does not count.
func (d *draft) silent() {
	set, c := d.follow(), &d.Conversation
	if c.Call != nil && c.Call.comes(d.now) {
		c.SilentAt = c.Call.DueAt.Add(callGrace)
		return
	}
	if begin := d.rules.since.Add(callRoom); c.Call != nil && begin.After(d.now) {
		c.SilentAt = begin
		return
	}
	c.SilentAt = time.Time{}
	if !c.Flow.Begun() {
		d.plan(set)
		return
	}
	d.courtesy = true
	d.step(flows.TimedOut{})
	d.courtesy = false
}

// guarded is a decision that no message asked for; when it panics a person is
// asked for, as it would panic again for as long as it is due.
func guarded(s Snapshot, r rules, now time.Time, fault func(any), decided func() woken) (w woken) {
	defer func() {
		if p := recover(); p != nil {
			fault(p)
			d := change(s, r, now)
			d.failed()
			w = woken{change: d.Change, acted: true}
		}
	}()
	return decided()
}

// Fired is what Engine.Fire did.
type Fired struct {
	Call  *Call // stored as begun; the request must go out now, see Engine.Called. Nil: none
	Waits bool  // a call is due that was not begun, as there was no room
	Due   bool  // something else is due still, or again
	// Else is when something else than that call is due; zero: nothing, or not Waits.
	Else time.Time
}

// Fire decides whatever is due for a conversation although nobody writes. When
// somebody was quicker it does nothing. room says whether a call may be begun.
// Errors: ErrChannelOff as long as the conversation's channel is switched off,
// which puts off what is due, but for what Fired.Due says; ErrNotFound.
func (e *Engine) Fire(ctx context.Context, conversation string, room bool) (fired Fired, err error) {
	ctx, end := StartSpan(ctx, e.tracer, "due", slog.String("conversation", conversation))
	defer func() { end(err) }()
	w, after, err := e.unasked(ctx, conversation, func(s Snapshot, r rules, now time.Time) woken {
		r.room = room
		return wake(s, r, now)
	})
	at := after.WakeAt()
	if err != nil {
		fired.Due = errors.Is(err, ErrChannelOff) && !at.IsZero() && !at.After(time.Now())
		return fired, fmt.Errorf("waking conversation %s: %w", conversation, err)
	}
	if w.calls.begun > 0 {
		fired.Call = after.Call
	}
	if fired.Waits = w.waits; w.waits {
		after.Call = nil
		fired.Else = after.WakeAt()
	}
	fired.Due = !w.waits && !at.IsZero() && !at.After(time.Now())
	return fired, nil
}

// unasked is one decision about a conversation that no message asked for, and
// the conversation as it is afterwards.
func (e *Engine) unasked(
	ctx context.Context, conversation string, decided func(s Snapshot, r rules, now time.Time) woken,
) (w woken, after Conversation, err error) {
	defer e.enter(conversation)()
	off := false
	err = e.safely(ctx, func(ctx context.Context) error {
		return e.commit(ctx, Lookup{Conversation: conversation, Around: time.Now()}, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
			w, after = woken{}, s.Conversation
			if off = r.off; off {
				c, moved := putOff(s, r, now)
				if !moved {
					return nil, nil
				}
				after = c.Conversation
				return []Change{c}, nil
			}
			w = guarded(s, r, now, func(fault any) { e.panicked(ctx, fault) }, func() woken { return decided(s, r, now) })
			if !w.acted {
				return nil, nil
			}
			after = w.change.Conversation
			return []Change{w.change}, nil
		})
	})
	if err == nil && off {
		err = ErrChannelOff
	}
	if err == nil {
		e.stats.Calls.add(w.calls)
	}
	return w, after, err
}
