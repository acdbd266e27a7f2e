package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"frontdesk/bot"
)

// stilledAtOnce is how many conversations are changed in one write.
const stilledAtOnce = 500

// What a message says that waited in a backup.
const (
	restoredCode   = "restored"
	restoredReason = "it waited to be sent in the backup that was restored, and may have been sent since"
)

// Restored is called once on a file that was a backup, and leaves row in the
// audit, with its counts. With still nothing in the file happens by itself: what
// waits to be sent leaves the outbox and its message is unknown, as it may have
// been sent since the backup; and of each conversation what was due by row.At does
// not happen, see bot.Conversation.Stilled. Calling it again does no harm.
func (s *Store) Restored(ctx context.Context, row bot.Audit, still bool) (bot.Audit, error) {
	if still {
		if err := s.stillOutbox(ctx, &row); err != nil {
			return row, fmt.Errorf("holding back what waits: %w", err)
		}
		if err := s.stillWakes(ctx, &row); err != nil {
			return row, fmt.Errorf("holding back what is due: %w", err)
		}
	}
	if err := s.update(ctx, func(w *writer) error { return w.putAudit(row) }); err != nil {
		return row, fmt.Errorf("writing the audit: %w", err)
	}
	return row, nil
}

// stillOutbox empties the outbox.
func (s *Store) stillOutbox(ctx context.Context, row *bot.Audit) error {
	for {
		var n int
		err := s.update(ctx, func(w *writer) (err error) {
			n, err = w.stillSome(row.At)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		row.Deliveries += n
	}
}

// stillSome takes the first conversations out of the outbox. It goes on behind each:
// to pass over all that was removed before for each would take ever longer.
func (w *writer) stillSome(at time.Time) (n int, err error) {
	var from []byte
	for range stilledAtOnce {
		k, _ := w.cursor(inOutbox).Seek(from)
		if k == nil {
			return n, nil
		}
		key := bytes.Clone(k)
		id, _, err := splitMessageKey(key)
		if err != nil {
			return n, err
		}
		keys := w.keysBelow(inOutbox, joined(id, ""))
		if err := w.stillConversation(id, keys, at); err != nil {
			return n, err
		}
		n += len(keys)
		from = partKey(id, partMessage+1, 0)
	}
	return n, nil
}

func (w *writer) stillConversation(id string, keys [][]byte, at time.Time) error {
	c, err := w.conversation(id)
	if err != nil {
		return err
	}
	head := w.head(c.Channel, id)
	if err := w.deleteAll(inOutbox, keys); err != nil {
		return err
	}
	if err := w.moveHead(c.Channel, id, head); err != nil {
		return err
	}
	for _, k := range keys {
		m, err := w.message(k)
		if err != nil {
			return err
		}
		if !m.State.Advance(bot.StateUnknown) && m.State != bot.StateUnknown {
			continue // a receipt told more
		}
		m.State, m.StateAt, m.Code, m.Reason = bot.StateUnknown, at, restoredCode, restoredReason
		if err := w.storeMessage(c.Channel, m); err != nil {
			return err
		}
	}
	return w.raise(id)
}

// stillWakes lets nothing happen that was due by now.
func (s *Store) stillWakes(ctx context.Context, row *bot.Audit) error {
	var after []byte
	for {
		var found [][]byte
		err := s.view(func(v view) error {
			found = v.wakesAfter(after, row.At)
			return nil
		})
		if err != nil || len(found) == 0 {
			return err
		}
		after = found[len(found)-1]
		var n int
		err = s.update(ctx, func(w *writer) (err error) {
			n, err = w.stillDue(found, row.At)
			return err
		})
		if err != nil {
			return err
		}
		row.Conversations += n
	}
}

// wakesAfter lists some entries of the wakes that have come, behind one.
func (v view) wakesAfter(after []byte, now time.Time) (found [][]byte) {
	c := v.cursor(inWakes)
	k, _ := c.First()
	if after != nil {
		if k, _ = c.Seek(after); bytes.Equal(k, after) {
			k, _ = c.Next()
		}
	}
	for ; len(k) > timeSize && !readTime(k).After(now) && len(found) < stilledAtOnce; k, _ = c.Next() {
		found = append(found, slices.Clone(k))
	}
	return found
}

func (w *writer) stillDue(keys [][]byte, now time.Time) (n int, err error) {
	for _, k := range keys {
		c, err := w.conversation(string(k[timeSize:]))
		if err != nil {
			return n, err
		}
		stilled, due := c.Stilled(now)
		if !due {
			continue
		}
		if err := w.putConversation(stilled); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
