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
