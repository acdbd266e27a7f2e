package boltstore

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

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

type callRecord struct {
	ID       string     `json:"id"`
	Request  flows.Call `json:"request"`
	Attempts int        `json:"attempts,omitempty"`
	BegunAt  time.Time  `json:"begun_at,omitzero"`
	DueAt    time.Time  `json:"due_at,omitzero"`
	Code     string     `json:"code,omitempty"`
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

// conversationForm is the form of a conversation: its header holds what the
// indexes say of it, so that whoever writes knows what to take out of them. In
// form 1, which older files hold, the header is three numbers only.
const conversationForm = 2

// conversationHeader stands before a conversation's JSON. Its slices are those
// of the record it was read from.
type conversationHeader struct {
	version, lastSeq, epoch uint64
	wake                    time.Time // bot.Conversation.WakeAt
	place                   []byte    // key in the standings; empty: it stands nowhere. See standing
	form                    byte      // 0: there is no conversation
	body                    []byte    // the JSON
}

const (
	conversationNumbers = 1 + 3*8                            // all that form 1 has
	conversationIndexed = conversationNumbers + timeSize + 4 // the place, after its length, comes behind it
)

func (h conversationHeader) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, h.version)
	b = binary.BigEndian.AppendUint64(b, h.lastSeq)
	b = binary.BigEndian.AppendUint64(b, h.epoch)
	b = appendTime(b, h.wake)
	b = binary.BigEndian.AppendUint32(b, uint32(len(h.place)))
	return append(b, h.place...)
}

func readConversationHeader(b []byte) (h conversationHeader, err error) {
	if len(b) < conversationNumbers {
		return h, strangeConversation()
	}
	h.version = binary.BigEndian.Uint64(b[1:])
	h.lastSeq = binary.BigEndian.Uint64(b[9:])
	h.epoch = binary.BigEndian.Uint64(b[17:])
	h.form = b[0]
	switch {
	case h.form == form:
		h.body = b[conversationNumbers:]
	case h.form == conversationForm && len(b) >= conversationIndexed:
		h.wake = readTime(b[conversationNumbers:])
		rest := b[conversationIndexed:]
		length := binary.BigEndian.Uint32(b[conversationNumbers+timeSize:])
		if uint64(length) > uint64(len(rest)) {
			return conversationHeader{}, strangeConversation()
		}
		h.place, h.body = rest[:length], rest[length:]
	default:
		return conversationHeader{}, strangeConversation()
	}
	return h, nil
}

func strangeConversation() error {
	return fmt.Errorf("%w: a conversation of an unknown form", ErrDamaged)
}

// standing is the conversation's key in the standings, empty when it stands
// nowhere. A conversation of form 1 is parsed for it; when that fails it is
// counted nowhere, here as in recount.
func (h conversationHeader) standing() string {
	if h.form != form {
		return string(h.place)
	}
	var r struct {
		Flow stateRecord `json:"flow"`
	}
	if json.Unmarshal(h.body, &r) != nil {
		return ""
	}
	return placeKey(flows.State(r.Flow))
}

func encodeConversation(c bot.Conversation) ([]byte, error) {
	h := conversationHeader{
		version: c.Version, lastSeq: c.LastSeq, epoch: c.Epoch, wake: c.WakeAt(), place: []byte(placeKey(c.Flow)),
	}
	b, err := encode(h.append(make([]byte, 0, conversationIndexed+len(h.place))), conversationRecord{
		ID: c.ID, Channel: c.Channel, Contact: c.Contact, Status: c.Status, Flow: stateRecord(c.Flow), Ticket: c.Ticket,
		NewestInbound: c.NewestInbound, ShutAt: c.ShutAt, Call: (*callRecord)(c.Call), Gathered: c.Gathered,
		AnswerAt: c.AnswerAt, SilentAt: c.SilentAt, CloseAt: c.CloseAt, Rungs: c.Rungs,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	})
	if err != nil {
		return nil, err
	}
	b[0] = conversationForm
	return b, nil
}

func decodeConversation(b []byte) (bot.Conversation, error) {
	h, err := readConversationHeader(b)
	if err != nil {
		return bot.Conversation{}, err
	}
	var r conversationRecord
	if err := json.Unmarshal(h.body, &r); err != nil {
		return bot.Conversation{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return bot.Conversation{
		ID: r.ID, Channel: r.Channel, Contact: r.Contact, Status: r.Status, Flow: flows.State(r.Flow), Ticket: r.Ticket,
		NewestInbound: r.NewestInbound, ShutAt: r.ShutAt, Call: (*bot.Call)(r.Call), Gathered: r.Gathered,
		AnswerAt: r.AnswerAt, SilentAt: r.SilentAt, CloseAt: r.CloseAt, Rungs: r.Rungs,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		Version: h.version, LastSeq: h.lastSeq, Epoch: h.epoch,
	}, nil
}

// storeConversation stores c, of which b is the record, and keeps the indexes.
// was is what is stored; its zero value says that c is new.
func (w *writer) storeConversation(was conversationHeader, c bot.Conversation, b []byte) error {
	wake, stood := was.wake, was.standing()
	if err := w.put(inConversations, []byte(c.ID), b); err != nil {
		return err
	}
	if err := w.moveWake(c.ID, wake, c.WakeAt()); err != nil {
		return err
	}
	return w.moveStanding(stood, placeKey(c.Flow))
}
