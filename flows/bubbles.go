package flows

import (
	"fmt"
	"slices"

	"frontdesk/flows/carry"
)

// mostWays bounds how many ways of one step are looked at in detail, and
// mostLooked how many of all steps; where there are more, the rest is followed no
// further.
const (
	mostWays   = 2000
	mostLooked = 100_000
)

// checkBubbles finds the most messages that one message of a customer can cause
// on each channel, and warns where one would do.
func (g *graph) checkBubbles() {
	g.set.facts.States = len(g.order)
	g.set.facts.Messages = map[string]Burst{}
	for _, kind := range g.set.Channels {
		limits, _ := carry.Of(kind)
		b := &bursts{graph: g, limits: limits, entered: make([]bool, len(g.order))}
		b.search()
		g.set.facts.Messages[kind] = b.best
	}
	for i, s := range g.order {
		if g.reached[i] && s.state.say != nil && s.state.say.apart {
			g.reportApart(s)
		}
	}
}

// reportApart warns of a text that is kept apart from what follows or precedes
// it although both would fit into one message.
func (g *graph) reportApart(s *rawState) {
	var charged []string
	for _, kind := range g.set.Channels {
		if l, _ := carry.Of(kind); l.Charged {
			charged = append(charged, kind)
		}
	}
	if len(charged) == 0 || s.waits() && len(s.state.choices) == 0 {
		return
	}
	s.fields.Key("join").Warn(codeBubbles, fmt.Sprintf("a message of its own, where one would do: %s counts each", charged[0]),
		"beyond the free ones of a month each is charged; remove the line to have it joined with what is said next")
}

// bursts searches the way with the most messages on one channel.
type bursts struct {
	*graph
	limits carry.Limits
	best   Burst
	ways   int
	all    int
	// entered are the states that were come to with nothing said before: what
	// follows is the same whatever led there.
	entered []bool
}

func (b *bursts) search() {
	b.from(nil, b.start, nil, nil)
	for i := range b.order {
		if !b.reached[i] || !b.order[i].hears() {
			continue
		}
		for _, a := range b.arcs[i] {
			b.take([]string{b.order[i].name}, a, nil)
		}
	}
	for n, a := range b.answers {
		if a.exit != nil && a.exit.target != nil {
			b.from([]string{"answers." + a.name}, a.exit.target.index, b.said(nil, b.set.answers[n].say, nil), nil)
		}
	}
}

// take goes along an arc.
func (b *bursts) take(way []string, a arc, said []carry.Content) {
	b.ways = 0
	said = b.said(said, a.raw.say, nil)
	switch {
	case a.to >= 0:
		b.from(way, a.to, said, nil)
	case a.to == toAgain:
		b.from(way, b.start, said, nil)
	default:
		b.count(append(slices.Clone(way), a.raw.exit.to), said)
	}
}

// from comes into a state and goes on until something is waited for.
func (b *bursts) from(way []string, i int, said []carry.Content, seen []int) {
	s := b.order[i]
	if said == nil && seen == nil {
		if b.entered[i] {
			return
		}
		b.entered[i] = true
	}
	way = append(slices.Clone(way), s.name)
	said = b.said(said, s.state.say, s.state)
	b.ways++
	b.all++
	if s.waits() || b.ways > mostWays || b.all > mostLooked || slices.Contains(seen, i) {
		b.count(way, said)
		return
	}
	left := false
	for _, a := range b.arcs[i] {
		left = true
		next := b.said(said, a.raw.say, nil)
		if a.to >= 0 {
			b.from(way, a.to, next, append(slices.Clone(seen), i))
		} else {
			b.count(way, next)
		}
	}
	if !left {
		b.count(way, said)
	}
}

// said adds a content, as long as it can be in the language in which it is longest.
func (b *bursts) said(all []carry.Content, c *content, under *state) []carry.Content {
	if c == nil {
		return all
	}
	var longest carry.Content
	for tongue := range b.set.Languages {
		say, _ := b.longest(c, tongue)
		if under != nil && under.sent != nil {
			say.Choices = under.sent[tongue]
		}
		if tongue == 0 || len(say.Text) > len(longest.Text) {
			longest = say
		}
	}
	return append(slices.Clone(all), longest)
}

// count joins what is said as the program does, and keeps the way with the most.
func (b *bursts) count(way []string, said []carry.Content) {
	messages := 0
	for i := 0; i < len(said); {
		c := said[i]
		for i++; i < len(said); i++ {
			joined, ok := carry.Join(c, said[i], b.limits)
			if !ok {
				break
			}
			c = joined
		}
		messages += len(carry.Fit(c, b.limits))
	}
	if messages > b.best.Messages {
		b.best = Burst{Messages: messages, Way: way}
	}
}
