package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// Find implements bot.Records. It reads every name there is.
func (s *Store) Find(ctx context.Context, who string) (found []bot.Contact, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = s.view(func(v view) error {
		for _, id := range v.meant(strings.TrimSpace(who)) {
			c, err := v.contact(id)
			if errors.Is(err, bot.ErrNotFound) {
				continue // an index that leads nowhere, which check tells
			}
			if err != nil {
				c = bot.Contact{ID: id} // damaged: it can be erased all the same
			}
			found = append(found, c)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("finding a contact: %w", err)
	}
	return found, nil
}

// meant gives the ids of the contacts that who may mean, sorted.
func (v view) meant(who string) (ids []string) {
	if who == "" {
		return nil
	}
	if v.get(inContacts, []byte(who)) != nil {
		ids = append(ids, who)
	}
	if c, err := v.conversation(who); err == nil {
		ids = append(ids, c.Contact)
	}
	c := v.cursor(inAliases)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		if a, ok := readAliasKey(k); ok && a.Means(who) {
			ids = append(ids, string(b))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func readAliasKey(k []byte) (bot.Alias, bool) {
	parts := strings.SplitN(string(k), "\x00", 3)
	if len(parts) != 3 {
		return bot.Alias{}, false
	}
	return bot.Alias{Channel: parts[0], Kind: parts[1], Value: parts[2]}, true
}

// Person implements bot.Records. What is damaged is left out and told in err,
// beside the rest.
func (s *Store) Person(ctx context.Context, contact string) (p bot.Person, err error) {
	if err := ctx.Err(); err != nil {
		return p, err
	}
	var damage error
	err = s.view(func(v view) (err error) {
		p, _, damage, err = v.person(contact)
		return err
	})
	if err := errors.Join(err, damage); err != nil {
		return p, fmt.Errorf("reading all of contact %s: %w", contact, err)
	}
	return p, nil
}

// named are the keys of what is not found by a conversation.
type named struct{ events, misses [][]byte }

// person gives all of a contact, and the keys of the events that name it and of
// what was not understood.
func (v view) person(contact string) (p bot.Person, keys named, damage, err error) {
	p.Contact, err = v.contact(contact)
	if errors.Is(err, ErrDamaged) && void(err) {
		p.Contact, damage, err = bot.Contact{ID: contact}, err, nil
	}
	if err != nil {
		return p, keys, nil, err
	}
	for _, id := range v.conversationsOf(contact) {
		h, err := v.history(id)
		damage = errors.Join(damage, err)
		p.Conversations = append(p.Conversations, h)
	}
	damage = errors.Join(damage, v.hears(&p, &keys))
	trail := p.Trail()
	c := v.cursor(inEvents)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		e, err := decodeEvent(b)
		switch {
		case err != nil:
			damage = errors.Join(damage, fmt.Errorf("an event of %s: %w", eventTime(k), err))
		case trail.In(e.Body):
			p.Events = append(p.Events, e)
			keys.events = append(keys.events, bytes.Clone(k))
		}
	}
	return p, keys, damage, nil
}

// hears adds what was not understood of a person.
func (v view) hears(p *bot.Person, keys *named) error {
	ids := make([]string, len(p.Conversations))
	for i, h := range p.Conversations {
		ids[i] = h.Conversation.ID
	}
	var list []bot.Miss
	var damage []error
	keys.misses, list, damage = v.missesOf(ids)
	for _, m := range list {
		h := &p.Conversations[slices.Index(ids, m.Conversation)]
		h.Misses = append(h.Misses, m)
	}
	return errors.Join(damage...)
}

// conversationsOf gives the ids of a contact's conversations, by channel.
func (v view) conversationsOf(contact string) (ids []string) {
	prefix := joined(contact, "")
	c := v.cursor(inByContact)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		ids = append(ids, string(b))
	}
	return ids
}

// history reads all rows of one conversation.
func (v view) history(id string) (h bot.History, damage error) {
	h.Conversation.ID = id
	end := partKey(id, partEnd, 0)
	c := v.cursor(inConversations)
	for k, b := c.Seek(partKey(id, partMessage, 0)); k != nil && bytes.Compare(k, end) < 0; k, b = c.Next() {
		_, part, rest, err := splitPart(k)
		switch {
		case err != nil:
		case part == partMessage:
			var m bot.Message
			if m, err = decodeMessage(k, b); err == nil {
				h.Messages = append(h.Messages, m)
			}
		case part == partConversation:
			var read bot.Conversation
			if read, err = decodeConversation(id, b); err == nil {
				h.Conversation = read
			}
		case part == partTicket:
			t, bad := decodeTicket(id, string(rest), b)
			if err = bad; err == nil {
				h.Tickets = append(h.Tickets, t)
			}
		}
		if err != nil {
			damage = errors.Join(damage, fmt.Errorf("%s: %w", partName(k), err))
		}
	}
	slices.SortStableFunc(h.Tickets, func(a, b handoff.Ticket) int { return a.OpenedAt.Compare(b.OpenedAt) })
	err := v.eachDelivery(id, func(d delivery) { h.Deliveries = append(h.Deliveries, d.before()) })
	return h, errors.Join(damage, err)
}

// partName names a row of a conversation for who reads it.
func partName(k []byte) string {
	id, part, rest, err := splitPart(k)
	switch {
	case err != nil:
		return fmt.Sprintf("%q", k)
	case part == partMessage:
		return "message " + nameOf(k)
	case part == partMark:
		return fmt.Sprintf("conversation %s, mark %x", id, rest)
	case part == partTicket:
		return fmt.Sprintf("conversation %s, ticket %s", id, rest)
	default:
		return "conversation " + id
	}
}
