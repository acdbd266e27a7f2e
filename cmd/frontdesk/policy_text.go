package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"frontdesk/bot/window"
)

// startWords are what starts clocks, for people.
var startWords = map[window.Start]string{
	window.StartMessage: "a message", window.StartTap: "a tap", window.StartCall: "a call", window.StartReaction: "a reaction",
	window.StartAd: "a message from an advertisement", window.StartLink: "a link into the conversation", window.StartPlugin: "a message from a page's plugin",
}

// policyWords writes the rows of one kind of channel, each with its source.
func policyWords(b *bytes.Buffer, t window.Table) {
	line := func(what, says, source string, from, until time.Time) {
		fmt.Fprintf(b, "  %-9s %s%s\n  %-9s   %s\n", what, says, spanWords(from, until), "", source)
	}
	if len(t.Rules) == 0 {
		fmt.Fprintf(b, "  %-9s may write\n", "nobody")
	}
	for _, r := range t.Rules {
		line(string(r.Author), ruleWords(r), r.Source, r.From, r.Until)
	}
	for _, e := range t.Entries {
		says := fmt.Sprintf("everything for %s from our first reply to %s", hoursWords(e.Length), startWords[e.Start])
		line("free", says, e.Source, e.From, e.Until)
	}
	for _, f := range t.Free {
		line("free", fmt.Sprintf("the first %d %s messages of a number in a calendar month", f.PerMonth, f.Category), f.Source, f.From, f.Until)
	}
	all := false
	for _, r := range t.Rates {
		all = all || r.Market == "" && r.Category == "" && !r.Inside
		line("price", rateWords(r)+": "+r.Amount.String(), r.Source, r.From, r.Until)
	}
	if !all {
		fmt.Fprintf(b, "  %-9s anything else: %s\n", "price", window.Amount{})
	}
}

func ruleWords(r window.Rule) string {
	says := "at any time"
	if r.Length > 0 {
		var starts []string
		for _, s := range r.Starts {
			starts = append(starts, startWords[s])
		}
		says = hoursWords(r.Length) + " from " + orWords(starts)
	}
	if r.Tag != "" {
		says += ", marked " + r.Tag
	}
	if r.Needs != "" {
		says += "; needs " + r.Needs
	}
	return says
}

func rateWords(r window.Rate) string {
	says := "every message"
	if r.Category != "" {
		says = string(r.Category)
	}
	if r.Market != "" {
		says += ", " + r.Market
	}
	if r.Inside {
		says += ", while the window is open"
	}
	return says
}

func spanWords(from, until time.Time) string {
	switch {
	case !from.IsZero() && !until.IsZero():
		return fmt.Sprintf(" (from %s until %s)", dayWords(from), dayWords(until))
	case !from.IsZero():
		return fmt.Sprintf(" (since %s)", dayWords(from))
	case !until.IsZero():
		return fmt.Sprintf(" (until %s)", dayWords(until))
	default:
		return ""
	}
}

// dayWords writes a moment of a policy as its file has it: a day where that is enough.
func dayWords(at time.Time) string {
	if at.Equal(at.Truncate(day)) {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}

// hoursWords writes a time as its file has it: 24h, not 24h0m0s.
func hoursWords(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func orWords(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
