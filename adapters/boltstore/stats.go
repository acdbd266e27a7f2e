package boltstore

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// Kind is how much there is of one kind of record.
type Kind struct {
	Name  string `json:"name"`
	Rows  int    `json:"rows"`
	Bytes int64  `json:"bytes"` // of keys and records, without what pages need
}

// Group is how many conversations of a channel have a status.
type Group struct {
	Channel       string `json:"channel"`
	Status        string `json:"status"`
	Conversations int    `json:"conversations"`
}

// Stats is what is in a file.
type Stats struct {
	Format        int       `json:"format"`
	Bytes         int64     `json:"bytes"` // of the file
	Free          int64     `json:"free"`  // of these, in pages that hold nothing yet, or any more
	Kinds         []Kind    `json:"kinds"`
	Conversations []Group   `json:"conversations"`
	Oldest        time.Time `json:"oldest,omitzero"` // message
	Newest        time.Time `json:"newest,omitzero"` // message
	Waiting       int       `json:"waiting"`         // deliveries in the outbox
	OpenTickets   int       `json:"open_tickets"`
	Damaged       int       `json:"damaged"` // rows that could not be read, of those that had to be; check says which
	Over          bot.Swept `json:"over"`    // what is kept no longer by the retention that was given
}

// countedAtOnce is how many conversations are read in one transaction, so that
// the file can grow meanwhile.
const countedAtOnce = 10_000

// Stats counts every row, and what is kept no longer at now. Rows that come and go
// meanwhile may be counted or not. When ctx ends, its error is returned.
func (s *Store) Stats(ctx context.Context, now time.Time, r bot.Retention) (Stats, error) {
	t := tally{Stats: Stats{Format: format, Kinds: []Kind{}, Conversations: []Group{}}, now: now, keep: r, kinds: map[string]*Kind{}, groups: map[Group]int{}, going: map[string]int{}}
	err := t.count(ctx, s)
	if err != nil {
		return Stats{}, fmt.Errorf("counting what is in the store: %w", err)
	}
	return t.result(), nil
}

// tally is one count on its way.
type tally struct {
	Stats
	now    time.Time
	keep   bot.Retention
	at     string // the conversation that is read
	kinds  map[string]*Kind
	groups map[Group]int
	going  map[string]int // conversations that go, of contacts with several
}

// The kinds, in the order in which they are told. What is no row of a conversation
// is a bucket; the others are indexes.
func kindNames() []string {
	return []string{
		inContacts, inConversations, "messages", "tickets", "marks", "deliveries", inEvents, inAudit, inCosts, inTraffic, inMisses, inFlows, inAgents, inSessions, "indexes",
	}
}

func (t *tally) add(kind string, k, b []byte) {
	if t.kinds[kind] == nil {
		t.kinds[kind] = &Kind{Name: kind}
	}
	t.kinds[kind].Rows++
	t.kinds[kind].Bytes += int64(len(k) + len(b))
}

func (t *tally) count(ctx context.Context, s *Store) error {
	err := s.view(func(v view) error {
		info, err := s.file.Stat()
		if err == nil {
			t.Bytes, t.Free = info.Size(), free(s.db)+info.Size()-v.tx.Size()
		}
		return err
	})
	for bucket, kind := range map[string]string{
		inContacts: inContacts, inOutbox: "deliveries", inFlows: inFlows, inAgents: inAgents, inSessions: inSessions, inAudit: inAudit,
		inCosts: inCosts, inMonths: "indexes", inTraffic: inTraffic, inMisses: inMisses,
		inEvents: inEvents, inAliases: "indexes", inByContact: "indexes", inOpenTickets: "indexes",
		inDue: "indexes", inWakes: "indexes", inStandings: "indexes", inTallies: "indexes",
	} {
		if err == nil {
			err = t.countBucket(ctx, s, bucket, kind)
		}
	}
	if err == nil {
		err = t.countConversations(ctx, s)
	}
	return err
}

// free is how many bytes of the file are in pages that hold nothing. It is asked in
// a transaction: without one the mapping may move, or be gone.
func free(db *bolt.DB) int64 {
	stats := db.Stats()
	return int64(stats.FreePageN+stats.PendingPageN) * int64(db.Info().PageSize)
}

// inSteps calls f for the rows of a bucket, some thousands in one transaction. f
// gives the key to go on from; nil: the next one.
func inSteps(ctx context.Context, s *Store, bucket string, f func(v view, k, b []byte) (next []byte)) error {
	var at []byte
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.view(func(v view) error {
			c := v.cursor(bucket)
			k, b := c.Seek(at)
			for n := 0; k != nil; n++ {
				if n == countedAtOnce {
					at = bytes.Clone(k)
					return nil
				}
				if next := f(v, k, b); next != nil {
					k, b = c.Seek(next)
				} else {
					k, b = c.Next()
				}
			}
			more = false
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) countBucket(ctx context.Context, s *Store, bucket, kind string) error {
	return inSteps(ctx, s, bucket, func(_ view, k, b []byte) []byte {
		t.add(kind, k, b)
		switch bucket {
		case inOutbox:
			t.Waiting++
		case inEvents:
			if e, err := decodeEvent(b); err != nil {
				t.Damaged++
			} else if bot.Over(e.At, t.keep.On(e.Channel).Events, t.now) {
				t.Over.Events++
			}
		case inAudit:
			if len(k) > timeSize && bot.Over(readTime(k), t.keep.Audit, t.now) {
				t.Over.Audit++
			}
		case inCosts:
			if len(k) > timeSize && bot.Over(readTime(k), t.keep.Costs, t.now) {
				t.Over.Costs++
			}
		case inTraffic:
			if _, hour, err := splitTrafficKey(k); err == nil && bot.Over(hour, bot.TrafficFor, t.now) {
				t.Over.Traffic++
			}
		case inMisses:
			if m, err := decodeMiss(k, b); err != nil {
				t.Damaged++
			} else if bot.Over(m.At, t.keep.On(m.Channel).MissesFor(), t.now) {
				t.Over.Misses++
			}
		}
		return nil
	})
}

// countConversations reads one conversation after the other with all its rows.
func (t *tally) countConversations(ctx context.Context, s *Store) error {
	return inSteps(ctx, s, inConversations, func(v view, k, b []byte) []byte {
		id, part, _, err := splitPart(k)
		if err != nil {
			t.Damaged++
			return nil
		}
		switch part {
		case partMessage:
			t.add("messages", k, b)
			if id != t.at { // the first of those that are kept is the oldest
				t.at = id
				t.when(decodeMessage(k, b))
			}
		case partConversation:
			t.add(inConversations, k, b)
			t.conversation(v, id)
		case partMark:
			t.add("marks", k, b)
		case partTicket:
			t.add("tickets", k, b)
			if ticket, err := decodeTicket(id, "x", b); err == nil && ticket.Open() {
				t.OpenTickets++
			}
		}
		return nil
	})
}

// when takes a message into account that is the first or the newest of its
// conversation.
func (t *tally) when(m bot.Message, err error) {
	if err != nil {
		t.Damaged++
		return
	}
	if t.Oldest.IsZero() || m.At.Before(t.Oldest) {
		t.Oldest = m.At
	}
	if m.At.After(t.Newest) {
		t.Newest = m.At
	}
}

// conversation counts one by channel and status, and what of it is kept no longer.
func (t *tally) conversation(v view, id string) {
	o, err := v.overdue(id, t.now, t.keep, math.MaxInt)
	if err != nil {
		t.Damaged++
		return
	}
	if newest := o.conversation.LastSeq; newest > 0 {
		t.when(v.message(messageKey(id, newest)))
	}
	t.groups[Group{Channel: o.conversation.Channel, Status: string(o.conversation.Status)}]++
	t.Over.Messages += len(o.messages)
	t.Over.Tickets += len(o.tickets)
	t.Over.Marks += len(o.marks)
	if o.whole {
		t.Over.Conversations++
		t.Over.Messages++ // the newest
		t.contactOf(v, o.conversation.Contact)
	}
}

// contactOf counts a contact when its last conversation was counted.
func (t *tally) contactOf(v view, contact string) {
	all := len(v.conversationsOf(contact))
	if all > 1 {
		t.going[contact]++
	}
	if all == 1 || t.going[contact] == all {
		t.Over.Contacts++
	}
}

func (t *tally) result() Stats {
	for _, name := range kindNames() {
		if k := t.kinds[name]; k != nil {
			t.Kinds = append(t.Kinds, *k)
		} else {
			t.Kinds = append(t.Kinds, Kind{Name: name})
		}
	}
	for g, n := range t.groups {
		g.Conversations = n
		t.Stats.Conversations = append(t.Stats.Conversations, g)
	}
	slices.SortFunc(t.Stats.Conversations, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Status, b.Status))
	})
	return t.Stats
}
