package bot

import (
	"cmp"
	"time"

	"frontdesk/bot/window"
)

// Cost is what an outgoing message costs: as it was predicted in the decision that
// made the message, and what the platform told since. Its zero value says that
// nothing is kept of it, as of messages of customers. Whether a message came to be
// sent is its state, and no part of this: see Charge.
type Cost struct {
	Month      window.Month    // of the account, in which it was decided; zero: nothing is kept
	Category   window.Category // what it was predicted as; empty: not known, as of a template of which the flows do not say it
	Market     string          // where the customer is, see window.Places; empty: not known
	Predicted  window.Amount   // zero: not known
	Free       window.Because  // why it was predicted to cost nothing
	Saved      int             // messages that merging spared; on the first of what is said at once
	Flow       string          // whose words it is; empty: a person's
	Queue      string          // of the ticket that was open; empty: none was
	Reported   *Pricing        // the first that the platform told; nil: nothing yet
	ReportedAt time.Time       // by the platform's clock
	Actual     window.Amount   // what that comes to by the table; zero: not known, or nothing was told
}

// Kept reports whether anything is kept of the cost.
func (c Cost) Kept() bool { return c.Month != 0 }

// Amount is what the message costs, as well as it is known: what the platform told
// counts more than what was predicted.
func (c Cost) Amount() window.Amount {
	if c.Reported != nil {
		return c.Actual
	}
	return c.Predicted
}

// Difference is how what was predicted and what the platform told disagree.
type Difference string

// The differences; empty: there is none, or nothing was told.
const (
	DiffersCharged  Difference = "charged"  // it should have cost nothing
	DiffersFree     Difference = "free"     // it should have cost something, or that was not known
	DiffersCategory Difference = "category" // it is charged as something else
	DiffersAmount   Difference = "amount"   // as the same, at another price, or one of the two is not known
)

// Differs tells what is not as it was predicted.
func (c Cost) Differs() Difference {
	free := c.Predicted == window.Free()
	switch r := c.Reported; {
	case r == nil, free && !r.Billable:
		return ""
	case free:
		return DiffersCharged
	case !r.Billable:
		return DiffersFree
	case c.Category != "" && string(c.Category) != r.Category:
		return DiffersCategory
	case c.Predicted != c.Actual:
		return DiffersAmount
	default:
		return ""
	}
}

// told takes in what the platform tells of the price, the first time that it does.
func (c Cost) told(p *Pricing, at time.Time, terms window.Terms, sent time.Time) (Cost, bool) {
	if p == nil || c.Reported != nil || !c.Kept() {
		return c, false
	}
	words := *p
	c.Reported, c.ReportedAt, c.Actual = &words, at, window.Free()
	if words.Billable {
		c.Actual = terms.Billed(c.Market, window.Category(words.Category), sent)
	}
	return c, true
}

// reported takes in what a receipt tells of a message's price, and reports whether
// that is news. What was not delivered has none.
func (d *draft) reported(m *Message, rc Receipt) (news bool) {
	if rc.State == StateFailed {
		return false
	}
	m.Cost, news = m.Cost.told(rc.Pricing, rc.At, d.rules.limits.Window, m.At)
	return news
}

// entryReply is how soon an advertisement's customer must be answered, or else
// nothing is free because of it (Meta, pricing, 2026-03-02).
const entryReply = 24 * time.Hour

// enter begins the time in which everything is free with our first reply.
func (d *draft) enter() {
	c := &d.Conversation
	c.Entered = d.entered()
	if !d.now.Before(c.CameAt.Add(entryReply)) {
		c.CameAt = time.Time{} // too late for another one
	}
}

// entered is when everything began to be free, if we reply now.
func (d *draft) entered() time.Time {
	c := d.Conversation
	if c.Entered.Before(c.CameAt) && d.now.Before(c.CameAt.Add(entryReply)) {
		return d.now
	}
	return c.Entered
}

// notEntered takes back that everything is free because of a reply that never
// arrives: the next one begins it. That of an entry before is forgotten, too, so
// that what is predicted is rather too dear than too cheap.
func (d *draft) notEntered(m Message) {
	c := &d.Conversation
	if m.State.void() && !c.CameAt.IsZero() && m.At.Equal(c.Entered) {
		c.Entered = time.Time{}
	}
}

// facts are what a quote about the conversation needs.
func (d *draft) facts() window.Facts {
	c := d.Conversation
	return window.Facts{Clock: c.clock(), Entered: d.entered(), Market: d.market(), Sent: d.month.Sent}
}

// market is where the customer is, by the names of the conversation's channel.
func (d *draft) market() string {
	for _, a := range d.contact.Aliases {
		if a.Channel != d.Conversation.Channel {
			continue
		}
		if m := d.rules.limits.Window.Markets.Of(a.Value); m != "" {
			return m
		}
	}
	return ""
}

// predict says what a message will cost that is decided now, and counts it.
func (d *draft) predict(m Message) Cost {
	terms := d.rules.limits.Window
	c := Cost{Month: terms.Month(d.now), Category: window.Service, Saved: d.spared}
	d.spared = 0
	if m.Template != nil {
		c.Category = window.Category(m.Template.Category)
	}
	if m.Author == AuthorBot {
		c.Flow = cmp.Or(d.Conversation.Flow.Flow, d.flow)
	}
	if d.ticket.Open() {
		c.Queue = d.ticket.Queue
	}
	facts := d.facts()
	q := terms.Quote(m.writer(), c.Category, facts, d.now)
	c.Market, c.Predicted, c.Free = facts.Market, q.Price, q.Because(d.now)
	m.Cost = c
	d.month = d.month.With(m.Charge(d.Conversation.Channel), 1)
	return c
}
