package flows

import (
	"slices"
	"strings"
	"time"

	"frontdesk/flows/carry"
)

func judgeWindow(t failing, d *suspect, exact bool) {
	reported := d.refused(codeShut)
	if d.refused(codeNobodyCalls) || reported && !exact {
		return
	}
	l := explore(d, trip{waits: true, trace: !exact, older: !exact, most: 1000})
	if l.strays() {
		return
	}
	if late := tooLate(l); late != nil && !reported || late == nil && reported && l.whole {
		t.Fatalf("reported %t, said %t\n%s", reported, late != nil, describe(d, late))
	}
}

// tooLate finds a place on the way to which something was said after a day. That
// a person is fetched is said all the same, which is only a warning.
func tooLate(l *land) *stand {
	for m := range l.moves {
		if !m.silent || m.waited < 24*time.Hour {
			continue
		}
		for _, e := range m.result.Effects {
			if say, ok := e.(Say); ok && say.Template == nil && !strings.HasPrefix(say.Text, "One moment please") {
				return &stand{from: m}
			}
		}
	}
	return nil
}

func judgeCost(t failing, d *suspect, exact bool) {
	if d.refused(codeCycle, codeNobodyCalls) {
		return
	}
	l := explore(d, trip{trace: !exact, older: !exact, most: 600})
	if l.strays() {
		return
	}
	for _, kind := range d.set.Channels {
		limits, _ := carry.Of(kind)
		found, most := d.set.facts.Messages[kind], 0
		for m := range l.moves {
			n := sent(m.result.Effects, limits)
			if most = max(most, n); n > found.Messages {
				t.Fatalf("%d messages on %s, at most %d were found\n%s", n, kind, found.Messages, describe(d, &stand{from: m}))
			}
		}
		if l.whole && exact && most < found.Messages {
			t.Fatalf("at most %d messages on %s, %d were found on %v\n%s", most, kind, found.Messages, found.Way, d.src)
		}
	}
}

// sent counts messages as they are joined and cut before they are sent.
func sent(effects []Effect, l carry.Limits) int {
	var said []carry.Content
	for _, e := range effects {
		say, ok := e.(Say)
		if !ok {
			continue
		}
		if n := len(said); n > 0 {
			if joined, ok := carry.Join(said[n-1], carry.Content(say), l); ok {
				said[n-1] = joined
				continue
			}
		}
		said = append(said, carry.Content(say))
	}
	n := 0
	for _, c := range said {
		n += len(carry.Fit(c, l))
	}
	return n
}

// judgeGraph holds that every transition is an edge of the graph or may happen
// everywhere, and that every edge of a state that is come to is taken.
func judgeGraph(t failing, d *suspect, exact bool) {
	if d.refused(codeCycle, codeNobodyCalls) {
		return
	}
	l := explore(d, trip{trace: !exact, older: !exact, most: 600})
	if l.strays() {
		return
	}
	edges := d.set.Graph().Edges
	taken := map[string]bool{}
	for m := range l.moves {
		for _, step := range m.result.Trail {
			if taken[step] {
				continue
			}
			taken[step] = true
			if !everywhere(step) && !slices.ContainsFunc(edges, func(e Edge) bool { return drawn(d.set, e, step) }) {
				t.Fatalf("%q is not drawn\n%s", step, d.src)
			}
		}
	}
	if !l.whole || !exact {
		return
	}
	passed := l.passed()
	for _, e := range edges {
		seen := false
		for step := range taken {
			seen = seen || drawn(d.set, e, step)
		}
		if passed[e.From] && !seen {
			t.Fatalf("%+v is never taken\n%s", e, d.src)
		}
	}
}

// everywhere reports whether a transition may happen wherever the customer is.
func everywhere(step string) bool {
	return slices.ContainsFunc([]string{
		"-handoff-> handoff", "-nobody-> ", "-misses-> handoff", "-silence-> end", "-back-> back", "-start_again-> start_again", "-tap:", "-answer:", "start -begin-> ",
	}, func(part string) bool { return strings.Contains(step, part) })
}

// drawn reports whether an edge is a transition. The beginning has its name in the
// graph.
func drawn(set *Set, e Edge, step string) bool {
	before := e.From + " -" + e.Event + "-> "
	return step == before+e.To || e.To == set.start.name && step == before+pseudoAgain
}
