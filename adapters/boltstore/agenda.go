package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

func wakeKey(at time.Time, conversation string) []byte {
	return append(appendTime(make([]byte, 0, timeSize+len(conversation)), at), conversation...)
}

// moveWake brings the wakes up to date and gives the conversation's new entry.
// An entry may be earlier than the conversation wakes: most of the time a message
// moves the wake of its conversation to a later moment, and would cost two more
// pages of the file each time. Whoever meets such an entry moves it, see Wakes.
func (w *writer) moveWake(conversation string, entry, wake time.Time) (time.Time, error) {
	if !entry.IsZero() && (wake.IsZero() || !wake.Before(entry)) {
		return entry, nil
	}
	if !entry.IsZero() {
		if err := w.delete(inWakes, wakeKey(entry, conversation)); err != nil {
			return entry, err
		}
	}
	if wake.IsZero() {
		return wake, nil
	}
	return wake, w.put(inWakes, wakeKey(wake, conversation), nil)
}

// wakes is what the index says at a moment.
type wakes struct {
	due    []string
	next   time.Time
	early  []string // conversations whose entry has come and which wake later, or never
	damage []error  // of each entry that is not what its conversation says
	void   [][]byte // those of them that say nothing and must go
}

// mostEarly is how many entries are moved in one write.
const mostEarly = 256

// Wakes implements bot.Agenda. What is damaged is left out and told in err,
// beside the others; an entry that says nothing is removed and told once.
func (s *Store) Wakes(ctx context.Context, now time.Time, limit int) (conversations []string, next time.Time, err error) {
	var found wakes
	for {
		if err := ctx.Err(); err != nil {
			return nil, time.Time{}, err
		}
		err = s.view(func(v view) error {
			found = v.wakes(now, max(limit, 0))
			return nil
		})
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("reading who wakes: %w", err)
		}
		if len(found.early) == 0 {
			break
		}
		if err := s.update(ctx, func(w *writer) error { return w.moveEarly(found.early, now) }); err != nil {
			return nil, time.Time{}, fmt.Errorf("moving who wakes later: %w", err)
		}
	}
	if len(found.void) > 0 {
		err = s.update(ctx, func(w *writer) error { return w.deleteWakes(found.void) })
	}
	if err := errors.Join(append(found.damage, err)...); err != nil {
		return found.due, found.next, fmt.Errorf("reading who wakes: %w", err)
	}
	return found.due, found.next, nil
}

// wakes reads no further than the first entry that it does not list, or until it
// met enough that came too early.
func (v view) wakes(now time.Time, limit int) (found wakes) {
	c := v.cursor(inWakes)
	for k, _ := c.First(); k != nil && len(found.early) < mostEarly; k, _ = c.Next() {
		at, h, err := v.wake(k)
		switch {
		case err != nil:
			found.damage = append(found.damage, err)
			if void(err) {
				found.void = append(found.void, bytes.Clone(k))
			}
		case at.After(now):
			found.next = at
			return found
		case !h.wake.Equal(at):
			found.early = append(found.early, string(k[timeSize:]))
		case len(found.due) == limit:
			found.next = at
			return found
		default:
			found.due = append(found.due, string(k[timeSize:]))
		}
	}
	return found
}

// moveEarly gives entries that have come the moment at which their conversations wake.
func (w *writer) moveEarly(conversations []string, now time.Time) error {
	for _, id := range conversations {
		b := slices.Clone(w.get(inConversations, conversationKey(id)))
		h, err := readConversationHeader(b)
		if err != nil || h.entry.IsZero() || h.entry.After(now) || h.entry.Equal(h.wake) {
			continue // it was moved since, or is damaged, which the next reading tells
		}
		if err := w.delete(inWakes, wakeKey(h.entry, id)); err != nil {
			return err
		}
		entry, err := w.moveWake(id, time.Time{}, h.wake)
		if err != nil {
			return err
		}
		appendTime(b[:atEntry], entry)
		reseal(b)
		if err := w.put(inConversations, conversationKey(id), b); err != nil {
			return err
		}
	}
	return nil
}

// wake reads an entry and checks that its conversation knows of it: one that
// nobody moves would come first for ever.
func (v view) wake(k []byte) (at time.Time, h conversationHeader, err error) {
	if len(k) <= timeSize {
		return at, h, fmt.Errorf("%w: %q is no time of a conversation", ErrDamaged, k)
	}
	at = readTime(k)
	// A broken page under one of them is no reason to stop the others.
	err = guard(func() error {
		b := v.get(inConversations, conversationKey(string(k[timeSize:])))
		if b == nil {
			return fmt.Errorf("%w: it is not there", ErrDamaged)
		}
		h, err = readConversationHeader(b)
		if err == nil && (at.IsZero() || !h.entry.Equal(at)) {
			err = fmt.Errorf("%w: it wakes at another time", ErrDamaged)
		}
		return err
	})
	if err != nil {
		return at, h, fmt.Errorf("waking conversation %s: %w", k[timeSize:], err)
	}
	return at, h, nil
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
