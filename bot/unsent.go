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
			return []Change{unsent(s, o, r, now)}, nil
		})
	})
	if err != nil {
		return fmt.Errorf("ending the delivery of %s: %w", MessageID(o.Conversation, o.Seq), err)
	}
	return nil
}

// unsent is what follows from an outcome that is no success.
func unsent(s Snapshot, o Outcome, r rules, now time.Time) Change {
	d := change(s, r, now)
	d.Settled = []uint64{o.Seq}
	if newest := d.Conversation.NewestInbound; !o.ShutAt.IsZero() && o.ShutAt.Equal(newest) {
		d.Conversation.ShutAt = newest
		d.ticketWindow()
	}
	if o.OptedOut {
		d.optOut(true)
	}
	for _, m := range s.Messages {
		if m.Seq != o.Seq || !m.State.Advance(o.State) {
			continue // a receipt knows better
		}
		m.State, m.StateAt, m.Code, m.Reason = o.State, o.At, o.Code, o.Reason
		d.Messages = append(d.Messages, m)
		d.missing(m)
	}
	return d.Change
}

// missing asks for a person when an answer of the bot's is missing that the
// customer waits for. What a person wrote stays before their eyes as it is.
func (d *draft) missing(m Message) {
	lost := m.State == StateFailed || m.State == StateDraft
	if !lost || m.Author != AuthorBot || m.Courtesy || d.Conversation.Status != handoff.Bot || d.rules.off {
		return
	}
	set := d.follow()
	reason := flows.ReasonUnsent
	if m.Code == codeSpend {
		reason = flows.ReasonSpend
	}
	if d.Conversation.shut(d.rules.limits, d.now) {
		reason = flows.ReasonClosed
	}
	d.giveUp(set, reason)
}

// finish is how a delivery's outcome is stored: what follows from one that is no
// success is decided, if somebody decides.
func (d *Dispatcher) finish(ctx context.Context, o Outcome) error {
	follows := o.State == StateFailed || o.State == StateDraft || !o.ShutAt.IsZero()
	if !follows || d.unsent == nil {
		return d.outbox.Done(ctx, o)
	}
	err := d.unsent(ctx, o)
	if errors.Is(err, ErrConflict) { // somebody writes and writes: the end must be stored
		return d.outbox.Done(ctx, o)
	}
	return err
}
