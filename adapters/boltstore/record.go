package boltstore

import (
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/bot"
)

// A record is its form's number, for some kinds a header of fixed length that
// the writing goroutine reads without parsing, and JSON. The names in it are
// stored data: the types below are written out, so that renaming a field
// elsewhere does not compile here instead of losing what was stored. Types that
// bring names of their own are used as they are; a test knows these names.
const form = 1

type contactRecord struct {
	ID        string      `json:"id"`
	Name      string      `json:"name,omitempty"`
	Language  string      `json:"language,omitempty"`
	Aliases   []bot.Alias `json:"aliases,omitempty"`
	CreatedAt time.Time   `json:"created_at,omitzero"`
}

type messageRecord struct {
	Conversation string           `json:"conversation"`
	Seq          uint64           `json:"seq"`
	Author       bot.Author       `json:"author"`
	Agent        string           `json:"agent,omitempty"`
	Kind         bot.Kind         `json:"kind,omitempty"`
	Text         string           `json:"text,omitempty"`
	ChoiceID     string           `json:"choice_id,omitempty"`
	Choices      []bot.Choice     `json:"choices,omitempty"`
	Layout       bot.Layout       `json:"layout,omitempty"`
	Media        *bot.Media       `json:"media,omitempty"`
	Template     *bot.Template    `json:"template,omitempty"`
	Location     *bot.Location    `json:"location,omitempty"`
	Wants        string           `json:"wants,omitempty"`
	ExternalID   string           `json:"external_id,omitempty"`
	At           time.Time        `json:"at,omitzero"`
	State        bot.MessageState `json:"state,omitempty"`
	StateAt      time.Time        `json:"state_at,omitzero"`
	Code         string           `json:"code,omitempty"`
	Reason       string           `json:"reason,omitempty"`
}

type ticketRecord struct {
	ID           string    `json:"id"`
	Conversation string    `json:"conversation"`
	Queue        string    `json:"queue,omitempty"`
	Reason       string    `json:"reason,omitempty"`
	Note         string    `json:"note,omitempty"`
	Words        []string  `json:"words,omitempty"`
	OpenedAt     time.Time `json:"opened_at,omitzero"`
	PromisedBy   time.Time `json:"promised_by,omitzero"`
	WindowCloses time.Time `json:"window_closes,omitzero"`
	Agent        string    `json:"agent,omitempty"`
	ClaimedAt    time.Time `json:"claimed_at,omitzero"`
	FirstReplyAt time.Time `json:"first_reply_at,omitzero"`
	ClosedAt     time.Time `json:"closed_at,omitzero"`
}

type deliveryRecord struct {
	Conversation string     `json:"conversation"`
	Seq          uint64     `json:"seq"`
	Author       bot.Author `json:"author"`
	Epoch        uint64     `json:"epoch,omitempty"`
	Attempts     int        `json:"attempts,omitempty"`
	Tally        bot.Tally  `json:"-"` // stored beside it, see storedDelivery
	DueAt        time.Time  `json:"due_at,omitzero"`
	BegunAt      time.Time  `json:"begun_at,omitzero"`
	Unknown      bool       `json:"unknown,omitempty"`
	Cancel       bool       `json:"cancel,omitempty"`
	Courtesy     bool       `json:"courtesy,omitempty"`
}

type tallyRecord struct {
	Faults    int       `json:"faults,omitempty"`
	Waits     int       `json:"waits,omitempty"`
	Alarms    int       `json:"alarms,omitempty"`
	AlarmedAt time.Time `json:"alarmed_at,omitzero"`
	Unknowns  int       `json:"unknowns,omitempty"`
	Lost      int       `json:"lost,omitempty"`
}

type agentRecord struct {
	Name      string    `json:"name"`
	Display   string    `json:"display,omitempty"`
	Password  string    `json:"password,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
}

type sessionRecord struct {
	TokenHash string    `json:"token_hash"`
	Agent     string    `json:"agent"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

type eventRecord struct {
	Channel string    `json:"channel"`
	Kind    string    `json:"kind,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// lease is what is kept beside a delivery while it is out for sending.
type lease struct {
	Until   time.Time `json:"until,omitzero"`    // zero: it is not out
	BegunAt time.Time `json:"begun_at,omitzero"` // Delivery.BegunAt before the lease
	Unknown bool      `json:"unknown,omitempty"` // Delivery.Unknown before the lease
	Held    bool      `json:"held,omitempty"`    // it was given to nobody: something that belongs to it is damaged
}

func (l lease) out() bool { return !l.Until.IsZero() }

// sending reports whether the lease counts as an attempt.
func (l lease) sending() bool { return l.out() && !l.Held }

// delivery is an entry of the outbox as it is stored.
type delivery struct {
	bot.Delivery
	lease lease
}

// before is the delivery as it was before its lease.
func (d delivery) before() bot.Delivery {
	b := d.Delivery
	if d.lease.sending() {
		b.Attempts--
		b.BegunAt, b.Unknown = d.lease.BegunAt, d.lease.Unknown
	}
	return b
}

// doubtful reports whether a send of d may have been accepted without our knowing.
func doubtful(d bot.Delivery) bool { return d.Unknown || !d.BegunAt.IsZero() }

func encode(header []byte, v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, 1+len(header)+len(body))
	return append(append(append(b, form), header...), body...), nil
}

// decode reads a record whose header has the given length into v.
func decode(b []byte, header int, v any) error {
	if len(b) < 1+header || b[0] != form {
		return fmt.Errorf("%w: a record of an unknown form", ErrDamaged)
	}
	if err := json.Unmarshal(b[1+header:], v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// A message's header is one byte: may a watermark speak of it? Files may hold
// messages that wait or are unknown and say yes, as the rule once was.
const (
	messageHeaderSize = 1
	messageSettled    = 0
	messageOpen       = 1
)

func outgoing(m bot.Message) bool {
	return m.Author != bot.AuthorCustomer && m.State != bot.StateNoted
}

// underway reports whether m was accepted and a watermark may still move it.
func underway(m bot.Message) bool {
	return outgoing(m) && (m.State == bot.StateSent || m.State == bot.StateDelivered)
}

func encodeMessage(m bot.Message) ([]byte, error) {
	open := byte(messageSettled)
	if underway(m) {
		open = messageOpen
	}
	return encode([]byte{open}, messageRecord(m))
}

func decodeMessage(b []byte) (bot.Message, error) {
	var r messageRecord
	err := decode(b, messageHeaderSize, &r)
	return bot.Message(r), err
}

// A delivery's header is what its place in the due bucket is made from: one
// byte of flags and the time at which it becomes due, or due again.
const (
	deliveryHeaderSize = 1 + timeSize
	deliveryWaits      = 0
	deliveryLeased     = 1
	deliveryCourtesy   = 2
)

type storedDelivery struct {
	Delivery deliveryRecord `json:"delivery"`
	Tally    tallyRecord    `json:"tally,omitzero"`
	Lease    lease          `json:"lease,omitzero"`
}

func encodeDelivery(d delivery) ([]byte, error) {
	header := make([]byte, 1, deliveryHeaderSize)
	if d.lease.out() {
		header[0] = deliveryLeased
		header = appendTime(header, d.lease.Until)
	} else {
		header = appendTime(header, d.DueAt)
	}
	if d.Courtesy {
		header[0] |= deliveryCourtesy
	}
	return encode(header, storedDelivery{Delivery: deliveryRecord(d.Delivery), Tally: tallyRecord(d.Tally), Lease: d.lease})
}

func decodeDelivery(b []byte) (delivery, error) {
	var s storedDelivery
	err := decode(b, deliveryHeaderSize, &s)
	s.Delivery.Tally = bot.Tally(s.Tally)
	return delivery{Delivery: bot.Delivery(s.Delivery), lease: s.Lease}, err
}

// encodeEvent puts the body behind the JSON and a line break, byte for byte.
func encodeEvent(e bot.Event) ([]byte, error) {
	b, err := encode(nil, eventRecord{Channel: e.Channel, Kind: e.Kind, At: e.At})
	if err != nil {
		return nil, err
	}
	return append(append(b, '\n'), e.Body...), nil
}
