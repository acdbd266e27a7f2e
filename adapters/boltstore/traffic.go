package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// hourSize is the length of an hour in keys: hours since 1970.
const hourSize = 4

func trafficKey(queue string, hour time.Time) []byte {
	return binary.BigEndian.AppendUint32(joined(queue, ""), uint32(max(hour.Unix()/3600, 0)))
}

func splitTrafficKey(k []byte) (queue string, hour time.Time, err error) {
	name, number, ok := bytes.Cut(k, []byte{0})
	if !ok || len(number) != hourSize {
		return "", hour, fmt.Errorf("%w: %q is no hour of a queue", ErrDamaged, k)
	}
	return string(name), time.Unix(int64(binary.BigEndian.Uint32(number))*3600, 0).UTC(), nil
}

func encodeTraffic(t bot.Traffic) []byte {
	b := appendInt(append(make([]byte, 0, 32), form), 1, t.Opened)
	b = appendInt(b, 2, t.Windows)
	b = appendInt(b, 3, int(t.Window/time.Millisecond))
	b = appendInt(b, 4, t.Handled)
	return seal(appendInt(b, 5, int(t.Handling/time.Millisecond)))
}

func decodeTraffic(k, b []byte) (t bot.Traffic, err error) {
	if t.Queue, t.Hour, err = splitTrafficKey(k); err != nil {
		return t, err
	}
	return t, decode(b, 1, func(f field) error {
		switch f.number {
		case 1:
			t.Opened = f.int()
		case 2:
			t.Windows = f.int()
		case 3:
			t.Window = time.Duration(f.int()) * time.Millisecond
		case 4:
			t.Handled = f.int()
		case 5:
			t.Handling = time.Duration(f.int()) * time.Millisecond
		}
		return nil
	})
}

// passes adds to the traffic what a change of a ticket makes. An hour whose row is
// damaged begins anew: a customer's message is worth more.
func (w *writer) passes(was, is handoff.Ticket) error {
	t, any := bot.TrafficOf(was, is)
	if !any {
		return nil
	}
	key := trafficKey(t.Queue, t.Hour)
	if b := w.get(inTraffic, key); b != nil {
		if before, err := decodeTraffic(key, b); err == nil {
			t = before.With(t)
		}
	}
	return w.put(inTraffic, key, encodeTraffic(t))
}

// Traffic implements bot.Reader.
func (s *Store) Traffic(ctx context.Context, queue string, from, until time.Time) (list []bot.Traffic, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = s.view(func(v view) error {
		list = nil
		prefix := joined(queue, "")
		c := v.cursor(inTraffic)
		for k, b := c.Seek(trafficKey(queue, from.Add(time.Hour-1))); bytes.HasPrefix(k, prefix); k, b = c.Next() {
			t, err := decodeTraffic(k, b)
			if err != nil {
				continue // check tells of it
			}
			if !t.Hour.Before(until) {
				break
			}
			list = append(list, t)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading what came to %s: %w", queue, err)
	}
	return list, nil
}

// planTraffic looks for hours that are kept no longer. A queue has so many at most
// that all are looked at in one step.
func (v view) planTraffic(at []byte, now time.Time) sweeping {
	p := sweeping{bucket: inTraffic}
	c := v.cursor(inTraffic)
	looked := 0
	for k, _ := c.Seek(at); k != nil; k, _ = c.Next() {
		if looked++; looked > mostLooked || len(p.keys) >= mostSwept {
			p.next = bytes.Clone(k)
			return p
		}
		if _, hour, err := splitTrafficKey(k); err == nil && bot.Over(hour, bot.TrafficFor, now) {
			p.keys = append(p.keys, bytes.Clone(k))
		}
	}
	return p
}

// traffic checks that what is counted by hour can be read. What it was counted from
// is gone, mostly.
func (i *inspection) traffic() error {
	return i.each(inTraffic, func(k, b []byte) {
		if _, err := decodeTraffic(k, b); err != nil {
			i.damaged(fmt.Sprintf("traffic of %s", placeName(k)), err)
		}
	})
}
