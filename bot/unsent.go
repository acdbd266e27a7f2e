package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// Unsent stores that a message will not arrive, or may not go as it is, with what
// follows from it, in one commit: when it was the bot's and its customer waits for
// it, a person is asked for. It is Outbox.Done for such an end.
func (e *Engine) Unsent(ctx context.Context, o Outcome) error {
	defer e.enter(o.Conversation)()
	err := e.safely(ctx, func(ctx context.Context) error {
		return e.commit(ctx, Lookup{Message: MessageID(o.Conversation, o.Seq), Around: time.Now()}, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
			return unsent(s, o, r, now), nil
		})
	})
	if err != nil {
		return fmt.Errorf("ending the delivery of %s: %w", MessageID(o.Conversation, o.Seq), err)
	}
	return nil
}

// unsent is what follows from an outcome that is no success. Of a message that a
// receipt put back meanwhile it tells nothing any more: it will be sent once more.
func unsent(s Snapshot, o Outcome, r rules, now time.Time) []Change {
	d := change(s, r, now)
	shut := !o.ShutAt.IsZero() && o.ShutAt.Equal(d.Conversation.NewestInbound)
	if s.Waits && !shut && !o.OptedOut {
		return nil
	}
	if shut {
		d.Conversation.ShutAt = o.ShutAt
		d.ticketWindow()
	}
	if o.OptedOut {
		d.optOut(true)
	}
	if !s.Waits {
		d.ended(s.Messages, o)
	}
	return []Change{d.Change}
}

// ended takes a delivery out of the outbox, and says so of its message.
func (d *draft) ended(messages []Message, o Outcome) {
	d.Settled, d.NextAt = []uint64{o.Seq}, o.At
	if o.NextAt.After(o.At) {
		d.NextAt = o.NextAt
	}
	for _, m := range messages {
		if m.Seq != o.Seq || !m.State.Advance(o.State) {
			continue // a receipt knows better
		}
		m.State, m.StateAt, m.Code, m.Reason = o.State, o.At, o.Code, o.Reason
		d.Messages = append(d.Messages, m)
		d.notEntered(m)
		d.missing(m)
	}
}

// missing asks for a person when something is missing that the customer waits for,
// or may be: an answer of the bot's; and what a person wrote who has left the
// conversation since. What somebody's own words came to stays before their eyes.
func (d *draft) missing(m Message) {
	lost := m.State == StateFailed || m.State == StateDraft || m.State == StateUnknown
	if !lost || m.Courtesy || d.rules.off || d.ticket.Open() {
		return
	}
	switch {
	case m.Author == AuthorAgent:
		d.reopen()
		d.carryOut(d.ladder(), flows.Result{State: anew(d.Conversation.Flow), Effects: []flows.Effect{
			flows.Escalate{Queue: d.ladder().DefaultQueue(), Reason: flows.ReasonUnsent},
		}})
	case m.Author == AuthorBot && d.Conversation.Status == handoff.Bot:
		d.giveUp(d.follow(), d.unsentReason(m))
	}
}

func (d *draft) unsentReason(m Message) flows.Reason {
	switch {
	case d.Conversation.shut(d.rules.limits, d.now):
		return flows.ReasonClosed
	case m.Code == codeSpend:
		return flows.ReasonSpend
	default:
		return flows.ReasonUnsent
	}
}

// finish is how a delivery's outcome is stored: what follows from one that is no
// success is decided, if somebody decides.
func (d *Dispatcher) finish(ctx context.Context, o Outcome) error {
	follows := o.State == StateFailed || o.State == StateDraft || o.State == StateUnknown || !o.ShutAt.IsZero()
	if !follows || d.unsent == nil {
		return d.outbox.Done(ctx, o)
	}
	err := d.unsent(ctx, o)
	if err == nil || errors.Is(err, ErrNotFound) || errors.Is(err, ErrFull) {
		return err
	}
	// Somebody writes and writes, or a fault of ours: the end must be stored all the same.
	return d.outbox.Done(ctx, o)
}
