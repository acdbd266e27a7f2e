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
