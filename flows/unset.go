package flows

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/flows/source"
)

// knownSet is a set of variables.
type knownSet []uint64

func (k knownSet) has(i int) bool { return k[i/64]&(1<<(i%64)) != 0 }
func (k knownSet) add(i int)      { k[i/64] |= 1 << (i % 64) }
func (k knownSet) remove(i int)   { k[i/64] &^= 1 << (i % 64) }

// meet keeps what both know, and reports whether that changed k.
func (k knownSet) meet(other knownSet) (changed bool) {
	for i := range k {
		if both := k[i] & other[i]; both != k[i] {
			k[i], changed = both, true
		}
	}
	return changed
}

// dataFlow finds which variables are certainly set in each state.
type dataFlow struct {
	*graph
	number map[string]int // of variables, and of "order.ok"
	in     []knownSet     // on coming into a state; all ones where nothing leads
	give   []knownSet     // by flow number: what is set when it returns
	flow   map[*rawFlow]int
	denied map[*rawExit][]string // what is there because the branches before were not taken
}

func (g *graph) newDataFlow() *dataFlow {
	d := &dataFlow{graph: g, number: map[string]int{}, flow: map[*rawFlow]int{}}
	for _, name := range g.variables.order {
		d.number[name] = len(d.number)
		if g.variables.by[name].kind == isResult {
			d.number[name+".ok"] = len(d.number)
		}
	}
	for i, f := range g.flowOrder {
		d.flow[f] = i
		d.give = append(d.give, d.all())
	}
	d.denied = map[*rawExit][]string{}
	for i := range g.order {
		var before []string
		for _, a := range g.arcs[i] {
			if a.raw.kind == EdgeBranch {
				if d.denied[a.raw] = before; a.raw.when != nil {
					before = slices.Concat(before, present(a.raw.when.node, false))
				}
			}
		}
	}
	return d
}

func (d *dataFlow) none() knownSet { return make(knownSet, len(d.number)/64+1) }

func (d *dataFlow) all() knownSet {
	k := d.none()
	for i := range k {
		k[i] = ^uint64(0)
	}
	return k
}

// solve finds first what each called flow is sure to set, from nothing known, then
// what is known in every state of a conversation.
func (d *dataFlow) solve() {
	d.spread(d.entries())
	d.spread(d.roots())
}

// entries are where flows that return are entered.
func (d *dataFlow) entries() []int {
	var out []int
	for i := range d.order {
		for _, a := range d.arcs[i] {
			if a.then >= 0 {
				out = append(out, a.to)
			}
		}
	}
	return append(out, d.roots()...)
}

// roots are where a conversation may come to with nothing known.
func (d *dataFlow) roots() []int {
	out := []int{d.start}
	for _, a := range d.answers {
		if a.exit != nil && a.exit.target != nil {
			out = append(out, a.exit.target.index)
		}
	}
	if d.nobody != nil {
		out = append(out, d.nobody.target.index)
	}
	return out
}

// spread goes on from where nothing is known until nothing changes. When it turns
// out that a flow sets less than was thought, its callers are looked at again.
func (d *dataFlow) spread(roots []int) {
	d.in = make([]knownSet, len(d.order))
	for i := range d.in {
		d.in[i] = d.all()
	}
	queued := make([]bool, len(d.order))
	var todo []int
	again := func(i int) {
		if !queued[i] {
			queued[i] = true
			todo = append(todo, i)
		}
	}
	lower := func(i int, k knownSet) {
		if d.in[i].meet(k) {
			again(i)
		}
	}
	callers := d.callers()
	for _, i := range roots {
		lower(i, d.none())
	}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		queued[i] = false
		for _, a := range d.arcs[i] {
			if a.to == toCaller {
				flow := d.flow[d.order[i].flow]
				if d.give[flow].meet(d.out(i, a)) {
					for _, caller := range callers[flow] {
						again(caller)
					}
				}
			}
			if a.to < 0 {
				continue
			}
			out := d.out(i, a)
			lower(a.to, out)
			if a.then >= 0 && d.returns[a.to] {
				for n, word := range d.give[d.flow[d.order[a.to].flow]] {
					out[n] |= word
				}
				lower(a.then, out)
			}
		}
	}
}

// callers are the states that call each flow, by its number.
func (d *dataFlow) callers() [][]int {
	out := make([][]int, len(d.give))
	for i := range d.order {
		for _, a := range d.arcs[i] {
			if a.then >= 0 {
				flow := d.flow[d.order[a.to].flow]
				out[flow] = append(out[flow], i)
			}
		}
	}
	return out
}

// spoken is what is known when a state speaks: what it sets is set.
func (d *dataFlow) spoken(i int) knownSet {
	k := slices.Clone(d.in[i])
	for _, set := range d.order[i].sets {
		if n, ok := d.number[set.name]; ok {
			k.add(n)
		}
	}
	return k
}

// left is what is known when the state is left on an arc, before its condition.
func (d *dataFlow) left(i int, a arc) knownSet {
	k := d.spoken(i)
	s := d.order[i]
	if s.state.call != nil {
		if n, ok := d.number[s.state.call.as]; ok {
			k.add(n)
			k.remove(d.number[s.state.call.as+".ok"])
		}
	}
	if s.question != nil && (a.raw.kind == EdgeAnswer || a.raw.kind == EdgeBranch) {
		if n, ok := d.number[s.question.variable]; ok {
			k.add(n)
		}
	}
	for _, name := range d.denied[a.raw] {
		if n, ok := d.number[name]; ok {
			k.add(n)
		}
	}
	return k
}

func (d *dataFlow) out(i int, a arc) knownSet {
	k := d.left(i, a)
	for _, name := range a.raw.known {
		if n, ok := d.number[name]; ok {
			k.add(n)
		}
	}
	return k
}

// checkSet reports variables that are used where they may not be set yet, with
// the shortest way on which they are not.
func (g *graph) checkSet() {
	if len(g.variables.order) == 0 {
		return
	}
	d := g.newDataFlow()
	d.solve()
	for i, s := range d.order {
		if !d.reached[i] {
			continue
		}
		k := slices.Clone(d.in[i])
		for _, set := range s.sets {
			for _, p := range set.value.programs() {
				d.checkUse(i, set.at, p, k)
			}
			d.checkNothing(set)
			if n, ok := d.number[set.name]; ok {
				k.add(n)
			}
		}
		for _, t := range s.speaks {
			d.checkText(i, t, k)
		}
		for _, a := range d.arcs[i] {
			if a.raw.cond != nil {
				d.checkText(i, *a.raw.cond, d.left(i, a))
			}
			for _, t := range a.raw.speaks {
				d.checkText(i, t, d.out(i, a))
			}
		}
	}
	for _, a := range d.answers {
		for _, t := range a.speaks {
			for _, p := range t.text.programs() {
				d.checkUse(-1, t.at, p, d.none())
			}
		}
	}
}

func (d *dataFlow) checkText(i int, t spoken, k knownSet) {
	for _, p := range t.text.programs() {
		d.checkUse(i, t.at, p, k)
	}
	if d.order[i].state.call != nil && t.text.by[0] != nil && len(t.text.by[0].parts) == 1 {
		return // conditions on what was answered may meet nothing
	}
	for _, p := range t.text.programs() {
		for _, path := range p.loose {
			t.at.WarnAt(t.at.Within(0, path), codeUnproven, fmt.Sprintf("%q may be missing in the answer", path),
				fmt.Sprintf("write it under expects, and ask for %s.ok; or give a fallback: %s ?? \"...\"", path[:strings.IndexByte(path, '.')], path))
		}
	}
}

// checkUse reports what an expression needs and k does not hold.
func (d *dataFlow) checkUse(i int, at source.Node, p *program, k knownSet) {
	for _, name := range p.bare {
		n, ok := d.number[name]
		if !ok || k.has(n) {
			continue
		}
		result, isOK := strings.CutSuffix(name, ".ok")
		where, hint := "", `give a fallback: `+name+` ?? "..."`
		if i >= 0 && !at.Crowded(isOK) {
			where = d.without(i, name)
		}
		if isOK {
			at.WarnAt(at.Within(0, result), codeUnproven, fmt.Sprintf("the answer %q may not be as expected here", result),
				fmt.Sprintf("lead here only by a branch with if: %s%s", name, where))
			continue
		}
		at.ReportAt(at.Within(0, name), codeUnset, fmt.Sprintf("%q may not be set here", name), hint+where)
		return
	}
	d.checkFallbacks(at, p, k)
}

// checkFallbacks runs an expression without what may not be set, as the fallback
// must not fail either.
func (d *dataFlow) checkFallbacks(at source.Node, p *program, k knownSet) {
	var missing []string
	for _, name := range p.used {
		if n, ok := d.number[name]; ok && !k.has(n) && !strings.HasSuffix(name, ".ok") {
			missing = append(missing, name)
		}
	}
	for _, gone := range append(single(missing), missing) {
		if len(gone) == 0 {
			continue
		}
		if err := d.compiler.tried(p, gone); err != nil {
			at.ReportAt(at.Within(0, gone[0]), codeUnset, fmt.Sprintf("the expression fails when %s is not set: %s", strings.Join(gone, " and "), reason(err)),
				"put the fallback in brackets: ("+gone[0]+` ?? "...")`)
			return
		}
	}
}

// checkNothing reports a variable that is set to what may be nothing.
func (d *dataFlow) checkNothing(set setting) {
	if set.value.program != nil && d.compiler.nothing(set.value.program.node) {
		set.at.Report(codeUnset, fmt.Sprintf("%q may be set to nothing", set.name), `give a fallback: ... ?? "unknown"`)
	}
}

// without describes the shortest way to a state on which a variable is not set.
func (d *dataFlow) without(i int, name string) string {
	n := d.number[name]
	parent := map[int]int{}
	var todo []int
	for _, r := range d.roots() {
		if _, seen := parent[r]; !seen {
			parent[r] = -1
			todo = append(todo, r)
		}
	}
	visit := func(to, from int) {
		if _, seen := parent[to]; !seen {
			parent[to] = from
			todo = append(todo, to)
		}
	}
	for len(todo) > 0 {
		v := todo[0]
		todo = todo[1:]
		if v == i {
			var names []string
			for ; v >= 0; v = parent[v] {
				names = append(names, d.order[v].name)
			}
			slices.Reverse(names)
			return "; the way there: " + arrows(names)
		}
		for _, a := range d.arcs[v] {
			if a.to < 0 || d.setOn(v, a, name) {
				continue
			}
			visit(a.to, v)
			if a.then >= 0 && d.returns[a.to] && !d.give[d.flow[d.order[a.to].flow]].has(n) {
				visit(a.then, v)
			}
		}
	}
	return ""
}

// setOn reports whether passing an arc makes a variable known that was not.
func (d *dataFlow) setOn(i int, a arc, name string) bool {
	s := d.order[i]
	return slices.ContainsFunc(s.sets, func(set setting) bool { return set.name == name }) ||
		s.state.call != nil && s.state.call.as == name ||
		s.question != nil && s.question.variable == name && (a.raw.kind == EdgeAnswer || a.raw.kind == EdgeBranch) ||
		slices.Contains(a.raw.known, name)
}

// mostShown is how many states a finding names of a way.
const mostShown = 12

// arrows is a way as findings show it; of a long one the beginning and the end.
func arrows(names []string) string {
	if len(names) > mostShown {
		half := mostShown / 2
		names = slices.Concat(names[:half], []string{"..."}, names[len(names)-half:])
	}
	return strings.Join(names, " -> ")
}
