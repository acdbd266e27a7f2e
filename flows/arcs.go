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
	arcs    [][]arc         // by rawState.index
	returns []bool          // a conversation that enters here can come to the flow's return
	reached []bool          //
	parent  []int           // on the shortest way from the beginning; -1: the beginning, or an answer leads here
	called  map[string]bool // flows that something calls
	start   int
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
	}
	for i := range g.order {
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

// route is the shortest way from the beginning to a state, by full names.
func (g *graph) route(s *rawState) []string {
	var names []string
	for i := s.index; i >= 0; i = g.parent[i] {
		names = append(names, g.order[i].name)
	}
	slices.Reverse(names)
	return names
}

// returning is the first "return" of a flow.
func (g *graph) returning(f *rawFlow) source.Node {
	for _, s := range f.nodes {
		if s.fields.Has("return") {
			return s.fields.Key("return")
		}
	}
	return source.Node{}
}

// safe tells from which states a customer can come to a person by what they
// write or tap. Where a flow ends the next message begins in main, and common
// answers lead away from every state that hears. A question that every text
// answers is not left by answering wrongly too often, and where the customer was
// before is no way to count on. A return leads to a person only if it does so
// whoever called.
func (g *graph) safe() []bool {
	safe := make([]bool, len(g.order))
	back := make([][]int, len(g.order))
	var todo, hearing []int
	mark := func(i int) {
		if !safe[i] {
			safe[i] = true
			todo = append(todo, i)
		}
	}
	for i, s := range g.order {
		if s.hears() {
			hearing = append(hearing, i)
		}
		for _, a := range g.arcs[i] {
			if a.raw.kind == EdgeOtherwise && s.question.takesAll() {
				continue
			}
			if a.to == toPerson {
				mark(i)
			}
			for _, to := range g.leads(a) {
				back[to] = append(back[to], i)
			}
		}
	}
	answered := map[int]bool{}
	for _, a := range g.answers {
		switch {
		case a.exit == nil:
		case a.exit.to == pseudoHandoff:
			for _, i := range hearing {
				mark(i)
			}
		case a.exit.target != nil:
			answered[a.exit.target.index] = true
		default:
			answered[g.start] = true
		}
	}
	for {
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, from := range back[i] {
				mark(from)
			}
			if answered[i] {
				for _, from := range hearing {
					mark(from)
				}
			}
		}
		g.safeReturns(safe, mark)
		if len(todo) == 0 {
			return safe
		}
	}
}

// safeReturns marks the returns of flows all of whose callers go on to a person.
func (g *graph) safeReturns(safe []bool, mark func(int)) {
	if !safe[g.start] {
		return
	}
	open := map[*rawFlow]bool{}
	for i := range g.order {
		for _, a := range g.arcs[i] {
			if a.then >= 0 && !safe[a.then] {
				open[g.order[a.to].flow] = true
			}
		}
	}
	for i, s := range g.order {
		for _, a := range g.arcs[i] {
			if a.to == toCaller && !open[s.flow] {
				mark(i)
			}
		}
	}
}

// leads are the states that one arc can lead to in the end.
func (g *graph) leads(a arc) []int {
	switch {
	case a.to >= 0 && a.then >= 0 && g.returns[a.to]:
		return []int{a.to, a.then}
	case a.to >= 0:
		return []int{a.to}
	case a.to == toPerson, a.to == toBack, a.to == toCaller:
		return nil
	default: // the end, or the beginning
		return []int{g.start}
	}
}
