package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

func wakeKey(at time.Time, conversation string) []byte {
	return append(appendTime(make([]byte, 0, timeSize+len(conversation)), at), conversation...)
}

// moveWake brings the wakes up to date. Most changes move no wake and write
// nothing here.
func (w *writer) moveWake(conversation string, from, to time.Time) error {
	if from.Equal(to) {
		return nil
	}
	if !from.IsZero() {
		if err := w.delete(inWakes, wakeKey(from, conversation)); err != nil {
			return err
		}
	}
	if to.IsZero() {
		return nil
	}
	return w.put(inWakes, wakeKey(to, conversation), nil)
}

// wakes is what the index says at a moment.
type wakes struct {
	due    []string
	next   time.Time
	damage []error  // of each entry that is not what its conversation says
	void   [][]byte // those of them that say nothing and must go
}

// Wakes implements bot.Agenda. What is damaged is left out and told in err,
// beside the others; an entry that says nothing is removed and told once.
func (s *Store) Wakes(ctx context.Context, now time.Time, limit int) (conversations []string, next time.Time, err error) {
	if err := ctx.Err(); err != nil {
		return nil, time.Time{}, err
	}
	var found wakes
	err = s.view(func(v view) error {
		found = v.wakes(now, max(limit, 0))
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading who wakes: %w", err)
	}
	if len(found.void) > 0 {
		err = s.update(ctx, func(w *writer) error { return w.deleteWakes(found.void) })
	}
	if err := errors.Join(append(found.damage, err)...); err != nil {
		return found.due, found.next, fmt.Errorf("reading who wakes: %w", err)
	}
	return found.due, found.next, nil
}

// wakes reads no further than the first entry that it does not list.
func (v view) wakes(now time.Time, limit int) (found wakes) {
	c := v.cursor(inWakes)
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		at, conversation, err := v.wake(k)
		if err != nil {
			found.damage = append(found.damage, err)
			if void(err) {
				found.void = append(found.void, bytes.Clone(k))
			}
			continue
		}
		if at.After(now) || len(found.due) == limit {
			found.next = at
			break
		}
		found.due = append(found.due, conversation)
	}
	return found
}

// wake reads an entry and checks that its conversation says the same: one that
// nobody moves would come first for ever.
func (v view) wake(k []byte) (at time.Time, conversation string, err error) {
	if len(k) <= timeSize {
		return at, "", fmt.Errorf("%w: %q is no time of a conversation", ErrDamaged, k)
	}
	at, conversation = readTime(k), string(k[timeSize:])
	// A broken page under one of them is no reason to stop the others.
	err = guard(func() error {
		b := v.get(inConversations, k[timeSize:])
		if b == nil {
			return fmt.Errorf("%w: it is not there", ErrDamaged)
		}
		h, err := readConversationHeader(b)
		if err == nil && (at.IsZero() || !h.wake.Equal(at)) {
			err = fmt.Errorf("%w: it wakes at another time", ErrDamaged)
		}
		return err
	})
	if err != nil {
		return at, "", fmt.Errorf("waking conversation %s: %w", conversation, err)
	}
	return at, conversation, nil
}

// void reports whether an error of wake means that the entry says nothing. Behind
// a page that cannot be read now may be a conversation that is well.
func void(err error) bool {
	_, unread := errors.AsType[*panicError](err)
	return err != nil && !unread
}

// deleteWakes removes entries that say nothing, unless they came to say
// something since that was found.
func (w *writer) deleteWakes(keys [][]byte) error {
	for _, k := range keys {
		if _, _, err := w.wake(k); !void(err) {
			continue
		}
		if err := w.delete(inWakes, k); err != nil {
			return err
		}
	}
	return nil
}
