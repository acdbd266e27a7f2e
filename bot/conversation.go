package bot

import (
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// Alias is a name by which a channel knows a contact.
type Alias struct {
	Channel string `json:"channel"` // Channel.Name
	Kind    string `json:"kind"`    // "user_id" (WhatsApp BSUID), "phone", "psid", "visitor"
	Value   string `json:"value"`
}

// Contact is a customer. A phone number may be absent, so a contact is our own
// id and the names by which platforms know it.
type Contact struct {
	ID        string
	Name      string  // the profile name; may be empty
	Language  string  // what the channel said of it last, e.g. "de-AT"; may be empty
	Aliases   []Alias // in the order in which they are tried when sending
	CreatedAt time.Time
	// OptedOutAt is since when they want to hear nothing that they do not ask for;
	// zero: they never said so, or took it back.
	OptedOutAt time.Time
}

// Conversation is everything between one contact and one channel account.
type Conversation struct {
	ID            string
	Channel       string // Channel.Name
	Contact       string // Contact.ID
	Status        handoff.Status
	Flow          flows.State
	Ticket        string    // the open ticket's id; empty: none
	NewestInbound time.Time // the platform's time of the newest act of the customer that opens a window
	WroteAt       time.Time // and of the newest that was a message, no tap and no reaction; zero: none is known
	CameAt        time.Time // when they came so that all is free from our first reply on; zero: they did not, or that is long ago
	Entered       time.Time // our newest such reply; before CameAt: none since then
	ShutAt        time.Time // equals NewestInbound when the platform refused an answer to it as too late
	Call          *Call     // what the flow waits for from the business's system; nil: nothing
	Gathered      []string  // texts that came in quick fire and are answered together
	AnswerAt      time.Time // when they are; zero: nothing is gathered
	SilentAt      time.Time // when the flow is told that the customer stayed silent; zero: never
	CloseAt       time.Time // when something is done because the window closes; zero: never
	Rungs         int       // how many of flows.Set.Rungs were done about this window, or had passed
	Handed        bool      // the handover because of this window was done
	Away          bool      // it was said that nobody will be there before the window closes, and it is so still
	RepliedAt     time.Time // when a person answered what the customer wrote last, and has them still; zero: none did
	ReopenedAt    time.Time // when a template last asked them to write again; zero: none did
	WordAt        time.Time // when they last heard who will answer although money was short; zero: never
	RankAt        time.Time // when the place of the open ticket must be judged again; zero: never
	Labels        []string  // what people call it, see handoff.Ticket.Labels
	Epoch         uint64    // rises whenever the owner changes; a bot's delivery of an older epoch is never sent
	LastSeq       uint64    // Message.Seq of the newest message
	Version       uint64    // rises with every commit; 0: not stored yet
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// WindowCloses is until when, from at on, an author may write; zero means for
// ever. It is since when they may not, when that is so at the moment itself. A
// refusal by the platform counts more than our own reckoning.
func (c Conversation) WindowCloses(terms window.Terms, author window.Author, at time.Time) time.Time {
	if c.refused() {
		return c.NewestInbound
	}
	return terms.Closes(author, c.clock(), at)
}

// Allow reports whether an author may write at a moment, and what the message must
// be marked with then; empty: nothing. Templates are taken although an answer was
// refused (Meta, send-messages, 2025-11-04).
func (c Conversation) Allow(terms window.Terms, author window.Author, at time.Time) (tag string, open bool) {
	if author != window.Template && c.refused() && !at.Before(c.NewestInbound) {
		return "", false
	}
	return terms.Allow(author, c.clock(), at)
}

// shut reports whether the platform allows the bot no words of its own.
func (c Conversation) shut(l Limits, now time.Time) bool {
	_, open := c.Allow(l.Window, window.Bot, now)
	return !open
}

// clock is what the channel's rules count from.
func (c Conversation) clock() window.Clock {
	return window.Clock{Acted: c.NewestInbound, Wrote: c.WroteAt}
}

// refused reports whether the platform says that the window is closed.
func (c Conversation) refused() bool { return !c.ShutAt.IsZero() && c.ShutAt.Equal(c.NewestInbound) }

// closing is CloseAt, or earlier when the platform closed the window before its time.
func (c Conversation) closing() time.Time {
	if c.CloseAt.IsZero() || !c.refused() {
		return c.CloseAt
	}
	return earliest(c.CloseAt, c.ShutAt)
}

// WakeAt is when something must be done although nobody writes; zero: never.
func (c Conversation) WakeAt() time.Time {
	at := earliest(earliest(c.AnswerAt, c.SilentAt), earliest(c.closing(), c.RankAt))
	if c.Call != nil {
		at = earliest(at, c.Call.DueAt)
	}
	return at
}

// Call is a request to a system of the business that a flow waits for. It is
// stored before it goes out, each time.
type Call struct {
	ID       string     // the idempotency key, the same for every attempt
	Request  flows.Call //
	Attempts int        // begun so far
	BegunAt  time.Time  // one is under way since; zero: none
	DueAt    time.Time  // the next attempt not before; while one is under way, when it counts as lost
	Code     string     // why the last one failed
}
