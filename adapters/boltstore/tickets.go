package boltstore

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// ticket gives the ticket when it is open, and none otherwise.
func (v view) ticket(conversation, id string) (handoff.Ticket, error) {
	if id == "" {
		return handoff.Ticket{}, nil
	}
	b := v.get(inConversations, ticketKey(conversation, id))
	if b == nil {
		return handoff.Ticket{}, nil
	}
	t, err := decodeTicket(conversation, id, b)
	if err != nil {
		return handoff.Ticket{}, fmt.Errorf("ticket %s: %w", id, err)
	}
	if t.Open() {
		return t, nil
	}
	return handoff.Ticket{}, nil
}

// listed is what a list says of an open ticket: enough to pass it over without
// reading the ticket, as those whose window closed come first of all.
type listed struct {
	ticket, conversation string
	closes               time.Time // zero: never
}

func appendListed(b []byte, t handoff.Ticket) []byte {
	return append(appendTime(b, t.WindowCloses), t.Conversation...)
}

func readListed(k, b []byte) (l listed, err error) {
	_, rest, ok := bytes.Cut(k, []byte{0})
	if !ok || len(rest) <= 2*timeSize || len(b) <= timeSize {
		return l, fmt.Errorf("%w: %q is no place of a ticket", ErrDamaged, k)
	}
	return listed{string(rest[2*timeSize:]), string(b[timeSize:]), readTime(b)}, nil
}

// putTicket stores t, of which b is the record, and keeps lists and tallies.
func (w *writer) putTicket(t handoff.Ticket, b []byte) error {
	was, err := w.ticket(t.Conversation, t.ID)
	if err != nil {
		return err
	}
	if err := w.moveLists(was, t); err != nil {
		return err
	}
	return w.put(inConversations, ticketKey(t.Conversation, t.ID), b)
}

// moveLists takes a ticket from where it stood to where it stands.
func (w *writer) moveLists(was, is handoff.Ticket) error {
	if was.Open() && is.Open() && was.Agent == is.Agent && was.Queue == is.Queue &&
		was.Deadline().Equal(is.Deadline()) && was.OpenedAt.Equal(is.OpenedAt) && was.WindowCloses.Equal(is.WindowCloses) {
		return nil
	}
	if was.Open() {
		for _, list := range lists(was) {
			if err := w.delete(inOpenTickets, openTicketKey(list, was)); err != nil {
				return err
			}
		}
		if err := w.tally(was, -1); err != nil {
			return err
		}
	}
	if !is.Open() {
		return nil
	}
	for _, list := range lists(is) {
		if err := w.put(inOpenTickets, openTicketKey(list, is), appendListed(nil, is)); err != nil {
			return err
		}
	}
	return w.tally(is, 1)
}

// The tallies of open tickets: those of a list, and those of a queue that wait
// or have an owner.
const (
	tallyList    = "list"
	tallyWaiting = "waiting"
	tallyClaimed = "claimed"
)

func (w *writer) tally(t handoff.Ticket, by int) error {
	state := tallyClaimed
	if t.Agent == "" {
		state = tallyWaiting
	}
	for _, list := range lists(t) {
		if err := w.countIn(inTallies, joined(tallyList, list), by); err != nil {
			return err
		}
	}
	return w.countIn(inTallies, joined(state, t.Queue), by)
}

// list is the name of the list that f asks for.
func list(f bot.TicketFilter) string {
	switch {
	case f.Waiting:
		return listWaiting
	case f.Agent != "":
		return listOf(f.Agent)
	default:
		return listAll
	}
}

// tickets reads a page of a list.
func (v view) tickets(f bot.TicketFilter, after bot.Cursor, limit int) (rows []bot.Row, next bot.Cursor, err error) {
	prefix := joined(list(f), "")
	from, err := base64.RawURLEncoding.DecodeString(string(after))
	if err != nil || (after != "" && !bytes.HasPrefix(from, prefix)) {
		return nil, "", fmt.Errorf("%q is no place in this listing: %w", after, bot.ErrNotFound)
	}
	c := v.cursor(inOpenTickets)
	k, b := c.Seek(prefix)
	if after != "" {
		if k, b = c.Seek(from); bytes.Equal(k, from) {
			k, b = c.Next()
		}
	}
	var last []byte
	for ; bytes.HasPrefix(k, prefix); k, b = c.Next() {
		l, err := readListed(k, b)
		if err != nil {
			return nil, "", err
		}
		if !f.OpenAt.IsZero() && !l.closes.IsZero() && !l.closes.After(f.OpenAt) {
			continue
		}
		if len(rows) >= limit {
			return rows, bot.Cursor(base64.RawURLEncoding.EncodeToString(last)), nil
		}
		row, err := v.ticketRow(l)
		if err != nil {
			return nil, "", err
		}
		rows, last = append(rows, row), k
	}
	return rows, "", nil
}

// ticketRow reads a ticket and what is shown with it.
func (v view) ticketRow(l listed) (bot.Row, error) {
	row, err := v.row(l.conversation)
	if err != nil {
		return row, err
	}
	if row.Ticket.ID != l.ticket {
		return row, fmt.Errorf("%w: ticket %s is listed and not open", ErrDamaged, l.ticket)
	}
	return row, nil
}

// ticketCounts gives the numbers of open tickets.
func (v view) ticketCounts(at time.Time) (counts bot.TicketCounts, damage error) {
	counts.Agents, counts.Queues = make(map[string]int), make(map[string]bot.QueueCount)
	c := v.cursor(inTallies)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		what, name, ok := strings.Cut(string(k), "\x00")
		n, sound := readCount(b)
		if !ok || !sound {
			damage = fmt.Errorf("%w: the number of open tickets at %q", ErrDamaged, k)
			continue
		}
		queue := counts.Queues[name]
		switch {
		case what == tallyWaiting:
			queue.Waiting = int(n)
			counts.Queues[name] = queue
		case what == tallyClaimed:
			queue.Claimed = int(n)
			counts.Queues[name] = queue
		case name == listAll:
			counts.All = int(n)
		case name == listWaiting:
			counts.Waiting = int(n)
		default:
			counts.Agents[strings.TrimPrefix(name, listOf("x")[:1])] = int(n)
		}
	}
	counts.Shut = v.shut(at)
	return counts, damage
}

// shut counts the waiting tickets whose window is closed at a moment. They are
// among those whose deadline has passed, which come first.
func (v view) shut(at time.Time) (n int) {
	prefix := joined(listWaiting, "")
	c := v.cursor(inOpenTickets)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix) && len(k) >= len(prefix)+timeSize && len(b) >= timeSize; k, b = c.Next() {
		if bytes.Compare(k[len(prefix):len(prefix)+timeSize], appendTime(nil, at)) > 0 {
			return n
		}
		if closes := readTime(b); !closes.IsZero() && !closes.After(at) {
			n++
		}
	}
	return n
}
