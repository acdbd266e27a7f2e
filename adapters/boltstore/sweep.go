package boltstore

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"frontdesk/bot"
)

const (
	// mostLooked is how many rows one step reads: some milliseconds.
	mostLooked = 2000
	// mostSwept is about how many rows one step removes in its write.
	mostSwept = 200
)

// The parts of a walk, in their order. A cursor is the part's letter and the key
// to go on from.
const (
	sweepsMisses        = 'm' // first: who asks for them names a conversation
	sweepsConversations = 'c'
	sweepsEvents        = 'e'
	sweepsAudit         = 'a'
	sweepsCosts         = 'p' // prices
	sweepsTraffic       = 't'
	sweepsOrder         = "mceapt"
)

// Sweep implements bot.Sweeper.
func (s *Store) Sweep(ctx context.Context, now time.Time, r bot.Retention, from bot.Cursor) (bot.Swept, bot.Cursor, error) {
	if err := ctx.Err(); err != nil {
		return bot.Swept{}, from, err
	}
	part, at := readSweepCursor(from)
	var plan sweeping
	err := s.view(func(v view) error {
		plan = v.plan(part, at, now, r)
		return nil
	})
	if err != nil {
		return bot.Swept{}, from, fmt.Errorf("looking for what is kept no longer: %w", err)
	}
	var swept bot.Swept
	if plan.any() {
		// Not a result of this method: when ctx ends, it may be written after that.
		var done bot.Swept
		err = s.update(ctx, func(w *writer) (err error) {
			done, err = w.sweep(plan, now, r)
			return err
		})
		if err != nil {
			return bot.Swept{}, from, fmt.Errorf("letting go of what is kept no longer: %w", err)
		}
		swept = done
	}
	if plan.damage != nil {
		err = fmt.Errorf("looking for what is kept no longer: %w", plan.damage)
	}
	return swept, sweepCursor(part, plan.next), err
}

func readSweepCursor(from bot.Cursor) (part byte, at []byte) {
	at, err := base64.RawURLEncoding.DecodeString(string(from[min(1, len(from)):]))
	if from == "" || err != nil || bytes.IndexByte([]byte(sweepsOrder), from[0]) < 0 {
		return sweepsOrder[0], nil // of another store, or none: a walk too many does no harm
	}
	return from[0], at
}

// sweepCursor is the place next in a part; the next part when next is nil.
func sweepCursor(part byte, next []byte) bot.Cursor {
	if next != nil {
		return bot.Cursor(string(part) + base64.RawURLEncoding.EncodeToString(next))
	}
	if i := bytes.IndexByte([]byte(sweepsOrder), part) + 1; i < len(sweepsOrder) {
		return bot.Cursor(sweepsOrder[i : i+1])
	}
	return ""
}

// sweeping is what one step is to do.
type sweeping struct {
	conversations []string // those of which something goes
	keys          [][]byte // of events, or rows of the audit, the books, the traffic or the misses
	bucket        string   // of keys
	next          []byte   // nil: the part is over
	damage        error
}

func (p *sweeping) any() bool { return len(p.conversations)+len(p.keys) > 0 }

func (v view) plan(part byte, at []byte, now time.Time, r bot.Retention) sweeping {
	switch part {
	case sweepsEvents:
		return v.planTimed(inEvents, at, now, shortest(r), func(_, b []byte) (bool, error) {
			e, err := decodeEvent(b)
			return err == nil && bot.Over(e.At, r.On(e.Channel).Events, now), err
		})
	case sweepsAudit:
		return v.planTimed(inAudit, at, now, r.Audit, func(_, _ []byte) (bool, error) { return true, nil })
	case sweepsCosts:
		return v.planTimed(inCosts, at, now, costsFor(r.Costs), func(_, _ []byte) (bool, error) { return true, nil })
	case sweepsMisses:
		return v.planMisses(at, now, r)
	case sweepsTraffic:
		return v.planTraffic(at, now)
	default:
		return v.planConversations(at, now, r)
	}
}

// shortest is the shortest time for which events are kept; zero is for ever.
func shortest(r bot.Retention) time.Duration {
	keep := r.Events
	for _, k := range r.Channels {
		if k.Events > 0 && (keep == 0 || k.Events < keep) {
			keep = k.Events
		}
	}
	return keep
}

// planTimed looks at rows whose keys begin with their time, until those that are
// younger than least.
func (v view) planTimed(bucket string, at []byte, now time.Time, least time.Duration, over func(k, b []byte) (bool, error)) sweeping {
	p := sweeping{bucket: bucket}
	if least == 0 {
		return p
	}
	c := v.cursor(bucket)
	looked := 0
	for k, b := c.Seek(at); k != nil; k, b = c.Next() {
		if len(k) < timeSize {
			p.damage = errors.Join(p.damage, fmt.Errorf("%w: %q is no time in %s", ErrDamaged, k, bucket))
			continue
		}
		if t := readTime(k); !t.IsZero() && !bot.Over(t, least, now) {
			return p
		}
		if looked++; looked > mostLooked || len(p.keys) >= mostSwept {
			p.next = bytes.Clone(k)
			return p
		}
		gone, err := over(k, b)
		if err != nil {
			p.damage = errors.Join(p.damage, fmt.Errorf("%s of %s: %w", bucket, eventTime(k), err))
		}
		if gone {
			p.keys = append(p.keys, bytes.Clone(k))
		}
	}
	return p
}

// eventTime is when the row with this key happened, for an error.
func eventTime(k []byte) string {
	if len(k) < timeSize {
		return fmt.Sprintf("%q", k)
	}
	return readTime(k).Format(time.RFC3339)
}

func (v view) planConversations(at []byte, now time.Time, r bot.Retention) (p sweeping) {
	c := v.cursor(inConversations)
	looked, removed := 0, 0
	for k, _ := c.Seek(at); k != nil; {
		id, _, _, err := splitPart(k)
		if err != nil {
			p.damage = errors.Join(p.damage, err)
			k, _ = c.Next()
			continue
		}
		if looked >= mostLooked || removed >= mostSwept {
			p.next = bytes.Clone(k)
			return p
		}
		var o overdue
		err = guard(func() (err error) { // a broken page is no reason to keep everybody else
			o, err = v.overdue(id, now, r, mostSwept-removed)
			return err
		})
		looked, removed = looked+o.looked, removed+o.size()
		switch {
		case err != nil:
			p.damage = errors.Join(p.damage, err)
		case o.size() > 0:
			p.conversations = append(p.conversations, id)
		}
		if err == nil && o.next != nil {
			p.next = o.next
			return p
		}
		k, _ = c.Seek(partKey(id, partEnd, 0))
	}
	return p
}

// overdue is what of a conversation is kept no longer.
type overdue struct {
	conversation bot.Conversation
	messages     [][]byte // keys, from the first on
	tickets      [][]byte
	marks        [][]byte
	whole        bool   // and the rest of it
	next         []byte // the first row that was more than asked for; nil: these are all
	looked       int    // rows
}

func (o overdue) size() int {
	n := len(o.messages) + len(o.tickets) + len(o.marks)
	if o.whole {
		n++
	}
	return n
}

// overdue looks at one conversation and lists at most limit rows. One that goes
// whole loses its messages first, so many at a time.
func (v view) overdue(id string, now time.Time, r bot.Retention, limit int) (o overdue, err error) {
	o.looked = 1
	if o.conversation, err = v.conversation(id); err != nil {
		return o, err
	}
	keep := r.On(o.conversation.Channel)
	waiting, _ := v.first(id)
	t, err := v.ticket(id, o.conversation.Ticket)
	if err != nil {
		return o, err
	}
	gone := !t.Open() && waiting == nil && bot.Over(o.conversation.UpdatedAt, keep.Conversations, now)
	closed := !t.Open() && (gone || keep.Messages > 0)
	if closed {
		o.overdueMessages(v, waiting, now, keep.Messages, gone, limit)
	}
	if o.next == nil { // in the order of their keys
		o.overdueMarks(v, now, gone, limit)
	}
	if closed && o.next == nil {
		o.overdueTickets(v, now, keep.Messages, gone, limit)
	}
	o.whole = gone && o.next == nil
	return o, nil
}

// overdueMessages lists messages up to the newest, which a list of conversations
// shows, and to the first that waits to be sent.
func (o *overdue) overdueMessages(v view, waiting []byte, now time.Time, keep time.Duration, gone bool, limit int) {
	id := o.conversation.ID
	prefix := joined(id, "")
	newest := messageKey(id, o.conversation.LastSeq)
	c := v.cursor(inConversations)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		o.looked++
		m, err := decodeMessage(k, b)
		old := gone || (err == nil && bot.Over(m.At, keep, now))
		if !old || bytes.Equal(k, newest) || bytes.Equal(k, waiting) {
			return
		}
		if o.size() >= limit {
			o.next = bytes.Clone(k)
			return
		}
		o.messages = append(o.messages, bytes.Clone(k))
	}
}

// overdueTickets lists tickets that were closed as long ago as messages are kept:
// they quote the customer.
func (o *overdue) overdueTickets(v view, now time.Time, keep time.Duration, gone bool, limit int) {
	id := o.conversation.ID
	prefix := partKey(id, partTicket, 0)
	c := v.cursor(inConversations)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		o.looked++
		t, err := decodeTicket(id, "", b)
		if !gone && (err != nil || !bot.Over(t.ClosedAt, keep, now)) {
			continue
		}
		if o.size() >= limit {
			o.next = bytes.Clone(k)
			return
		}
		o.tickets = append(o.tickets, bytes.Clone(k))
	}
}

func (o *overdue) overdueMarks(v view, now time.Time, gone bool, limit int) {
	prefix := partKey(o.conversation.ID, partMark, 0)
	c := v.cursor(inConversations)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		o.looked++
		at, sound := readMark(b)
		if !gone && (!sound || !bot.Over(at, bot.HandledFor+time.Hour, now)) {
			continue
		}
		if o.size() >= limit {
			o.next = bytes.Clone(k)
			return
		}
		o.marks = append(o.marks, bytes.Clone(k))
	}
}

// readMark reads what encodeMark wrote.
func readMark(b []byte) (at time.Time, ok bool) {
	if len(b) != 4 {
		return at, false
	}
	return time.Unix(int64(binary.BigEndian.Uint32(b))*3600, 0).UTC(), true
}

// sweep carries a plan out. What is in it is looked at again: much may have
// happened since.
func (w *writer) sweep(p sweeping, now time.Time, r bot.Retention) (swept bot.Swept, err error) {
	for _, id := range p.conversations {
		o, err := w.overdue(id, now, r, mostSwept)
		if err != nil {
			continue // it is gone, or damaged since, which the next walk tells
		}
		if err := w.letGo(o, &swept); err != nil {
			return swept, err
		}
	}
	for _, k := range p.keys {
		if w.get(p.bucket, k) == nil {
			continue // erased since
		}
		if err := w.letGoOf(p.bucket, k, &swept); err != nil {
			return swept, err
		}
	}
	return swept, nil
}

// leastCosts is for how long rows of the books stay at least: the sums of this month
// and the last are made of them, and say what is free still and what may be spent.
const leastCosts = 63 * 24 * time.Hour

func costsFor(kept time.Duration) time.Duration {
	if kept == 0 {
		return 0 // for ever
	}
	return max(kept, leastCosts)
}

// letGoOf removes a row that stands for itself.
func (w *writer) letGoOf(bucket string, key []byte, swept *bot.Swept) error {
	switch bucket {
	case inCosts:
		swept.Costs++
		return w.unbook(key)
	case inEvents:
		swept.Events++
	case inTraffic:
		swept.Traffic++
	case inMisses:
		swept.Misses++
	default:
		swept.Audit++
	}
	return w.delete(bucket, key)
}

func (w *writer) letGo(o overdue, swept *bot.Swept) error {
	id := o.conversation.ID
	rows := slices.Concat(o.messages, o.tickets, o.marks)
	if err := w.deleteAll(inConversations, rows); err != nil {
		return err
	}
	swept.Messages += len(o.messages)
	swept.Tickets += len(o.tickets)
	swept.Marks += len(o.marks)
	if o.whole {
		return w.letGoWhole(id, o.conversation.Contact, swept)
	}
	if len(o.messages)+len(o.tickets) == 0 {
		return nil
	}
	return w.raise(id) // whoever decides from what was there decides again
}

// letGoWhole removes the rest of a conversation, and its contact with its last one.
func (w *writer) letGoWhole(id, contact string, swept *bot.Swept) error {
	gone, err := w.forget(id)
	if err != nil {
		return err
	}
	swept.Conversations++
	swept.Messages += gone.messages
	swept.Tickets += gone.tickets
	if len(w.conversationsOf(contact)) > 0 || w.get(inContacts, []byte(contact)) == nil {
		return nil
	}
	swept.Contacts++
	_, err = w.forgetContact(contact)
	return err
}

// keyWalk is where a walk through the file is kept, in the meta bucket.
const keyWalk = "walk"

// Walk implements bot.Sweeper.
func (s *Store) Walk(ctx context.Context) (walk bot.Walk, err error) {
	if err := ctx.Err(); err != nil {
		return walk, err
	}
	err = s.view(func(v view) error {
		b := v.get(inMeta, []byte(keyWalk))
		if b == nil {
			return nil
		}
		return decode(b, 1, func(f field) (err error) {
			switch f.number {
			case 1:
				err = readMoment(&walk.BegunAt, f)
			case 2:
				walk.At = bot.Cursor(f.text())
			case 3:
				walk.Over = f.bool()
			}
			return err
		})
	})
	if err != nil {
		return bot.Walk{}, fmt.Errorf("reading how far the walk came: %w", err)
	}
	return walk, nil
}

// SaveWalk implements bot.Sweeper.
func (s *Store) SaveWalk(ctx context.Context, walk bot.Walk) error {
	b := appendText(appendMoment([]byte{form}, 1, walk.BegunAt), 2, string(walk.At))
	b = seal(appendBool(b, 3, walk.Over))
	if err := s.update(ctx, func(w *writer) error { return w.put(inMeta, []byte(keyWalk), b) }); err != nil {
		return fmt.Errorf("storing how far the walk came: %w", err)
	}
	return nil
}
