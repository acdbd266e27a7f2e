package window

import (
	"slices"
	"time"
)

// Facts are what is known of a conversation and its number when a message is
// about to be sent.
type Facts struct {
	Clock   Clock
	Entered time.Time // our first reply to a message from an advertisement; zero: none
	Market  string    // see Places.Of; empty: not known
	Sent    int       // messages of the category that the number sent in this calendar month
	Later   Category  // of the template that may be sent when nothing else may; empty: not known
}

// Why a message may not be sent.
type Why string

// The reasons; empty: it may be sent.
const (
	WhyNothing Why = ""
	WhyClosed  Why = "window_closed" // the platform's time is over
	WhyNever   Why = "not_possible"  // the channel knows no such message, or the table not the channel
)

// Because is why a message costs nothing.
type Because string

// The reasons; empty: it costs something, or that is not known.
const (
	BecauseChannel   Because = "channel"   // such messages cost nothing there
	BecauseAllotment Because = "allotment" // it is among the month's free ones
	BecauseEntry     Because = "entry"     // because of how the customer came
)

// Because is why the message costs nothing.
func (q Quote) Because(at time.Time) Because {
	switch {
	case !q.Price.Known || q.Price.Micros > 0:
		return ""
	case q.FreeUntil.After(at):
		return BecauseEntry
	case q.FreeLeft > 0:
		return BecauseAllotment
	default:
		return BecauseChannel
	}
}

// Quote is what holds for one message at one moment.
type Quote struct {
	Why       Why       // empty: it may be sent
	Until     time.Time // while it may; since when it may not with WhyClosed; zero: without limit
	Tag       string    // what the message must be marked with
	Price     Amount    // what it costs now; not known unless it may be sent
	Later     Amount    // what Facts.Later costs when it may not be written any more; not known where there is none
	FreeLeft  int       // how many are free this month before this one; -1: no allotment
	FreeUntil time.Time // everything is free until then, because of how the customer came; zero: not
	Came      Start     // how; empty: not so
}

// Quote tells whether an author's message of a category may be sent at a moment,
// until when, and at what price now and later.
func (t Terms) Quote(author Author, c Category, f Facts, at time.Time) Quote {
	q := Quote{Why: t.why(author, f.Clock, at)}
	if q.Why != WhyNever {
		q.Until = t.Closes(author, f.Clock, at)
		q.Tag, _ = t.Allow(author, f.Clock, at)
	}
	q.FreeLeft = t.FreeLeft(c, f.Sent, at)
	q.FreeUntil, q.Came = t.entry(f, at)
	if q.Why == WhyNothing {
		q.Price = t.price(c, f, at)
	}
	if q.Why != WhyNever {
		q.Later = t.later(f, q.Until, at)
	}
	return q
}

// Sum is what messages of a category cost that are sent one after the other at a
// moment, and how many of them are free. It is not known when the price of one is
// not, or when they have several currencies.
func (t Terms) Sum(messages int, c Category, f Facts, at time.Time) (free int, total Amount) {
	total = Free()
	for range messages {
		a := t.price(c, f, at)
		if a == Free() {
			free++
		}
		total = total.plus(a)
		f.Sent++
	}
	return free, total
}

// FreeLeft is how many messages of a category the account may send for nothing in
// the rest of a month in which it sent so many; -1: there is no allotment.
func (t Terms) FreeLeft(c Category, sent int, at time.Time) int {
	n := t.allotment(c, at)
	if n == 0 {
		return -1
	}
	return max(n-sent, 0)
}

// why is the reason against a message, if there is one.
func (rs Rules) why(author Author, c Clock, at time.Time) Why {
	if len(rs) == 0 {
		return WhyNever
	}
	if _, open := rs.Allow(author, c, at); open {
		return WhyNothing
	}
	for i := range rs {
		if r := &rs[i]; r.Author == author && holds(r.From, r.Until, at) {
			return WhyClosed
		}
	}
	return WhyNever
}

// inside reports whether a person may write freely at a moment, without a mark.
func (rs Rules) inside(c Clock, at time.Time) bool {
	for i := range rs {
		if r := &rs[i]; r.Author == Human && r.Tag == "" && r.open(c, at) {
			return true
		}
	}
	return false
}

// price is what a message costs that may be sent at a moment.
func (t Terms) price(c Category, f Facts, at time.Time) Amount {
	if end, _ := t.entry(f, at); end.After(at) || t.allotment(c, at) > f.Sent {
		return Free()
	}
	return t.rate(f.Market, c, t.inside(f.Clock, at), at)
}

// later is the price of a template from the moment on at which the author may not
// write any more.
func (t Terms) later(f Facts, until, at time.Time) Amount {
	if until.IsZero() {
		return Amount{} // there is no later
	}
	if at.Before(until) {
		at = until
	}
	if t.why(Template, f.Clock, at) != WhyNothing {
		return Amount{}
	}
	f.Sent = 0 // what was sent freely is of another category
	return t.price(f.Later, f, at)
}

// Billed is the rate of a message that the platform charged at a moment: not known
// where the table has it for nothing, or has none.
func (t Terms) Billed(market string, c Category, at time.Time) Amount {
	if a := t.rate(market, c, false, at); a.Micros > 0 {
		return a
	}
	return Amount{}
}

// Enters reports whether everything is free for a time from our first reply on to
// a customer who came so at a moment.
func (t Terms) Enters(how Start, at time.Time) bool {
	return slices.ContainsFunc(t.Entries, func(e Entry) bool { return e.Start == how && holds(e.From, e.Until, at) })
}

// entry is when the time ends in which everything is free, and because of what it
// began; zero: it is not such a time.
func (t Terms) entry(f Facts, at time.Time) (end time.Time, came Start) {
	if f.Entered.IsZero() || at.Before(f.Entered) {
		return time.Time{}, ""
	}
	for i := range t.Entries {
		e := &t.Entries[i]
		if end := f.Entered.Add(e.Length); holds(e.From, e.Until, f.Entered) && at.Before(end) {
			return end, e.Start
		}
	}
	return time.Time{}, ""
}
