package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"frontdesk/bot"
)

// step is a Change whose records are encoded, so that the writing goroutine has
// little left to do.
type step struct {
	bot.Change
	mark     []byte // when the event was handled
	contact  []byte
	messages []row
	charges  []bot.Charge
	ticket   []byte
	outbox   []row
	misses   []row
}

// talk is what a commit changes of one conversation.
type talk struct {
	steps        []step
	last         bot.Conversation // as it is afterwards
	conversation []byte           // its record
}

// Commit implements bot.Ledger.
func (s *Store) Commit(ctx context.Context, changes []bot.Change) error {
	var talks []talk
	for rest := changes; len(rest) > 0; {
		id := rest[0].Conversation.ID
		n := slices.IndexFunc(rest, func(c bot.Change) bool { return c.Conversation.ID != id })
		if n < 0 {
			n = len(rest)
		}
		t, err := prepareTalk(rest[:n])
		if err == nil && slices.ContainsFunc(talks, func(other talk) bool { return !besides(other.last, t.last) }) {
			err = fmt.Errorf("changes of conversation %s and of %s cannot be one commit", talks[0].last.ID, id)
		}
		if err != nil {
			return fmt.Errorf("committing: %w", err)
		}
		talks, rest = append(talks, t), rest[n:]
	}
	if len(talks) == 0 {
		return nil
	}
	return s.update(ctx, func(w *writer) error { return w.commit(talks) })
}

// besides reports whether two conversations may be changed in one commit.
func besides(a, b bot.Conversation) bool { return a.ID != b.ID && a.Contact == b.Contact }

// prepareTalk checks the changes of one conversation, and encodes them.
func prepareTalk(changes []bot.Change) (t talk, err error) {
	t.steps, t.last = make([]step, len(changes)), changes[len(changes)-1].Conversation
	seen := make(map[string]bool, len(changes))
	for i, c := range changes {
		if i > 0 {
			if err := chained(changes[i-1], c); err != nil {
				return t, err
			}
		}
		if c.Event != "" {
			if seen[c.Event] {
				return t, fmt.Errorf("event %s twice: %w", c.Event, bot.ErrDuplicate)
			}
			seen[c.Event] = true
		}
		if t.steps[i], err = prepare(c); err != nil {
			return t, err
		}
	}
	if t.conversation, err = encodeConversation(t.last); err != nil {
		return t, fmt.Errorf("encoding conversation %s: %w", t.last.ID, err)
	}
	return t, nil
}

// A mark is the hour since 1970 in which its event was handled: it is kept for
// days, and there is one for each message of a customer.
func encodeMark(at time.Time) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(max(at.Unix()/3600, 0)))
}

// chained checks that next can follow prev in one commit.
func chained(prev, next bot.Change) error {
	p, n := prev.Conversation, next.Conversation
	if p.ID != n.ID || p.Contact != n.Contact || p.Channel != n.Channel {
		return fmt.Errorf("changes of conversation %s and of %s cannot be one commit", p.ID, n.ID)
	}
	if next.Base != p.Version {
		return fmt.Errorf("the change of conversation %s to version %d follows version %d: %w", n.ID, n.Version, p.Version, bot.ErrConflict)
	}
	return nil
}

// prepare checks what can be known without the store, and encodes.
func prepare(c bot.Change) (st step, err error) {
	conv := c.Conversation
	if err := checkParts("part of a conversation's key", conv.ID, conv.Contact, conv.Channel); err != nil {
		return st, err
	}
	if conv.Version != c.Base+1 {
		return st, fmt.Errorf("conversation %s has version %d on base %d", conv.ID, conv.Version, c.Base)
	}
	st = step{Change: c, mark: encodeMark(conv.UpdatedAt)}
	if st.contact, err = prepareContact(c.Contact); err != nil {
		return st, err
	}
	st.messages, st.charges = make([]row, 0, len(c.Messages)), make([]bot.Charge, 0, len(c.Messages))
	for _, m := range c.Messages {
		if m.Conversation != conv.ID {
			return st, fmt.Errorf("message %s is not of conversation %s", m.ID(), conv.ID)
		}
		b, err := encodeMessage(m)
		if err != nil {
			return st, fmt.Errorf("encoding message %s: %w", m.ID(), err)
		}
		st.messages = append(st.messages, row{messageKey(conv.ID, m.Seq), b})
		st.charges = append(st.charges, m.Charge(conv.Channel))
	}
	for _, d := range c.Deliveries {
		if d.Conversation != conv.ID || d.Seq == 0 || d.Seq > conv.LastSeq {
			return st, fmt.Errorf("a delivery of message %d of %s does not belong to conversation %s", d.Seq, d.Conversation, conv.ID)
		}
		st.outbox = append(st.outbox, row{messageKey(conv.ID, d.Seq), encodeDelivery(delivery{Delivery: d})})
	}
	for _, m := range c.Misses {
		if m.Conversation != conv.ID {
			return st, fmt.Errorf("what was not understood is of conversation %s, not of %s", m.Conversation, conv.ID)
		}
		st.misses = append(st.misses, row{missKey(m), encodeMiss(m)})
	}
	if t := c.Ticket; t != nil {
		if t.ID == "" || t.Conversation != conv.ID {
			return st, fmt.Errorf("ticket %q is not of conversation %s", t.ID, conv.ID)
		}
		if err := checkParts("part of a ticket", t.ID); err != nil {
			return st, err
		}
		st.ticket = encodeTicket(*t)
	}
	return st, nil
}

func prepareContact(c *bot.Contact) ([]byte, error) {
	if c == nil {
		return nil, nil
	}
	if err := checkParts("a contact's id", c.ID); err != nil {
		return nil, err
	}
	for _, a := range c.Aliases {
		if err := checkParts("part of an alias", a.Channel, a.Kind, a.Value); err != nil {
			return nil, err
		}
	}
	return encodeContact(*c), nil
}

// commit checks everything first, so that what is refused has written nothing.
func (w *writer) commit(talks []talk) error {
	stored := make([]conversationHeader, len(talks))
	for i, t := range talks {
		var err error
		if stored[i], err = w.check(t.steps, t.last); err != nil {
			return err
		}
	}
	for i, t := range talks {
		if err := w.write(t, stored[i]); err != nil {
			return err
		}
	}
	return nil
}

// write writes a talk that was checked against what is stored.
func (w *writer) write(t talk, stored conversationHeader) error {
	last := t.last
	first, b := w.first(last.ID)
	head := w.headOf(last.Channel, last.ID, b)
	epoch, newest, settled := stored.epoch, stored.lastSeq, false
	var news []row
	for _, st := range t.steps {
		if err := w.change(st, newest); err != nil {
			return err
		}
		newest = st.Conversation.LastSeq
		news, settled = append(news, st.outbox...), settled || len(st.Settled) > 0
		if e := st.Conversation.Epoch; e > epoch {
			epoch, settled = e, true
			if err := w.cancel(last, epoch, st.Conversation.UpdatedAt); err != nil {
				return err
			}
		}
	}
	if err := w.storeConversation(stored, last, t.conversation); err != nil {
		return err
	}
	if stored.version == 0 {
		if err := w.put(inByContact, joined(last.Contact, last.Channel), []byte(last.ID)); err != nil {
			return err
		}
	}
	if !settled && stays(first, b, news) {
		return nil
	}
	if err := w.turn(last.ID, t.nextAt()); err != nil {
		return err
	}
	return w.moveHead(last.Channel, last.ID, head)
}

// nextAt is before when what waits in the conversation must not be sent.
func (t talk) nextAt() (at time.Time) {
	for _, st := range t.steps {
		at = latest(at, st.NextAt)
	}
	return at
}

// stays reports whether what was first in a conversation's outbox is so still, and
// at the same place among all that wait, when others joined and none left.
func stays(first, b []byte, news []row) bool {
	answers := first != nil && len(b) > 1 && b[1]&deliveryCourtesy == 0
	return len(news) == 0 || answers && !slices.ContainsFunc(news, func(r row) bool { return bytes.Compare(r.key, first) <= 0 })
}

// check gives the header of what is stored; its version is 0 when there is nothing.
func (w *writer) check(steps []step, last bot.Conversation) (stored conversationHeader, err error) {
	// The duplicate counts more than the conflict: it is an answer, not a reason
	// to try again.
	for _, st := range steps {
		if st.Event != "" && w.get(inConversations, markKey(last.ID, st.Event)) != nil {
			return stored, fmt.Errorf("event %s: %w", st.Event, bot.ErrDuplicate)
		}
	}
	if b := w.get(inConversations, conversationKey(last.ID)); b != nil {
		if stored, err = readConversationHeader(b); err != nil {
			return stored, fmt.Errorf("conversation %s: %w", last.ID, err)
		}
	}
	if base := steps[0].Base; stored.version != base {
		return stored, fmt.Errorf("conversation %s has version %d, not %d: %w", last.ID, stored.version, base, bot.ErrConflict)
	}
	if err := w.checkOwner(steps, last, stored); err != nil {
		return stored, err
	}
	return stored, checkSeqs(steps, stored.lastSeq)
}

// checkOwner checks that contact and conversation belong to each other, and no
// alias to anybody else.
func (w *writer) checkOwner(steps []step, last bot.Conversation, stored conversationHeader) error {
	if stored.version != 0 && !stored.isOf(last.Channel, last.Contact) {
		return fmt.Errorf("conversation %s cannot move to contact %s and channel %s", last.ID, last.Contact, last.Channel)
	}
	if stored.version == 0 {
		if owner := w.get(inByContact, joined(last.Contact, last.Channel)); owner != nil {
			return fmt.Errorf("contact %s has conversation %s on %s: %w", last.Contact, owner, last.Channel, bot.ErrConflict)
		}
	}
	known := stored.version != 0 || w.get(inContacts, []byte(last.Contact)) != nil
	for _, st := range steps {
		if st.Contact == nil {
			continue
		}
		known = known || st.Contact.ID == last.Contact
		for _, a := range st.Contact.Aliases {
			if owner := w.get(inAliases, aliasKey(a)); owner != nil && string(owner) != st.Contact.ID {
				return fmt.Errorf("an alias of contact %s belongs to %s: %w", st.Contact.ID, owner, bot.ErrConflict)
			}
		}
	}
	if !known {
		return fmt.Errorf("conversation %s has contact %s, which nobody stored", last.ID, last.Contact)
	}
	return nil
}

// checkSeqs checks that new messages follow last without a gap; one with a
// smaller number replaces what is there.
func checkSeqs(steps []step, last uint64) error {
	for _, st := range steps {
		for _, m := range st.Messages {
			if m.Seq == last+1 {
				last++
			}
			if m.Seq == 0 || m.Seq > last {
				return fmt.Errorf("message %d of conversation %s cannot be stored: the next one is %d", m.Seq, m.Conversation, last+1)
			}
		}
		if c := st.Conversation; c.LastSeq != last {
			return fmt.Errorf("conversation %s says that its last message is %d, but it is %d", c.ID, c.LastSeq, last)
		}
	}
	return nil
}

// change writes a step; newest is the number of the newest message that is stored.
func (w *writer) change(st step, newest uint64) error {
	if st.Event != "" {
		if err := w.put(inConversations, markKey(st.Conversation.ID, st.Event), st.mark); err != nil {
			return err
		}
	}
	if st.Contact != nil {
		if err := w.putContact(*st.Contact, st.contact); err != nil {
			return err
		}
	}
	for i, r := range st.messages {
		if err := w.putMessage(r, st.charges[i], st.charges[i].Seq > newest); err != nil {
			return err
		}
	}
	if st.Ticket != nil {
		if err := w.putTicket(*st.Ticket, st.ticket); err != nil {
			return err
		}
	}
	for _, r := range st.outbox {
		if err := w.put(inOutbox, r.key, r.value); err != nil {
			return err
		}
	}
	for _, r := range st.misses {
		if err := w.put(inMisses, r.key, r.value); err != nil {
			return err
		}
	}
	for _, seq := range st.Settled {
		if err := w.delete(inOutbox, messageKey(st.Conversation.ID, seq)); err != nil {
			return err
		}
	}
	return nil
}

// putContact stores a contact; aliases that it had and has no more become free.
func (w *writer) putContact(c bot.Contact, b []byte) error {
	if w.get(inContacts, []byte(c.ID)) != nil {
		old, err := w.contact(c.ID)
		if err != nil {
			return err
		}
		for _, a := range old.Aliases {
			if err := w.delete(inAliases, aliasKey(a)); err != nil {
				return err
			}
		}
	}
	for _, a := range c.Aliases {
		if err := w.put(inAliases, aliasKey(a), []byte(c.ID)); err != nil {
			return err
		}
	}
	return w.put(inContacts, []byte(c.ID), b)
}

func (w *writer) storeMessage(channel string, m bot.Message) error {
	b, err := encodeMessage(m)
	if err != nil {
		return fmt.Errorf("encoding message %s: %w", m.ID(), err)
	}
	return w.putMessage(row{messageKey(m.Conversation, m.Seq), b}, m.Charge(channel), false)
}

// putMessage is the one place where messages are written, so that the books say of
// each what it costs.
func (w *writer) putMessage(r row, c bot.Charge, isNew bool) error {
	if err := w.put(inConversations, r.key, r.value); err != nil {
		return err
	}
	return w.book(c, isNew)
}

// cancel takes the bot's deliveries of an epoch before epoch out of the outbox.
// One that is being sent stays until its result is known.
func (w *writer) cancel(c bot.Conversation, epoch uint64, at time.Time) error {
	var stale []delivery
	err := w.eachDelivery(c.ID, func(d delivery) {
		if d.Author == bot.AuthorBot && d.Epoch < epoch {
			stale = append(stale, d)
		}
	})
	if err != nil {
		return err
	}
	for _, d := range stale {
		if d.lease.sending() {
			d.Cancel = true
			if err := w.putDelivery(d); err != nil {
				return err
			}
			continue
		}
		if err := w.cancelOne(c.Channel, d, at); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) cancelOne(channel string, d delivery, at time.Time) error {
	key := messageKey(d.Conversation, d.Seq)
	if err := w.delete(inOutbox, key); err != nil {
		return err
	}
	state := bot.StateCancelled
	if doubtful(d.Delivery) {
		state = bot.StateUnknown // nobody may read that the customer did not get it
	}
	m, err := w.message(key)
	if err != nil || !m.State.Advance(state) {
		return err
	}
	m.State, m.StateAt = state, at
	return w.storeMessage(channel, m)
}

// Keep implements bot.Ledger.
func (s *Store) Keep(ctx context.Context, events []bot.Event) error {
	if len(events) == 0 {
		return nil
	}
	values := make([][]byte, len(events))
	for i, e := range events {
		values[i] = encodeEvent(e)
	}
	return s.update(ctx, func(w *writer) error { return w.appendTo(inEvents, events, values) })
}

// appendTo stores events, each under its time and a number.
func (w *writer) appendTo(bucket string, events []bot.Event, values [][]byte) error {
	n := w.numbered(bucket)
	for i, e := range events {
		n++
		if err := w.put(bucket, binary.BigEndian.AppendUint64(appendTime(nil, e.At), n), values[i]); err != nil {
			return err
		}
	}
	return w.setNumbered(bucket, n)
}
