package boltstore

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// untilFormat4 lists of open tickets were sorted by deadline; a ticket knew no place
// in line.
const untilFormat4 = 4

// complete ends what identify began: what a file of the format before says in
// another way is written as it is now. It comes after the journal, which may say it
// in that way, too.
func (w *writer) complete() error {
	was, err := w.format()
	if err != nil || was == format {
		return err
	}
	if was <= untilFormat4 {
		if err := w.lineUp(time.Now()); err != nil {
			return err
		}
	}
	return w.setFormat()
}

func (w *writer) setFormat() error {
	return w.put(inMeta, []byte(keyFormat), []byte(strconv.Itoa(format)))
}

// lineUp gives every open ticket its place in line, and has it judged again.
func (w *writer) lineUp(now time.Time) error {
	var keys [][]byte
	var tickets []listed
	c := w.cursor(inOpenTickets)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		keys = append(keys, slices.Clone(k))
		list, place, _ := bytes.Cut(k, []byte{0})
		if string(list) == listAll && len(place) > 2*timeSize && len(b) > timeSize { // deadline, opened at, ticket
			tickets = append(tickets, listed{ticket: string(place[2*timeSize:]), conversation: string(b[timeSize:])})
		}
	}
	for _, k := range keys {
		if err := w.delete(inOpenTickets, k); err != nil {
			return err
		}
	}
	for _, l := range tickets {
		// What is damaged is missing in the list afterwards; Check tells.
		if err := w.standAnew(l, now); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, bot.ErrNotFound) {
			return fmt.Errorf("ticket %s: %w", l.ticket, err)
		}
	}
	return nil
}

func (w *writer) standAnew(l listed, now time.Time) error {
	t, err := w.ticket(l.conversation, l.ticket)
	if err != nil || !t.Open() {
		return err
	}
	t.Place = t.Stand(now)
	for _, list := range lists(t) {
		if err := w.put(inOpenTickets, openTicketKey(list, t), listing(t)); err != nil {
			return err
		}
	}
	if err := w.put(inConversations, ticketKey(l.conversation, l.ticket), encodeTicket(t)); err != nil {
		return err
	}
	conversation, err := w.conversation(l.conversation)
	if err != nil {
		return err
	}
	conversation.RankAt = t.Place.Next
	return w.putConversation(conversation)
}

// place is a ticket's place among the others of a list, as bytes that sort so.
func appendPlace(b []byte, t handoff.Ticket) []byte {
	b = append(b, t.Place.Class)
	return append(appendTime(appendTime(b, t.Place.At), t.OpenedAt), t.ID...)
}

// placeSize is what stands in a list's key between the list and the ticket's id.
const placeSize = 1 + 2*timeSize
