package bot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"frontdesk/flows"
	"frontdesk/flows/likeness"
	"frontdesk/flows/match"
)

// MissGroup is what customers wrote in nearly the same words and was not understood.
type MissGroup struct {
	Times     int // that it was written
	Customers int // conversations that it was written in
	Words     []MissWords
	Picked    []Counted // answers that customers chose of what was offered, the most often chosen first
	Guessed   []Counted // answers that were the likeliest where nobody chose one, likewise
	Outcomes  map[flows.Outcome]int
	First     time.Time
	Last      time.Time
}

// MissWords is one way in which it was written.
type MissWords struct {
	Text  string
	Times int
}

// Counted is how often something was meant.
type Counted struct {
	Name  string
	Times int
}

// Answer is the one that is meant most likely, and whether customers said so; empty
// when nothing is known.
func (g MissGroup) Answer() (name string, chosen bool) {
	switch {
	case len(g.Picked) > 0:
		return g.Picked[0].Name, true
	case len(g.Guessed) > 0:
		return g.Guessed[0].Name, false
	}
	return "", false
}

// GroupMisses sorts misses, in whatever order they are, by what was written. The
// group that was written most often comes first, and so do words within one. What was
// offered and then chosen or refused counts once.
func GroupMisses(misses []Miss) []MissGroup {
	spellings := spelled(folded(misses))
	texts := make([]likeness.Text, len(spellings))
	for i, s := range spellings {
		texts[i] = likeness.Text{Words: s[0].Words, Times: len(s)}
	}
	var groups []MissGroup
	for _, members := range likeness.Groups(texts) {
		var g grouping
		for _, i := range members {
			g.add(spellings[i])
		}
		groups = append(groups, g.group())
	}
	return groups
}

// folded makes one of what was offered and of what the customer then chose.
func folded(misses []Miss) []Miss {
	ordered := slices.Clone(misses)
	slices.SortStableFunc(ordered, func(a, b Miss) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Conversation, b.Conversation), cmp.Compare(a.Seq, b.Seq))
	})
	offered := make(map[[2]string]int) // by conversation and words
	out := ordered[:0]
	for _, m := range ordered {
		key := [2]string{m.Conversation, m.Words}
		i, answers := offered[key]
		delete(offered, key)
		switch {
		case answers && (m.Outcome == flows.OutcomePicked || m.Outcome == flows.OutcomeRefused):
			out[i].Outcome, out[i].Answer = m.Outcome, m.Answer
			continue
		case m.Outcome == flows.OutcomeOffered:
			offered[key] = len(out)
		}
		out = append(out, m)
	}
	return out
}

// spelled puts together what differs in case and signs only, in the order in which it
// came first.
func spelled(misses []Miss) (spellings [][]Miss) {
	place := make(map[string]int)
	for _, m := range misses {
		norm := cmp.Or(match.Normalise(m.Words), m.Words)
		i, known := place[norm]
		if !known {
			i = len(spellings)
			place[norm], spellings = i, append(spellings, nil)
		}
		spellings[i] = append(spellings[i], m)
	}
	return spellings
}

// grouping is a group in the making.
type grouping struct {
	MissGroup
	conversations   map[string]bool
	picked, guessed map[string]int
}

// add takes in what was written in one way.
func (g *grouping) add(same []Miss) {
	if g.Outcomes == nil {
		g.Outcomes, g.conversations = make(map[flows.Outcome]int), make(map[string]bool)
		g.picked, g.guessed = make(map[string]int), make(map[string]int)
	}
	g.Times += len(same)
	written := make(map[string]int)
	for _, m := range same {
		written[m.Words]++
		g.Outcomes[m.Outcome]++
		g.conversations[m.Conversation] = true
		switch {
		case m.Answer != "":
			g.picked[m.Answer]++
		case len(m.Guesses) > 0 && m.Outcome != flows.OutcomeRefused:
			g.guessed[m.Guesses[0].Answer]++
		}
		if g.First.IsZero() || m.At.Before(g.First) {
			g.First = m.At
		}
		if m.At.After(g.Last) {
			g.Last = m.At
		}
	}
	g.Words = append(g.Words, MissWords{Text: mostOften(written)[0].Name, Times: len(same)})
}

func (g *grouping) group() MissGroup {
	g.Customers = len(g.conversations)
	g.Picked, g.Guessed = mostOften(g.picked), mostOften(g.guessed)
	slices.SortStableFunc(g.Words, func(a, b MissWords) int { return b.Times - a.Times })
	return g.MissGroup
}

func mostOften(counts map[string]int) (list []Counted) {
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, Counted{name, counts[name]})
	}
	slices.SortStableFunc(list, func(a, b Counted) int { return b.Times - a.Times })
	return list
}
