package bot

import (
	"context"
	"time"

	"frontdesk/handoff"
)

// HandledFor is how long it is remembered that an event was handled. Platforms
// repeat a webhook for days; a month is far more than any of them.
const HandledFor = 30 * 24 * time.Hour

// Keep is for how long is kept what belongs to a channel. Zero is for ever.
type Keep struct {
	Messages      time.Duration // in a transcript, after they were written
	Conversations time.Duration // whole, after the last that happened in one
	Events        time.Duration // of the platform, after they happened
	Misses        time.Duration // what was not understood; see MissesFor
}

// MissesFor is for how long is kept what was not understood: it quotes the customer,
// so never longer than messages and conversations. Zero is for ever.
func (k Keep) MissesFor() time.Duration {
	least := k.Misses
	for _, other := range []time.Duration{k.Messages, k.Conversations} {
		if other > 0 && (least == 0 || other < least) {
			least = other
		}
	}
	return least
}

// Retention is for how long everything is kept. Its zero value keeps all of it.
type Retention struct {
	Keep                     // on channels that Channels does not name
	Channels map[string]Keep // by Channel.Name, instead
	Audit    time.Duration   // rows of the audit; zero is for ever
	Costs    time.Duration   // rows of the books; zero is for ever
}

// On is for how long is kept what belongs to a channel.
func (r Retention) On(channel string) Keep {
	if k, ok := r.Channels[channel]; ok {
		return k
	}
	return r.Keep
}

// Over reports whether what happened at is kept no longer at now. What has no
// time is kept.
func Over(at time.Time, keep time.Duration, now time.Time) bool {
	return keep > 0 && !at.IsZero() && at.Before(now.Add(-keep))
}

// Swept counts what was let go of.
type Swept struct {
	Messages      int `json:"messages"`
	Tickets       int `json:"tickets"` // closed as long ago as messages are kept
	Conversations int `json:"conversations"`
	Contacts      int `json:"contacts"` // with their last conversation
	Events        int `json:"events"`
	Audit         int `json:"audit"`
	Costs         int `json:"costs"`
	Marks         int `json:"marks"`   // of events handled longer ago than HandledFor
	Traffic       int `json:"traffic"` // hours of a queue longer ago than TrafficFor
	Misses        int `json:"misses"`  // of what was not understood
}

// Walk is how far a walk through the store has come.
type Walk struct {
	BegunAt time.Time // zero: there was none yet
	At      Cursor    // where it goes on; empty: it begins, or it is over
	Over    bool
}

// Sweeper lets go of what is kept no longer. Its methods may be called from many
// goroutines; one Keeper uses them.
type Sweeper interface {
	// Sweep looks at a small part of the store from a place on, and removes what r
	// does not keep any more. next is the place to go on from; empty: that was the
	// end. Where nothing is to be removed it writes nothing, and where much is, it
	// stops early, so that it holds nobody up.
	//
	// Messages: those that are older, from the first on, up to the newest message
	// of the conversation and to the first that waits in the outbox, which stay; and
	// tickets that were closed as long ago, as they quote the customer. Of a
	// conversation with an open ticket nothing goes: whoever owns it needs it all.
	// Misses: those that are older than Keep.MissesFor.
	// Conversations: one that has neither an open ticket nor anything in the
	// outbox goes whole, and its contact when it was the contact's last.
	//
	// What is damaged is left as it is and told in err, beside the rest; next is
	// behind it then. A next that equals from says that nothing could be done.
	Sweep(ctx context.Context, now time.Time, r Retention, from Cursor) (s Swept, next Cursor, err error)
	// Walk gives what SaveWalk stored last.
	Walk(ctx context.Context) (Walk, error)
	// SaveWalk stores how far the walk has come.
	SaveWalk(ctx context.Context, w Walk) error
}

// Person is everything that is kept of a contact.
type Person struct {
	Contact       Contact
	Conversations []History // by channel
	Events        []Event   // of the platform that name the contact or a message of theirs, oldest first
}

// History is everything that is kept of one conversation.
type History struct {
	Conversation Conversation
	Messages     []Message        // oldest first
	Tickets      []handoff.Ticket // oldest first, open or not
	Deliveries   []Delivery       // what waits in the outbox
	Misses       []Miss           // what was not understood, oldest first
}

// Audit is a row about something that was done to what is kept. It holds nothing
// of the person it was done to.
type Audit struct {
	At            time.Time `json:"at"`
	By            string    `json:"by"`   // who did it, e.g. a user of the machine
	What          string    `json:"what"` // AuditErase, AuditRestore
	Contact       string    `json:"contact,omitempty"`
	Conversations int       `json:"conversations"`
	Messages      int       `json:"messages"`
	Tickets       int       `json:"tickets"`
	Deliveries    int       `json:"deliveries"` // that waited
	Events        int       `json:"events"`
	Misses        int       `json:"misses"`
}

// What an Audit is about.
const (
	AuditErase   = "erase"   // everything of a contact was removed
	AuditRestore = "restore" // the file is a backup; Deliveries are those that were not sent for it
)

// Records answer people who ask what is kept of them. Its methods may be called
// from many goroutines; all of them may read much of the store.
type Records interface {
	// Find lists the contacts that who may mean, see Alias.Means; a contact's or a
	// conversation's id means that contact. Nobody is no error.
	Find(ctx context.Context, who string) ([]Contact, error)
	// Person gives everything that is kept of a contact, or ErrNotFound.
	Person(ctx context.Context, contact string) (Person, error)
	// Erase removes everything that Person gives, and all that leads there, in one
	// commit with row, whose Contact and counts it sets. It returns the row as it
	// was stored, or ErrNotFound. A send that is under way is not stopped; its
	// result finds nothing any more, which is no error.
	Erase(ctx context.Context, contact string, row Audit) (Audit, error)
	// Audits lists rows, newest first, at most limit.
	Audits(ctx context.Context, limit int) ([]Audit, error)
}
