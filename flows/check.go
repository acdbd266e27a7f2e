package flows

import (
	"fmt"
	"slices"
)

// check proves what must be true of the whole file, and says where it is not.
// What a state leads to is only reasoned about when every target was found:
// a mistyped name would otherwise be reported once for each state behind it.
func (l *loader) check() {
	for _, s := range l.order {
		l.checkWayOut(s)
		l.checkChoices(s)
	}
	l.checkWords()
	l.untitled()
	l.checkTitles()
	l.checkTaught()
	l.checkWays()
	l.checkOptOut()
	l.checkCommon()
	l.checkAlone()
	l.checkTexts()
	if l.broken() {
		return
	}
	g := l.newGraph()
	g.checkReached()
	g.checkPerson()
	g.checkBound()
	g.checkSet()
	g.checkWindow()
	if !l.untold {
		l.checkTold()
	}
	g.checkFit()
	g.checkBubbles()
}

func (l *loader) checkWayOut(s *rawState) {
	for _, key := range []string{"choices", "ask", "call", "on", "go", "end", "return"} {
		if !s.fields.Exists() || s.fields.Strange() > 0 || s.fields.Has(key) {
			return
		}
	}
	s.key.Report(codeNoWayOut, fmt.Sprintf("the state %q has no way out", s.Node), "write go, choices, ask, call or on, or end: true")
}

// checkReached reports states and whole flows that nothing leads to.
func (g *graph) checkReached() {
	for _, f := range g.flowOrder {
		if !slices.ContainsFunc(f.nodes, func(s *rawState) bool { return g.reached[s.index] }) {
			f.key.Report(codeUnreachable, fmt.Sprintf("the flow %q can never be reached", f.name),
				fmt.Sprintf("write \"go: %s\" somewhere, or remove it", f.name))
			continue
		}
		for _, s := range f.nodes {
			if !g.reached[s.index] && s.fields.Exists() { // what is no state has been told already
				s.key.Report(codeUnreachable, fmt.Sprintf("the state %q can never be reached", s.Node),
					"no choice and no go leads to it; remove it or lead to it")
			}
		}
		if f.returns && !g.called[f.name] { // only main is reached without being called
			g.returnOf(f).Report(codeNobodyCalls, fmt.Sprintf("the flow %q returns, and nothing calls it", f.name),
				`write "end: true", or "go: start_again"`)
		}
	}
}

// checkPerson reports states from which no way leads to a person, when there
// are no words that fetch one from anywhere.
func (g *graph) checkPerson() {
	if len(g.asking) > 0 || g.top.Strange()+g.handoff.Strange() > 0 {
		return
	}
	safe := g.safe()
	var without []*rawState
	for _, s := range g.order {
		if g.reached[s.index] && !safe[s.index] {
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
	nearest := slices.MinFunc(without, func(a, b *rawState) int { return len(g.route(a)) - len(g.route(b)) })
	nearest.key.Report(codeNoPerson, fmt.Sprintf("from the state %q no way leads to a person%s", nearest.Node, more),
		`write "handoff: {words: [agent, human]}" at the top, or a choice with go: handoff`+g.by(nearest))
}

// by says how a state is come to, for the end of a hint.
func (g *graph) by(s *rawState) string {
	route := g.route(s)
	if len(route) < 2 {
		return ""
	}
	return "; the way there: " + arrows(route)
}
