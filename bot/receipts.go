package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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

// told handles receipts that may be of one conversation, one message after the other.
func (e *Engine) told(ctx context.Context, receipts []Receipt) error {
	defer e.enter(receipts[0].conversation())()
	var errs []error
	for len(receipts) > 0 {
		same, others := receipts[:1:1], []Receipt(nil)
		for _, rc := range receipts[1:] {
			if rc.lookup().names(same[0].lookup()) {
				same = append(same, rc)
			} else {
				others = append(others, rc)
			}
		}
		errs = append(errs, e.receipt(ctx, same))
		receipts = others
	}
	return errors.Join(errs...)
}

// lookup asks for what a receipt speaks of.
func (r Receipt) lookup() Lookup {
	switch {
	case r.Message != "":
		return Lookup{Message: r.Message}
	case !r.Until.IsZero():
		return Lookup{Channel: r.Channel, Aliases: r.From, Until: r.Until}
	}
	return Lookup{Channel: r.Channel, Aliases: r.From, ExternalID: r.ExternalID}
}

// names reports whether two lookups give the same message.
func (l Lookup) names(other Lookup) bool {
	return l.Until.IsZero() && other.Until.IsZero() &&
		l.Message == other.Message && l.Channel == other.Channel && l.ExternalID == other.ExternalID && slices.Equal(l.Aliases, other.Aliases)
}

// receipt moves a message forward by what was told of it, in one commit. What
// names no message of ours is kept as an event.
func (e *Engine) receipt(ctx context.Context, told []Receipt) error {
	channel := told[0].Channel
	var ours, moved []Receipt
	var priced []Cost
	e.stats.Channel(channel).Receipts.Add(int64(len(told)))
	lookup := told[0].lookup()
	if slices.ContainsFunc(told, func(rc Receipt) bool { return rc.State == StateFailed }) {
		lookup.Around = time.Now() // what is said because of it is counted
	}
	err := e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) (changes []Change, _ error) {
		ours, moved, priced = ours[:0], moved[:0], priced[:0] // of the try before
		for _, rc := range told {
			if s.Conversation.Channel != rc.Channel {
				continue // an echoed id must not reach into another channel
			}
			ours = append(ours, rc)
			if c, ok := decideReceipt(s, rc, r, now); ok {
				moved, changes = append(moved, rc), append(changes, c)
				priced = append(priced, s.news(c)...)
				s = s.advance(c)
			}
		}
		return changes, nil
	})
	switch {
	case errors.Is(err, ErrNotFound):
		var events []Event
		for _, rc := range told {
			events = append(events, unmatched(rc))
		}
		return e.keep(ctx, events)
	case err != nil:
		return fmt.Errorf("handling a receipt on %s: %w", channel, err)
	}
	for _, rc := range moved {
		if rc.State == StateFailed {
			e.failed(ctx, rc)
		}
	}
	for _, rc := range ours {
		e.stats.price(rc)
	}
	for _, c := range priced {
		e.stats.Channel(channel).Costs.Report(c)
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
	var lost []Message
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
		priced := d.reported(&m, rc)
		if !m.State.Advance(rc.State) {
			if priced {
				d.Messages = append(d.Messages, m)
			}
			continue
		}
		m.Code, m.Reason = rc.Code, rc.Reason
		if d.again(m, rc) {
			continue
		}
		m.State, m.StateAt = rc.State, rc.At
		if rc.Shut {
			m.State = barred(m, rc.Code, rc.Reason).State
		}
		d.Messages, lost = append(d.Messages, m), append(lost, m)
		d.Settled = append(d.Settled, m.Seq)
	}
	newest := d.Conversation.NewestInbound
	if rc.Shut && len(d.Messages) > 0 && !newest.After(d.Messages[len(d.Messages)-1].At) {
		// What came in after the refused message opened a window of its own.
		d.Conversation.ShutAt = newest
		d.ticketWindow()
	}
	for _, m := range lost {
		if rc.OptedOut {
			d.optOut(true)
		}
		d.notEntered(m)
		d.missing(m)
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
