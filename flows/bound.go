package flows

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// checkBound reports states that lead to one another for ever without a
// customer's message, and runs that are longer than a step may be. Going round is
// allowed where a counter ends it: a branch that asks whether it is still small,
// and a state that makes it larger each time.
func (g *graph) checkBound() {
	auto := g.automatic()
	for _, round := range components(auto) {
		if n, ok := g.counted(auto, round); ok {
			g.rounds = max(g.rounds, n)
			continue
		}
		g.reportCycle(auto, round)
		return // one cycle is enough to mend, and the rest cannot be measured
	}
	g.measure()
}

// automatic are the ways that a conversation goes by itself, by time or by the
// answer of a system, by state.
func (g *graph) automatic() [][]int {
	returns := g.returning(func(_ int, a arc) bool { return !a.input })
	var hearing []int
	for i, s := range g.order {
		if s.hears() && g.reached[i] {
			hearing = append(hearing, i)
		}
	}
	out := make([][]int, len(g.order))
	for i := range g.order {
		if !g.reached[i] {
			continue
		}
		for _, a := range g.arcs[i] {
			switch {
			case a.input:
			case a.to >= 0:
				out[i] = append(out[i], a.to)
				if a.then >= 0 && returns[a.to] {
					out[i] = append(out[i], a.then)
				}
			case a.to == toAgain:
				out[i] = append(out[i], g.start)
			case a.to == toBack: // wherever the customer was before, which was not here
				for _, h := range hearing {
					if h != i {
						out[i] = append(out[i], h)
					}
				}
				out[i] = append(out[i], g.start)
			case a.to == toCaller && g.order[i].flow.name == mainFlow && g.called[mainFlow]: // it begins without being called
				out[i] = append(out[i], g.start)
			}
		}
	}
	return out
}

// returning tells from which states a called flow comes to its return along some
// of the arcs.
func (g *graph) returning(along func(i int, a arc) bool) []bool {
	can := make([]bool, len(g.order))
	for changed := true; changed; {
		changed = false
		for i := len(g.order) - 1; i >= 0; i-- { // flows are written towards their ends
			if can[i] {
				continue
			}
			for _, a := range g.arcs[i] {
				ends := a.to == toCaller ||
					a.to >= 0 && a.then < 0 && can[a.to] && g.order[a.to].flow == g.order[i].flow ||
					a.then >= 0 && can[a.to] && can[a.then]
				if ends && along(i, a) {
					can[i], changed = true, true
				}
			}
		}
	}
	return can
}

// components are the sets of states that lead to one another, of more than one
// state or of one that leads to itself; Tarjan's, without recursion.
func components(next [][]int) [][]int {
	type frame struct{ node, edge int }
	var (
		out       [][]int
		index     = make([]int, len(next))
		low       = make([]int, len(next))
		on        = make([]bool, len(next))
		open      []int
		counter   = 1
		callStack []frame
	)
	for root := range next {
		if index[root] != 0 {
			continue
		}
		callStack = append(callStack[:0], frame{root, 0})
		for len(callStack) > 0 {
			f := &callStack[len(callStack)-1]
			v := f.node
			if f.edge == 0 {
				index[v], low[v] = counter, counter
				counter++
				open = append(open, v)
				on[v] = true
			}
			if f.edge < len(next[v]) {
				w := next[v][f.edge]
				f.edge++
				if index[w] == 0 {
					callStack = append(callStack, frame{w, 0})
				} else if on[w] {
					low[v] = min(low[v], index[w])
				}
				continue
			}
			if low[v] == index[v] {
				var set []int
				for {
					w := open[len(open)-1]
					open = open[:len(open)-1]
					on[w] = false
					set = append(set, w)
					if w == v {
						break
					}
				}
				if len(set) > 1 || slices.Contains(next[v], v) {
					slices.Sort(set)
					out = append(out, set)
				}
			}
			callStack = callStack[:len(callStack)-1]
			if len(callStack) > 0 {
				up := callStack[len(callStack)-1].node
				low[up] = min(low[up], low[v])
			}
		}
	}
	slices.SortFunc(out, func(a, b []int) int { return a[0] - b[0] })
	return out
}

// counted reports whether a counter ends every way round a component, and after
// how many rounds at most. It does when nothing in the component sets the counter
// but states that make it larger, every cycle passes one of these, and every
// cycle passes a branch that is taken only while it is small.
func (g *graph) counted(auto [][]int, round []int) (rounds int, ok bool) {
	names := map[string]bool{}
	for _, i := range round {
		for _, set := range g.order[i].sets {
			names[set.name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if n, ok := g.countedBy(auto, round, name); ok {
			return n, true
		}
	}
	return 0, false
}

func (g *graph) countedBy(auto [][]int, round []int, name string) (most int, ok bool) {
	from, ok := g.countsFrom(name)
	if !ok {
		return 0, false
	}
	inside := map[int]bool{}
	for _, i := range round {
		inside[i] = true
	}
	grows := map[int]bool{}
	for _, i := range round {
		s := g.order[i]
		for _, set := range s.sets {
			if set.name != name {
				continue
			}
			if set.value.program == nil || !increments(set.value.program.node, name) {
				return 0, false
			}
			grows[i] = true
		}
		if s.state.call != nil && s.state.call.as == name {
			return 0, false
		}
		for _, a := range g.arcs[i] { // what a called flow does is not looked into
			if a.then >= 0 && inside[a.then] {
				return 0, false
			}
		}
	}
	unguarded := make([][]int, len(g.order))
	ungrown := make([][]int, len(g.order))
	for _, i := range round {
		for _, to := range auto[i] {
			if !inside[to] {
				continue
			}
			if !grows[i] {
				ungrown[i] = append(ungrown[i], to)
			}
			n, guarded := g.guard(i, to, name)
			if guarded {
				most = max(most, n)
			} else {
				unguarded[i] = append(unguarded[i], to)
			}
		}
	}
	return most - from, len(components(unguarded)) == 0 && len(components(ungrown)) == 0
}

// countsFrom is the least that a counter can be when a round begins, 0 or less;
// false where that is not written out anywhere.
func (g *graph) countsFrom(name string) (least int, ok bool) {
	for _, s := range g.order {
		if s.question != nil && s.question.variable == name {
			return 0, false
		}
		for _, set := range s.sets {
			if set.name != name {
				continue
			}
			n, number := set.value.literal.(float64)
			switch {
			case number && math.Abs(n) < math.MaxInt32:
				least = min(least, int(math.Floor(n)))
			case set.value.program == nil || !increments(set.value.program.node, name):
				return 0, false
			}
		}
	}
	return least, true
}

// guard reports whether every automatic way from one state to another is taken
// only while a variable is less than a number.
func (g *graph) guard(from, to int, name string) (most int, ok bool) {
	for _, a := range g.arcs[from] {
		leads := a.to == to || a.to == toAgain && to == g.start || a.to == toBack
		if a.input || !leads {
			continue
		}
		if a.raw.when == nil {
			return 0, false
		}
		n, small := smaller(a.raw.when.node, name)
		if !small {
			return 0, false
		}
		most, ok = max(most, n), true
	}
	return most, ok
}

// smaller reports whether a condition holds only while a variable is less than,
// or equal to, a number that is written out.
func smaller(n ast.Node, name string) (int, bool) {
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return 0, false
	}
	if b.Operator == "and" || b.Operator == "&&" {
		if n, ok := smaller(b.Left, name); ok {
			return n, true
		}
		return smaller(b.Right, name)
	}
	left := b.Left
	if fallback, ok := left.(*ast.BinaryNode); ok && fallback.Operator == "??" {
		left = fallback.Left
	}
	id, named := left.(*ast.IdentifierNode)
	limit, number := b.Right.(*ast.IntegerNode)
	if !named || !number || id.Value != name || b.Operator != "<" && b.Operator != "<=" {
		return 0, false
	}
	return max(limit.Value, 0) + 1, true
}

// reportCycle shows the shortest round of a component.
func (g *graph) reportCycle(auto [][]int, round []int) {
	var shortest []int
	inside := map[int]bool{}
	for _, i := range round {
		inside[i] = true
	}
	for n, i := range round {
		if n >= 50 {
			break // long enough searched
		}
		if c := shortestRound(auto, inside, i); c != nil && (shortest == nil || len(c) < len(shortest)) {
			shortest = c
		}
	}
	names := make([]string, 0, len(shortest)+1)
	for _, i := range shortest {
		names = append(names, g.order[i].name)
	}
	names = append(names, names[0])
	last := shortest[len(shortest)-1]
	at := g.order[last].key
	for _, a := range g.arcs[last] {
		if a.to == shortest[0] && !a.input {
			at = a.raw.at
		}
	}
	at.Report(codeCycle, "goes round without waiting for the customer: "+arrows(names),
		"one of these states must have choices or ask something, or count the rounds and end them"+g.by(g.order[shortest[0]]))
}

func shortestRound(next [][]int, inside map[int]bool, start int) []int {
	from := map[int]int{}
	todo := []int{start}
	for len(todo) > 0 {
		v := todo[0]
		todo = todo[1:]
		for _, w := range next[v] {
			if w == start {
				path := []int{v}
				for v != start {
					v = from[v]
					path = append(path, v)
				}
				slices.Reverse(path)
				return path
			}
			if _, seen := from[w]; !seen && inside[w] && w != start {
				from[w] = v
				todo = append(todo, w)
			}
		}
	}
	return nil
}

// measure finds the longest run of states that follow one another in one step,
// and reports one that is longer than a step may be.
func (g *graph) measure() {
	r := g.newRuns(func(int) int { return 0 }, func(arc) int { return 1 })
	best := g.start
	see := func(before int, a arc) {
		if n := before + 1 + r.along(a); n > g.hops {
			g.hops, best = n, a.to
		}
	}
	see(0, arc{to: g.start, then: never})
	for i, s := range g.order {
		if !g.reached[i] || !s.waits() {
			continue
		}
		valued := s.question != nil && s.question.kind == typeChoice
		for _, a := range g.arcs[i] {
			before := 0
			if valued || a.raw.kind == EdgeChoice && i == g.start {
				before++ // an older choice leads back to its question; the first words may choose at once
			}
			see(before, a)
		}
	}
	for _, a := range g.answers {
		if a.exit == nil || a.exit.target == nil {
			continue
		}
		to := arc{to: a.exit.target.index, then: never}
		if a.exit.calls && !g.hearsIn(a.exit.target.flow) { // it returns to who waits, or to the beginning
			to.then = g.start
		}
		see(0, to)
	}
	if best < 0 {
		best = g.start
	}
	g.set.facts.LongestRun = r.names(best)
	if g.hops > mostHops {
		g.order[best].key.Report(codeCycle, fmt.Sprintf("%d states follow one another without waiting for the customer", g.hops),
			fmt.Sprintf("at most %d may; put some together, or count to less", mostHops))
	}
}
