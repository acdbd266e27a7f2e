package boltstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// The buckets. Ids in keys are followed by a zero byte unless they come last;
// numbers and times are big endian, so that keys sort as they should.
//
// All that belongs to one conversation stands side by side in one bucket, so
// that whatever happens to it changes one page of the file, or two: its
// messages, then the conversation itself, so that it stands beside the newest of
// them, then the marks of what was handled, then its tickets.
const (
	inMeta          = "meta"          // "format" and others, see below
	inContacts      = "contacts"      // contact -> record
	inAliases       = "aliases"       // channel 0 kind 0 value -> contact
	inConversations = "conversations" // conversation, one byte, and what that says -> record
	inByContact     = "by_contact"    // contact 0 channel -> conversation
	inOpenTickets   = "open_tickets"  // list 0 class, at, opened at, ticket -> window closes, conversation, ticket; see listed.go
	inOutbox        = "outbox"        // conversation 0 seq -> header, record
	inDue           = "due"           // channel 0 rank, time, conversation -> leased or not; the first of each conversation
	inWakes         = "wakes"         // time, conversation -> nothing
	inStandings     = "standings"     // version 0 flow 0 state -> number of conversations
	inTallies       = "tallies"       // what is counted, see tickets.go -> number
	inFlows         = "flows"         // version -> record
	inEvents        = "events"        // time, number -> record
	inAudit         = "audit"         // time, number -> record
	inAgents        = "agents"        // name -> record
	inSessions      = "sessions"      // token hash -> record
	inCosts         = "costs"         // time, conversation 0 seq -> record
	inMonths        = "months"        // channel 0 month -> record: the sum of the month's costs
	inTraffic       = "traffic"       // queue 0 hour -> record: what came, and what people got done
	inMisses        = "misses"        // time, conversation 0 seq -> record

	keyFormat  = "format"
	keyFile    = "file"    // of this file and no other
	keyJournal = "journal" // the newest record of the journal that the file has
	keyNumber  = "number " // and a bucket's name: the newest number in it
)

const bucketCount = 20

// buckets are known to the journal by their place here, which must not change.
func buckets() [bucketCount]string {
	return [bucketCount]string{
		inMeta, inContacts, inAliases, inConversations, inByContact, inOpenTickets, inOutbox, inDue, inWakes,
		inStandings, inTallies, inFlows, inEvents, inAudit, inAgents, inSessions,
		inCosts, inMonths, inTraffic, inMisses,
	}
}

// had is how many of the buckets a format has: each adds to the end.
func had(format int) int {
	switch format {
	case 0: // a new file
		return 0
	case 3, 4:
		return 16
	case 5:
		return 19
	default:
		return bucketCount
	}
}

// placeOf is a bucket's place among the buckets.
func placeOf(bucket string) int {
	for i, name := range buckets() {
		if name == bucket {
			return i
		}
	}
	panic("there is no bucket " + bucket)
}

// What stands behind a conversation's id.
const (
	partMessage      = 0 // and seq -> header, record
	partConversation = 1 // -> header, record
	partMark         = 2 // and the hash of an event that was handled -> when
	partTicket       = 3 // and its id -> record
	partEnd          = 4 // behind all of it
)

// joined is parts with a zero byte between them.
func joined(parts ...string) []byte { return []byte(strings.Join(parts, "\x00")) }

// checkParts refuses what would make two keys out of one.
func checkParts(what string, parts ...string) error {
	for _, p := range parts {
		if p == "" || strings.IndexFunc(p, func(r rune) bool { return r < partEnd }) >= 0 {
			return fmt.Errorf("%q cannot be %s", p, what)
		}
	}
	return nil
}

func aliasKey(a bot.Alias) []byte { return joined(a.Channel, a.Kind, a.Value) }

func partKey(conversation string, part byte, room int) []byte {
	return append(append(make([]byte, 0, len(conversation)+1+room), conversation...), part)
}

// messageKey is the key of a message and of its delivery.
func messageKey(conversation string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(partKey(conversation, partMessage, 8), seq)
}

func conversationKey(id string) []byte { return partKey(id, partConversation, 0) }

const markSize = 8

func markKey(conversation, event string) []byte {
	hash := sha256.Sum256([]byte(event))
	return append(partKey(conversation, partMark, markSize), hash[:markSize]...)
}

func ticketKey(conversation, ticket string) []byte {
	return append(partKey(conversation, partTicket, len(ticket)), ticket...)
}

// splitPart takes a key of the conversations apart.
func splitPart(k []byte) (conversation string, part byte, rest []byte, err error) {
	i := bytes.IndexFunc(k, func(r rune) bool { return r < partEnd })
	if i <= 0 {
		return "", 0, nil, fmt.Errorf("%w: %q is no key of a conversation", ErrDamaged, k)
	}
	return string(k[:i]), k[i], k[i+1:], nil
}

func splitMessageKey(k []byte) (conversation string, seq uint64, err error) {
	name, number, ok := bytes.Cut(k, []byte{partMessage})
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

// lists are those in which an open ticket stands: all, those that are snoozed or
// those of its owner, and those of its labels.
func lists(t handoff.Ticket) []string {
	names := append(make([]string, 0, 2+len(t.Labels)), listAll, listOf(t.Agent))
	if t.Asleep {
		names[1] = listAsleep
	}
	for _, label := range t.Labels {
		names = append(names, labelled+label)
	}
	return names
}

// The lists of open tickets. An agent's and a label's begin with other bytes.
const (
	listAll     = "*"
	listWaiting = "-"
	listAsleep  = "z"
	labelled    = "#" // and a label
)

func listOf(agent string) string {
	if agent == "" {
		return listWaiting
	}
	return "@" + agent
}

// openTicketKey is an open ticket's place in a list.
func openTicketKey(list string, t handoff.Ticket) []byte {
	b := append(append(make([]byte, 0, len(list)+1+placeSize+len(t.ID)), list...), 0)
	return appendPlace(b, t)
}
