package boltstore

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// A record is its form's number, for some kinds a header that is read without
// the rest, fields, see wire.go, and a checksum. What is in its key is not in the record.
// Parts that are rare, and whose names are theirs, are JSON in a field.
const form = 3

// The closed sets. What is added goes to the end.
var (
	authorWords = words{string(bot.AuthorCustomer), string(bot.AuthorBot), string(bot.AuthorAgent), string(bot.AuthorSystem)}
	stateWords  = words{
		string(bot.StateReceived), string(bot.StateNoted), string(bot.StateQueued), string(bot.StateUnknown), string(bot.StateSent),
		string(bot.StateDelivered), string(bot.StateRead), string(bot.StateFailed), string(bot.StateCancelled),
		string(bot.StateDraft),
	}
	kindWords = words{
		string(bot.KindText), string(bot.KindChoice), string(bot.KindImage), string(bot.KindVideo), string(bot.KindAudio),
		string(bot.KindDocument), string(bot.KindSticker), string(bot.KindLocation), string(bot.KindContacts), string(bot.KindOrder),
		string(bot.KindReaction), string(bot.KindSystem), string(bot.KindUnsupported),
	}
	layoutWords = words{string(bot.LayoutPlain), string(bot.LayoutButtons), string(bot.LayoutList)}
	statusWords = words{string(handoff.Bot), string(handoff.Queued), string(handoff.Assigned), string(handoff.Resolved)}
)

// castagnoli is the polynomial that processors know.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealSize is the length of the checksum at the end of each record. A page of
// the file has none: without it a bit that flipped would be another word, or
// another time.
const sealSize = 4

func seal(b []byte) []byte {
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// reseal is seal for a sealed record that was changed in place.
func reseal(b []byte) { seal(b[:len(b)-sealSize]) }

// unseal gives a record without its checksum.
func unseal(b []byte) ([]byte, error) {
	if len(b) <= sealSize || b[0] != form {
		return nil, fmt.Errorf("%w: a record of an unknown form", ErrDamaged)
	}
	rest := b[:len(b)-sealSize]
	if crc32.Checksum(rest, castagnoli) != binary.BigEndian.Uint32(b[len(rest):]) {
		return nil, fmt.Errorf("%w: a record's checksum is wrong", ErrDamaged)
	}
	return rest, nil
}

// decode calls f for the fields of a record whose header, the form's number
// among it, has the given length.
func decode(b []byte, header int, f func(field) error) error {
	b, err := unseal(b)
	if err != nil {
		return err
	}
	if len(b) < header {
		return fmt.Errorf("%w: a record is cut off", ErrDamaged)
	}
	if err := eachField(b[header:], f); err != nil {
		return fmt.Errorf("%w: a record cannot be read: %w", ErrDamaged, err)
	}
	return nil
}

// appendJSON writes a part that is rare. Such parts are plain data, which JSON
// always takes but for numbers that are none.
func appendJSON[T any](b []byte, n number, v *T) ([]byte, error) {
	if v == nil {
		return b, nil
	}
	part, err := json.Marshal(v)
	return appendBytes(b, n, part), err
}

func readJSON[T any](to **T, f field) error {
	*to = new(T)
	return json.Unmarshal(f.b, *to)
}

func encodeContact(c bot.Contact) []byte {
	b := append(make([]byte, 0, 128), form)
	b = appendText(b, 1, c.Name)
	b = appendText(b, 2, c.Language)
	for _, a := range c.Aliases {
		b = appendPart(b, 3, func(b []byte) []byte {
			return appendText(appendText(appendText(b, 1, a.Channel), 2, a.Kind), 3, a.Value)
		})
	}
	return seal(appendMoment(appendMoment(b, 4, c.CreatedAt), 5, c.OptedOutAt))
}

func decodeContact(id string, b []byte) (bot.Contact, error) {
	c := bot.Contact{ID: id}
	err := decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			c.Name = f.text()
		case 2:
			c.Language = f.text()
		case 3:
			var a bot.Alias
			a, err = readAlias(f.b)
			c.Aliases = append(c.Aliases, a)
		case 4:
			err = readMoment(&c.CreatedAt, f)
		case 5:
			err = readMoment(&c.OptedOutAt, f)
		}
		return err
	})
	return c, err
}

func readAlias(b []byte) (a bot.Alias, err error) {
	return a, eachField(b, func(f field) error {
		switch f.number {
		case 1:
			a.Channel = f.text()
		case 2:
			a.Kind = f.text()
		case 3:
			a.Value = f.text()
		}
		return nil
	})
}

func encodeTicket(t handoff.Ticket) []byte {
	b := append(make([]byte, 0, 128), form)
	b = appendText(b, 1, t.Queue)
	b = appendText(b, 2, t.Reason)
	b = appendText(b, 3, t.Note)
	b = appendTexts(b, 4, t.Words)
	b = appendMoment(b, 5, t.OpenedAt)
	b = appendMoment(b, 6, t.PromisedBy)
	b = appendMoment(b, 7, t.WindowCloses)
	b = appendText(b, 8, t.Agent)
	b = appendMoment(b, 9, t.ClaimedAt)
	b = appendMoment(b, 10, t.FirstReplyAt)
	b = appendMoment(b, 11, t.ClosedAt)
	b = appendMoment(b, 12, t.AnswerBy)
	b = appendInt(b, 13, int(t.Handling/time.Millisecond))
	b = appendInt(b, 14, t.Weight)
	b = appendInt(b, 15, int(t.Place.Class))
	b = appendMoment(b, 16, t.Place.At)
	b = appendMoment(b, 17, t.Place.Next)
	b = appendBool(b, 18, t.Asleep)
	b = appendMoment(b, 19, t.WakeAt)
	b = appendInt(b, 20, int(t.Priority))
	return seal(appendTexts(b, 21, t.Labels))
}

func decodeTicket(conversation, id string, b []byte) (handoff.Ticket, error) {
	t := handoff.Ticket{ID: id, Conversation: conversation}
	err := decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			t.Queue = f.text()
		case 2:
			t.Reason = f.text()
		case 3:
			t.Note = f.text()
		case 4:
			t.Words = append(t.Words, f.text())
		case 5:
			err = readMoment(&t.OpenedAt, f)
		case 6:
			err = readMoment(&t.PromisedBy, f)
		case 7:
			err = readMoment(&t.WindowCloses, f)
		case 8:
			t.Agent = f.text()
		case 9:
			err = readMoment(&t.ClaimedAt, f)
		case 10:
			err = readMoment(&t.FirstReplyAt, f)
		case 11:
			err = readMoment(&t.ClosedAt, f)
		case 12:
			err = readMoment(&t.AnswerBy, f)
		case 13:
			t.Handling = time.Duration(f.int()) * time.Millisecond
		case 14:
			t.Weight = f.int()
		case 15:
			t.Place.Class = uint8(f.int())
		case 16:
			err = readMoment(&t.Place.At, f)
		case 17:
			err = readMoment(&t.Place.Next, f)
		case 18:
			t.Asleep = f.bool()
		case 19:
			err = readMoment(&t.WakeAt, f)
		case 20:
			t.Priority = handoff.Priority(f.int())
		case 21:
			t.Labels = append(t.Labels, f.text())
		}
		return err
	})
	return t, err
}

func encodeAgent(a handoff.Agent) []byte {
	b := appendText([]byte{form}, 1, a.Display)
	return seal(appendMoment(appendText(b, 2, a.Password), 3, a.CreatedAt))
}

func decodeAgent(name string, b []byte) (handoff.Agent, error) {
	a := handoff.Agent{Name: name}
	err := decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			a.Display = f.text()
		case 2:
			a.Password = f.text()
		case 3:
			err = readMoment(&a.CreatedAt, f)
		}
		return err
	})
	return a, err
}

func encodeSession(s handoff.Session) []byte {
	return seal(appendMoment(appendText([]byte{form}, 1, s.Agent), 2, s.ExpiresAt))
}

func decodeSession(tokenHash string, b []byte) (handoff.Session, error) {
	s := handoff.Session{TokenHash: tokenHash}
	err := decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			s.Agent = f.text()
		case 2:
			err = readMoment(&s.ExpiresAt, f)
		}
		return err
	})
	return s, err
}

// encodeEvent keeps the body as it came, byte for byte.
func encodeEvent(e bot.Event) []byte {
	b := appendText(append(make([]byte, 0, 64+len(e.Body)), form), 1, e.Channel)
	b = appendText(b, 2, e.Kind)
	return seal(appendBytes(appendMoment(b, 3, e.At), 4, e.Body))
}

func decodeEvent(b []byte) (e bot.Event, err error) {
	return e, decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			e.Channel = f.text()
		case 2:
			e.Kind = f.text()
		case 3:
			err = readMoment(&e.At, f)
		case 4:
			e.Body = append([]byte(nil), f.b...)
		}
		return err
	})
}
