package window

import (
	"slices"
	"time"
)

// Terms are what holds for one account: the rows of a table for its kind of
// channel. Its zero value knows nothing and limits nothing.
type Terms struct {
	Rules
	Entries []Entry
	Rates   []Rate
	Free    []Allotment
	Markets Places
	Zone    *time.Location // by whose clocks the account's months are counted; nil: UTC
}

// For gives the terms of an account of a kind of channel. Of the rules that
// demand a tag it has only those whose tag the account was granted.
func (t Table) For(channel string, granted ...string) Terms {
	only := t.Only(channel)
	refused := func(r Rule) bool { return r.Tag != "" && !slices.Contains(granted, r.Tag) }
	return Terms{
		Rules:   slices.DeleteFunc(only.Rules, refused), // Only made a list of its own
		Entries: only.Entries, Rates: only.Rates, Free: only.Free,
		Markets: placesOf(t.Markets),
	}
}
