package boltstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// The buckets. Ids in keys are followed by a zero byte unless they come last;
// numbers and times are big endian, so that keys sort as they should.
const (
	inMeta          = "meta"          // "format" -> number
	inContacts      = "contacts"      // contact -> record
	inAliases       = "aliases"       // channel 0 kind 0 value -> contact
	inConversations = "conversations" // conversation -> header, record
	inByContact     = "by_contact"    // contact 0 channel -> conversation
	inMessages      = "messages"      // conversation 0 seq -> header, record
	inExternal      = "external"      // channel 0 external id -> key of an outgoing message
	inSeen          = "seen"          // event -> time
	inTickets       = "tickets"       // ticket -> record
	inOpenTickets   = "open_tickets"  // deadline, opened at, ticket -> nothing
	inOutbox        = "outbox"        // conversation 0 seq -> header, record
	inDue           = "due"           // channel 0 rank, time, conversation -> leased or not; the first of each conversation
	inWakes         = "wakes"         // time, conversation -> nothing
	inStandings     = "standings"     // version 0 flow 0 state -> number of conversations
	inFlows         = "flows"         // version -> record
	inEvents        = "events"        // time, number -> record
	inAgents        = "agents"        // name -> record
	inSessions      = "sessions"      // token hash -> record

	keyFormat = "format"
)

func buckets() []string {
	return []string{
		inMeta, inContacts, inAliases, inConversations, inByContact, inMessages, inExternal, inSeen,
		inTickets, inOpenTickets, inOutbox, inDue, inWakes, inStandings, inFlows, inEvents, inAgents, inSessions,
	}
}

// joined is parts with a zero byte between them.
func joined(parts ...string) []byte { return []byte(strings.Join(parts, "\x00")) }

// checkParts refuses what would make two keys out of one.
func checkParts(what string, parts ...string) error {
	for _, p := range parts {
		if p == "" || strings.IndexByte(p, 0) >= 0 {
			return fmt.Errorf("%q cannot be %s", p, what)
		}
	}
	return nil
}

func aliasKey(a bot.Alias) []byte { return joined(a.Channel, a.Kind, a.Value) }

// messageKey is the key of a message and of its delivery.
func messageKey(conversation string, seq uint64) []byte {
	b := make([]byte, 0, len(conversation)+9)
	b = append(append(b, conversation...), 0)
	return binary.BigEndian.AppendUint64(b, seq)
}

func splitMessageKey(k []byte) (conversation string, seq uint64, err error) {
	name, number, ok := bytes.Cut(k, []byte{0})
	if !ok || len(number) != 8 {
		return "", 0, fmt.Errorf("%w: %q is no key of a message", ErrDamaged, k)
	}
	return string(name), binary.BigEndian.Uint64(number), nil
}

// timeSize is the length of a time in keys: seconds and nanoseconds, so that
// every time.Time has its place, the zero one too.
const timeSize = 12

func appendTime(b []byte, t time.Time) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix())^(1<<63)) // negative seconds first
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

func readTime(b []byte) time.Time {
	s := int64(binary.BigEndian.Uint64(b) ^ (1 << 63))
	return time.Unix(s, int64(binary.BigEndian.Uint32(b[8:timeSize]))).UTC()
}

// openTicketKey is a ticket's place among the open ones, nil when it has none.
func openTicketKey(t handoff.Ticket) []byte {
	if !t.Open() {
		return nil
	}
	b := make([]byte, 0, 2*timeSize+len(t.ID))
	if d := t.Deadline(); d.IsZero() {
		b = append(b, bytes.Repeat([]byte{0xff}, timeSize)...)
	} else {
		b = appendTime(b, d)
	}
	return append(appendTime(b, t.OpenedAt), t.ID...)
}
