package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// quoteReport is what GET /-/quote tells.
type quoteReport struct {
	Allowed   bool      `json:"allowed"`
	Why       string    `json:"why,omitempty"` // not: window_closed, not_possible
	Until     time.Time `json:"until,omitzero"`
	Tag       string    `json:"tag,omitempty"`  // what the message is marked with
	Messages  int       `json:"messages"`       // that the channel makes of the text
	Free      int       `json:"free,omitempty"` // of these, those that cost nothing
	Price     string    `json:"price"`          // of the first: "free", "unknown", or an amount
	Total     string    `json:"total"`          // likewise, of all
	Later     string    `json:"later"`          // likewise, of a template once the window is closed
	FreeLeft  *int      `json:"free_left,omitempty"`
	FreeUntil time.Time `json:"free_until,omitzero"`
	Came      string    `json:"came,omitempty"` // how the customer came, so that all is free until then
}

func (a *app) quote(ctx context.Context, asked url.Values) (any, error) {
	ask, err := quoteAsked(asked, time.Now())
	if err != nil {
		return nil, err
	}
	q, err := a.engine.Quote(ctx, ask)
	if err != nil {
		return nil, err
	}
	r := quoteReport{
		Allowed: q.Why == window.WhyNothing, Why: string(q.Why), Until: q.Until, Tag: q.Tag, Messages: q.Messages, Free: q.Free,
		Price: q.Price.String(), Total: q.Total.String(), Later: q.Later.String(), FreeUntil: q.FreeUntil, Came: string(q.Came),
	}
	if q.FreeLeft >= 0 {
		r.FreeLeft = &q.FreeLeft
	}
	return r, nil
}

const (
	// quoteText is the longest text in bytes of which it is told what it costs.
	quoteText = 64 << 10
	// quoteLate is how late a question may come about the moment at which it was asked.
	quoteLate = time.Minute
)

// quoteAsked reads what a quote is wanted for, and tells all that is wrong with it.
// It repeats nothing of a text.
func quoteAsked(form url.Values, now time.Time) (bot.Asked, error) {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	keys := []string{"conversation", "author", "text", "at"}
	for _, key := range slices.Sorted(maps.Keys(form)) {
		switch {
		case !slices.Contains(keys, key):
			fault("%q: there is no such field; write conversation, author, text and at", clip(key))
		case len(form[key]) > 1:
			fault("%s: it is there %d times; write it once", key, len(form[key]))
		}
	}
	a := bot.Asked{Conversation: form.Get("conversation"), Author: window.Author(form.Get("author")), Text: form.Get("text")}
	if a.Conversation == "" {
		fault("conversation: it is missing; its id is in the address of its page in the inbox")
	}
	if authors := []window.Author{window.Human, window.Bot, window.Template}; !slices.Contains(authors, a.Author) {
		fault("author: %q is none of human, bot, template", clip(string(a.Author)))
	}
	if n := len(a.Text); n > quoteText {
		fault("text: %d bytes; at most %d are quoted", n, quoteText)
	} else if !utf8.ValidString(a.Text) {
		fault("text: it is not UTF-8; write it as UTF-8")
	}
	if at := form.Get("at"); form.Has("at") {
		var err error
		switch a.At, err = time.Parse(time.RFC3339, at); {
		case err != nil:
			fault("at: %q is no moment; write e.g. 2026-10-01T12:00:00Z, and %%2B for a + in an address", clip(at))
		case a.At.Before(now.Add(-quoteLate)):
			fault("at: %s is over; write a moment to come, or leave it out for now", at)
		}
	}
	if len(faults) > 0 {
		return a, fmt.Errorf("%w: %s", bot.ErrMalformed, strings.Join(faults, "\n"))
	}
	return a, nil
}

// clip is the beginning of what somebody wrote in the wrong place.
func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), 40)], "") }

// gauges is how the store stands, with what the channels may send for nothing.
func (a *app) gauges(channels map[string]bot.Channel) func(ctx context.Context, now time.Time) (bot.Gauges, error) {
	return func(ctx context.Context, now time.Time) (bot.Gauges, error) {
		g, err := a.store.Gauges(ctx, now)
		if err == nil {
			g.FreeLeft, err = a.freeLeft(ctx, channels, now)
		}
		return g, err
	}
}

// freeLeft is how many messages each channel may send for nothing in the rest of
// its month, without those that have no such bound.
func (a *app) freeLeft(ctx context.Context, channels map[string]bot.Channel, now time.Time) (map[string]int, error) {
	free := make(map[string]int)
	for name, c := range channels {
		terms := c.Limits().Window
		if terms.FreeLeft(window.Service, 0, now) < 0 {
			continue
		}
		m, err := a.store.Month(ctx, name, terms.Month(now))
		if err != nil {
			return nil, fmt.Errorf("counting what is free: %w", err)
		}
		free[name] = terms.FreeLeft(window.Service, m.Sent, now)
	}
	return free, nil
}
