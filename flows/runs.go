package flows

// never is the length of a run that there is not.
const never = -1

// runs measures what follows by itself, in one step, from every state: the most
// that can come together of what states and the ways between them weigh.
//
// The flows that a step returns to are known only where it called them itself;
// otherwise it may be to any of the callers. A state in a cycle that is counted
// weighs as often as the cycle is gone round. So nothing is heavier than is said
// here, and where nothing goes round and each flow has one caller, something is
// as heavy.
type runs struct {
	*graph
	state  func(i int) int
	way    func(arc) int
	thens  map[*rawFlow][]int // where the callers of a flow go on
	rest   map[*rawFlow]int   // what follows the return of a flow
	again  []bool             // the flow that is entered here may return in the same step
	group  []int              // of the cycle that a state is in; 0: none
	cycles [][]int            // by group, less 1
	spans  []span
	known  []bool
	wait   int // see before; never: not known yet
	all    int // see worst
}

// span is what follows a state, itself included.
type span struct {
	stays   int // until something is waited for, or all is over; without what comes after a return
	returns int // until the flow returns; never: it does not, in one step
	on      link
	back    link
}

// link is what comes next on the heaviest run that stays, or that returns.
type link struct{ to, then int }

var nowhere = link{never, never}

func (g *graph) newRuns(state func(i int) int, way func(arc) int) *runs {
	n := len(g.order)
	r := &runs{
		graph: g, state: state, way: way, thens: g.comeBack(), rest: map[*rawFlow]int{},
		group: make([]int, n), spans: make([]span, n), known: make([]bool, n), wait: never, all: never,
	}
	r.again = g.returning(func(i int, _ arc) bool { return !g.order[i].waits() })
	r.cycles = components(r.next())
	for c, cycle := range r.cycles {
		for _, i := range cycle {
			r.group[i] = c + 1
		}
	}
	return r
}

// next are the states that may follow in the same step.
func (r *runs) next() [][]int {
	next := make([][]int, len(r.order))
	for i, s := range r.order {
		if s.waits() {
			continue
		}
		for _, a := range r.arcs[i] {
			switch {
			case a.to >= 0:
				next[i] = append(next[i], a.to)
				if a.then >= 0 && r.again[a.to] {
					next[i] = append(next[i], a.then)
				}
			case a.to == toAgain, a.to == toBack:
				next[i] = append(next[i], r.start)
			}
		}
	}
	return next
}

// of is the span of a state.
func (r *runs) of(i int) span {
	if r.known[i] {
		return r.spans[i]
	}
	out := span{returns: never, on: nowhere, back: nowhere}
	members, times := []int{i}, 1
	if c := r.group[i]; c > 0 {
		members, times = r.cycles[c-1], r.rounds+1
	}
	for _, m := range members {
		r.spans[m], r.known[m] = out, true // nothing leads back here from outside of the cycle
	}
	weight := 0
	for _, m := range members {
		weight += times * r.state(m)
		if r.order[m].waits() {
			continue
		}
		heaviest := 0
		for _, a := range r.arcs[m] {
			r.take(&out, m, a)
			heaviest = max(heaviest, r.way(a))
		}
		if times > 1 {
			weight += times * heaviest
		}
	}
	out.stays += weight
	if out.returns != never {
		out.returns += weight
	}
	for _, m := range members {
		r.spans[m] = out
	}
	return out
}

// take goes on along an arc of a state that is left by itself.
func (r *runs) take(out *span, from int, a arc) {
	inside := func(to int) bool { return r.group[to] != 0 && r.group[to] == r.group[from] }
	stays, returns, on, back := 0, never, nowhere, nowhere
	switch {
	case a.to == toCaller:
		returns = 0
	case a.to == toAgain, a.to == toBack:
		if !inside(r.start) {
			stays, on = r.of(r.start).stays, link{r.start, never}
		}
		if a.to == toBack {
			stays = max(stays, r.before())
		}
	case a.to < 0:
	case a.then >= 0:
		called, then := span{}, span{returns: never}
		if !inside(a.to) { // what is inside weighs already
			called = r.of(a.to)
		}
		if !r.again[a.to] {
			called.returns = never
		}
		if !inside(a.then) && called.returns != never {
			then = r.of(a.then)
		}
		stays, on = called.stays, link{a.to, never}
		if n := called.returns + then.stays; called.returns != never && n >= stays {
			stays, on = n, link{a.to, a.then}
		}
		if then.returns != never {
			returns, back = called.returns+then.returns, link{a.to, a.then}
		}
	case !inside(a.to):
		to := r.of(a.to)
		stays, on = to.stays, link{a.to, never}
		if r.order[a.to].flow == r.order[from].flow {
			returns, back = to.returns, on
		}
	}
	if n := stays + r.way(a); n > out.stays || out.on == nowhere && out.stays <= n {
		out.stays, out.on = n, on
	}
	if n := returns + r.way(a); returns != never && n > out.returns {
		out.returns, out.back = n, back
	}
}

// before is what a way back comes to: a state that waits.
func (r *runs) before() int {
	if r.wait != never {
		return r.wait
	}
	most := 0
	for i, s := range r.order {
		if s.hears() && r.reached[i] {
			most = max(most, r.state(i))
		}
	}
	r.wait = most
	return most
}

// into is what follows on coming into a state at the beginning of a step, whoever
// called its flow.
func (r *runs) into(i int) int {
	s := r.of(i)
	if s.returns == never {
		return s.stays
	}
	return max(s.stays, s.returns+r.after(r.order[i].flow))
}

// along is what follows an arc on which a step begins.
func (r *runs) along(a arc) int {
	switch {
	case a.to >= 0 && a.then >= 0:
		to := r.of(a.to)
		if to.returns == never {
			return to.stays
		}
		return max(to.stays, to.returns+r.into(a.then))
	case a.to >= 0:
		return r.into(a.to)
	case a.to == toAgain:
		return r.into(r.start)
	case a.to == toBack:
		return max(r.into(r.start), r.before())
	default:
		return 0
	}
}

// after is what follows the return of a flow.
func (r *runs) after(f *rawFlow) int {
	if n, ok := r.rest[f]; ok {
		return n
	}
	r.rest[f] = r.worst() // for flows that call one another
	most := 0
	for _, then := range r.thens[f] {
		most = max(most, r.into(then))
	}
	r.rest[f] = most
	return most
}

// worst is what follows when all flows return to one another: none is called
// twice at the same time.
func (r *runs) worst() int {
	if r.all != never {
		return r.all
	}
	stays, returns := 0, map[*rawFlow]int{}
	for i, s := range r.order {
		one := r.of(i)
		stays = max(stays, one.stays)
		returns[s.flow] = max(returns[s.flow], one.returns)
	}
	for _, n := range returns {
		stays += n
	}
	r.all = stays
	return stays
}

// names are the states of the heaviest run from a state.
func (r *runs) names(i int) []string {
	var names []string
	var stay, back func(i int)
	pass := func(i int, l link, last func(int)) {
		if len(names) >= len(r.order) {
			return
		}
		names = append(names, r.order[i].name)
		switch {
		case l.to == never:
		case l.then == never:
			last(l.to)
		default:
			back(l.to)
			last(l.then)
		}
	}
	stay = func(i int) { pass(i, r.of(i).on, stay) }
	back = func(i int) { pass(i, r.of(i).back, back) }
	stay(i)
	return names
}
