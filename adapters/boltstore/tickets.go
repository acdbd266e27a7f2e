package boltstore

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
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

// putTicket stores t, of which b is the record, and keeps lists, tallies and traffic.
func (w *writer) putTicket(t handoff.Ticket, b []byte) error {
	was, err := w.ticket(t.Conversation, t.ID)
	if err != nil {
		return err
	}
	if err := errors.Join(w.moveLists(was, t), w.passes(was, t)); err != nil {
		return err
	}
	return w.put(inConversations, ticketKey(t.Conversation, t.ID), b)
}

// moveLists takes a ticket from where it stood to where it stands.
func (w *writer) moveLists(was, is handoff.Ticket) error {
	if was.Open() && is.Open() && bytes.Equal(openTicketKey(listAll, was), openTicketKey(listAll, is)) && bytes.Equal(listing(was), listing(is)) {
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
		if err := w.put(inOpenTickets, openTicketKey(list, is), listing(is)); err != nil {
			return err
		}
	}
	return w.tally(is, 1)
}

// The tallies of open tickets: those of a list, and those of a queue that wait,
// have an owner, or are snoozed.
const (
	tallyList    = "list"
	tallyWaiting = "waiting"
	tallyClaimed = "claimed"
	tallyAsleep  = "asleep"
)

func (w *writer) tally(t handoff.Ticket, by int) error {
	for _, list := range lists(t) {
		if err := w.countIn(inTallies, joined(tallyList, list), by); err != nil {
			return err
		}
	}
	return w.countIn(inTallies, joined(tallyState(t), t.Queue), by)
}

// tallyState is in which of its queue's tallies an open ticket is.
func tallyState(t handoff.Ticket) string {
	switch {
	case t.Asleep:
		return tallyAsleep
	case t.Agent == "":
		return tallyWaiting
	default:
		return tallyClaimed
	}
}

// list is the name of the list that f asks for.
func list(f bot.TicketFilter) string {
	switch {
	case f.Label != "":
		return labelled + f.Label
	case f.Asleep:
		return listAsleep
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
	if after == "" {
		from = prefix
	}
	var last []byte
	err = v.eachListed(prefix, from, f, func(k []byte, l listed) (bool, error) {
		if after != "" && bytes.Equal(k, from) {
			return true, nil
		}
		if len(rows) >= limit {
			next = bot.Cursor(base64.RawURLEncoding.EncodeToString(last))
			return false, nil
		}
		row, err := v.ticketRow(l)
		rows, last = append(rows, row), k
		return err == nil, err
	})
	if err != nil {
		return nil, "", err
	}
	return rows, next, nil
}

// eachListed calls do for what f takes of a list, from a key on, until it says no.
func (v view) eachListed(prefix, from []byte, f bot.TicketFilter, do func(k []byte, l listed) (bool, error)) error {
	c := v.cursor(inOpenTickets)
	k, b := c.Seek(from)
	for bytes.HasPrefix(k, prefix) {
		l, err := readListed(k, b)
		if err != nil {
			return err
		}
		switch place := k[len(prefix):]; {
		case f.Ahead && place[0] == handoff.Behind:
			k, b = c.Seek(append(slices.Clone(prefix), handoff.Behind+1))
			continue
		case !f.ShutAt.IsZero() && noneShut(place, f.ShutAt):
			k, b = c.Seek(append(slices.Clone(prefix), place[0]+1))
			continue
		case !f.OpenAt.IsZero() && l.shut(f.OpenAt), !f.ShutAt.IsZero() && !l.shut(f.ShutAt):
		default:
			if more, err := do(k, l); err != nil || !more {
				return err
			}
		}
		k, b = c.Next()
	}
	return nil
}

func (l listed) shut(at time.Time) bool { return !l.closes.IsZero() && !l.closes.After(at) }

// noneShut reports whether from a place on nobody of its class has a window that is
// closed at a moment: whoever can be met is sorted by something before that.
func noneShut(place []byte, at time.Time) bool {
	return place[0] < handoff.Lost && readTime(place[1:]).After(at)
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
	counts.Agents, counts.Queues, counts.Labels = make(map[string]int), make(map[string]bot.QueueCount), make(map[string]int)
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
		case what == tallyAsleep:
			queue.Asleep = int(n)
			counts.Queues[name] = queue
		case name == listAll:
			counts.All = int(n)
		case name == listWaiting:
			counts.Waiting = int(n)
		case name == listAsleep:
			counts.Asleep = int(n)
		case strings.HasPrefix(name, labelled):
			counts.Labels[strings.TrimPrefix(name, labelled)] = int(n)
		default:
			counts.Agents[strings.TrimPrefix(name, listOf("x")[:1])] = int(n)
		}
	}
	prefix := joined(listWaiting, "")
	err := v.eachListed(prefix, prefix, bot.TicketFilter{ShutAt: at}, func([]byte, listed) (bool, error) {
		counts.Shut++
		return true, nil
	})
	return counts, errors.Join(damage, err)
}
