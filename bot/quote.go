package bot

import (
	"context"
	"fmt"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
)

// Quote is what holds for a message to a conversation at a moment.
type Quote struct {
	window.Quote
	Messages int // that the channel makes of the text; each has that price
}

// Quote tells whether an author may send a text to a conversation now, until when,
// and what it costs now and later. Nothing is stored, and nothing is promised: the
// month's free messages are everybody's. Errors: ErrNotFound, ErrChannelOff.
func (e *Engine) Quote(ctx context.Context, conversation string, author window.Author, text string) (Quote, error) {
	l := Lookup{Conversation: conversation, Around: time.Now()}
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
	d := change(s, r, time.Now().UTC())
	return Quote{Quote: d.quote(author), Messages: max(len(plain(text, r.limits)), 1)}, nil
}

// quote is what holds for one more message of an author.
func (d *draft) quote(author window.Author) window.Quote {
	c, category := d.Conversation, window.Service
	if author == window.Template {
		category = "" // whose text is approved, only the platform knows as what
	}
	q := d.rules.limits.Window.Quote(author, category, d.facts(), d.now)
	if author != window.Template && q.Why == window.WhyNothing && c.refused() {
		q.Why, q.Until, q.Tag, q.Price = window.WhyClosed, c.NewestInbound, "", window.Amount{}
	}
	return q
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
