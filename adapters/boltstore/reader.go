package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"frontdesk/bot"
)

// Tickets implements bot.Reader.
func (s *Store) Tickets(ctx context.Context, f bot.TicketFilter, after bot.Cursor, limit int) (rows []bot.Row, next bot.Cursor, err error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	err = s.view(func(v view) (err error) {
		rows, next, err = v.tickets(f, after, limit)
		return err
	})
	if err != nil {
		return rows, next, fmt.Errorf("listing tickets: %w", err)
	}
	return rows, next, nil
}

// TicketCounts implements bot.Reader.
func (s *Store) TicketCounts(ctx context.Context, at time.Time) (counts bot.TicketCounts, err error) {
	if err := ctx.Err(); err != nil {
		return counts, err
	}
	err = s.view(func(v view) (err error) {
		counts, err = v.ticketCounts(at)
		return err
	})
	if err != nil {
		return counts, fmt.Errorf("counting tickets: %w", err)
	}
	return counts, nil
}

// row gives a conversation and what is shown with it.
func (v view) row(id string) (row bot.Row, err error) {
	if row.Conversation, err = v.conversation(id); err != nil {
		return row, err
	}
	if row.Contact, err = v.contact(row.Conversation.Contact); err != nil {
		return row, err
	}
	if row.Ticket, err = v.ticket(id, row.Conversation.Ticket); err != nil {
		return row, err
	}
	if seq := row.Conversation.LastSeq; seq > 0 {
		row.Last, err = v.message(messageKey(id, seq))
	}
	return row, err
}

// Conversations implements bot.Reader.
func (s *Store) Conversations(ctx context.Context, contact string) (rows []bot.Row, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = s.view(func(v view) error {
		prefix := joined(contact, "")
		c := v.cursor(inByContact)
		for k, id := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, id = c.Next() {
			row, err := v.row(string(id))
			switch {
			case errors.Is(err, ErrDamaged), errors.Is(err, bot.ErrNotFound): // check tells; the others are listed
			case err != nil:
				return err
			default:
				rows = append(rows, row)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing the conversations of contact %s: %w", contact, err)
	}
	return rows, nil
}

// Conversation implements bot.Reader.
func (s *Store) Conversation(ctx context.Context, id string) (bot.Row, error) {
	if err := ctx.Err(); err != nil {
		return bot.Row{}, err
	}
	var row bot.Row
	err := s.view(func(v view) (err error) {
		row, err = v.row(id)
		return err
	})
	if err != nil {
		return bot.Row{}, fmt.Errorf("reading a conversation: %w", err)
	}
	return row, nil
}

// Transcript implements bot.Reader.
func (s *Store) Transcript(ctx context.Context, conversation string, after uint64, limit int) ([]bot.Message, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []bot.Message
	err := s.view(func(v view) (err error) {
		list, err = v.transcript(conversation, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading a transcript: %w", err)
	}
	return list, nil
}

func (v view) transcript(conversation string, after uint64, limit int) ([]bot.Message, error) {
	b := v.get(inConversations, conversationKey(conversation))
	if b == nil {
		return nil, fmt.Errorf("conversation %s: %w", conversation, bot.ErrNotFound)
	}
	h, err := readConversationHeader(b)
	if err != nil {
		return nil, fmt.Errorf("conversation %s: %w", conversation, err)
	}
	limit = max(limit, 0)
	if newest := uint64(limit); after == 0 && h.lastSeq > newest {
		after = h.lastSeq - newest
	}
	var list []bot.Message
	prefix := joined(conversation, "")
	c := v.cursor(inConversations)
	for k, b := c.Seek(messageKey(conversation, after+1)); bytes.HasPrefix(k, prefix) && len(list) < limit; k, b = c.Next() {
		m, err := decodeMessage(k, b)
		if err != nil {
			return nil, fmt.Errorf("message %s: %w", nameOf(k), err)
		}
		list = append(list, m)
	}
	return slices.Clip(list), nil
}
