package boltstore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"frontdesk/bot"
)

func encodeAudit(a bot.Audit) []byte {
	b := appendMoment([]byte{form}, 1, a.At)
	b = appendText(appendText(appendText(b, 2, a.By), 3, a.What), 4, a.Contact)
	b = appendInt(appendInt(appendInt(b, 5, a.Conversations), 6, a.Messages), 7, a.Tickets)
	return seal(appendInt(appendInt(appendInt(b, 8, a.Deliveries), 9, a.Events), 10, a.Misses))
}

func decodeAudit(b []byte) (a bot.Audit, err error) {
	return a, decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			err = readMoment(&a.At, f)
		case 2:
			a.By = f.text()
		case 3:
			a.What = f.text()
		case 4:
			a.Contact = f.text()
		case 5:
			a.Conversations = f.int()
		case 6:
			a.Messages = f.int()
		case 7:
			a.Tickets = f.int()
		case 8:
			a.Deliveries = f.int()
		case 9:
			a.Events = f.int()
		case 10:
			a.Misses = f.int()
		}
		return err
	})
}

func (w *writer) putAudit(a bot.Audit) error {
	n := w.numbered(inAudit) + 1
	key := binary.BigEndian.AppendUint64(appendTime(nil, a.At), n)
	return errors.Join(w.put(inAudit, key, encodeAudit(a)), w.setNumbered(inAudit, n))
}

// Audits implements bot.Records. A row that is damaged is passed over; check
// tells of it.
func (s *Store) Audits(ctx context.Context, limit int) ([]bot.Audit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []bot.Audit
	err := s.view(func(v view) error {
		c := v.cursor(inAudit)
		for k, b := c.Last(); k != nil && len(list) < limit; k, b = c.Prev() {
			if a, err := decodeAudit(b); err == nil {
				list = append(list, a)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the audit: %w", err)
	}
	return list, nil
}
