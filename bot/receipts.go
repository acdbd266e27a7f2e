package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/handoff"
)

// conversation names, as well as a receipt can, whose message it speaks of:
// receipts with the same name are handled one after the other.
func (r Receipt) conversation() string {
	if id, _, err := ParseMessageID(r.Message); err == nil {
		return id
	}
	if len(r.From) > 0 {
		a := r.From[0]
		return strings.Join([]string{a.Channel, a.Kind, a.Value}, "\x00")
	}
	return r.Channel
}

// told handles receipts that may be of one conversation, one after the other.
func (e *Engine) told(ctx context.Context, lane string, receipts []Receipt) error {
	defer e.enter(lane)()
	var errs []error
	for _, rc := range receipts {
		errs = append(errs, e.receipt(ctx, rc))
	}
	return errors.Join(errs...)
}

// receipt moves a message forward. What names no message of ours is kept as an event.
func (e *Engine) receipt(ctx context.Context, rc Receipt) error {
	lookup := Lookup{Channel: rc.Channel, ExternalID: rc.ExternalID}
	switch {
	case rc.Message != "":
		lookup = Lookup{Message: rc.Message}
	case !rc.Until.IsZero():
		lookup = Lookup{Channel: rc.Channel, Aliases: rc.From, Until: rc.Until}
	}
	e.stats.Channel(rc.Channel).Receipts.Add(1)
	moved, ours := false, false
	err := e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		moved = false
		if s.Conversation.Channel != rc.Channel {
			return nil, nil // an echoed id must not reach into another channel
		}
		ours = true
		var c Change
		if c, moved = decideReceipt(s, rc, r, now); !moved {
			return nil, nil
		}
		return []Change{c}, nil
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return e.keep(ctx, []Event{unmatched(rc)})
	case err != nil:
		return fmt.Errorf("handling a receipt on %s: %w", rc.Channel, err)
	case moved && rc.State == StateFailed:
		e.failed(ctx, rc)
	}
	if ours {
		e.stats.price(rc)
	}
	return nil
}

func unmatched(rc Receipt) Event {
	body, err := json.Marshal(rc)
	if err != nil { // cannot be: it is plain data
		body = []byte("{}")
	}
	return Event{Channel: rc.Channel, Kind: "unmatched_" + string(rc.State), At: rc.At, Body: body}
}

// failed is what follows, besides the message's state, when the platform
// accepted a message and reports now that it cannot deliver it.
func (e *Engine) failed(ctx context.Context, rc Receipt) {
	log := e.log.With("channel", rc.Channel, "class", string(rc.Class), "code", rc.Code)
	e.stats.Channel(rc.Channel).failed(rc.Class)
	if rc.Class == ClassAlarm {
		log.ErrorContext(ctx, "the platform refuses this account; sending pauses", "reason", rc.Reason)
		e.hold(rc.Channel)
		return
	}
	log.WarnContext(ctx, "a message was accepted and not delivered", "reason", rc.Reason)
}

// decideReceipt moves messages forward by what a platform told. It returns
// false when nothing changes.
func decideReceipt(s Snapshot, rc Receipt, r rules, now time.Time) (Change, bool) {
	d := change(s, r, now)
	for _, m := range s.Messages {
		if !rc.Until.IsZero() && m.State.rank() < StateSent.rank() {
			continue // a watermark speaks of what was sent, whatever the clocks say
		}
		if rc.stale(m) {
			continue
		}
		if m.ExternalID == "" && rc.ExternalID != "" {
			m.ExternalID = rc.ExternalID
		}
		if !m.State.Advance(rc.State) {
			continue
		}
		m.Code, m.Reason = rc.Code, rc.Reason
		if d.again(m, rc) {
			continue
		}
		m.State, m.StateAt = rc.State, rc.At
		d.Messages = append(d.Messages, m)
		d.Settled = append(d.Settled, m.Seq)
	}
	newest := d.Conversation.NewestInbound
	if rc.Shut && len(d.Messages) > 0 && !newest.After(d.Messages[len(d.Messages)-1].At) {
		// What came in after the refused message opened a window of its own.
		d.Conversation.ShutAt = newest
		d.ticketWindow()
	}
	return d.Change, len(d.Messages) > 0
}

// stale reports whether the receipt tells of a failure that was followed up before:
// of an earlier send than the one that was accepted, or of the one after which the
// message waits to be sent again. Platforms tell things twice.
func (r Receipt) stale(m Message) bool {
	if r.State != StateFailed || r.ExternalID == "" || m.ExternalID == "" {
		return false
	}
	return (r.ExternalID == m.ExternalID) == (m.State.rank() < StateSent.rank())
}

// For how long after its decision a message is sent again that was accepted and
// then reported as failed for a reason that passes, and the longest wait for it.
const (
	resendFor    = 10 * time.Minute
	resendWithin = 30 * time.Second
)

// again puts a message back into the outbox that the platform accepted, whether we
// know it yet or not, and then could not deliver for a reason that passes, and
// reports whether it did. It waits as long again as has passed since the message
// was decided, but not so long that what is behind it in the conversation waits
// in vain.
func (d *draft) again(m Message, rc Receipt) bool {
	age := d.now.Sub(m.At)
	passes := rc.State == StateFailed && (rc.Class == ClassRetry || rc.Class == ClassWait)
	stale := m.Author == AuthorBot && d.Conversation.Status != handoff.Bot
	if !passes || stale || m.State.rank() > StateSent.rank() || age >= resendFor {
		return false
	}
	m.State, m.StateAt = StateQueued, d.now
	d.Messages = append(d.Messages, m)
	d.Deliveries = append(d.Deliveries, Delivery{
		Conversation: m.Conversation, Seq: m.Seq, Author: m.Author, Epoch: d.Conversation.Epoch,
		DueAt: d.now.Add(min(max(time.Second, age), resendWithin)),
	})
	return true
}
