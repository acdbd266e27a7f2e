package boltstore

import (
	"bytes"
	"fmt"
	"time"

	"frontdesk/handoff"
)

// listed is what a list says of an open ticket: enough to pass it over without
// reading the ticket.
type listed struct {
	ticket, conversation string
	closes               time.Time // zero: never
}

// listing is what a list says: the window, so that it is found at once, the
// conversation, and all of the ticket that planning goes by and its key does not
// say, see readLined.
func listing(t handoff.Ticket) []byte {
	b := append(append(appendTime(make([]byte, 0, 96), t.WindowCloses), t.Conversation...), 0)
	b = appendText(b, 1, t.Queue)
	b = appendMoment(b, 2, t.PromisedBy)
	b = appendMoment(b, 3, t.AnswerBy)
	b = appendInt(b, 4, int(t.Handling/time.Millisecond))
	b = appendInt(b, 5, t.Weight)
	b = appendMoment(b, 6, t.Place.Next)
	b = appendText(b, 7, t.Agent)
	b = appendMoment(b, 8, t.ClaimedAt)
	b = appendMoment(b, 9, t.FirstReplyAt)
	b = appendMoment(appendBool(b, 10, t.Asleep), 11, t.WakeAt)
	b = appendInt(b, 12, int(t.Priority))
	return appendTexts(b, 13, t.Labels) // so that a ticket with others is listed anew
}

func readListed(k, b []byte) (l listed, err error) {
	_, place, _ := bytes.Cut(k, []byte{0})
	if len(place) <= placeSize || len(b) <= timeSize {
		return l, fmt.Errorf("%w: %q is no place of a ticket", ErrDamaged, k)
	}
	conversation, _, _ := bytes.Cut(b[timeSize:], []byte{0})
	return listed{string(place[placeSize:]), string(conversation), readTime(b)}, nil
}

// readLined reads a ticket from a list: all but what people wrote.
func readLined(k, b []byte) (t handoff.Ticket, err error) {
	l, err := readListed(k, b)
	if err != nil {
		return t, err
	}
	t.ID, t.Conversation, t.WindowCloses = l.ticket, l.conversation, l.closes
	_, place, _ := bytes.Cut(k, []byte{0})
	t.Place = handoff.Place{Class: place[0], At: readTime(place[1:])}
	t.OpenedAt = readTime(place[1+timeSize:])
	_, rest, _ := bytes.Cut(b[timeSize:], []byte{0})
	err = eachField(rest, func(f field) (err error) {
		switch f.number {
		case 1:
			t.Queue = f.text()
		case 2:
			err = readMoment(&t.PromisedBy, f)
		case 3:
			err = readMoment(&t.AnswerBy, f)
		case 4:
			t.Handling = time.Duration(f.int()) * time.Millisecond
		case 5:
			t.Weight = f.int()
		case 6:
			err = readMoment(&t.Place.Next, f)
		case 7:
			t.Agent = f.text()
		case 8:
			err = readMoment(&t.ClaimedAt, f)
		case 9:
			err = readMoment(&t.FirstReplyAt, f)
		case 10:
			t.Asleep = f.bool()
		case 11:
			err = readMoment(&t.WakeAt, f)
		case 12:
			t.Priority = handoff.Priority(f.int())
		}
		return err
	})
	if err != nil {
		return t, fmt.Errorf("%w: the place of ticket %s: %w", ErrDamaged, t.ID, err)
	}
	return t, nil
}
