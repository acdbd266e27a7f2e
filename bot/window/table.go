package window

import (
	"slices"
	"time"
)

// Table is what platforms allow and what it costs, with the times for which each
// row holds. Its zero value knows nothing.
type Table struct {
	Rules   Rules
	Entries []Entry
	Rates   []Rate
	Free    []Allotment
	Markets []Market
}

// Entry is a time in which everything is free, because of how a customer came. It
// allows nothing that the rules do not.
type Entry struct {
	Channel string
	Start   Start         // how the customer came
	Length  time.Duration // from our first reply
	From    time.Time
	Until   time.Time
	Source  string
}

// At gives the rows that hold at a moment, with all markets.
func (t Table) At(at time.Time) Table {
	return t.keep(func(_ string, from, until time.Time) bool { return holds(from, until, at) })
}

// Only gives the rows of one kind of channel, with all markets.
func (t Table) Only(channel string) Table {
	return t.keep(func(c string, _, _ time.Time) bool { return c == channel })
}

// Without gives the rows of all other kinds of channels, with all markets.
func (t Table) Without(channels ...string) Table {
	return t.keep(func(c string, _, _ time.Time) bool { return !slices.Contains(channels, c) })
}

func (t Table) keep(row func(channel string, from, until time.Time) bool) Table {
	kept := Table{Markets: t.Markets}
	for _, r := range t.Rules {
		if row(r.Channel, r.From, r.Until) {
			kept.Rules = append(kept.Rules, r)
		}
	}
	for _, e := range t.Entries {
		if row(e.Channel, e.From, e.Until) {
			kept.Entries = append(kept.Entries, e)
		}
	}
	for _, r := range t.Rates {
		if row(r.Channel, r.From, r.Until) {
			kept.Rates = append(kept.Rates, r)
		}
	}
	for _, f := range t.Free {
		if row(f.Channel, f.From, f.Until) {
			kept.Free = append(kept.Free, f)
		}
	}
	return kept
}

// Channels are the kinds that the rules speak of, sorted.
func (t Table) Channels() []string {
	var list []string
	for _, r := range t.Rules {
		list = append(list, r.Channel)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
