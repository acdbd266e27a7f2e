package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/bot"
)

// eachDelivery calls f for the deliveries of a conversation, in order. f must
// not write.
func (v view) eachDelivery(conversation string, f func(delivery)) error {
	prefix := joined(conversation, "")
	c := v.cursor(inOutbox)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		d, err := decodeDelivery(k, b)
		if err != nil {
			return fmt.Errorf("delivery %s: %w", nameOf(k), err)
		}
		f(d)
	}
	return nil
}

// head is the entry of the due bucket that a conversation must have: the place
// of the first of its deliveries. It is the only place where such an entry is
// made. Its key is nil when nothing waits.
func (v view) head(channel, conversation string) row {
	_, b := v.first(conversation)
	return v.headOf(channel, conversation, b)
}

// headOf is head when the first delivery is b, or none.
func (v view) headOf(channel, conversation string, b []byte) row {
	if len(b) < 1+deliveryHeaderSize {
		return row{}
	}
	return row{dueKey(channel, v.rank(conversation, b), b[2:1+deliveryHeaderSize], conversation), []byte{b[1] & deliveryLeased}}
}

// rank is that of a conversation whose first delivery is b: an answer behind a
// courtesy must not wait because of it. Courtesies in a row are few.
func (v view) rank(conversation string, b []byte) byte {
	if b[1]&deliveryCourtesy == 0 {
		return rankAnswer
	}
	prefix := joined(conversation, "")
	c := v.cursor(inOutbox)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		if len(b) < 2 || b[1]&deliveryCourtesy == 0 {
			return rankAnswer
		}
	}
	return rankCourtesy
}

// first gives the first of a conversation's deliveries as it is stored. Its key
// is nil when nothing waits.
func (v view) first(conversation string) (key, b []byte) {
	prefix := joined(conversation, "")
	k, b := v.cursor(inOutbox).Seek(prefix)
	if !bytes.HasPrefix(k, prefix) {
		return nil, nil
	}
	return bytes.Clone(k), b
}

// moveHead brings the due bucket up to date after the outbox of a conversation
// was changed; before is what head was then.
func (w *writer) moveHead(channel, conversation string, before row) error {
	after := w.head(channel, conversation)
	moved := !bytes.Equal(before.key, after.key)
	if before.key != nil && moved {
		if err := w.delete(inDue, before.key); err != nil {
			return err
		}
	}
	if after.key != nil && (moved || !bytes.Equal(before.value, after.value)) {
		return w.put(inDue, after.key, after.value)
	}
	return nil
}

func (v view) delivery(key []byte) (d delivery, ok bool, err error) {
	b := v.get(inOutbox, key)
	if b == nil {
		return d, false, nil
	}
	if d, err = decodeDelivery(key, b); err != nil {
		return d, false, fmt.Errorf("delivery %s: %w", nameOf(key), err)
	}
	return d, true, nil
}

func (w *writer) putDelivery(d delivery) error {
	return w.put(inOutbox, messageKey(d.Conversation, d.Seq), encodeDelivery(d))
}

// Done implements bot.Outbox.
func (s *Store) Done(ctx context.Context, o bot.Outcome) error {
	err := s.update(ctx, func(w *writer) error { return w.done(o) })
	if err != nil {
		return fmt.Errorf("ending the delivery of %s: %w", bot.MessageID(o.Conversation, o.Seq), err)
	}
	return nil
}

func (w *writer) done(o bot.Outcome) error {
	c, err := w.conversation(o.Conversation)
	if err != nil {
		return err
	}
	key := messageKey(o.Conversation, o.Seq)
	m, err := w.message(key)
	if err != nil {
		return err
	}
	d, waits, err := w.delivery(key)
	if err != nil {
		return err
	}
	before := w.writes
	anew := waits && !d.lease.out() // a receipt was quicker: the platform did not deliver it
	if waits && !anew {
		head := w.head(c.Channel, c.ID)
		if err := w.delete(inOutbox, key); err != nil {
			return err
		}
		if err := w.turn(c.ID, latest(o.At, o.NextAt)); err != nil {
			return err
		}
		if err := w.moveHead(c.Channel, c.ID, head); err != nil {
			return err
		}
	}
	forward := !anew && m.State.Advance(o.State)
	if forward {
		m.State, m.StateAt, m.Code, m.Reason = o.State, o.At, o.Code, o.Reason
	}
	named := o.ExternalID != "" && o.ExternalID != m.ExternalID
	if named {
		m.ExternalID = o.ExternalID
	}
	if forward || named {
		if err := w.storeMessage(c.Channel, m); err != nil {
			return err
		}
	}
	if err := w.addAliases(c.Contact, o.Aliases); err != nil {
		return err
	}
	if !o.ShutAt.IsZero() && o.ShutAt.Equal(c.NewestInbound) && !c.ShutAt.Equal(o.ShutAt) {
		c.ShutAt = o.ShutAt
		return errors.Join(w.shutTicket(&c, o.At), w.putConversation(c))
	}
	if w.writes == before {
		return nil
	}
	return w.raise(c.ID)
}

// turn lets the first of a conversation's deliveries wait until at, as those do
// that came meanwhile: or else whoever has a hundred messages to get would get
// all of them before everybody who came a moment later.
func (w *writer) turn(conversation string, at time.Time) error {
	key, b := w.first(conversation)
	if len(b) < 1+deliveryHeaderSize || !readTime(b[2:]).Before(at) {
		return nil
	}
	d, err := decodeDelivery(key, b)
	if err != nil || d.lease.out() {
		return nil //nolint:nilerr // Due tells what is damaged; this delivery's end must be stored
	}
	d.DueAt = at
	return w.putDelivery(d)
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Retry implements bot.Outbox.
func (s *Store) Retry(ctx context.Context, r bot.Retry) error {
	err := s.update(ctx, func(w *writer) error { return w.retry(r) })
	if err != nil {
		return fmt.Errorf("putting back the delivery of %s: %w", bot.MessageID(r.Conversation, r.Seq), err)
	}
	return nil
}

func (w *writer) retry(r bot.Retry) error {
	key := messageKey(r.Conversation, r.Seq)
	d, ok, err := w.delivery(key)
	if err != nil || !ok || !d.lease.out() {
		return err // settled meanwhile, or put back before
	}
	c, err := w.conversation(r.Conversation)
	if err != nil {
		return err
	}
	m, err := w.message(key)
	if err != nil {
		return err
	}
	head := w.head(c.Channel, c.ID)
	switch m.State {
	case bot.StateQueued, bot.StateUnknown:
		if r.Code != "" || r.Reason != "" {
			m.Code, m.Reason = r.Code, r.Reason
		}
	default: // a receipt was quicker and knows better
	}
	state, at := m.State, m.StateAt
	switch {
	case d.Cancel:
		state, at = bot.StateCancelled, c.UpdatedAt
		if r.Unknown || doubtful(d.before()) {
			state = bot.StateUnknown
		}
		err = w.delete(inOutbox, key)
	case r.Unknown:
		state, at = bot.StateUnknown, d.BegunAt
		fallthrough
	default:
		err = w.putDelivery(d.after(r))
	}
	if err != nil {
		return err
	}
	if m.State.Advance(state) {
		m.State, m.StateAt = state, at
	}
	if err := errors.Join(w.storeMessage(c.Channel, m), w.moveHead(c.Channel, c.ID, head)); err != nil {
		return err
	}
	return w.raise(c.ID)
}

// after is a leased delivery as it waits after r. That an earlier send may have
// been accepted is never forgotten.
func (d delivery) after(r bot.Retry) delivery {
	if r.Begun {
		d.BegunAt, d.Tally = time.Time{}, r.Tally
	} else {
		d.Delivery = d.before()
	}
	d.Unknown = d.Unknown || r.Unknown
	d.DueAt, d.lease = r.At, lease{}
	return d
}
