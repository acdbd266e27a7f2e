package bot

import (
	"context"
	"fmt"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
)

// Asked is what a quote is wanted for.
type Asked struct {
	Conversation string        // Conversation.ID
	Author       window.Author // of a template it is the one that asks the customer to write again
	Text         string        // empty: one message, whatever it says
	At           time.Time     // zero: now
}

// Quote is what holds for what an author would send to a conversation at a moment.
type Quote struct {
	window.Quote
	Messages int           // that the channel makes of the text
	Free     int           // of these, those that cost nothing, if they may be sent
	Total    window.Amount // of all of them; not known when they may not be sent, or the price of one is not known
}

// Quote tells whether an author may send a text to a conversation at a moment, until
// when, and what it costs then and later. Nothing is stored, and nothing is promised:
// the month's free messages are everybody's. Errors: ErrNotFound, ErrChannelOff.
func (e *Engine) Quote(ctx context.Context, a Asked) (Quote, error) {
	if a.At.IsZero() {
		a.At = time.Now()
	}
	l := Lookup{Conversation: a.Conversation, Around: a.At}
	s, err := e.load(ctx, l)
	if err != nil {
		return Quote{}, fmt.Errorf("quoting: %w", err)
	}
	r, err := e.rules(ctx, l, s)
	if err == nil && r.off {
		err = ErrChannelOff
	}
	if err != nil {
		return Quote{}, fmt.Errorf("quoting: %w", err)
	}
	d := change(s, r, a.At.UTC())
	return d.sum(a.Author, max(len(plain(a.Text, r.limits)), 1)), nil
}

// sum is what holds for so many messages of an author.
func (d *draft) sum(author window.Author, messages int) Quote {
	q := Quote{Quote: d.quote(author), Messages: messages}
	if q.Why == window.WhyNothing {
		q.Free, q.Total = d.rules.limits.Window.Sum(messages, d.category(author), d.facts(), d.now)
	}
	return q
}

// quote is what holds for one more message of an author.
func (d *draft) quote(author window.Author) window.Quote {
	c, facts := d.Conversation, d.facts()
	facts.Later = d.category(window.Template)
	q := d.rules.limits.Window.Quote(author, d.category(author), facts, d.now)
	if author != window.Template && q.Why == window.WhyNothing && c.refused() {
		q.Why, q.Until, q.Tag, q.Price = window.WhyClosed, c.NewestInbound, "", window.Amount{}
	}
	return q
}

// category is as what the next message of an author is billed: a template is the
// one that asks the customer to write again. Empty: that is not known.
func (d *draft) category(author window.Author) window.Category {
	if author != window.Template {
		return window.Service
	}
	say, ok := d.rules.current.Reopen(d.Conversation.Flow, flows.Env{Channel: d.rules.limits.Kind})
	if !ok || say.Template == nil {
		return ""
	}
	return window.Category(say.Template.Category)
}

// price is the quote that flows may ask for: one more message of the bot.
func (d *draft) price() flows.Quote {
	q := d.quote(window.Bot)
	return flows.Quote{
		Price: inUnits(q.Price), Known: q.Price.Known, Currency: q.Price.Currency, FreeLeft: q.FreeLeft, Closes: q.Until,
		Later: inUnits(q.Later), LaterKnown: q.Later.Known,
	}
}

func inUnits(a window.Amount) float64 { return float64(a.Micros) / 1e6 }
