package flows

import (
	"slices"
	"time"

	"frontdesk/flows/source"
)

// graph is what the proofs reason about: the states by number, and every way
// between them.
type graph struct {
	*loader
	arcs     [][]arc         // by rawState.index
	returns  []bool          // a conversation that enters here can come to the flow's return
	reached  []bool          //
	straight []bool          // reached by who was not led aside because nobody is there
	parent   []int           // on the shortest way from the beginning; -1: the beginning, or an answer leads here
	called   map[string]bool // flows that something calls
	start    int
	rounds   int                 // how often a counted cycle is gone through at most
	hops     int                 // the most transitions of one step
	widths   map[*wording]widest // texts as long as they can be, as every channel asks for them
}

// Where an arc leads that leads to no state.
const (
	toPerson = -1 - iota
	toEnd
	toCaller
	toBack
	toAgain
)

// arc is one way out of a state.
type arc struct {
	to    int
	then  int // where a called flow returns to; -1: nothing is called
	raw   *rawExit
	input bool          // the customer makes it happen
	after time.Duration // of silence; 0: no timeout
}

func (l *loader) newGraph() *graph {
	n := len(l.order)
	g := &graph{
		widths: map[*wording]widest{},
		loader: l, arcs: make([][]arc, n), returns: make([]bool, n), reached: make([]bool, n), parent: make([]int, n),
		called: map[string]bool{}, start: l.flows[mainFlow].first.index,
	}
	for i, s := range l.order {
		for _, raw := range s.ways {
			g.arcs[i] = append(g.arcs[i], g.newArc(s, raw))
		}
	}
	for _, a := range l.answers {
		if a.exit != nil && a.exit.calls {
			g.called[a.exit.target.flow.name] = true
		}
	}
	g.summarise()
	g.reach()
	return g
}

func (g *graph) newArc(s *rawState, raw *rawExit) arc {
	a := arc{raw: raw, then: -1, input: s.hears() && raw.kind != EdgeTimeout}
	switch raw.exit.to {
	case pseudoHandoff:
		a.to = toPerson
	case pseudoEnd:
		a.to = toEnd
	case pseudoReturn:
		a.to = toCaller
	case pseudoBack:
		a.to = toBack
	case pseudoAgain:
		a.to = toAgain
	default:
		a.to = raw.target.index
	}
	if raw.kind == EdgeTimeout {
		a.after = s.state.timeout.after
	}
	if raw.calls {
		g.called[raw.target.flow.name] = true
		a.then = g.start
		if then := g.states[raw.then]; then != nil {
			a.then = then.index
		}
	}
	return a
}

// summarise finds from which states a called flow can come to its return,
// passing through the flows that it calls itself.
func (g *graph) summarise() {
	waits := make([][]int, len(g.order)) // states to look at again when this one can return
	var todo []int
	can := func(i int) {
		if !g.returns[i] {
			g.returns[i] = true
			todo = append(todo, waits[i]...)
		}
	}
	look := func(i int) {
		for _, a := range g.arcs[i] {
			switch {
			case a.to == toCaller:
				can(i)
			case a.to < 0 || !a.raw.calls && g.order[a.to].flow != g.order[i].flow:
			case a.then >= 0:
				if g.returns[a.to] && g.returns[a.then] {
					can(i)
				}
			case g.returns[a.to]:
				can(i)
			}
		}
		for _, to := range g.answered(i) {
			if g.returns[to] {
				can(i)
			}
		}
	}
	for i := range g.order {
		for _, to := range g.answered(i) {
			waits[to] = append(waits[to], i)
		}
		for _, a := range g.arcs[i] {
			if a.to >= 0 {
				waits[a.to] = append(waits[a.to], i)
			}
			if a.then >= 0 {
				waits[a.then] = append(waits[a.then], i)
			}
		}
		todo = append(todo, i)
	}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !g.returns[i] {
			look(i)
		}
	}
}

// answered are the states of its own flow to which a common answer leads from a
// state: nothing is called there, so that the flow may return behind it.
func (g *graph) answered(i int) []int {
	var out []int
	s := g.order[i]
	for n, a := range g.answers {
		if s.hears() && a.exit != nil && a.exit.target != nil && a.exit.target.flow == s.flow && g.heard(n, s) {
			out = append(out, a.exit.target.index)
		}
	}
	return out
}

// hearsIn reports whether the customer may be waited for in a flow.
func (g *graph) hearsIn(f *rawFlow) bool {
	return slices.ContainsFunc(f.nodes, func(s *rawState) bool { return s.hears() && g.reached[s.index] })
}

// reach walks from the beginning, and from where common answers lead.
func (g *graph) reach() {
	var todo []int
	visit := func(i, from int) {
		if i >= 0 && !g.reached[i] {
			g.reached[i], g.parent[i] = true, from
			todo = append(todo, i)
		}
	}
	visit(g.start, -1)
	for _, a := range g.answers {
		if a.exit != nil && a.exit.target != nil {
			visit(a.exit.target.index, -1)
		}
	}
	spread := func() {
		for len(todo) > 0 { // breadth first, so that parents are on shortest ways
			i := todo[0]
			todo = todo[1:]
			for _, a := range g.arcs[i] {
				visit(a.to, i)
				if a.then >= 0 && g.returns[a.to] {
					visit(a.then, i)
				}
			}
		}
	}
	spread()
	g.straight = slices.Clone(g.reached)
	if g.nobody != nil {
		visit(g.nobody.target.index, -1)
		spread()
	}
}

// route is the shortest way from the beginning to a state, by full names.
func (g *graph) route(s *rawState) []string {
	var names []string
	for i := s.index; i >= 0; i = g.parent[i] {
		names = append(names, g.order[i].name)
	}
	slices.Reverse(names)
	return names
}

// comeBack tells where each flow may return to: to where its callers go on, to
// where the customer was when a common answer called it, and to the beginning
// where nothing did.
func (g *graph) comeBack() map[*rawFlow][]int {
	thens := map[*rawFlow][]int{}
	for i := range g.order {
		for _, a := range g.arcs[i] {
			if a.then >= 0 && g.reached[i] && g.returns[a.to] {
				f := g.order[a.to].flow
				thens[f] = append(thens[f], a.then)
			}
		}
	}
	for _, a := range g.answers {
		if a.exit == nil || !a.exit.calls {
			continue
		}
		f := a.exit.target.flow
		for i, s := range g.order {
			if s.hears() && g.reached[i] {
				thens[f] = append(thens[f], i)
			}
		}
		thens[f] = append(thens[f], g.start)
	}
	for _, f := range g.flowOrder {
		if f.name == mainFlow || len(thens[f]) == 0 {
			thens[f] = append(thens[f], g.start)
		}
		slices.Sort(thens[f])
		thens[f] = slices.Compact(thens[f])
	}
	return thens
}

// returnOf is the first "return" of a flow.
func (g *graph) returnOf(f *rawFlow) source.Node {
	for _, s := range f.nodes {
		if s.fields.Has("return") {
			return s.fields.Key("return")
		}
	}
	return source.Node{}
}

// safe tells from which states a customer can come to a person by what they
// write or tap. Where a flow ends the next message begins anew, and common
// answers lead away from every state that lets them be heard. Silence does not
// count, nor does failing at a question that every text answers, and where the
// customer was before is no way to count on. A return leads to a person only if
// it does so whoever called.
func (g *graph) safe() []bool {
	outside := len(g.order) // nothing has begun
	w := &rescue{graph: g, safe: make([]bool, outside+1), back: make([][]int, outside+1)}
	for i := range g.order {
		for _, a := range g.arcs[i] {
			w.learn(i, a, outside)
		}
	}
	w.from(outside, g.start)
	for n, a := range g.answers {
		if a.exit == nil {
			continue
		}
		for i, s := range g.order {
			if s.hears() && g.heard(n, s) {
				w.lead(i, a.exit, outside)
			}
		}
		w.lead(outside, a.exit, outside)
	}
	if len(g.set.again) > 0 {
		for i, s := range g.order {
			if s.hears() {
				w.from(i, g.start)
			}
		}
	}
	w.spread()
	return w.safe
}

// heard reports whether the n-th common answer is given to who asks for it in a
// state: what the state asks for comes first.
func (g *graph) heard(n int, s *rawState) bool {
	if s.question == nil || s.question.kind != typeText {
		return true
	}
	return slices.ContainsFunc(slices.Concat(g.set.answers[n].words, g.set.answers[n].examples), func(phrase string) bool {
		_, fits := s.question.text(phrase)
		return !fits
	})
}

// rescue finds the states that are safe, from a person backwards.
type rescue struct {
	*graph
	safe []bool
	back [][]int // from where each is led to
	todo []int
}

func (w *rescue) mark(i int) {
	if !w.safe[i] {
		w.safe[i] = true
		w.todo = append(w.todo, i)
	}
}

func (w *rescue) from(i, to int) { w.back[to] = append(w.back[to], i) }

func (w *rescue) learn(i int, a arc, outside int) {
	switch {
	case a.raw.kind == EdgeTimeout, a.raw.kind == EdgeOtherwise && w.order[i].question.takesAll():
	case a.to == toPerson:
		w.mark(i)
	case a.to == toEnd:
		w.from(i, outside)
	default:
		for _, to := range w.leads(a) {
			w.from(i, to)
		}
	}
}

// lead follows a common answer.
func (w *rescue) lead(i int, e *rawExit, outside int) {
	switch {
	case e.target != nil:
		w.from(i, e.target.index)
	case e.to == pseudoHandoff:
		w.mark(i)
	case e.to == pseudoEnd:
		w.from(i, outside)
	case e.to == pseudoAgain:
		w.from(i, w.start)
	}
}

func (w *rescue) spread() {
	for {
		for len(w.todo) > 0 {
			i := w.todo[len(w.todo)-1]
			w.todo = w.todo[:len(w.todo)-1]
			for _, from := range w.back[i] {
				w.mark(from)
			}
		}
		w.giveBack()
		if len(w.todo) == 0 {
			return
		}
	}
}

// giveBack marks the returns of flows all of whose callers go on to a person. A
// common answer calls from wherever the customer is.
func (w *rescue) giveBack() {
	if !w.safe[w.start] {
		return
	}
	open := map[*rawFlow]bool{}
	trapped := map[*rawFlow]bool{} // a customer may be in it where nothing leads to a person
	for i, s := range w.order {
		if s.hears() && w.reached[i] && !w.safe[i] {
			trapped[s.flow] = true
		}
		for _, a := range w.arcs[i] {
			if a.then >= 0 && w.reached[i] && w.returns[a.to] && !w.safe[a.then] {
				open[w.order[a.to].flow] = true
			}
		}
	}
	for _, a := range w.answers {
		if a.exit == nil || !a.exit.calls {
			continue
		}
		for f := range trapped {
			if called := a.exit.target.flow; f != called { // within it nothing is called
				open[called] = true
			}
		}
	}
	for i, s := range w.order {
		for _, a := range w.arcs[i] {
			if a.to == toCaller && !open[s.flow] {
				w.mark(i)
			}
		}
	}
}

// leads are the states that one arc can lead to in the end, by itself or by a
// return.
func (g *graph) leads(a arc) []int {
	switch {
	case a.to >= 0 && a.then >= 0 && g.returns[a.to]:
		return []int{a.to, a.then}
	case a.to >= 0:
		return []int{a.to}
	case a.to == toAgain:
		return []int{g.start}
	default:
		return nil
	}
}
