package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"frontdesk/handoff"
)

// Line implements bot.Reader.
func (s *Store) Line(ctx context.Context, waiting bool, each func(handoff.Ticket) error) error {
	name := listAll
	if waiting {
		name = listWaiting
	}
	prefix := joined(name, "")
	var damage error
	for at := prefix; at != nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var some []handoff.Ticket
		err := s.view(func(v view) (err error) {
			some, at, err = v.line(prefix, at)
			damage = errors.Join(damage, err)
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading the line: %w", err)
		}
		for _, t := range some {
			if err := each(t); err != nil {
				return err
			}
		}
	}
	if damage != nil {
		return fmt.Errorf("reading the line: %w", damage)
	}
	return nil
}

// line reads some tickets of a list, and gives where to go on; nil: these were the
// last. damage tells of those that are left out.
func (v view) line(prefix, at []byte) (some []handoff.Ticket, next []byte, damage error) {
	some = make([]handoff.Ticket, 0, atOnce)
	c := v.cursor(inOpenTickets)
	for k, b := c.Seek(at); bytes.HasPrefix(k, prefix); k, b = c.Next() {
		if len(some) >= atOnce {
			return some, bytes.Clone(k), damage
		}
		if t, err := readLined(k, b); err == nil {
			some = append(some, t)
		} else {
			damage = errors.Join(damage, err)
		}
	}
	return some, nil, damage
}
