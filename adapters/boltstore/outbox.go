package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"frontdesk/bot"
)

// eachDelivery calls f for the deliveries of a conversation, in order. f must
// not write.
func (v view) eachDelivery(conversation string, f func(delivery)) error {
	prefix := joined(conversation, "")
	c := v.cursor(inOutbox)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		d, err := decodeDelivery(b)
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
func (v view) head(c bot.Conversation) record {
	prefix := joined(c.ID, "")
	k, b := v.cursor(inOutbox).Seek(prefix)
	if !bytes.HasPrefix(k, prefix) || len(b) < 1+deliveryHeaderSize {
		return record{}
	}
	return record{dueKey(c.Channel, b[2:1+deliveryHeaderSize], c.ID), []byte{b[1]}}
}

// moveHead brings the due bucket up to date after the outbox of a conversation
// was changed; before is what head was then.
func (w *writer) moveHead(c bot.Conversation, before record) error {
	after := w.head(c)
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
	if d, err = decodeDelivery(b); err != nil {
		return d, false, fmt.Errorf("delivery %s: %w", nameOf(key), err)
	}
	return d, true, nil
}

func (w *writer) putDelivery(d delivery) error {
	b, err := encodeDelivery(d)
	if err != nil {
		return fmt.Errorf("encoding the delivery of %s: %w", bot.MessageID(d.Conversation, d.Seq), err)
	}
	return w.put(inOutbox, messageKey(d.Conversation, d.Seq), b)
}

// waiting is an entry of the due bucket.
type waiting struct {
	at           time.Time
	conversation string
}

func splitDueKey(k []byte, prefix int) (w waiting, err error) {
	if len(k) <= prefix+timeSize {
		return w, fmt.Errorf("%w: %q is no place in the outbox", ErrDamaged, k)
	}
	return waiting{readTime(k[prefix:]), string(k[prefix+timeSize:])}, nil
}

// due gives what is due at now, at most limit, and when the next becomes due.
// Channels are walked one by one, so that one that stands still does not make
// the others slow.
func (v view) due(now time.Time, limit int, except []string) (list []waiting, next time.Time, err error) {
	later := func(t time.Time) {
		if t.IsZero() {
			t = now // zero means that nothing waits
		}
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	c := v.cursor(inDue)
	for k, b := c.First(); k != nil; {
		channel, _, _ := bytes.Cut(k, []byte{0})
		prefix := joined(string(channel), "")
		if !slices.Contains(except, string(channel)) {
			for found := 0; bytes.HasPrefix(k, prefix); k, b = c.Next() {
				w, err := splitDueKey(k, len(prefix))
				if err != nil {
					return nil, next, err
				}
				if ready := !w.at.After(now); ready && found < limit {
					list = append(list, w)
					found++
				} else if ready || !leased(b) {
					later(w.at)
					break
				}
			}
		}
		k, b = c.Seek(joined(string(channel) + "\x01")) // behind the channel's last
	}
	slices.SortStableFunc(list, func(a, b waiting) int { return a.at.Compare(b.at) })
	if len(list) > limit {
		later(list[limit].at)
		list = list[:limit]
	}
	return list, next, nil
}

func leased(b []byte) bool { return len(b) == 1 && b[0] == deliveryLeased }

// Due implements bot.Outbox. When ctx ends while the lease is stored, the
// deliveries come back when it has run out.
func (s *Store) Due(ctx context.Context, now time.Time, lease time.Duration, limit int, except []string) (due []bot.Attempt, next time.Time, err error) {
	if err := ctx.Err(); err != nil {
		return nil, time.Time{}, err
	}
	limit = max(limit, 0)
	// Nothing due is the usual answer, and it must cost neither a write nor a flush.
	var idle bool
	err = s.view(func(v view) error {
		list, n, err := v.due(now, limit, except)
		idle, next = len(list) == 0, n
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading what is due: %w", err)
	}
	if idle {
		return nil, next, nil
	}
	var out []delivery
	err = s.update(ctx, func(w *writer) (err error) {
		out, next, err = w.lease(now, now.Add(lease), limit, except)
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("leasing what is due: %w", err)
	}
	// What belongs to them is read here and not on the writing goroutine.
	err = s.view(func(v view) (err error) {
		due, err = v.attempts(out)
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading what was leased: %w", err)
	}
	return due, next, nil
}

// lease gives the leased deliveries as they are after it.
func (w *writer) lease(now, until time.Time, limit int, except []string) (out []delivery, next time.Time, err error) {
	list, next, err := w.due(now, limit, except)
	if err != nil {
		return nil, next, err
	}
	for _, item := range list {
		c, err := w.conversation(item.conversation)
		if err != nil {
			return nil, next, err
		}
		k, _ := w.cursor(inOutbox).Seek(joined(c.ID, ""))
		d, ok, err := w.delivery(k)
		if err != nil {
			return nil, next, err
		} else if !ok || d.Conversation != c.ID {
			return nil, next, fmt.Errorf("%w: nothing waits in conversation %s", ErrDamaged, c.ID)
		}
		head := w.head(c)
		d.lease.BegunAt, d.lease.Unknown = d.BegunAt, d.Unknown
		d.lease.Until = until
		d.BegunAt, d.Unknown = now, doubtful(d.Delivery)
		d.Attempts++
		if err := w.putDelivery(d); err != nil {
			return nil, next, err
		}
		if err := w.moveHead(c, head); err != nil {
			return nil, next, err
		}
		out = append(out, d)
	}
	return out, next, nil
}

// attempts adds to leased deliveries what is needed to judge them. One that a
// receipt settled since is left out.
func (v view) attempts(out []delivery) ([]bot.Attempt, error) {
	list := make([]bot.Attempt, 0, len(out))
	for _, d := range out {
		key := messageKey(d.Conversation, d.Seq)
		is, ok, err := v.delivery(key)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		a := bot.Attempt{Delivery: is.before()}
		if a.Message, err = v.message(key); err != nil {
			return nil, err
		}
		if a.Conversation, err = v.conversation(d.Conversation); err != nil {
			return nil, err
		}
		if a.Contact, err = v.contact(a.Conversation.Contact); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
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
	if waits {
		head := w.head(c)
		if err := w.delete(inOutbox, key); err != nil {
			return err
		}
		if err := w.moveHead(c, head); err != nil {
			return err
		}
	}
	forward := m.State.Advance(o.State)
	if forward {
		m.State, m.StateAt, m.Code, m.Reason = o.State, o.At, o.Code, o.Reason
	}
	named := o.ExternalID != "" && o.ExternalID != m.ExternalID
	if named {
		m.ExternalID = o.ExternalID
	}
	if forward || named {
		b, err := encodeMessage(m)
		if err != nil {
			return fmt.Errorf("encoding the message: %w", err)
		}
		if err := w.putMessage(c.Channel, m, record{key, b}); err != nil {
			return err
		}
	}
	if err := w.addAliases(c.Contact, o.Aliases); err != nil {
		return err
	}
	// A message that came in after the send was begun opened a new window, of
	// which this refusal says nothing.
	if o.Shut && !c.ShutAt.Equal(c.NewestInbound) && (!waits || !c.NewestInbound.After(d.BegunAt)) {
		c.ShutAt = c.NewestInbound
		return w.putConversation(c)
	}
	if w.writes == before {
		return nil
	}
	return w.raise(c.ID)
}

// putConversation stores c as its next version.
func (w *writer) putConversation(c bot.Conversation) error {
	c.Version++
	b, err := encodeConversation(c)
	if err != nil {
		return fmt.Errorf("encoding conversation %s: %w", c.ID, err)
	}
	return w.put(inConversations, []byte(c.ID), b)
}

// raise makes whoever decides from an older version of the conversation decide again.
func (w *writer) raise(conversation string) error {
	b := bytes.Clone(w.get(inConversations, []byte(conversation)))
	h, err := readConversationHeader(b)
	if err != nil {
		return err
	}
	h.version++
	copy(b[1:], h.append(nil))
	return w.put(inConversations, []byte(conversation), b)
}

// addAliases gives a contact the names that nobody has.
func (w *writer) addAliases(contact string, aliases []bot.Alias) error {
	var added []bot.Alias
	for _, a := range aliases {
		if checkParts("part of an alias", a.Channel, a.Kind, a.Value) != nil || w.get(inAliases, aliasKey(a)) != nil {
			continue
		}
		if err := w.put(inAliases, aliasKey(a), []byte(contact)); err != nil {
			return err
		}
		added = append(added, a)
	}
	if len(added) == 0 {
		return nil
	}
	c, err := w.contact(contact)
	if err != nil {
		return err
	}
	c.Aliases = append(c.Aliases, added...)
	b, err := encode(nil, contactRecord(c))
	if err != nil {
		return fmt.Errorf("encoding contact %s: %w", contact, err)
	}
	return w.put(inContacts, []byte(contact), b)
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
	head := w.head(c)
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
	b, err := encodeMessage(m)
	if err != nil {
		return fmt.Errorf("encoding the message: %w", err)
	}
	if err := errors.Join(w.put(inMessages, key, b), w.moveHead(c, head)); err != nil {
		return err
	}
	return w.raise(c.ID)
}

// after is a leased delivery as it waits after r. That an earlier send may have
// been accepted is never forgotten.
func (d delivery) after(r bot.Retry) delivery {
	if r.Begun {
		d.BegunAt = time.Time{}
	} else {
		d.Delivery = d.before()
	}
	d.Unknown = d.Unknown || r.Unknown
	d.DueAt, d.lease = r.At, lease{}
	return d
}

// leases gives the places of all deliveries that are out for sending.
func (v view) leases() []waiting {
	var list []waiting
	c := v.cursor(inDue)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		prefix := bytes.IndexByte(k, 0) + 1
		if w, err := splitDueKey(k, prefix); err == nil && leased(b) {
			list = append(list, w)
		}
	}
	return list
}

// handBack makes what a process that is gone was sending due again, at the time
// at which it was due before. BegunAt tells that its result is not known.
func (w *writer) handBack() error {
	for _, item := range w.leases() {
		c, err := w.conversation(item.conversation)
		if err != nil {
			return err
		}
		k, _ := w.cursor(inOutbox).Seek(joined(c.ID, ""))
		d, ok, err := w.delivery(k)
		if err != nil || !ok {
			return err
		}
		head := w.head(c)
		d.lease = lease{}
		if err := errors.Join(w.putDelivery(d), w.moveHead(c, head)); err != nil {
			return err
		}
	}
	return nil
}
