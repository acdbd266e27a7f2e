package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows/carry"
)

// Kind is what a message holds.
type Kind string

// The kinds of messages.
const (
	KindText        Kind = "text"
	KindChoice      Kind = "choice" // a tapped button, list row, quick reply or postback
	KindImage       Kind = "image"
	KindVideo       Kind = "video"
	KindAudio       Kind = "audio"
	KindDocument    Kind = "document"
	KindSticker     Kind = "sticker"
	KindLocation    Kind = "location"
	KindContacts    Kind = "contacts"
	KindOrder       Kind = "order"
	KindReaction    Kind = "reaction"    // stored, never answered
	KindSystem      Kind = "system"      // a notice of the platform: stored, never answered
	KindUnsupported Kind = "unsupported" // something the platform or we cannot read: a poll, a picture to be seen once
)

// Quiet reports whether a message of this kind is only stored: it runs no flow.
func (k Kind) Quiet() bool {
	switch k {
	case KindReaction, KindSystem:
		return true
	default:
		return false
	}
}

// start is what a message is to a platform's clock; empty: nothing that could
// start it. A reaction that is taken back has no text.
func (m Message) start() window.Start {
	switch {
	case m.Start != "":
		return m.Start
	case m.Kind == KindSystem, m.Kind == KindReaction && m.Text == "":
		return ""
	case m.Kind == KindReaction:
		return window.StartReaction
	case m.Kind == KindChoice:
		return window.StartTap
	default:
		return window.StartMessage
	}
}

// written reports whether it is more than a tap or a reaction.
func (m Message) written() bool {
	switch m.Kind {
	case KindChoice, KindReaction, KindSystem:
		return false
	default:
		return true
	}
}

// writer is who a message is from as platforms tell authors apart.
func (m Message) writer() window.Author {
	switch {
	case m.Template != nil:
		return window.Template
	case m.Author == AuthorAgent:
		return window.Human
	default:
		return window.Bot
	}
}

// Author is who wrote a message.
type Author string

// The authors.
const (
	AuthorCustomer Author = "customer"
	AuthorBot      Author = "bot"
	AuthorAgent    Author = "agent"
	AuthorSystem   Author = "system" // a line in the transcript that nobody sent: claimed, resolved ...
)

// MessageState is how far a message has come. It only moves forward, see Advance.
type MessageState string

// The states of a message.
const (
	StateReceived  MessageState = "received"  // from the customer
	StateNoted     MessageState = "noted"     // a line of the transcript that is sent to nobody
	StateQueued    MessageState = "queued"    // decided and stored, waits in the outbox
	StateUnknown   MessageState = "unknown"   // sent, but the platform's answer never came
	StateSent      MessageState = "sent"      // accepted by the platform
	StateDelivered MessageState = "delivered" // on the customer's device
	StateRead      MessageState = "read"
	StateFailed    MessageState = "failed"    // will not arrive; Message.Reason says why
	StateDraft     MessageState = "draft"     // may not go as it is; Message.Reason says why, and a person may send it another way
	StateCancelled MessageState = "cancelled" // will not be sent any more: a person took over, or it had become pointless
)

func (s MessageState) rank() int {
	switch s {
	case StateQueued:
		return 1
	case StateUnknown:
		return 2
	case StateSent:
		return 3
	case StateFailed, StateDraft, StateCancelled:
		return 4
	case StateDelivered:
		return 5
	case StateRead:
		return 6
	default: // received and noted never move
		return 9
	}
}

// Advance reports whether a message may move from s to next. Statuses arrive
// late, twice and out of order; a message only moves forward, and failed never
// overrides delivered or read.
func (s MessageState) Advance(next MessageState) bool {
	return next.rank() > s.rank() && next.rank() < 9
}

// What a message is made of, as channels carry it.
type (
	// Unit is how a platform counts the length of a text.
	Unit = carry.Unit
	// Layout is how choices are shown on the channel.
	Layout = carry.Layout
	// Choice is one tappable answer of an outgoing message.
	Choice = carry.Choice
	// Media is a file that came with a message, and stays with the platform, or
	// one that is sent by its address.
	Media = carry.Media
	// Template is a message that the platform approved beforehand.
	Template = carry.Template
	// Location is a place on the map.
	Location = carry.Location
)

// See carry.
const (
	UTF16         = carry.UTF16
	Bytes         = carry.Bytes
	LayoutPlain   = carry.LayoutPlain
	LayoutButtons = carry.LayoutButtons
	LayoutList    = carry.LayoutList
	WantsLocation = carry.WantsLocation
)

// Message is one line of a conversation.
type Message struct {
	Conversation string       // Conversation.ID
	Seq          uint64       // its place in the conversation, from 1, without gaps
	Author       Author       //
	Agent        string       // handoff.Agent.Name when Author is AuthorAgent
	Kind         Kind         //
	Text         string       // what is read; for a tap the title, for media the caption
	ChoiceID     string       // the tapped choice's ID; for KindChoice
	Choices      []Choice     // outgoing only
	Layout       Layout       // outgoing only
	Media        *Media       // for the kinds that are files
	Template     *Template    // outgoing only; Text is what it says, as far as we know
	Location     *Location    // incoming only; for KindLocation
	Wants        string       // outgoing only: WantsLocation, or empty
	ExternalID   string       // the platform's id; empty until it is known
	At           time.Time    // incoming: the platform's time; outgoing: when it was decided. UTC
	State        MessageState //
	StateAt      time.Time    // when State was reached, by the platform's clock where it tells
	Code         string       // the platform's error code when failed or retried
	Reason       string       // the error in words, without secrets
	Cost         Cost         // outgoing only: what it costs
	Start        window.Start // incoming only: how the customer came, where the platform says so; empty: no other way than by what it is
	Hand         Hand         // of the agent whose own words it is; zero: nobody pressed Send
	Courtesy     bool         // nobody waits for it: the customer was silent. Outgoing only
}

// ID names a message in the whole store: the conversation and the place in it.
// It is what platforms are given to echo back.
func (m Message) ID() string { return MessageID(m.Conversation, m.Seq) }

// Incoming reports whether the customer wrote it.
func (m Message) Incoming() bool { return m.Author == AuthorCustomer }

// MessageID is the id of the message at seq of a conversation.
func MessageID(conversation string, seq uint64) string {
	return conversation + "-" + strconv.FormatUint(seq, 10)
}

// ParseMessageID takes a MessageID apart. It refuses anything else, as ids come
// back from platforms.
func ParseMessageID(id string) (conversation string, seq uint64, err error) {
	conversation, number, ok := strings.Cut(id, "-")
	seq, bad := strconv.ParseUint(number, 10, 64)
	if !ok || conversation == "" || bad != nil || seq == 0 {
		return "", 0, fmt.Errorf("%q is no message id", id)
	}
	return conversation, seq, nil
}
