package boltstore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// view is what is stored at a moment: the file's rows, and those that were written
// since. Its methods copy what they give back.
type view struct {
	tx     *bolt.Tx
	layers []*layer // the newest first
	opened *[bucketCount]*bolt.Bucket
}

func viewOf(tx *bolt.Tx, layers ...*layer) view {
	return view{tx: tx, layers: layers, opened: new([bucketCount]*bolt.Bucket)}
}

func (v view) bucket(n int) *bolt.Bucket {
	if v.opened[n] == nil {
		v.opened[n] = v.tx.Bucket([]byte(buckets()[n]))
	}
	return v.opened[n]
}

func (v view) get(bucket string, key []byte) []byte {
	n := placeOf(bucket)
	for _, l := range v.layers {
		if value, ok := l.get(n, key); ok {
			return value
		}
	}
	return v.bucket(n).Get(key)
}

func (v view) contact(id string) (bot.Contact, error) {
	b := v.get(inContacts, []byte(id))
	if b == nil {
		return bot.Contact{}, fmt.Errorf("contact %s: %w", id, bot.ErrNotFound)
	}
	c, err := decodeContact(id, b)
	if err != nil {
		return bot.Contact{}, fmt.Errorf("contact %s: %w", id, err)
	}
	return c, nil
}

func (v view) conversation(id string) (bot.Conversation, error) {
	b := v.get(inConversations, conversationKey(id))
	if b == nil {
		return bot.Conversation{}, fmt.Errorf("conversation %s: %w", id, bot.ErrNotFound)
	}
	c, err := decodeConversation(id, b)
	if err != nil {
		return bot.Conversation{}, fmt.Errorf("conversation %s: %w", id, err)
	}
	return c, nil
}

func (v view) message(key []byte) (bot.Message, error) {
	b := v.get(inConversations, key)
	if b == nil {
		return bot.Message{}, fmt.Errorf("message %s: %w", nameOf(key), bot.ErrNotFound)
	}
	m, err := decodeMessage(key, b)
	if err != nil {
		return bot.Message{}, fmt.Errorf("message %s: %w", nameOf(key), err)
	}
	return m, nil
}

// nameOf is a message's id for an error.
func nameOf(key []byte) string {
	conversation, seq, err := splitMessageKey(key)
	if err != nil {
		return fmt.Sprintf("%q", key)
	}
	return bot.MessageID(conversation, seq)
}

// Load implements bot.Ledger.
func (s *Store) Load(ctx context.Context, l bot.Lookup) (bot.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return bot.Snapshot{}, err
	}
	var snap bot.Snapshot
	err := s.view(func(v view) (err error) {
		snap, err = v.snapshot(l)
		return err
	})
	if err != nil {
		return bot.Snapshot{}, fmt.Errorf("loading: %w", err)
	}
	return snap, nil
}

func (v view) snapshot(l bot.Lookup) (snap bot.Snapshot, err error) {
	snap.Seen = make(map[string]bool, len(l.Events))
	id, err := v.find(l, &snap)
	if err != nil {
		return snap, err
	}
	for _, e := range l.Events {
		if id != "" && e != "" && v.get(inConversations, markKey(id, e)) != nil {
			snap.Seen[e] = true
		}
	}
	if id != "" {
		if snap.Conversation, err = v.conversation(id); err != nil {
			return snap, err
		}
		if snap.Contact, err = v.contact(snap.Conversation.Contact); err != nil {
			return snap, err
		}
		if snap.Ticket, err = v.ticket(id, snap.Conversation.Ticket); err != nil {
			return snap, err
		}
	}
	if !l.Around.IsZero() {
		snap.Months = v.around(cmp.Or(snap.Conversation.Channel, l.Channel), l.Around)
	}
	if id != "" && !l.Until.IsZero() {
		snap.Messages, err = v.underway(id, l.Until)
	}
	return snap, err
}

// find gives the id of the conversation that l names, empty when it names
// nobody, and puts what it had to read for it into snap.
func (v view) find(l bot.Lookup, snap *bot.Snapshot) (id string, err error) {
	var key []byte
	switch {
	case l.Conversation != "":
		return l.Conversation, nil
	case l.Message != "":
		conversation, seq, err := bot.ParseMessageID(l.Message)
		if err != nil {
			return "", fmt.Errorf("%w: %w", bot.ErrNotFound, err)
		}
		key = messageKey(conversation, seq)
	case l.ExternalID != "":
		return v.findNamed(l, snap)
	default:
		return v.findContact(l, snap)
	}
	m, err := v.message(key)
	if err != nil {
		return "", err
	}
	if !outgoing(m) {
		return "", fmt.Errorf("message %s is not one of ours: %w", m.ID(), bot.ErrNotFound)
	}
	snap.Messages = []bot.Message{m}
	d, waits, err := v.delivery(key)
	snap.Waits = err == nil && waits && !d.lease.out() // Due tells what is damaged
	return m.Conversation, nil
}

// findNamed looks for our message through those of the conversation, as no index
// leads to it: platforms repeat our own id for most of what they tell, and what they
// tell otherwise is of one of the newest.
func (v view) findNamed(l bot.Lookup, snap *bot.Snapshot) (id string, err error) {
	none := fmt.Errorf("message %s of channel %s: %w", l.ExternalID, l.Channel, bot.ErrNotFound)
	if id, err = v.findContact(l, snap); err != nil || id == "" {
		return "", errors.Join(err, none)
	}
	prefix := joined(id, "")
	c := v.cursor(inConversations)
	if k, _ := c.Seek(conversationKey(id)); k == nil {
		return "", none
	}
	for k, b := c.Prev(); bytes.HasPrefix(k, prefix); k, b = c.Prev() {
		m, err := decodeMessage(k, b)
		if err != nil {
			return "", fmt.Errorf("message %s: %w", nameOf(k), err)
		}
		if m.ExternalID == l.ExternalID && outgoing(m) {
			snap.Messages = []bot.Message{m}
			return id, nil
		}
	}
	return "", none
}

func (v view) findContact(l bot.Lookup, snap *bot.Snapshot) (id string, err error) {
	for _, a := range l.Aliases {
		contact := v.get(inAliases, aliasKey(a))
		if contact == nil {
			continue
		}
		snap.Taken = v.taken(l.Aliases, a, contact)
		if b := v.get(inByContact, joined(string(contact), l.Channel)); b != nil {
			return string(b), nil
		}
		snap.Contact, err = v.contact(string(contact))
		return "", err
	}
	return "", nil
}

// taken gives the aliases that belong to others than contact, whose is own.
func (v view) taken(aliases []bot.Alias, own bot.Alias, contact []byte) (others []bot.Alias) {
	for _, a := range aliases {
		if a == own {
			continue
		}
		if owner := v.get(inAliases, aliasKey(a)); owner != nil && !bytes.Equal(owner, contact) {
			others = append(others, a)
		}
	}
	return others
}

// underway gives the outgoing messages up to until that a watermark speaks of.
// It walks the headers of the conversation's messages and parses only those.
func (v view) underway(conversation string, until time.Time) ([]bot.Message, error) {
	var list []bot.Message
	prefix := joined(conversation, "")
	c := v.cursor(inConversations)
	for k, b := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		if len(b) >= messageHeaderSize && b[1] == messageSettled {
			continue
		}
		m, err := decodeMessage(k, b)
		if err != nil {
			return nil, fmt.Errorf("message %s: %w", nameOf(k), err)
		}
		if underway(m) && !m.At.After(until) {
			list = append(list, m)
		}
	}
	return list, nil
}
