package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// Erase implements bot.Records. What is damaged goes as well.
func (s *Store) Erase(ctx context.Context, contact string, row bot.Audit) (bot.Audit, error) {
	if err := ctx.Err(); err != nil {
		return bot.Audit{}, err
	}
	var known bot.Person
	var keys named
	err := s.view(func(v view) (err error) { // all events and misses are read: not where others wait
		known, keys, _, err = v.person(contact)
		return err
	})
	var erased bot.Audit
	if err == nil {
		// Not a result of this method: when ctx ends, it may be written after that.
		var done bot.Audit
		err = s.update(ctx, func(w *writer) (err error) {
			done, err = w.erase(known, keys, row)
			return err
		})
		if err == nil {
			erased = done
		}
	}
	if err != nil {
		return bot.Audit{}, fmt.Errorf("erasing contact %s: %w", contact, err)
	}
	return erased, nil
}

func (w *writer) erase(known bot.Person, keys named, row bot.Audit) (bot.Audit, error) {
	contact := known.Contact.ID
	row.Contact = contact
	if w.get(inContacts, []byte(contact)) == nil {
		return row, bot.ErrNotFound
	}
	var damaged bool
	ids := w.conversationsOf(contact)
	if w.wentOn(known, ids) {
		keys.misses, _, _ = w.missesOf(ids)
	}
	row.Misses = len(keys.misses)
	if err := w.deleteAll(inMisses, keys.misses); err != nil {
		return row, err
	}
	for _, id := range ids {
		gone, err := w.forget(id)
		if err != nil {
			return row, err
		}
		row.Conversations++
		row.Messages += gone.messages
		row.Tickets += gone.tickets
		row.Deliveries += gone.deliveries
		damaged = damaged || gone.damaged
	}
	for _, k := range keys.events {
		if w.get(inEvents, k) == nil {
			continue // retention was quicker
		}
		row.Events++
		if err := w.delete(inEvents, k); err != nil {
			return row, err
		}
	}
	whole, err := w.forgetContact(contact)
	if err == nil && (damaged || !whole) {
		err = w.mendAll() // what could not be read may stand in any index
	}
	return row, errors.Join(err, w.putAudit(row))
}

// wentOn reports whether a conversation of a person changed since they were read:
// what was not understood comes with such a change.
func (w *writer) wentOn(known bot.Person, ids []string) bool {
	versions := make(map[string]uint64)
	for _, h := range known.Conversations {
		versions[h.Conversation.ID] = h.Conversation.Version
	}
	return slices.ContainsFunc(ids, func(id string) bool {
		h, err := readConversationHeader(w.get(inConversations, conversationKey(id)))
		return err != nil || h.version != versions[id]
	})
}

// forgotten is what was removed with a conversation.
type forgotten struct {
	messages, tickets, deliveries int
	damaged                       bool // something could not be read: indexes may lead to it still
}

// forget removes a conversation, and all that leads there.
func (w *writer) forget(id string) (gone forgotten, err error) {
	b := w.get(inConversations, conversationKey(id))
	c, bad := decodeConversation(id, b)
	gone.damaged = bad != nil
	if bad == nil {
		if gone.damaged, err = w.forgetPlaces(b, c); err != nil {
			return gone, err
		}
	}
	rows := w.rowsOf(id)
	for _, k := range rows {
		_, part, _, _ := splitPart(k) // rowsOf gives no others
		switch part {
		case partMessage:
			gone.messages++
		case partTicket:
			gone.tickets++
		}
	}
	waiting := w.keysBelow(inOutbox, joined(id, ""))
	gone.deliveries = len(waiting)
	return gone, errors.Join(w.deleteAll(inConversations, rows), w.deleteAll(inOutbox, waiting))
}

// forgetPlaces removes a conversation, of which b is the record, from every index
// but that of its messages.
func (w *writer) forgetPlaces(b []byte, c bot.Conversation) (damaged bool, err error) {
	h, err := readConversationHeader(bytes.Clone(b))
	if err != nil {
		return true, nil //nolint:nilerr // what is damaged goes as well, see mendAll
	}
	if head := w.head(c.Channel, c.ID); head.key != nil {
		damaged = w.get(inDue, head.key) == nil // it is in another place
		if err := w.delete(inDue, head.key); err != nil {
			return false, err
		}
	}
	if !h.entry.IsZero() {
		if err := w.delete(inWakes, wakeKey(h.entry, c.ID)); err != nil {
			return false, err
		}
	}
	t, bad := w.ticket(c.ID, c.Ticket)
	if bad == nil {
		err = w.moveLists(t, handoff.Ticket{})
	}
	return damaged || bad != nil, errors.Join(err, w.moveStanding(h.standing(), ""), w.delete(inByContact, joined(c.Contact, c.Channel)))
}

// rowsOf gives the keys of all rows of a conversation.
func (v view) rowsOf(id string) (keys [][]byte) {
	end := partKey(id, partEnd, 0)
	c := v.cursor(inConversations)
	for k, _ := c.Seek(partKey(id, partMessage, 0)); k != nil && bytes.Compare(k, end) < 0; k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}

func (w *writer) deleteAll(bucket string, keys [][]byte) error {
	for _, k := range keys {
		if err := w.delete(bucket, k); err != nil {
			return err
		}
	}
	return nil
}

// forgetContact removes a contact and its names. whole is false when the record
// could not be read, so that its names are there still.
func (w *writer) forgetContact(id string) (whole bool, err error) {
	c, bad := w.contact(id)
	for _, a := range c.Aliases {
		if string(w.get(inAliases, aliasKey(a))) != id {
			continue
		}
		if err := w.delete(inAliases, aliasKey(a)); err != nil {
			return false, err
		}
	}
	left := w.keysBelow(inByContact, joined(id, "")) // of conversations that could not be read
	return bad == nil, errors.Join(w.deleteAll(inByContact, left), w.delete(inContacts, []byte(id)))
}

func (v view) keysBelow(bucket string, prefix []byte) (keys [][]byte) {
	c := v.cursor(bucket)
	for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}
