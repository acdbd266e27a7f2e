package boltstore

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// olderError says that the file is of an older format and must be written anew.
type olderError struct{ format int }

func (e *olderError) Error() string { return fmt.Sprintf("the data file has format %d", e.format) }

// perStep is how many records are carried over in one transaction.
const perStep = 2000

// renew writes the file at path, which s has open, anew in the format of today.
// The old one is kept beside it, so that nothing is lost should the machine stop
// half way, and so that an older frontdesk can still read it.
func (s *Store) renew(path string, was int) error {
	next := path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing what was left of an earlier try: %w", err)
	}
	to, err := bolt.Open(next, 0o600, &bolt.Options{Timeout: lockWait, NoSync: true, FreelistType: bolt.FreelistMapType, InitialMmapSize: mapSize()})
	if err != nil {
		return fmt.Errorf("creating %s: %w", next, err)
	}
	err = guard(func() error {
		return s.db.View(func(tx *bolt.Tx) error { return carryOver(tx, to) })
	})
	if err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return fmt.Errorf("writing format %d: %w", format, err)
	}
	// A second name, not another: were there no file at path for a moment, a crash
	// in it would make the next start begin with an empty store.
	kept := fmt.Sprintf("%s.format%d", path, was)
	if err := errors.Join(removed(kept), alsoNamed(path, kept)); err != nil {
		return fmt.Errorf("keeping the file of format %d: %w", was, err)
	}
	if err := Place(next, path); err != nil {
		return fmt.Errorf("taking the file of format %d: %w", format, err)
	}
	return s.db.Close()
}

// carryOver fills a new file with what an old one holds. What is damaged there
// is left out: it could be read by nobody. The old file is kept.
func carryOver(from *bolt.Tx, to *bolt.DB) error {
	if err := to.Update(func(tx *bolt.Tx) error { return writerTo(tx).create() }); err != nil {
		return err
	}
	for _, step := range []struct {
		bucket string
		carry  func(w *writer, k, b []byte) error
	}{
		{"contacts", carryContact},
		{"aliases", func(w *writer, k, b []byte) error { return w.put(inAliases, k, b) }},
		{"by_contact", func(w *writer, k, b []byte) error { return w.put(inByContact, k, b) }},
		{"conversations", carryConversation},
		{"messages", func(w *writer, k, b []byte) error { return carryMessage(from, w, k, b) }},
		{"tickets", carryTicket},
		{"outbox", func(w *writer, k, b []byte) error { return carryDelivery(w, k, b) }},
		{"flows", carryFiles},
		{"events", carryEvent},
		{"agents", carryAgent},
		{"sessions", carrySession},
	} {
		if err := carryAll(from, to, step.bucket, step.carry); err != nil {
			return fmt.Errorf("carrying over %s: %w", step.bucket, err)
		}
	}
	return nil
}

func carryAll(from *bolt.Tx, to *bolt.DB, bucket string, carry func(w *writer, k, b []byte) error) error {
	rows := from.Bucket([]byte(bucket))
	if rows == nil {
		return nil // of a later format
	}
	c := &pageCursor{Cursor: rows.Cursor(), bucket: bucket}
	for k, b := c.First(); k != nil; {
		err := to.Update(func(tx *bolt.Tx) error {
			w := writerTo(tx)
			for range perStep {
				if k == nil {
					return nil
				}
				if err := carry(w, k, b); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, bot.ErrNotFound) {
					return err
				}
				k, b = c.Next()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func carryContact(w *writer, k, b []byte) error {
	r, err := olderDecode[contactRecord](b, olderHeader)
	if err != nil {
		return err
	}
	return w.put(inContacts, k, encodeContact(r.contact()))
}

func carryConversation(w *writer, k, b []byte) error {
	c, err := olderConversation(b)
	if err != nil {
		return err
	}
	c.ID = string(k)
	record, err := encodeConversation(c)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return w.storeConversation(conversationHeader{}, c, record)
}

func olderConversation(b []byte) (c bot.Conversation, err error) {
	header := olderNumbers
	if len(b) >= olderIndexed && b[0] == olderIndexedFirst {
		header = olderIndexed + int(binary.BigEndian.Uint32(b[olderIndexed-4:]))
	}
	r, err := olderDecode[conversationRecord](b, header)
	if err != nil {
		return c, err
	}
	return bot.Conversation{
		ID: r.ID, Channel: r.Channel, Contact: r.Contact, Status: r.Status, Flow: r.Flow.state(), Ticket: r.Ticket,
		NewestInbound: r.NewestInbound, ShutAt: r.ShutAt, Call: (*bot.Call)(r.Call), Gathered: r.Gathered,
		AnswerAt: r.AnswerAt, SilentAt: r.SilentAt, CloseAt: r.CloseAt, Rungs: r.Rungs,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		Version: binary.BigEndian.Uint64(b[1:]), LastSeq: binary.BigEndian.Uint64(b[9:]), Epoch: binary.BigEndian.Uint64(b[17:]),
	}, nil
}

// carryMessage carries the mark of the event over too, which had a bucket of its
// own: channels named the event by the message, with or without their own name.
func carryMessage(from *bolt.Tx, w *writer, _, b []byte) error {
	r, err := olderDecode[messageRecord](b, olderMessage)
	if err != nil {
		return err
	}
	m := r.message()
	if err := w.storeMessage("", m); err != nil || !m.Incoming() {
		return err
	}
	c, err := w.conversation(m.Conversation)
	if err != nil {
		return err
	}
	for _, event := range []string{m.ExternalID, c.Channel + "/" + m.ExternalID} {
		if at := from.Bucket([]byte("seen")).Get([]byte(event)); event != "" && len(at) == timeSize {
			if err := w.put(inConversations, markKey(c.ID, event), encodeMark(readTime(at))); err != nil {
				return err
			}
		}
	}
	return nil
}

func carryTicket(w *writer, _, b []byte) error {
	r, err := olderDecode[ticketRecord](b, olderHeader)
	if err != nil {
		return err
	}
	t := r.ticket()
	if _, err := w.conversation(t.Conversation); err != nil {
		return err
	}
	t.Place = t.Stand(time.Now()) // and judged again when the customer or a person acts
	return w.putTicket(t, encodeTicket(t))
}

// carryDelivery hands leases back, as Open does: whoever had them is gone.
func carryDelivery(w *writer, _, b []byte) error {
	r, err := olderDecode[storedDelivery](b, olderDelivery)
	if err != nil {
		return err
	}
	d := delivery{Delivery: r.Delivery.delivery()}
	d.Tally = bot.Tally(r.Tally)
	c, err := w.conversation(d.Conversation)
	if err != nil {
		return err
	}
	head := w.head(c.Channel, c.ID)
	return errors.Join(w.putDelivery(d), w.moveHead(c.Channel, c.ID, head))
}

func carryFiles(w *writer, k, b []byte) error {
	r, err := olderDecode[filesRecord](b, olderHeader)
	if err != nil {
		return err
	}
	return w.put(inFlows, k, encodeFiles(flows.Files(r)))
}

// carryEvent knows that the body stands behind the JSON and a line break.
func carryEvent(w *writer, k, b []byte) error {
	var r eventRecord
	head, body, ok := bytes.Cut(b[min(olderHeader, len(b)):], []byte{'\n'})
	if !ok || json.Unmarshal(head, &r) != nil {
		return ErrDamaged
	}
	w.bucket(placeOf(inEvents)).FillPercent = 0.9
	if n := binary.BigEndian.Uint64(k[len(k)-8:]); n > w.numbered(inEvents) {
		if err := w.setNumbered(inEvents, n); err != nil {
			return err
		}
	}
	return w.put(inEvents, k, encodeEvent(bot.Event{Channel: r.Channel, Kind: r.Kind, At: r.At, Body: body}))
}

func carryAgent(w *writer, k, b []byte) error {
	r, err := olderDecode[agentRecord](b, olderHeader)
	if err != nil {
		return err
	}
	return w.put(inAgents, k, encodeAgent(handoff.Agent(r)))
}

func carrySession(w *writer, k, b []byte) error {
	r, err := olderDecode[sessionRecord](b, olderHeader)
	if err != nil {
		return err
	}
	return w.put(inSessions, k, encodeSession(handoff.Session(r)))
}
