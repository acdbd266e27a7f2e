package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"frontdesk/bot/window"
)

// Charge is a row of the books: what one outgoing message costs. It says nothing
// of the customer, nor what was written.
type Charge struct {
	Channel      string // Channel.Name
	Conversation string // Conversation.ID; it may be gone
	Seq          uint64 // of the message
	At           time.Time
	Author       Author
	Template     bool
	Void         bool // it will not arrive, so it costs nothing
	Cost
}

// Charge is the row of a message of a channel. Of what nothing is kept it has none:
// see Cost.Kept.
func (m Message) Charge(channel string) Charge {
	return Charge{
		Channel: channel, Conversation: m.Conversation, Seq: m.Seq, At: m.At, Author: m.Author, Template: m.Template != nil,
		Void: m.State.void(), Cost: m.Cost,
	}
}

// void reports whether a message in this state costs nothing, as it never arrives.
func (s MessageState) void() bool {
	switch s {
	case StateFailed, StateCancelled, StateDraft:
		return true
	default:
		return false
	}
}

// counts reports whether the message is one of those of which a month has so many
// for nothing.
func (c Charge) counts() bool {
	return !c.Void && c.Category == window.Service && c.Free != window.BecauseEntry
}

// Month is what a channel sent in a calendar month of its account: the sum of its
// charges, without those that are void.
type Month struct {
	Channel  string
	Month    window.Month
	Messages int
	Sent     int     // of these, those that count towards what is free in a month
	Unknown  int     // those whose price nobody knows: they are in no sum of Spent
	Saved    int     // messages that merging spared
	Spent    []Spent // by currency
}

// Spent is a sum of money.
type Spent struct {
	Currency string // ISO 4217
	Micros   int64  // millionths
}

// With is the month with a charge of its own as many times more; -1 takes it out.
func (m Month) With(c Charge, times int) Month {
	if c.Void || !c.Kept() {
		return m
	}
	m.Messages += times
	m.Saved += times * c.Saved
	if c.counts() {
		m.Sent += times
	}
	switch a := c.Amount(); {
	case !a.Known:
		m.Unknown += times
	case a.Micros > 0:
		m.Spent = spend(m.Spent, a, times)
	}
	return m
}

// spend gives a list of its own, sorted and without sums of nothing.
func spend(sums []Spent, a window.Amount, times int) []Spent {
	by := func(s Spent, currency string) int { return cmp.Compare(s.Currency, currency) }
	i, known := slices.BinarySearchFunc(sums, a.Currency, by)
	sums = slices.Clone(sums)
	if !known {
		sums = slices.Insert(sums, i, Spent{Currency: a.Currency})
	}
	if sums[i].Micros += int64(times) * a.Micros; sums[i].Micros == 0 {
		sums = slices.Delete(sums, i, i+1)
	}
	return sums
}

// Empty reports whether nothing was sent.
func (m Month) Empty() bool { return m.Messages == 0 && m.Saved == 0 && len(m.Spent) == 0 }

// Books tell what messages cost. They are kept in the commits that change messages.
// Their methods may be called from many goroutines.
type Books interface {
	// Charges calls each for the charges with From not after At and At before
	// until, oldest first, until it returns an error, which Charges returns. It may
	// read much; writes go on meanwhile, and each must not call the store.
	Charges(ctx context.Context, from, until time.Time, each func(Charge) error) error
	// Month gives what a channel sent in a month; zero but for its names when that
	// is nothing.
	Month(ctx context.Context, channel string, month window.Month) (Month, error)
}

// month is that of a snapshot in which a decision is made.
func (s Snapshot) month(month window.Month) Month {
	for _, m := range s.Months {
		if m.Month == month {
			return m
		}
	}
	return Month{Month: month}
}

// booked are the months of a snapshot with what a change sends.
func (s Snapshot) booked(c Change) []Month {
	months := s.Months
	for _, msg := range c.Messages {
		charge := msg.Charge(c.Conversation.Channel)
		if msg.Seq <= s.Conversation.LastSeq || !charge.Kept() {
			continue
		}
		i := slices.IndexFunc(months, func(m Month) bool { return m.Month == charge.Month })
		months = slices.Clone(months) // another try decides from the old ones
		if i < 0 {
			i, months = len(months), append(months, Month{Channel: charge.Channel, Month: charge.Month})
		}
		months[i] = months[i].With(charge, 1)
	}
	return months
}
