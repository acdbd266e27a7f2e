package main

import (
	"io"
	"time"

	"frontdesk/bot/window"
)

// What -o json prints: the rows that hold at a moment, by kind of channel.
type (
	policyReport struct {
		At       time.Time      `json:"at"`
		Channels []policyKind   `json:"channels"`
		Markets  []policyMarket `json:"markets"`
	}
	policyKind struct {
		Kind    string       `json:"kind"`
		Rules   []policyRule `json:"rules"`
		Entries []policyFree `json:"entries,omitempty"`
		Free    []policyFree `json:"free,omitempty"`
		Rates   []policyRate `json:"rates,omitempty"`
	}
	policySpan struct {
		From   time.Time `json:"from,omitzero"`
		Until  time.Time `json:"until,omitzero"`
		Source string    `json:"source"`
	}
	policyRule struct {
		Author window.Author  `json:"author"`
		Starts []window.Start `json:"starts,omitempty"`
		Length string         `json:"length,omitempty"`
		Tag    string         `json:"tag,omitempty"`
		Needs  string         `json:"needs,omitempty"`
		policySpan
	}
	policyFree struct {
		Start    window.Start    `json:"start,omitempty"`
		Length   string          `json:"length,omitempty"`
		Category window.Category `json:"category,omitempty"`
		PerMonth int             `json:"per_month,omitempty"`
		policySpan
	}
	policyRate struct {
		Market   string          `json:"market,omitempty"`
		Category window.Category `json:"category,omitempty"`
		Inside   bool            `json:"inside,omitempty"`
		Price    string          `json:"price"`
		policySpan
	}
	policyMarket struct {
		Name      string   `json:"name"`
		Codes     []string `json:"codes,omitempty"`
		Countries []string `json:"countries,omitempty"`
	}
)

func policyJSON(w io.Writer, t window.Table, at time.Time) error {
	r := policyReport{At: at, Channels: []policyKind{}}
	for _, m := range t.Markets {
		r.Markets = append(r.Markets, policyMarket(m))
	}
	for _, channel := range t.Channels() {
		r.Channels = append(r.Channels, kindReport(channel, t.Only(channel).At(at)))
	}
	return indented(w, r)
}

func kindReport(kind string, t window.Table) policyKind {
	k := policyKind{Kind: kind, Rules: []policyRule{}}
	for _, r := range t.Rules {
		row := policyRule{Author: r.Author, Tag: r.Tag, Needs: r.Needs, policySpan: policySpan{r.From, r.Until, r.Source}}
		if r.Length > 0 {
			row.Starts, row.Length = r.Starts, hoursWords(r.Length)
		}
		k.Rules = append(k.Rules, row)
	}
	for _, e := range t.Entries {
		k.Entries = append(k.Entries, policyFree{
			Start: e.Start, Length: hoursWords(e.Length), policySpan: policySpan{e.From, e.Until, e.Source},
		})
	}
	for _, f := range t.Free {
		k.Free = append(k.Free, policyFree{
			Category: f.Category, PerMonth: f.PerMonth, policySpan: policySpan{f.From, f.Until, f.Source},
		})
	}
	for _, r := range t.Rates {
		k.Rates = append(k.Rates, policyRate{
			Market: r.Market, Category: r.Category, Inside: r.Inside, Price: r.Amount.String(),
			policySpan: policySpan{r.From, r.Until, r.Source},
		})
	}
	return k
}
