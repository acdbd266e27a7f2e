package flows

import (
	"cmp"
	"fmt"
	"slices"

	"frontdesk/flows/carry"
)

// mostWays bounds how many ways are looked at in detail on each channel. The rest
// is taken for as much as it could be if nothing were joined: never too little.
const mostWays = 2000

// checkBubbles finds the most messages that one message of a customer can cause
// on each channel, and warns where one would do.
func (g *graph) checkBubbles() {
	g.set.facts.States = len(g.order)
	g.set.facts.Messages = map[string]Burst{}
	for _, kind := range g.set.Channels {
		limits, _ := carry.Of(kind)
		g.set.facts.Messages[kind] = g.newBursts(limits).search()
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
	limits  carry.Limits
	runs    *runs // what each state leads to, if nothing is joined
	states  []*carry.Content
	hearers []*rawState   // see longestHearers
	person  carry.Content // what is said when a person is fetched
	nobody  carry.Content // and when nobody is there; see handovers
	best    Burst
	ways    int
}

// opening is how a step begins: what is said at once, and where it leads.
type opening struct {
	from string          // where the customer is; "": nothing has begun
	said []carry.Content //
	to   *arc            // nil: no further
	at   int             // the state that to leaves; -1: none
	most int             // messages, if nothing is joined
}

func (g *graph) newBursts(limits carry.Limits) *bursts {
	b := &bursts{graph: g, limits: limits, states: make([]*carry.Content, len(g.order))}
	b.person = b.content(&content{text: g.set.handoffSay}, nil)
	if n := g.set.nobody; n != nil {
		b.nobody = b.offered(&content{text: n.say}, n.choices)
	}
	for i, s := range g.order {
		if s.state.say != nil {
			said := b.content(s.state.say, s.state)
			b.states[i] = &said
		}
	}
	b.runs = g.newRuns(func(i int) int {
		if b.states[i] == nil {
			return 0
		}
		return len(carry.Fit(*b.states[i], limits))
	}, b.weight)
	return b
}

// weight is how many messages are sent on an arc, if nothing is joined.
func (b *bursts) weight(a arc) int {
	n := 0
	if a.raw.say != nil {
		n += len(carry.Fit(b.content(a.raw.say, nil), b.limits))
	}
	if a.to == toPerson {
		most := 0
		for _, said := range b.handovers() {
			most = max(most, b.fits(said))
		}
		n += most
	}
	return n
}

// handovers are what may be said when a person is fetched: that one is, and where
// the file says what, that nobody is there.
func (b *bursts) handovers() [][]carry.Content {
	out := [][]carry.Content{{b.person}}
	if b.set.nobody == nil {
		return out
	}
	alone := []carry.Content{b.nobody}
	if to := b.graph.nobody; to != nil && b.states[to.target.index] != nil {
		alone = append(alone, *b.states[to.target.index])
	}
	return append(out, alone)
}

// fits is how many messages contents are, if nothing is joined.
func (b *bursts) fits(all []carry.Content) int {
	n := 0
	for _, c := range all {
		n += len(carry.Fit(c, b.limits))
	}
	return n
}

// search looks at the openings that may lead to the most, the heaviest first.
func (b *bursts) search() Burst {
	all := b.openings()
	slices.SortStableFunc(all, func(x, y opening) int { return cmp.Compare(y.most, x.most) })
	for _, o := range all {
		if o.most <= b.best.Messages {
			break
		}
		if b.ways > mostWays {
			b.best = Burst{Messages: o.most, Way: b.wayOf(o)}
			break
		}
		b.open(o)
	}
	return b.best
}

// wayOf is the heaviest way of an opening.
func (b *bursts) wayOf(o opening) []string {
	var way []string
	if o.from != "" {
		way = append(way, o.from)
	}
	switch {
	case o.to == nil:
	case o.to.to >= 0:
		way = append(way, b.runs.names(o.to.to)...)
	default:
		way = append(way, o.to.raw.exit.to)
	}
	return way
}

// content is what is said, in the language in which it is longest.
func (b *bursts) content(c *content, under *state) carry.Content {
	var choices [][]Choice
	if under != nil {
		choices = under.sent
	}
	longest := b.offered(c, choices)
	if under != nil && under.question != nil && under.question.kind == typeLocation {
		longest.Wants = carry.WantsLocation
	}
	return longest
}

// offered is the same, with choices by language below; nil: none.
func (b *bursts) offered(c *content, choices [][]Choice) carry.Content {
	var longest carry.Content
	for tongue := range b.set.Languages {
		say, _ := b.longest(c, tongue)
		if choices != nil {
			say.Choices = choices[tongue]
		}
		if tongue == 0 || len(say.Text) > len(longest.Text) {
			longest = say
		}
	}
	return longest
}

// open goes all ways of an opening.
func (b *bursts) open(o opening) {
	w := &burst{bursts: b, visits: make(map[int]int)}
	if o.from != "" {
		w.way = []string{o.from}
	}
	w.said = o.said
	if o.to == nil {
		w.count()
		return
	}
	w.take(o.at, *o.to, len(o.said) > 0)
	if b.ways > mostWays && o.most > b.best.Messages {
		b.best = Burst{Messages: o.most, Way: b.wayOf(o)}
	}
}

// burst is one way, as far as it was gone.
type burst struct {
	*bursts
	way    []string
	said   []carry.Content
	thens  []int // where the flows return to that were called on the way
	visits map[int]int
}

// with goes on with more said, and comes back.
func (w *burst) with(c *carry.Content, name string, on func()) {
	way, said := w.way, w.said
	if name != "" {
		w.way = append(slices.Clone(way), name)
	}
	if c != nil {
		w.said = append(slices.Clone(said), *c)
	}
	on()
	w.way, w.said = way, said
}

// take goes along an arc of the state at; told tells whether what led here said
// something.
func (w *burst) take(at int, a arc, told bool) {
	var said *carry.Content
	if a.raw.say != nil {
		c := w.content(a.raw.say, nil)
		said, told = &c, true
	}
	w.with(said, "", func() {
		switch {
		case a.to >= 0:
			w.enter(a)
		case a.to == toPerson:
			w.handOver(told)
		case a.to == toAgain:
			w.from(w.start)
		case a.to == toBack:
			w.from(w.start)
			for i, s := range w.order {
				if s.hears() && w.reached[i] && i != at && i != w.start {
					w.from(i)
				}
			}
		case a.to == toCaller:
			w.comeBack(at)
		default:
			w.with(nil, a.raw.exit.to, w.count)
		}
	})
}

// handOver fetches a person, who is there or not.
func (w *burst) handOver(told bool) {
	said := w.said
	for i, more := range w.handovers() {
		if i == 0 && told {
			more = nil
		}
		w.said = append(slices.Clone(said), more...)
		w.with(nil, pseudoHandoff, w.count)
	}
	w.said = said
}

// enter comes into a state, and notes where a flow that is called returns to.
func (w *burst) enter(a arc) {
	thens := w.thens
	if a.then >= 0 {
		w.thens = append(slices.Clone(thens), a.then)
	}
	w.from(a.to)
	w.thens = thens
}

// comeBack returns to who called on the way, or else to any of the callers.
func (w *burst) comeBack(at int) {
	if n := len(w.thens); n > 0 {
		thens := w.thens
		w.thens = thens[:n-1]
		w.from(thens[n-1])
		w.thens = thens
		return
	}
	for _, then := range w.runs.thens[w.order[at].flow] {
		w.from(then)
	}
}

// from comes into a state and goes on until something is waited for.
func (w *burst) from(i int) {
	if w.ways > mostWays {
		return
	}
	s := w.order[i]
	w.with(w.states[i], s.name, func() {
		if s.waits() || w.visits[i] > w.rounds+1 || len(w.arcs[i]) == 0 {
			w.count()
			return
		}
		w.visits[i]++
		for _, a := range w.arcs[i] {
			w.take(i, a, s.state.say != nil)
		}
		w.visits[i]--
	})
}

// count joins what is said as the program does, and keeps the way with the most.
func (w *burst) count() {
	w.ways++
	messages := 0
	for i := 0; i < len(w.said); {
		c := w.said[i]
		for i++; i < len(w.said); i++ {
			joined, ok := carry.Join(c, w.said[i], w.limits)
			if !ok {
				break
			}
			c = joined
		}
		messages += len(carry.Fit(c, w.limits))
	}
	if messages > w.best.Messages {
		w.best = Burst{Messages: messages, Way: w.way}
	}
}
