package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// view is a transaction as it is read. Its methods copy what they give back.
type view struct{ tx *bolt.Tx }

func (v view) get(bucket string, key []byte) []byte {
	return v.tx.Bucket([]byte(bucket)).Get(key)
}

func (v view) cursor(bucket string) *cursor {
	return &cursor{Cursor: v.tx.Bucket([]byte(bucket)).Cursor(), bucket: bucket}
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
	if len(snap.Seen) > 0 {
		// bbolt shows a transaction to readers before its last flush. Whoever is
		// told "handled before" answers the platform with 200, so it must be
		// durable: behind the writing goroutine it is, or the disk has failed.
		if err := s.update(ctx, func(*writer) error { return nil }); err != nil {
			return bot.Snapshot{}, fmt.Errorf("loading: %w", err)
		}
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
		if key = v.get(inExternal, externalKey(l.Channel, l.ExternalID)); key == nil {
			return "", fmt.Errorf("message %s of channel %s: %w", l.ExternalID, l.Channel, bot.ErrNotFound)
		}
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
	return m.Conversation, nil
}

func (v view) findContact(l bot.Lookup, snap *bot.Snapshot) (id string, err error) {
	for _, a := range l.Aliases {
		contact := v.get(inAliases, aliasKey(a))
		if contact == nil {
			continue
		}
		snap.Taken = v.taken(l.Aliases, contact)
		if b := v.get(inByContact, joined(string(contact), l.Channel)); b != nil {
			return string(b), nil
		}
		snap.Contact, err = v.contact(string(contact))
		return "", err
	}
	return "", nil
}

// taken gives the aliases that belong to others than contact.
func (v view) taken(aliases []bot.Alias, contact []byte) (others []bot.Alias) {
	for _, a := range aliases {
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
