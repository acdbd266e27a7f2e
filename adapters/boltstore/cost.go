package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// chargeKey begins with the time, so that the books are read from a day to another.
func chargeKey(c bot.Charge) []byte {
	return append(appendTime(make([]byte, 0, timeSize+len(c.Conversation)+9), c.At), messageKey(c.Conversation, c.Seq)...)
}

// monthSize is the length of a month in keys.
const monthSize = 4

func monthKey(channel string, m window.Month) []byte {
	b := append(append(make([]byte, 0, len(channel)+1+monthSize), channel...), 0)
	return binary.BigEndian.AppendUint32(b, uint32(m))
}

func splitMonthKey(k []byte) (channel string, m window.Month, err error) {
	name, number, ok := bytes.Cut(k, []byte{0})
	if !ok || len(number) != monthSize {
		return "", 0, fmt.Errorf("%w: %q is no month of a channel", ErrDamaged, k)
	}
	return string(name), window.Month(binary.BigEndian.Uint32(number)), nil
}

// book brings the books up to date with a message's charge: its row, and the sum
// of its month. Most of what happens to a message changes neither. There is no row
// of what is new.
func (w *writer) book(c bot.Charge, isNew bool) error {
	if !c.Kept() {
		return nil
	}
	key, row := chargeKey(c), encodeCharge(c)
	var old bot.Charge // its zero value is in no sum
	if !isNew {
		was := w.get(inCosts, key)
		if bytes.Equal(was, row) {
			return nil
		}
		if c, err := decodeCharge(key, was); err == nil { // store check tells what is damaged
			old = c
		}
	}
	if err := w.put(inCosts, key, row); err != nil {
		return err
	}
	return w.sumUp(c, func(m bot.Month) bot.Month { return m.With(old, -1).With(c, 1) })
}

// unbook takes a row out of the books, and out of its month.
func (w *writer) unbook(key []byte) error {
	if c, err := decodeCharge(key, w.get(inCosts, key)); err == nil { // what is damaged goes as well
		if err := w.sumUp(c, func(m bot.Month) bot.Month { return m.With(c, -1) }); err != nil {
			return err
		}
	}
	return w.delete(inCosts, key)
}

// sumUp changes the month of a charge. Nearly every message does, and most are of a
// few months: what a batch changes of one is written once, at its end.
func (w *writer) sumUp(c bot.Charge, change func(bot.Month) bot.Month) error {
	at := monthAt{c.Channel, c.Month}
	m, begun := w.months[at]
	if !begun {
		m = w.sum(c.Channel, c.Month)
	}
	if w.months == nil {
		w.months = make(map[monthAt]bot.Month)
	}
	w.months[at] = change(m)
	if w.own == nil { // to the file itself, where nobody ends a batch
		return w.putMonths()
	}
	return nil
}

type monthAt struct {
	channel string
	month   window.Month
}

// putMonths writes what the batch changed of months.
func (w *writer) putMonths() error {
	for at, m := range w.months {
		if err := w.putMonth(m); err != nil {
			return err
		}
		delete(w.months, at)
	}
	return nil
}

func (w *writer) putMonth(m bot.Month) error {
	key, row := monthKey(m.Channel, m.Month), encodeMonth(m)
	switch was := w.get(inMonths, key); {
	case bytes.Equal(was, row), was == nil && m.Empty():
		return nil
	case m.Empty():
		return w.delete(inMonths, key)
	}
	return w.put(inMonths, key, row)
}

// sum is a month as it is stored.
func (v view) sum(channel string, month window.Month) bot.Month {
	return monthOf(channel, month, v.get(inMonths, monthKey(channel, month)))
}

// monthOf reads a month's record, which may be missing. One that is damaged begins
// anew: a customer's message is worth more, and store check counts again.
func monthOf(channel string, month window.Month, b []byte) bot.Month {
	if b != nil {
		if m, err := decodeMonth(channel, month, b); err == nil {
			return m
		}
	}
	return bot.Month{Channel: channel, Month: month}
}

// mostAhead is how far the clocks of an account may differ from UTC.
const mostAhead = 14 * time.Hour

// around are the months of a channel that it may be at a moment, somewhere on earth.
func (v view) around(channel string, at time.Time) (months []bot.Month) {
	first, last := window.MonthOf(at.UTC().Add(-mostAhead)), window.MonthOf(at.UTC().Add(mostAhead))
	for month := first; month <= last; month++ {
		if m := v.sum(channel, month); !m.Empty() {
			months = append(months, m)
		}
	}
	return months
}

// Month implements bot.Books.
func (s *Store) Month(ctx context.Context, channel string, month window.Month) (m bot.Month, err error) {
	if err := ctx.Err(); err != nil {
		return m, err
	}
	err = s.view(func(v view) error {
		m = v.sum(channel, month)
		return nil
	})
	if err != nil {
		return bot.Month{}, fmt.Errorf("reading what %s cost in %s: %w", channel, month, err)
	}
	return m, nil
}

// atOnce is how many rows of the books are read in one transaction: an open one
// keeps the file from using pages again.
const atOnce = 2000

// Charges implements bot.Books. A row that is damaged is passed over; check tells
// of it.
func (s *Store) Charges(ctx context.Context, from, until time.Time, each func(bot.Charge) error) error {
	at := appendTime(nil, from)
	for at != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		var some []bot.Charge
		err := s.view(func(v view) error {
			some, at = v.charges(at, until)
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading what messages cost: %w", err)
		}
		for _, c := range some {
			if err := each(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// charges reads some rows, and gives where to go on; nil: these were the last.
func (v view) charges(at []byte, until time.Time) (some []bot.Charge, next []byte) {
	c := v.cursor(inCosts)
	for k, b := c.Seek(at); len(k) >= timeSize && readTime(k).Before(until); k, b = c.Next() {
		if len(some) >= atOnce {
			return some, bytes.Clone(k)
		}
		if charge, err := decodeCharge(k, b); err == nil {
			some = append(some, charge)
		}
	}
	return some, nil
}
