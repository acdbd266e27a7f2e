package boltstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (i *inspection) outbox() error {
	before := ""
	return i.each(inOutbox, func(k, b []byte) {
		i.out.Deliveries++
		where := "delivery " + nameOf(k)
		if _, err := decodeDelivery(k, b); err != nil {
			i.damaged(where, err)
		}
		if i.get(inConversations, k) == nil {
			i.found(where, "its message is not there", nil)
		}
		if id, _, err := splitMessageKey(k); err == nil && id != before {
			before = id
			i.headed(where, id)
		}
	})
}

// headed checks that the first delivery of a conversation is in the queue.
func (i *inspection) headed(where, id string) {
	c, err := i.conversation(id)
	if err != nil {
		return // told of the conversation, or of the message
	}
	if head := i.head(c.Channel, id); head.key != nil && !bytes.Equal(i.get(inDue, head.key), head.value) {
		i.found(where, "it is the first of its conversation, and is not in the queue", writing(inDue, head.key, head.value))
	}
}

func (i *inspection) due() error {
	return i.each(inDue, func(k, b []byte) {
		w, err := readWaiting(k, b)
		if err != nil {
			i.found("due", err.Error(), removing(inDue, k))
			return
		}
		if head := i.head(w.channel, w.conversation); !bytes.Equal(head.key, k) {
			i.found("due", fmt.Sprintf("conversation %s is due when its first delivery is not", w.conversation), removing(inDue, k))
		} else if c, err := i.conversation(w.conversation); err == nil && c.Channel != w.channel {
			i.found("due", fmt.Sprintf("conversation %s is due on %s, and is not there", w.conversation, w.channel), removing(inDue, k))
		}
	})
}

func (i *inspection) wakes() error {
	return i.each(inWakes, func(k, _ []byte) {
		if _, _, err := i.wake(k); void(err) {
			i.found("wakes", err.Error(), removing(inWakes, k))
		}
	})
}

func (i *inspection) openTickets() error {
	return i.each(inOpenTickets, func(k, b []byte) {
		l, err := readListed(k, b)
		if err != nil {
			i.found("open_tickets", err.Error(), removing(inOpenTickets, k))
			return
		}
		list, _, _ := strings.Cut(string(k), "\x00")
		t, err := i.ticket(l.conversation, l.ticket)
		if err != nil {
			return // told of the ticket
		}
		if !t.Open() || !slices.Contains(lists(t), list) || !bytes.Equal(openTicketKey(list, t), k) {
			i.found("open_tickets", fmt.Sprintf("ticket %s is listed and not open, or at another place", l.ticket), removing(inOpenTickets, k))
		}
	})
}

// counts checks numbers against what was counted.
func (i *inspection) counts(bucket string, counted map[string]uint64) error {
	err := i.each(bucket, func(k, b []byte) {
		n, ok := readCount(b)
		is, known := counted[string(k)]
		if ok && known && n == is {
			return
		}
		says := fmt.Sprint(n)
		if !ok {
			says = "no number"
		}
		i.found(bucket, fmt.Sprintf("%s are counted as %s, and are %d", placeName(k), says, is), recounting(bucket, k, is))
	})
	for _, k := range slices.Sorted(maps.Keys(counted)) {
		if i.get(bucket, []byte(k)) == nil {
			i.found(bucket, fmt.Sprintf("%s are not counted, and are %d", placeName([]byte(k)), counted[k]), recounting(bucket, []byte(k), counted[k]))
		}
	}
	return err
}

// placeName is a key of a count for who reads it.
func placeName(k []byte) string { return string(bytes.ReplaceAll(k, []byte{0}, []byte(" "))) }

func recounting(bucket string, k []byte, n uint64) func(w *writer) error {
	if n == 0 {
		return removing(bucket, k)
	}
	return writing(bucket, k, binary.BigEndian.AppendUint64(nil, n))
}

func (i *inspection) flows() error {
	return i.each(inFlows, func(k, b []byte) {
		if _, err := decodeFiles(string(k), b); err != nil {
			i.damaged(fmt.Sprintf("flows of version %s", k), err)
		}
	})
}

func (i *inspection) events() error {
	numbered := i.numbered(inEvents)
	return i.each(inEvents, func(k, b []byte) {
		i.out.Events++
		i.timed(inEvents, k, numbered)
		if _, err := decodeEvent(b); err != nil {
			i.damaged("event of "+eventTime(k), err)
		}
	})
}

func (i *inspection) audit() error {
	numbered := i.numbered(inAudit)
	return i.each(inAudit, func(k, b []byte) {
		i.timed(inAudit, k, numbered)
		if _, err := decodeAudit(b); err != nil {
			i.damaged("audit of "+eventTime(k), err)
		}
	})
}

// timed checks a key of a time and a number, which must not come again.
func (i *inspection) timed(bucket string, k []byte, numbered uint64) {
	if len(k) != timeSize+8 {
		i.found(bucket, fmt.Sprintf("%q is no time and number", k), nil)
		return
	}
	if n := binary.BigEndian.Uint64(k[timeSize:]); n > numbered {
		i.found(bucket, fmt.Sprintf("number %d would be given again", n), func(w *writer) error {
			return w.setNumbered(bucket, max(w.numbered(bucket), n))
		})
	}
}

func (i *inspection) agents() error {
	return i.each(inAgents, func(k, b []byte) {
		if _, err := decodeAgent(string(k), b); err != nil {
			i.damaged(fmt.Sprintf("agent %s", k), err)
		}
	})
}

func (i *inspection) sessions() error {
	return i.each(inSessions, func(k, b []byte) {
		if _, err := decodeSession(string(k), b); err != nil {
			i.found("sessions", err.Error(), removing(inSessions, k)) // it lets nobody in
		}
	})
}
