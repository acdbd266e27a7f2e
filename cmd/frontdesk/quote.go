package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// quoteReport is what GET /-/quote tells.
type quoteReport struct {
	Allowed   bool      `json:"allowed"`
	Why       string    `json:"why,omitempty"` // not: window_closed, not_possible
	Until     time.Time `json:"until,omitzero"`
	Tag       string    `json:"tag,omitempty"` // what the message is marked with
	Price     string    `json:"price"`         // "free", "unknown", or an amount
	Later     string    `json:"later"`         // likewise, of a template once the window is closed
	FreeLeft  *int      `json:"free_left,omitempty"`
	FreeUntil time.Time `json:"free_until,omitzero"`
}

func (a *app) quote(ctx context.Context, conversation, author string) (any, error) {
	authors := []string{string(window.Human), string(window.Bot), string(window.Template)}
	if !slices.Contains(authors, author) || conversation == "" {
		return nil, fmt.Errorf("%w: conversation=ID&author=%s", bot.ErrMalformed, strings.Join(authors, "|"))
	}
	q, err := a.engine.Quote(ctx, conversation, window.Author(author), "")
	if err != nil {
		return nil, err
	}
	r := quoteReport{
		Allowed: q.Why == window.WhyNothing, Why: string(q.Why), Until: q.Until, Tag: q.Tag,
		Price: q.Price.String(), Later: q.Later.String(), FreeUntil: q.FreeUntil,
	}
	if q.FreeLeft >= 0 {
		r.FreeLeft = &q.FreeLeft
	}
	return r, nil
}

// gauges is how the store stands, with what the channels may send for nothing.
func (a *app) gauges(limits map[string]bot.Limits) func(ctx context.Context, now time.Time) (bot.Gauges, error) {
	return func(ctx context.Context, now time.Time) (bot.Gauges, error) {
		g, err := a.store.Gauges(ctx, now)
		if err == nil {
			g.FreeLeft, err = a.freeLeft(ctx, limits, now)
		}
		return g, err
	}
}

// freeLeft is how many messages each channel may send for nothing in the rest of
// its month, without those that have no such bound.
func (a *app) freeLeft(ctx context.Context, limits map[string]bot.Limits, now time.Time) (map[string]int, error) {
	free := make(map[string]int)
	for name, l := range limits {
		terms := l.Window
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
