package flows

import (
	"strings"

	"frontdesk/flows/carry"
)

// openings are all ways in which a step can begin.
func (b *bursts) openings() []opening {
	begin := &arc{to: b.start, then: never, raw: &rawExit{exit: &exit{to: b.order[b.start].name}}}
	out := []opening{{to: begin, at: never}}
	if len(b.set.words) > 0 {
		for _, said := range b.handovers() {
			out = append(out, opening{from: pseudoHandoff, said: said})
		}
	}
	if o := b.set.optOut; o != nil {
		for _, t := range []*text{o.say, o.againSay} {
			if t == nil {
				continue
			}
			out = append(out, opening{from: "opt_out", said: []carry.Content{b.content(&content{text: t}, nil)}})
		}
	}
	for i, s := range b.order {
		if !b.reached[i] || !s.waits() {
			continue
		}
		for n := range b.arcs[i] {
			out = append(out, opening{from: s.name, to: &b.arcs[i][n], at: i})
		}
		out = append(out, b.repeats(s)...)
	}
	b.hearers = b.longestHearers()
	for n, a := range b.answers {
		out = append(out, b.asked(n, a, begin)...)
	}
	if len(b.set.back) > 0 {
		out = append(out, opening{to: &arc{to: toBack, then: never, raw: &rawExit{exit: &exit{to: pseudoBack}}}, at: never})
	}
	for i := range out {
		out[i].most = b.atMost(out[i])
	}
	return out
}

// repeats is what a state says when what the customer wrote does not lead on.
func (b *bursts) repeats(s *rawState) []opening {
	if s.state.call != nil {
		return []opening{{from: s.name, said: []carry.Content{b.content(&content{text: b.set.oneMoment}, nil)}}}
	}
	out := []opening{
		{from: s.name, said: b.again(&content{text: b.set.notUnder}, s)},
	}
	for _, said := range b.handovers() { // after_misses
		out = append(out, opening{from: s.name, said: said})
	}
	if s.question != nil && s.question.retry != nil {
		out = append(out, opening{from: s.name, said: []carry.Content{b.content(&content{text: s.question.retry}, s.state)}})
	}
	return out
}

// again is a text with the state's question below, as the walk says it.
func (b *bursts) again(c *content, s *rawState) []carry.Content {
	said := b.content(c, s.state)
	var own carry.Content
	if s.state.say != nil {
		own = b.content(s.state.say, s.state)
	}
	if said.Template != nil {
		return []carry.Content{b.content(c, nil), own}
	}
	if s.question != nil {
		said.Text = strings.TrimSpace(said.Text + "\n\n" + own.Text)
	}
	return []carry.Content{said}
}

// shown is what decides, beside its length, how many messages a text becomes under
// which a state's choices are shown.
type shown struct {
	layout  carry.Layout
	choices int
	asks    bool
	wants   string
}

// longestHearers are the states that hear, of those that are alike only the one
// with the longest text: what is said again in it is at least as many messages.
func (b *bursts) longestHearers() []*rawState {
	longest := map[shown]int{}
	best := map[shown]*rawState{}
	var order []shown
	for i, s := range b.order {
		if !b.reached[i] || !s.hears() || b.states[i] == nil {
			continue
		}
		parts := carry.Fit(*b.states[i], b.limits)
		if len(parts) == 0 {
			continue
		}
		long := 0
		for _, p := range parts {
			long += b.limits.Unit.Len(p.Text)
		}
		last := parts[len(parts)-1]
		key := shown{last.Layout, len(s.state.choices), s.question != nil, last.Wants}
		if best[key] == nil {
			order = append(order, key)
		}
		if best[key] == nil || long > longest[key] {
			best[key], longest[key] = s, long
		}
	}
	out := make([]*rawState, 0, len(order))
	for _, key := range order {
		out = append(out, best[key])
	}
	return out
}

// asked is what comes of a common answer: it leads on, or the customer goes on
// where they were, or everything begins behind it.
func (b *bursts) asked(n int, a *rawAnswer, begin *arc) []opening {
	from, say := "answers."+a.name, b.set.answers[n].say
	var said []carry.Content
	if say != nil {
		said = append(said, b.content(say, nil))
	}
	if a.exit == nil {
		if say == nil {
			return nil
		}
		out := []opening{{from: from, said: said, to: begin, at: never}}
		for _, s := range b.hearers {
			out = append(out, opening{from: from, said: b.again(say, s)})
		}
		return out
	}
	to := b.newArc(b.order[b.start], a.exit)
	out := []opening{{from: from, said: said, to: &to, at: never}}
	if !a.exit.calls {
		return out
	}
	if b.hearsIn(a.exit.target.flow) { // there nothing is called: it returns to who called before
		inside := to
		inside.then = never
		out = append(out, opening{from: from, said: said, to: &inside, at: never})
	}
	for i, s := range b.order { // it returns to where the customer was
		if b.reached[i] && s.hears() {
			back := to
			back.then = i
			out = append(out, opening{from: from, said: said, to: &back, at: never})
		}
	}
	return out
}

// atMost is how many messages an opening leads to if nothing is joined.
func (b *bursts) atMost(o opening) int {
	n := b.fits(o.said)
	if o.to == nil {
		return n
	}
	return n + b.weight(*o.to) + b.runs.along(*o.to)
}
