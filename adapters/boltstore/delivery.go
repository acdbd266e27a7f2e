package boltstore

import (
	"time"

	"frontdesk/bot"
)

// A delivery's header is what its place in the due bucket is made from: one
// byte of flags, and the time at which it becomes due, or due again.
const (
	deliveryHeaderSize = 1 + timeSize
	deliveryWaits      = 0
	deliveryLeased     = 1
	deliveryCourtesy   = 2
)

// lease is what is kept beside a delivery while it is out for sending.
type lease struct {
	Until   time.Time // zero: it is not out
	BegunAt time.Time // Delivery.BegunAt before the lease
	Unknown bool      // Delivery.Unknown before the lease
	Held    bool      // it was given to nobody: something that belongs to it is damaged
}

func (l lease) out() bool { return !l.Until.IsZero() }

// sending reports whether the lease counts as an attempt.
func (l lease) sending() bool { return l.out() && !l.Held }

// delivery is an entry of the outbox as it is stored.
type delivery struct {
	bot.Delivery
	lease lease
}

// before is the delivery as it was before its lease.
func (d delivery) before() bot.Delivery {
	b := d.Delivery
	if d.lease.sending() {
		b.Attempts--
		b.BegunAt, b.Unknown = d.lease.BegunAt, d.lease.Unknown
	}
	return b
}

// doubtful reports whether a send of d may have been accepted without our knowing.
func doubtful(d bot.Delivery) bool { return d.Unknown || !d.BegunAt.IsZero() }

func encodeDelivery(d delivery) []byte {
	flags, at := byte(deliveryWaits), d.DueAt
	if d.lease.out() {
		flags, at = deliveryLeased, d.lease.Until
	}
	if d.Courtesy {
		flags |= deliveryCourtesy
	}
	b := appendTime(append(make([]byte, 0, 96), form, flags), at)
	b = appendWord(b, 1, authorWords, d.Author)
	b = appendUint(b, 2, d.Epoch)
	b = appendInt(b, 3, d.Attempts)
	b = appendMoment(b, 4, d.DueAt)
	b = appendMoment(b, 5, d.BegunAt)
	b = appendBool(b, 6, d.Unknown)
	b = appendBool(b, 7, d.Cancel)
	if t := d.Tally; t != (bot.Tally{}) {
		b = appendPart(b, 8, func(b []byte) []byte { return appendTally(b, t) })
	}
	if l := d.lease; l != (lease{}) {
		b = appendPart(b, 9, func(b []byte) []byte {
			b = appendMoment(appendMoment(b, 1, l.Until), 2, l.BegunAt)
			return appendBool(appendBool(b, 3, l.Unknown), 4, l.Held)
		})
	}
	return seal(appendBool(b, 10, d.Courtesy))
}

func appendTally(b []byte, t bot.Tally) []byte {
	b = appendInt(appendInt(appendInt(b, 1, t.Faults), 2, t.Waits), 3, t.Alarms)
	return appendInt(appendInt(appendMoment(b, 4, t.AlarmedAt), 5, t.Unknowns), 6, t.Lost)
}

func decodeDelivery(key, b []byte) (d delivery, err error) {
	if d.Conversation, d.Seq, err = splitMessageKey(key); err != nil {
		return d, err
	}
	err = decode(b, 1+deliveryHeaderSize, func(f field) (err error) {
		switch f.number {
		case 1:
			err = readWord(&d.Author, f, authorWords)
		case 2:
			d.Epoch = f.v
		case 3:
			d.Attempts = f.int()
		case 4:
			err = readMoment(&d.DueAt, f)
		case 5:
			err = readMoment(&d.BegunAt, f)
		case 6:
			d.Unknown = f.bool()
		case 7:
			d.Cancel = f.bool()
		case 8:
			d.Tally, err = readTally(f.b)
		case 9:
			d.lease, err = readLease(f.b)
		case 10:
			d.Courtesy = f.bool()
		}
		return err
	})
	return d, err
}

func readTally(b []byte) (t bot.Tally, err error) {
	return t, eachField(b, func(f field) (err error) {
		switch f.number {
		case 1:
			t.Faults = f.int()
		case 2:
			t.Waits = f.int()
		case 3:
			t.Alarms = f.int()
		case 4:
			err = readMoment(&t.AlarmedAt, f)
		case 5:
			t.Unknowns = f.int()
		case 6:
			t.Lost = f.int()
		}
		return err
	})
}

func readLease(b []byte) (l lease, err error) {
	return l, eachField(b, func(f field) (err error) {
		switch f.number {
		case 1:
			err = readMoment(&l.Until, f)
		case 2:
			err = readMoment(&l.BegunAt, f)
		case 3:
			l.Unknown = f.bool()
		case 4:
			l.Held = f.bool()
		}
		return err
	})
}
