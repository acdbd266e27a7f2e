package boltstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"frontdesk/bot"
	"frontdesk/flows"
)

// conversationHeader is what the writing goroutine reads of a conversation
// without reading the rest: its numbers, and what the indexes say of it. It is
// stored as the form, the version, the entry of the wakes, and then, of the
// length that they need, the others.
type conversationHeader struct {
	version uint64
	entry   time.Time // in the wakes: not after wake, see moveWake; zero: none
	lastSeq uint64
	epoch   uint64
	wake    time.Time // Conversation.WakeAt
	place   []byte    // version 0 flow 0 state; of the transaction it was read in
	body    []byte    // likewise
}

// callRecord is a bot.Call under names that stay.
type callRecord struct {
	ID       string     `json:"id"`
	Request  flows.Call `json:"request"`
	Attempts int        `json:"attempts,omitempty"`
	BegunAt  time.Time  `json:"begun_at,omitzero"`
	DueAt    time.Time  `json:"due_at,omitzero"`
	Code     string     `json:"code,omitempty"`
}

// Where the fixed part of the header is.
const (
	atVersion         = 1
	atEntry           = atVersion + 8
	conversationFixed = atEntry + timeSize
)

func (h conversationHeader) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(append(b, form), h.version)
	b = appendTime(b, h.entry)
	b = protowire.AppendVarint(b, h.lastSeq)
	b = protowire.AppendVarint(b, h.epoch)
	b = appendTime(b, h.wake)
	return protowire.AppendBytes(b, h.place)
}

func readConversationHeader(b []byte) (h conversationHeader, err error) {
	if b, err = unseal(b); err != nil {
		return h, err
	}
	if len(b) < conversationFixed {
		return h, strangeConversation()
	}
	h.version = binary.BigEndian.Uint64(b[atVersion:])
	h.entry = readTime(b[atEntry:])
	rest := b[conversationFixed:]
	for _, to := range []*uint64{&h.lastSeq, &h.epoch} {
		v, size := protowire.ConsumeVarint(rest)
		if size < 0 {
			return conversationHeader{}, strangeConversation()
		}
		*to, rest = v, rest[size:]
	}
	if len(rest) < timeSize {
		return conversationHeader{}, strangeConversation()
	}
	h.wake = readTime(rest)
	place, size := protowire.ConsumeBytes(rest[timeSize:])
	if size < 0 {
		return conversationHeader{}, strangeConversation()
	}
	h.place, h.body = place, rest[timeSize+size:]
	return h, nil
}

func strangeConversation() error {
	return fmt.Errorf("%w: a conversation of an unknown form", ErrDamaged)
}

// standing is the conversation's key in the standings, empty when it stands
// nowhere.
func (h conversationHeader) standing() string {
	if _, rest, ok := bytes.Cut(h.place, []byte{0}); !ok || len(rest) == 0 || rest[0] == 0 {
		return "" // no flow
	}
	return string(h.place)
}

// isOf reports whether the conversation is that of a contact on a channel, which are
// the first fields of the record.
func (h conversationHeader) isOf(channel, contact string) bool {
	want := appendText(appendText(make([]byte, 0, 128), 1, channel), 2, contact)
	return bytes.HasPrefix(h.body, want)
}

func encodeConversation(c bot.Conversation) ([]byte, error) {
	s := c.Flow
	h := conversationHeader{
		version: c.Version, lastSeq: c.LastSeq, epoch: c.Epoch, wake: c.WakeAt(), place: joined(s.Version, s.Flow, s.Node),
	}
	b := h.append(make([]byte, 0, 320))
	b = appendText(b, 1, c.Channel)
	b = appendText(b, 2, c.Contact)
	b = appendWord(b, 3, statusWords, c.Status)
	b = appendText(b, 4, c.Ticket)
	b = appendMoment(b, 5, c.NewestInbound)
	b = appendMoment(b, 6, c.ShutAt)
	b = appendTexts(b, 7, c.Gathered)
	b = appendMoment(b, 8, c.AnswerAt)
	b = appendMoment(b, 9, c.SilentAt)
	b = appendMoment(b, 10, c.CloseAt)
	b = appendInt(b, 11, c.Rungs)
	b = appendMoment(b, 12, c.CreatedAt)
	b = appendMoment(b, 13, c.UpdatedAt)
	b = appendMoment(appendMoment(appendMoment(b, 30, c.CameAt), 31, c.Entered), 32, c.WordAt)
	var err error
	b, err = keepErr(err)(appendJSON(b, 14, (*callRecord)(c.Call)))
	b = appendPart(b, 15, func(b []byte) []byte {
		b, err = keepErr(err)(appendState(b, s))
		return b
	})
	b = appendMoment(b, 16, c.WroteAt)
	b = appendMoment(b, 18, c.RepliedAt)
	b = appendMoment(b, 19, c.RankAt)
	b = appendBool(appendBool(b, 22, c.Handed), 23, c.Away)
	b = appendMoment(b, 24, c.ReopenedAt)
	return seal(appendTexts(b, 33, c.Labels)), err
}

// appendState writes a flow's state without what the header's place says.
func appendState(b []byte, s flows.State) (_ []byte, err error) {
	b = appendText(b, 1, s.Language)
	b = appendBool(b, 2, s.Chosen)
	for _, p := range s.Stack {
		b = appendPart(b, 3, func(b []byte) []byte { return appendText(appendText(b, 1, p.Flow), 2, p.Node) })
	}
	for _, p := range s.Trace {
		b = appendPart(b, 4, func(b []byte) []byte { return appendText(appendText(b, 1, p.Flow), 2, p.Node) })
	}
	b = appendInt(b, 5, s.Tries)
	b = appendInt(b, 6, s.Misses)
	b = appendTexts(b, 7, s.Missed)
	b = appendBool(b, 8, s.Told)
	b = appendBool(b, 10, s.Aside)
	b = appendText(b, 11, s.Offer.Words)
	b = appendTexts(b, 12, s.Offer.Answers)
	return appendMap(b, 9, s.Vars)
}

func decodeConversation(id string, b []byte) (bot.Conversation, error) {
	h, err := readConversationHeader(b)
	if err != nil {
		return bot.Conversation{}, err
	}
	c := bot.Conversation{ID: id, Version: h.version, LastSeq: h.lastSeq, Epoch: h.epoch}
	err = eachField(h.body, func(f field) (err error) {
		switch f.number {
		case 1:
			c.Channel = f.text()
		case 2:
			c.Contact = f.text()
		case 3:
			err = readWord(&c.Status, f, statusWords)
		case 4:
			c.Ticket = f.text()
		case 5:
			err = readMoment(&c.NewestInbound, f)
		case 6:
			err = readMoment(&c.ShutAt, f)
		case 7:
			c.Gathered = append(c.Gathered, f.text())
		case 8:
			err = readMoment(&c.AnswerAt, f)
		case 9:
			err = readMoment(&c.SilentAt, f)
		case 10:
			err = readMoment(&c.CloseAt, f)
		case 11:
			c.Rungs = f.int()
		case 12:
			err = readMoment(&c.CreatedAt, f)
		case 13:
			err = readMoment(&c.UpdatedAt, f)
		case 30:
			err = readMoment(&c.CameAt, f)
		case 32:
			err = readMoment(&c.WordAt, f)
		case 31:
			err = readMoment(&c.Entered, f)
		case 14:
			var r *callRecord
			err = readJSON(&r, f)
			c.Call = (*bot.Call)(r)
		case 15:
			c.Flow, err = readState(f.b)
		case 16:
			err = readMoment(&c.WroteAt, f)
		case 18:
			err = readMoment(&c.RepliedAt, f)
		case 19:
			err = readMoment(&c.RankAt, f)
		case 22:
			c.Handed = f.bool()
		case 23:
			c.Away = f.bool()
		case 24:
			err = readMoment(&c.ReopenedAt, f)
		case 33:
			c.Labels = append(c.Labels, f.text())
		}
		return err
	})
	if err != nil {
		return bot.Conversation{}, fmt.Errorf("%w: a record cannot be read: %w", ErrDamaged, err)
	}
	if place := strings.SplitN(string(h.place), "\x00", 3); len(place) == 3 {
		c.Flow.Version, c.Flow.Flow, c.Flow.Node = place[0], place[1], place[2]
	}
	return c, nil
}

func readState(b []byte) (s flows.State, err error) {
	return s, eachField(b, func(f field) (err error) {
		switch f.number {
		case 1:
			s.Language = f.text()
		case 2:
			s.Chosen = f.bool()
		case 3:
			s.Stack, err = readPlace(s.Stack, f)
		case 4:
			s.Trace, err = readPlace(s.Trace, f)
		case 5:
			s.Tries = f.int()
		case 6:
			s.Misses = f.int()
		case 7:
			s.Missed = append(s.Missed, f.text())
		case 8:
			s.Told = f.bool()
		case 10:
			s.Aside = f.bool()
		case 11:
			s.Offer.Words = f.text()
		case 12:
			s.Offer.Answers = append(s.Offer.Answers, f.text())
		case 9:
			if s.Vars == nil {
				s.Vars = make(map[string]any)
			}
			err = readEntry(f.b, s.Vars)
		}
		return err
	})
}

func readPlace(to []flows.Place, f field) ([]flows.Place, error) {
	var p flows.Place
	err := eachField(f.b, func(f field) error {
		switch f.number {
		case 1:
			p.Flow = f.text()
		case 2:
			p.Node = f.text()
		}
		return nil
	})
	return append(to, p), err
}

// storeConversation stores c, of which b is the record, and keeps the indexes.
// was is what is stored; its zero value says that c is new. It writes into b.
func (w *writer) storeConversation(was conversationHeader, c bot.Conversation, b []byte) error {
	stood := was.standing()
	entry, err := w.moveWake(c.ID, was.entry, c.WakeAt())
	if err != nil {
		return err
	}
	appendTime(b[:atEntry], entry)
	reseal(b)
	if err := w.put(inConversations, conversationKey(c.ID), b); err != nil {
		return err
	}
	return w.moveStanding(stood, placeKey(c.Flow))
}
