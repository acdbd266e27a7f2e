package boltstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"frontdesk/bot"
)

// shutTicket makes the queue say of the open ticket what the conversation says:
// its window is closed.
func (w *writer) shutTicket(c *bot.Conversation, at time.Time) error {
	t, err := w.ticket(c.ID, c.Ticket)
	if err != nil || !t.Open() || t.WindowCloses.Equal(c.ShutAt) {
		return err
	}
	t.WindowCloses = c.ShutAt
	t.Place = t.Stand(at)
	c.RankAt = t.Place.Next
	return w.putTicket(t, encodeTicket(t))
}

// putConversation stores c as its next version.
func (w *writer) putConversation(c bot.Conversation) error {
	c.Version++
	b, err := encodeConversation(c)
	if err != nil {
		return fmt.Errorf("encoding conversation %s: %w", c.ID, err)
	}
	was, err := readConversationHeader(w.get(inConversations, conversationKey(c.ID)))
	if err != nil {
		return err
	}
	return w.storeConversation(was, c, b)
}

// raise makes whoever decides from an older version of the conversation decide again.
func (w *writer) raise(conversation string) error {
	b := bytes.Clone(w.get(inConversations, conversationKey(conversation)))
	h, err := readConversationHeader(b)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint64(b[atVersion:], h.version+1)
	reseal(b)
	return w.put(inConversations, conversationKey(conversation), b)
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
	return w.put(inContacts, []byte(contact), encodeContact(c))
}
