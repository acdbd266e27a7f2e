package window

import "time"

// Facts are what is known of a conversation and its number when a message is
// about to be sent.
type Facts struct {
	Clock   Clock
	Entered time.Time // our first reply to a message from an advertisement; zero: none
	Market  string    // see Table.MarketOf; empty: not known
	Sent    int       // messages of the category that the number sent in this calendar month
}

// Why a message may not be sent.
type Why string

// The reasons; empty: it may be sent.
const (
	WhyNothing Why = ""
	WhyClosed  Why = "window_closed" // the platform's time is over
	WhyNever   Why = "not_possible"  // the channel knows no such message, or the table not the channel
)

// Quote is what holds for one message at one moment.
type Quote struct {
	Why       Why       // empty: it may be sent
	Until     time.Time // while it may; since when it may not with WhyClosed; zero: without limit
	Tag       string    // what the message must be marked with
	Price     Amount    // what it costs now; not known unless it may be sent
	Later     Amount    // what an approved template costs when it may not be written any more; not known where there is none
	FreeLeft  int       // how many are free this month before this one; -1: no allotment
	FreeUntil time.Time // everything is free until then, because of how the customer came; zero: not
}

// Quote tells whether an author's message of a category may be sent on a kind of
// channel at a moment, until when, and at what price now and later. granted are
// the tags that the account may use.
func (t Table) Quote(channel string, author Author, c Category, f Facts, at time.Time, granted ...string) Quote {
	rules := t.Of(channel, granted...)
	q := Quote{Why: rules.why(author, f.Clock, at), FreeLeft: -1}
	if q.Why != WhyNever {
		q.Until = rules.Closes(author, f.Clock, at)
		q.Tag, _ = rules.Allow(author, f.Clock, at)
	}
	if n := t.allotment(channel, c, at); n > 0 {
		q.FreeLeft = max(n-f.Sent, 0)
	}
	q.FreeUntil = t.freeUntil(channel, f, at)
	if q.Why == WhyNothing {
		q.Price = t.price(channel, c, f, at)
	}
	if q.Why != WhyNever {
		q.Later = t.later(channel, f, rules, q.Until, at)
	}
	return q
}

// why is the reason against a message, if there is one.
func (rs Rules) why(author Author, c Clock, at time.Time) Why {
	if len(rs) == 0 {
		return WhyNever
	}
	if _, open := rs.Allow(author, c, at); open {
		return WhyNothing
	}
	for _, r := range rs {
		if r.Author == author && holds(r.From, r.Until, at) {
			return WhyClosed
		}
	}
	return WhyNever
}

// price is what a message costs that may be sent at a moment.
func (t Table) price(channel string, c Category, f Facts, at time.Time) Amount {
	if t.freeUntil(channel, f, at).After(at) || t.allotment(channel, c, at) > f.Sent {
		return Free()
	}
	_, inside := t.Of(channel).Allow(Human, f.Clock, at)
	return t.rate(channel, f.Market, c, inside, at)
}

// later is the price of a template from the moment on at which the author may not
// write any more.
func (t Table) later(channel string, f Facts, rules Rules, until, at time.Time) Amount {
	if until.IsZero() {
		return Amount{} // there is no later
	}
	if at.Before(until) {
		at = until
	}
	if rules.why(Template, f.Clock, at) != WhyNothing {
		return Amount{}
	}
	f.Sent = 0 // what was sent freely is of another category
	return t.price(channel, Utility, f, at)
}

// freeUntil is when the time ends in which everything is free; zero: it is not
// such a time.
func (t Table) freeUntil(channel string, f Facts, at time.Time) time.Time {
	if f.Entered.IsZero() || at.Before(f.Entered) {
		return time.Time{}
	}
	for _, e := range t.Entries {
		if end := f.Entered.Add(e.Length); e.Channel == channel && holds(e.From, e.Until, f.Entered) && at.Before(end) {
			return end
		}
	}
	return time.Time{}
}
