package boltstore

import (
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// What formats 1 and 2 held: JSON under these names, behind the number 1 and,
// for some kinds, a header. They are only read, see older.go.

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

type leaseRecord struct {
	Until   time.Time `json:"until,omitzero"`
	BegunAt time.Time `json:"begun_at,omitzero"`
	Unknown bool      `json:"unknown,omitempty"`
	Held    bool      `json:"held,omitempty"`
}

type storedDelivery struct {
	Delivery deliveryRecord `json:"delivery"`
	Tally    tallyRecord    `json:"tally,omitzero"`
	Lease    leaseRecord    `json:"lease,omitzero"`
}

type filesRecord struct {
	Root    string            `json:"root"`
	Content map[string][]byte `json:"content,omitempty"`
}

type stateRecord struct {
	Version  string         `json:"version,omitempty"`
	Flow     string         `json:"flow,omitempty"`
	Node     string         `json:"node,omitempty"`
	Vars     map[string]any `json:"vars,omitempty"`
	Language string         `json:"language,omitempty"`
	Chosen   bool           `json:"chosen,omitempty"`
	Stack    []flows.Place  `json:"stack,omitempty"`
	Trace    []flows.Place  `json:"trace,omitempty"`
	Tries    int            `json:"tries,omitempty"`
	Misses   int            `json:"misses,omitempty"`
	Missed   []string       `json:"missed,omitempty"`
	Told     bool           `json:"told,omitempty"`
}

// conversationRecord is a bot.Conversation without the numbers in its header.
type conversationRecord struct {
	ID            string         `json:"id"`
	Channel       string         `json:"channel"`
	Contact       string         `json:"contact"`
	Status        handoff.Status `json:"status,omitempty"`
	Flow          stateRecord    `json:"flow,omitzero"`
	Ticket        string         `json:"ticket,omitempty"`
	NewestInbound time.Time      `json:"newest_inbound,omitzero"`
	ShutAt        time.Time      `json:"shut_at,omitzero"`
	Call          *callRecord    `json:"call,omitempty"`
	Gathered      []string       `json:"gathered,omitempty"`
	AnswerAt      time.Time      `json:"answer_at,omitzero"`
	SilentAt      time.Time      `json:"silent_at,omitzero"`
	CloseAt       time.Time      `json:"close_at,omitzero"`
	Rungs         int            `json:"rungs,omitempty"`
	CreatedAt     time.Time      `json:"created_at,omitzero"`
	UpdatedAt     time.Time      `json:"updated_at,omitzero"`
}

// The lengths of what stands before the JSON of formats 1 and 2, and the byte
// that says how long a conversation's header is.
const (
	olderHeader       = 1
	olderMessage      = 1 + 1
	olderDelivery     = 1 + 1 + timeSize
	olderNumbers      = 1 + 3*8                     // of a conversation of format 1
	olderIndexed      = olderNumbers + timeSize + 4 // of format 2, and then the place, of the length in the last four bytes
	olderIndexedFirst = 2
)

func olderDecode[T any](b []byte, header int) (r T, err error) {
	if len(b) < header {
		return r, fmt.Errorf("%w: a record is cut off", ErrDamaged)
	}
	if err := json.Unmarshal(b[header:], &r); err != nil {
		return r, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return r, nil
}
