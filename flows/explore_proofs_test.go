package flows

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// exact are files of which the check must say exactly what is true: conditions are
// free, nothing counts, nothing leads back.
var exact = habit{flows: 3, states: 4, called: true, anew: true, waits: true, answers: true, says: true}

// wild are files with everything. What the check accepts must be true; it may
// refuse what cannot happen, as it takes each condition for one that may hold.
var wild = habit{
	flows: 3, states: 4, called: true, anew: true, back: true, waits: true, answers: true, says: true,
	counts: true, tied: true, uses: true, words: true, mainReturns: true,
}

func (h habit) with(change func(*habit)) habit {
	change(&h)
	return h
}

// TestReachIsExact holds a state for reached when some sequence comes to it, and
// for no other.
func TestReachIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, exact))
		reachExact(t, d)
	})
}

func reachExact(t failing, d *suspect) {
	l := explore(d, trip{most: 3000})
	if !l.whole {
		return
	}
	passed := l.passed()
	for _, s := range d.set.order {
		reported := false
		for _, f := range d.errors(codeUnreachable) {
			reported = reported || strings.Contains(f.Summary, fmt.Sprintf("state %q ", s.Node)) || strings.Contains(f.Summary, fmt.Sprintf("flow %q ", s.Flow))
		}
		if reported == passed[s.name] {
			t.Fatalf("%s: reported %t, passed %t\n%s", s.name, reported, passed[s.name], d.src)
		}
	}
}

// TestPersonIsExact holds that where nothing is reported, from every place some
// messages that are understood lead to a person, and where something is, not.
func TestPersonIsExact(t *testing.T) {
	t.Parallel()
	h := exact.with(func(h *habit) { h.anew = false })
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, h))
		trapped, whole := trap(d)
		if !whole || d.refused(codeCycle, codeNobodyCalls) {
			return
		}
		if reported := d.refused(codeNoPerson); reported != (trapped != nil) {
			t.Fatalf("reported %t, trapped %t\n%s", reported, trapped != nil, describe(d, trapped))
		}
	})
}

// TestPersonIsSound holds the same of files with everything, one way.
func TestPersonIsSound(t *testing.T) {
	t.Parallel()
	h := wild.with(func(h *habit) {
		h.words, h.flows, h.states, h.tied, h.counts, h.uses = false, 2, 3, false, false, false
	})
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, h))
		if d.refused(codeNoPerson, codeCycle, codeNobodyCalls) {
			return
		}
		if trapped, whole := trap(d); whole && trapped != nil {
			t.Fatalf("trapped:\n%s", describe(d, trapped))
		}
	})
}

func describe(d *suspect, s *stand) string {
	if s == nil {
		return d.src + fmt.Sprintf("%+v", d.found)
	}
	return d.src + s.way()
}

// trap finds a place from which nothing that is understood leads to a person.
// Silence does not count, nor what is not understood: neither a miss, nor failing
// at a question that takes every text.
func trap(d *suspect) (*stand, bool) {
	l := explore(d, trip{trace: strings.Contains(d.src, "back"), most: 2000})
	if !l.whole {
		return nil, false
	}
	back := map[*stand][]*stand{}
	safe := map[*stand]bool{}
	var todo []*stand
	mark := func(s *stand) {
		if !safe[s] {
			safe[s] = true
			todo = append(todo, s)
		}
	}
	for m := range l.moves {
		if !meant(d.set, m) {
			continue
		}
		for _, e := range m.result.Effects {
			if _, person := e.(Escalate); person {
				mark(m.from)
			}
		}
		back[m.to] = append(back[m.to], m.from)
	}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		for _, from := range back[s] {
			mark(from)
		}
	}
	for _, s := range l.stands {
		if !safe[s] {
			return s, true
		}
	}
	return nil, true
}

func meant(set *Set, m *move) bool {
	switch m.result.Rule {
	case RuleMiss, RuleTimeout, RuleWait:
		return false
	case RuleRetry:
		at := set.states[m.from.st.Place()]
		return at == nil || at.question == nil || !at.question.takesAll()
	default:
		return true
	}
}

// TestEveryInputIsAnswered holds that something is said, asked or called, or the
// flow is over, whatever happens. A word of patience is said only once.
func TestEveryInputIsAnswered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, wild))
		if d.refused(codeNoWayOut, codeCycle, codeNobodyCalls) {
			return
		}
		for m := range explore(d, trip{trace: true, most: 500}).moves {
			if len(m.result.Effects) == 0 && m.result.Rule != RuleWait {
				t.Fatalf("nothing comes of %s\n%s", m, describe(d, m.from))
			}
		}
	})
}

// TestBoundIsExact holds that nothing goes on for ever without the customer when
// nothing is reported, and that something does when it is.
func TestBoundIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, exact))
		l := explore(d, trip{most: 3000})
		if round := endless(l); l.whole && (round != nil) != d.refused(codeCycle) {
			t.Fatalf("reported %t, endless %t\n%s", round == nil, round != nil, describe(d, round))
		}
	})
}

// TestBoundIsSound holds the same of files with everything, one way: a counter
// may end what the check refuses.
func TestBoundIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, wild.with(func(h *habit) { h.uses = false })))
		if d.refused(codeCycle, codeNobodyCalls) {
			return
		}
		if round := endless(explore(d, trip{trace: true, most: 1500})); round != nil {
			t.Fatalf("endless:\n%s", describe(d, round))
		}
	})
}

// endless finds a place to which silence and the answers of systems alone lead
// back, or at which a step does not end.
func endless(l *land) *stand {
	for m := range l.moves {
		if len(m.result.Trail) > mostHops {
			return m.to
		}
		for _, e := range m.result.Effects {
			if ask, ok := e.(Escalate); ok && ask.Reason == ReasonLoop {
				return m.to
			}
		}
	}
	const open, done = 1, 2
	seen := map[*stand]int{}
	var visit func(*stand) *stand
	visit = func(s *stand) *stand {
		seen[s] = open
		for _, m := range s.moves {
			if !m.silent || !m.result.State.Begun() {
				continue
			}
			switch seen[m.to] {
			case open:
				return m.to
			case 0:
				if found := visit(m.to); found != nil {
					return found
				}
			}
		}
		seen[s] = done
		return nil
	}
	for _, s := range l.stands {
		if seen[s] == 0 {
			if found := visit(s); found != nil {
				return found
			}
		}
	}
	return nil
}

// TestRunIsMeasured holds that no step makes more transitions than the check
// found, and without counters that some step makes as many.
func TestRunIsMeasured(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.SampledFrom([]habit{exact, wild}).Draw(t, "habit")
		d := suspectOf(t, drawFile(t, h))
		if d.refused(codeCycle, codeNobodyCalls) {
			return
		}
		l := explore(d, trip{trace: h.back, most: 1500})
		most := 0
		for m := range l.moves {
			most = max(most, len(m.result.Trail))
			if len(m.result.Trail) > d.graph.hops {
				t.Fatalf("%d transitions, at most %d were found\n%s", len(m.result.Trail), d.graph.hops, describe(d, &stand{from: m}))
			}
		}
		if l.whole && !h.back && most < d.graph.hops {
			t.Fatalf("at most %d transitions, %d were found\n%s", most, d.graph.hops, d.src)
		}
	})
}

// TestDataIsExact holds that no text misses a variable when nothing is reported,
// and that one does when it is.
func TestDataIsExact(t *testing.T) {
	t.Parallel()
	h := exact.with(func(h *habit) { h.uses = true })
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, h))
		l := explore(d, trip{most: 3000})
		if gap := missing(l); l.whole && !d.refused(codeCycle) && (gap != nil) != d.refused(codeUnset) {
			t.Fatalf("reported %t, missing %t\n%s", gap == nil, gap != nil, describe(d, gap))
		}
	})
}

// TestDataIsSound holds the same of files with everything, one way.
func TestDataIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := suspectOf(t, drawFile(t, wild.with(func(h *habit) { h.states = 3 })))
		if d.refused(codeUnset, codeCycle, codeNobodyCalls) {
			return
		}
		if gap := missing(explore(d, trip{trace: true, older: true, most: 800})); gap != nil {
			t.Fatalf("missing:\n%s", describe(d, gap))
		}
	})
}

// missing finds a place on the way to which a text missed a variable.
func missing(l *land) *stand {
	for m := range l.moves {
		for _, e := range m.result.Effects {
			if say, ok := e.(Say); ok && strings.Contains(say.Text, "[]") {
				return &stand{from: m}
			}
		}
	}
	return nil
}
