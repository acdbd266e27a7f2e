package flows

import (
	"fmt"
	"slices"
	"strings"
)

// check proves what must be true of the whole file, and says where it is not.
// What a state leads to is only reasoned about when every target was found:
// a mistyped name would otherwise be reported once for each state behind it.
func (l *loader) check() {
	for _, s := range l.order {
		l.checkWayOut(s)
		l.checkChoices(s)
		l.checkFit(s)
	}
	l.checkWords()
	l.checkCommon()
	l.checkCycles()
	if !l.broken() {
		reached := l.checkReached()
		l.checkPerson(reached)
	}
}

// broken reports whether the graph has holes: a target that was not found.
func (l *loader) broken() bool {
	for _, f := range l.flowOrder {
		if f.first == nil {
			return true
		}
	}
	for i, a := range l.answers {
		if a.fields.Has("go") && l.set.answers[i].exit == nil {
			return true
		}
	}
	return l.misnamed || l.flows[mainFlow] == nil || slices.ContainsFunc(l.order, l.unresolved)
}

func (l *loader) checkWayOut(s *rawState) {
	for _, key := range []string{"choices", "ask", "go", "end"} {
		if !s.fields.Exists() || s.fields.Strange() > 0 || s.fields.Has(key) {
			return
		}
	}
	s.key.Report(codeNoWayOut, fmt.Sprintf("the state %q has no way out", s.node), "write go, choices or ask, or end: true")
}

// exits are all ways out of a state that a customer can come to take. A question
// without a pattern takes every text, so its otherwise is none.
func (s *rawState) exits() []exit {
	exits := make([]exit, 0, len(s.state.choices)+2)
	for _, c := range s.state.choices {
		exits = append(exits, c.exit)
	}
	if s.question != nil && s.fields.Has("pattern") {
		exits = append(exits, s.question.otherwise)
	}
	if s.next != nil {
		exits = append(exits, *s.next)
	}
	return exits
}

// checkReached reports states and whole flows that nothing leads to, and gives
// the names of those that are reached.
func (l *loader) checkReached() map[string]bool {
	reached := map[string]bool{}
	todo := []string{l.flows[mainFlow].first.name}
	for _, a := range l.set.answers {
		if a.exit != nil {
			todo = append(todo, a.exit.to)
		}
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s := l.states[name]
		if s == nil || reached[name] { // nil: a pseudo-state
			continue
		}
		reached[name] = true
		for _, e := range s.exits() {
			todo = append(todo, e.to)
		}
	}
	for _, f := range l.flowOrder {
		l.reportUnreached(f, reached)
	}
	return reached
}

func (l *loader) reportUnreached(f *rawFlow, reached map[string]bool) {
	if !slices.ContainsFunc(f.nodes, func(s *rawState) bool { return reached[s.name] }) {
		f.key.Report(codeUnreachable, fmt.Sprintf("the flow %q can never be reached", f.name),
			fmt.Sprintf("write \"go: %s\" somewhere, or remove it", f.name))
		return
	}
	for _, s := range f.nodes {
		if !reached[s.name] {
			s.key.Report(codeUnreachable, fmt.Sprintf("the state %q can never be reached", s.node),
				"no choice and no go leads to it; remove it or lead to it")
		}
	}
}

// checkCycles reports states that lead to one another without ever waiting for
// the customer.
func (l *loader) checkCycles() {
	const open, done = 1, 2
	mark := map[*rawState]int{}
	for _, s := range l.order {
		var path []*rawState
		for s != nil && mark[s] == 0 && !s.waits() && s.next != nil {
			mark[s] = open
			path = append(path, s)
			s = l.states[s.next.to]
		}
		if s != nil && mark[s] == open {
			l.reportCycle(path[slices.Index(path, s):])
		}
		for _, p := range path {
			mark[p] = done
		}
	}
}

func (l *loader) reportCycle(round []*rawState) {
	names := make([]string, 0, len(round)+1)
	for _, s := range append(round, round[0]) {
		names = append(names, s.name)
	}
	last := round[len(round)-1].fields
	last.Get("go").Report(codeCycle, "goes round without waiting for the customer: "+strings.Join(names, " -> "),
		"one of these states must have choices or ask something")
}

// checkPerson reports states from which no way leads to a person, when there
// are no words that fetch one from anywhere.
func (l *loader) checkPerson(reached map[string]bool) {
	if len(l.asking) > 0 || l.top.Strange()+l.handoff.Strange() > 0 {
		return
	}
	safe := map[string]bool{pseudoHandoff: true}
	for grown := true; grown; {
		grown = false
		for _, s := range slices.Backward(l.order) { // flows are written towards their ends
			if !safe[s.name] && l.leadsTo(s, safe) {
				safe[s.name], grown = true, true
			}
		}
	}
	var without []*rawState
	for _, s := range l.order {
		if reached[s.name] && !safe[s.name] {
			without = append(without, s)
		}
	}
	if len(without) == 0 {
		return
	}
	more := ""
	if len(without) > 1 {
		more = fmt.Sprintf(" (and from %d more)", len(without)-1)
	}
	without[0].key.Report(codeNoPerson, fmt.Sprintf("from the state %q no way leads to a person%s", without[0].node, more),
		`write "handoff: {words: [agent, human]}" at the top, or a choice with go: handoff`)
}

// leadsTo reports whether one way out of a state leads into the set. Where a
// flow ends the next message begins in main, and common answers lead away from
// every state that waits.
func (l *loader) leadsTo(s *rawState, set map[string]bool) bool {
	start := l.flows[mainFlow].first.name
	if s.end && set[start] {
		return true
	}
	into := func(e exit) bool { return set[e.to] || e.to == pseudoEnd && set[start] }
	if s.waits() && slices.ContainsFunc(l.set.answers, func(a answer) bool { return a.exit != nil && into(*a.exit) }) {
		return true
	}
	return slices.ContainsFunc(s.exits(), into)
}
