package boltstore

import (
	"bytes"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// inspected is the conversation whose rows are being read.
type inspected struct {
	bot.Conversation
	sound bool   // its record could be read
	last  uint64 // Seq of the newest message so far
}

func (i *inspection) conversations() error {
	var at inspected
	return i.each(inConversations, func(k, b []byte) {
		id, part, rest, err := splitPart(k)
		if err != nil || part >= partEnd {
			i.found("conversations", fmt.Sprintf("%q is no key of a conversation", k), nil)
			return
		}
		if id != at.ID {
			at = i.begin(id)
		}
		switch part {
		case partMessage:
			i.message(&at, k, b)
		case partConversation:
			i.itself(at, b)
		case partMark:
			if _, ok := readMark(b); !ok || len(rest) != markSize {
				i.found(partName(k), "it is no mark of an event", nil)
			}
		case partTicket:
			i.ticketRow(at, string(rest), b)
		}
	})
}

// begin reads the conversation itself, before the messages that stand before it.
func (i *inspection) begin(id string) inspected {
	c, err := i.conversation(id)
	if err != nil {
		if i.get(inConversations, conversationKey(id)) == nil {
			i.found("conversation "+id, "there are messages, marks or tickets of it, and it is not there", nil)
		} else {
			i.damaged("conversation "+id, err)
		}
		c = bot.Conversation{ID: id}
	}
	return inspected{Conversation: c, sound: err == nil}
}

func (i *inspection) message(at *inspected, k, b []byte) {
	i.out.Messages++
	if m, err := decodeMessage(k, b); err != nil {
		i.damaged(partName(k), err)
	} else if at.sound {
		i.booked(partName(k), m.Charge(at.Channel))
	}
	if _, seq, err := splitMessageKey(k); err == nil {
		if at.last != 0 && seq != at.last+1 { // retention removes the first ones only
			i.found(partName(k), fmt.Sprintf("the message before it is %d", at.last), nil)
		}
		at.last = seq
	}
}

// itself checks a conversation against its messages and every index.
func (i *inspection) itself(at inspected, b []byte) {
	i.out.Conversations++
	if !at.sound {
		return
	}
	c, where := at.Conversation, "conversation "+at.ID
	if at.last != c.LastSeq {
		i.found(where, fmt.Sprintf("its newest message is %d, and it says %d", at.last, c.LastSeq), nil)
	}
	if i.get(inContacts, []byte(c.Contact)) == nil {
		i.found(where, fmt.Sprintf("its contact %s is not there", c.Contact), nil)
	}
	on := joined(c.Contact, c.Channel)
	switch led := string(i.get(inByContact, on)); {
	case led == c.ID:
	case led != "" && i.isOf(led, c):
		i.found(where, fmt.Sprintf("its contact has conversation %s on %s too", led, c.Channel), nil)
	default:
		i.found(where, "its contact does not lead to it", writing(inByContact, on, []byte(c.ID)))
	}
	h, err := readConversationHeader(b)
	if err != nil {
		return // told above
	}
	if place := h.standing(); place != "" {
		i.standings[place]++
	}
	i.waking(c, h)
}

func (i *inspection) isOf(id string, c bot.Conversation) bool {
	other, err := i.conversation(id)
	return err == nil && other.Contact == c.Contact && other.Channel == c.Channel
}

// waking checks that a conversation wakes in time. Its entry in the wakes may be
// early, see moveWake.
func (i *inspection) waking(c bot.Conversation, h conversationHeader) {
	where, wake := "conversation "+c.ID, c.WakeAt()
	if !h.wake.Equal(wake) {
		i.found(where, "its header tells another moment to wake than it does", mendWake(c.ID))
		return
	}
	noted := !h.entry.IsZero() && i.get(inWakes, wakeKey(h.entry, c.ID)) != nil
	late := !wake.IsZero() && (h.entry.IsZero() || wake.Before(h.entry))
	if late || (!h.entry.IsZero() && !noted) {
		i.found(where, "it would not wake in time", mendWake(c.ID))
	}
}

// mendWake gives a conversation a new entry in the wakes.
func mendWake(id string) func(w *writer) error {
	return func(w *writer) error {
		c, err := w.conversation(id)
		if err != nil {
			return err
		}
		b, err := encodeConversation(c)
		if err != nil {
			return err
		}
		was, err := readConversationHeader(bytes.Clone(w.get(inConversations, conversationKey(id))))
		if err != nil {
			return err
		}
		if !was.entry.IsZero() {
			if err := w.delete(inWakes, wakeKey(was.entry, id)); err != nil {
				return err
			}
			was.entry = time.Time{}
		}
		return w.storeConversation(was, c, b)
	}
}

func (i *inspection) ticketRow(at inspected, id string, b []byte) {
	i.out.Tickets++
	where := fmt.Sprintf("conversation %s, ticket %s", at.ID, id)
	t, err := decodeTicket(at.ID, id, b)
	if err != nil {
		i.damaged(where, err)
		return
	}
	if !t.Open() {
		return
	}
	if at.sound && at.Ticket != t.ID {
		i.found(where, "it is open, and its conversation does not say so", nil)
		return
	}
	i.listed(where, t)
}

// listed checks that an open ticket stands in its lists.
func (i *inspection) listed(where string, t handoff.Ticket) {
	i.tallies[string(joined(tallyState(t), t.Queue))]++
	for _, list := range lists(t) {
		i.tallies[string(joined(tallyList, list))]++
		key, value := openTicketKey(list, t), listing(t)
		if !bytes.Equal(i.get(inOpenTickets, key), value) {
			i.found(where, "it is open and not listed", writing(inOpenTickets, key, value))
		}
	}
}
