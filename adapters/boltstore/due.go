package boltstore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// Ranks of deliveries in the due bucket.
const (
	rankAnswer   = 0
	rankCourtesy = 1
	ranks        = 2
)

// dueKey is a delivery's place among all that wait.
func dueKey(channel string, rank byte, at []byte, conversation string) []byte {
	b := make([]byte, 0, len(channel)+2+timeSize+len(conversation))
	b = append(append(b, channel...), 0, rank)
	return append(append(b, at...), conversation...)
}

// waiting is an entry of the due bucket.
type waiting struct {
	row          // as it is stored
	rank         byte
	at           time.Time
	channel      string
	conversation string
}

// readWaiting copies what it keeps of k and b.
func readWaiting(k, b []byte) (w waiting, err error) {
	channel, rest, ok := bytes.Cut(k, []byte{0})
	if len(rest) > 0 {
		w.rank, rest = rest[0], rest[1:]
	}
	if !ok || len(rest) <= timeSize || w.rank >= ranks {
		return w, fmt.Errorf("%w: %q is no place in the outbox", ErrDamaged, k)
	}
	w.row = row{bytes.Clone(k), bytes.Clone(b)}
	w.at, w.channel, w.conversation = readTime(rest), string(channel), string(rest[timeSize:])
	return w, nil
}

// agenda is what the due bucket says at a moment.
type agenda struct {
	due  []waiting
	next time.Time // when the next that is not leased becomes due; zero: none
	bad  [][]byte  // keys that say nothing
}

func (a *agenda) later(t, now time.Time) {
	if t.IsZero() {
		t = now // zero means that nothing waits
	}
	if a.next.IsZero() || t.Before(a.next) {
		a.next = t
	}
}

// agenda gives what is due at now and has room. Channels are walked one by one,
// and so are their ranks: what stands still does not make the others slow.
func (v view) agenda(now time.Time, room map[string]int) (a agenda) {
	c := v.cursor(inDue)
	for k, _ := c.First(); k != nil; {
		channel, _, ok := bytes.Cut(k, []byte{0})
		if !ok {
			a.bad = append(a.bad, bytes.Clone(k))
			k, _ = c.Next()
			continue
		}
		if left := room[string(channel)]; left > 0 {
			v.walk(&a, string(channel), now, left)
		}
		k, _ = c.Seek(joined(string(channel) + "\x01")) // behind the channel's last
	}
	slices.SortStableFunc(a.due, func(x, y waiting) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), x.at.Compare(y.at))
	})
	return a
}

// walk adds to a what of a channel is due, answers first.
func (v view) walk(a *agenda, channel string, now time.Time, left int) {
	c := v.cursor(inDue)
	prefix, far := joined(channel, ""), now.Add(bot.FarthestDue)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); {
		w, err := readWaiting(k, b)
		ready := !w.at.After(now) || w.at.After(far)
		switch {
		case err != nil:
			a.bad = append(a.bad, bytes.Clone(k))
		case ready && left > 0:
			a.due = append(a.due, w)
			left--
		case ready:
			a.later(earlier(w.at, now), now)
			k, b = c.Seek(append(prefix, w.rank+1))
			continue
		case !leased(b):
			a.later(w.at, now)
			// The others of its rank come later still, up to those of a clock that was wrong.
			k, b = c.Seek(dueKey(channel, w.rank, appendTime(nil, far.Add(time.Nanosecond)), ""))
			continue
		}
		k, b = c.Next()
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func leased(b []byte) bool { return len(b) == 1 && b[0]&deliveryLeased != 0 }

// Due implements bot.Outbox. When ctx ends while the lease is stored, the
// deliveries come back when it has run out.
func (s *Store) Due(ctx context.Context, now time.Time, lease time.Duration, room map[string]int) (due []bot.Attempt, next time.Time, err error) {
	if err := ctx.Err(); err != nil {
		return nil, time.Time{}, err
	}
	room = maps.Clone(room) // when ctx ends, the lease may be written after that
	// Nothing due is the usual answer, and it must cost neither a write nor a flush.
	var idle agenda
	err = s.view(func(v view) error {
		idle = v.agenda(now, room)
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading what is due: %w", err)
	}
	if len(idle.due) == 0 && len(idle.bad) == 0 {
		return nil, idle.next, nil
	}
	// Not a result of this method: when ctx ends, it may be written after that.
	var out leasing
	until := now.Add(lease)
	err = s.update(ctx, func(w *writer) (err error) {
		out, err = w.lease(now, until, room)
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("leasing what is due: %w", err)
	}
	due, held, err := s.attempts(ctx, out.deliveries, until)
	if held != nil {
		out.damaged = append(out.damaged, held)
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading what was leased: %w", err)
	}
	if err := errors.Join(out.damaged...); err != nil {
		return due, out.next, fmt.Errorf("leasing what is due: %w", err)
	}
	return due, out.next, nil
}

// leasing is what lease did.
type leasing struct {
	deliveries []delivery // as they are after it
	next       time.Time
	damaged    []error // what stands still, and why
}

// lease leases what is due. Each error in damaged is of one conversation, and
// the others go on.
func (w *writer) lease(now, until time.Time, room map[string]int) (l leasing, err error) {
	a := w.agenda(now, room)
	l.next = a.next
	for _, k := range a.bad {
		l.damaged = append(l.damaged, fmt.Errorf("%w: %q is no place in the outbox and was removed", ErrDamaged, k))
		if err := w.delete(inDue, k); err != nil {
			return l, err
		}
	}
	for _, item := range a.due {
		d, sound, damage := w.waits(item)
		if damage != nil {
			l.damaged = append(l.damaged, damage)
			if err := w.setAside(item, sound, until); err != nil {
				return l, err
			}
			continue
		}
		d.lease = lease{Until: until, BegunAt: d.BegunAt, Unknown: d.Unknown}
		d.BegunAt, d.Unknown = now, doubtful(d.Delivery)
		d.Attempts++
		if err := errors.Join(w.putDelivery(d), w.moveHead(item.channel, item.conversation, item.row)); err != nil {
			return l, err
		}
		l.deliveries = append(l.deliveries, d)
	}
	return l, nil
}

// waits gives the delivery that an entry of the due bucket speaks of. With an
// error, sound tells that the delivery is well and only the entry is wrong.
func (v view) waits(item waiting) (d delivery, sound bool, err error) {
	key, b := v.first(item.conversation)
	if key == nil {
		return d, false, fmt.Errorf("%w: nothing waits in conversation %s, which is due", ErrDamaged, item.conversation)
	}
	if d, err = decodeDelivery(key, b); err != nil {
		return d, false, fmt.Errorf("delivery %s: %w", nameOf(key), err)
	}
	if head := v.head(item.channel, item.conversation); !bytes.Equal(head.key, item.key) {
		return d, true, fmt.Errorf("%w: delivery %s is not due when the outbox says", ErrDamaged, nameOf(key))
	}
	return d, true, nil
}

// setAside leases a delivery that is not sound by its header alone, and puts the
// entry of the due bucket right. An entry that speaks of no delivery goes.
func (w *writer) setAside(item waiting, sound bool, until time.Time) error {
	if key, b := w.first(item.conversation); key != nil && !sound {
		head := w.head(item.channel, item.conversation)
		b = append(bytes.Clone(b), make([]byte, max(0, 1+deliveryHeaderSize-len(b)))...)
		b[1] = b[1]&deliveryCourtesy | deliveryLeased
		copy(b[2:], appendTime(nil, until))
		if err := errors.Join(w.put(inOutbox, key, b), w.moveHead(item.channel, item.conversation, head)); err != nil {
			return err
		}
	}
	return w.moveHead(item.channel, item.conversation, item.row)
}

// hold turns leases that were given to nobody into what they are: no attempt.
func (w *writer) hold(list []delivery, until time.Time) error {
	for _, leased := range list {
		d, ok, err := w.delivery(messageKey(leased.Conversation, leased.Seq))
		if err != nil || !ok || !d.lease.sending() || !d.lease.Until.Equal(until) {
			continue // something else happened to it since
		}
		d.Delivery, d.lease = d.before(), lease{Until: until, Held: true}
		if err := w.putDelivery(d); err != nil {
			return err
		}
	}
	return nil
}

// attempts adds to leased deliveries what is needed to judge them. It is read
// here and not on the writing goroutine. What cannot be judged is held back, and
// damaged tells why.
func (s *Store) attempts(ctx context.Context, out []delivery, until time.Time) (list []bot.Attempt, damaged, err error) {
	var hold []delivery
	err = s.view(func(v view) error {
		list = make([]bot.Attempt, 0, len(out))
		for _, d := range out {
			var a bot.Attempt
			var waits bool
			// A broken page under one of them is no reason to stop the others.
			err := guard(func() (err error) {
				a, waits, err = v.attempt(d)
				return err
			})
			switch {
			case err != nil:
				damaged = errors.Join(damaged, fmt.Errorf("delivery %s stands still: %w", bot.MessageID(d.Conversation, d.Seq), damage(err)))
				hold = append(hold, d)
			case waits:
				list = append(list, a)
			}
		}
		return nil
	})
	if err != nil || len(hold) == 0 {
		return list, damaged, err
	}
	err = s.update(ctx, func(w *writer) error { return w.hold(hold, until) })
	if err != nil {
		damaged = errors.Join(damaged, fmt.Errorf("holding them back: %w", err))
	}
	return list, damaged, nil
}

// damage says of an error that it is ErrDamaged: what a delivery needs cannot
// be missing.
func damage(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// attempt gives false for a delivery that a receipt settled since it was leased.
func (v view) attempt(d delivery) (a bot.Attempt, waits bool, err error) {
	key := messageKey(d.Conversation, d.Seq)
	is, waits, err := v.delivery(key)
	if err != nil || !waits {
		return a, false, err
	}
	a.Delivery = is.before()
	if a.Message, err = v.message(key); err != nil {
		return a, true, err
	}
	if a.Conversation, err = v.conversation(d.Conversation); err != nil {
		return a, true, err
	}
	if cost := a.Message.Cost; cost.Kept() && cost.Predicted != window.Free() {
		a.Month = v.sum(a.Conversation.Channel, cost.Month)
	}
	a.Contact, err = v.contact(a.Conversation.Contact)
	return a, true, err
}

// leases gives the places of all deliveries that are out for sending.
func (v view) leases() (list []waiting) {
	c := v.cursor(inDue)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		if w, err := readWaiting(k, b); err == nil && leased(b) { // Due tells what is no place
			list = append(list, w)
		}
	}
	return list
}

// handBack makes what a process that is gone was sending due again, at the time
// at which it was due before. BegunAt tells that its result is not known. What is
// damaged is left to Due, which meets it when the lease would have run out.
func (w *writer) handBack() error {
	for _, item := range w.leases() {
		d, _, damage := w.waits(item)
		if damage != nil {
			if err := w.put(inDue, item.key, []byte{deliveryWaits}); err != nil {
				return err
			}
			continue
		}
		d.lease = lease{}
		if err := errors.Join(w.putDelivery(d), w.moveHead(item.channel, item.conversation, item.row)); err != nil {
			return err
		}
	}
	return nil
}
