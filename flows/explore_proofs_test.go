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
// refuse what cannot happen, as it takes each condition for one that may hold,
// does not see every counter that ends a round, and does not count on the way back.
var wild = habit{
	flows: 3, states: 4, called: true, anew: true, back: true, waits: true, answers: true, says: true,
	counts: true, tied: true, uses: true, words: true, mainReturns: true,
}

// deserted are files in which nobody may be there for who is to get a person. That
// they can ask for one makes sure that they come to where they are led then.
var deserted = exact.with(func(h *habit) { h.alone, h.exact, h.flows, h.states = true, true, 2, 3 })

func (h habit) with(change func(*habit)) habit {
	change(&h)
	return h
}

// verdict holds what the check says of a file against what the explorer finds.
// Where it is exact, what is refused must happen.
type verdict func(t failing, d *suspect, exact bool)

// proofs are what is proved, each with the files on which most is found.
var proofs = []struct {
	name  string
	files habit
	exact bool
	judge verdict
}{
	{"a state is reported when nothing comes to it, and no other", exact, true, judgeReach},
	{"a person is always reached, or it is reported", exact, true, judgePerson},
	{"a person is always reached, also where ways lead back", wild.with(func(h *habit) {
		h.words, h.tied, h.counts, h.uses, h.flows, h.states = false, false, false, false, 2, 3
	}), false, judgePerson},
	{"a person is always reached, also where nobody is there at first", wild.with(func(h *habit) {
		h.alone, h.words, h.tied, h.counts, h.uses, h.back, h.flows, h.states = true, false, false, false, false, false, 2, 3
	}), false, judgePerson},
	{"a state is reported when nothing comes to it, not even that nobody is there", deserted, true, judgeReach},
	{"the longest run is the longest, also where nobody is there", deserted, true, judgeRun},
	{"nothing goes on for ever where nobody is there", deserted, true, judgeBound},
	{"no text misses a variable where nobody is there", deserted.with(func(h *habit) { h.uses, h.called = true, false }), true, judgeData},
	{"nothing is said too late where nobody is there", deserted.with(func(h *habit) { h.long, h.called = true, false }), true, judgeWindow},
	// That nobody is led aside twice is not counted on here.
	{"no step is dearer than the dearest where nobody is there", deserted.with(func(h *habit) { h.apart = true }), false, judgeCost},
	{"nothing happens that is not drawn where nobody is there", wild.with(func(h *habit) { h.alone = true }), false, judgeGraph},
	{"something comes of every input", wild.with(func(h *habit) { h.alone = true }), false, judgeAnswered},
	{"nothing goes on for ever, or it is reported", exact, true, judgeBound},
	{"nothing goes on for ever, whatever counts", wild.with(func(h *habit) { h.uses = false }), false, judgeBound},
	{"the longest run is the longest", exact, true, judgeRun},
	{"no run is longer than the longest", wild, false, judgeRun},
	{"no text misses a variable, or it is reported", exact.with(func(h *habit) { h.uses = true }), true, judgeData},
	{"no text misses a variable, whatever the conditions say", wild.with(func(h *habit) { h.states = 3 }), false, judgeData},
	// Flows that are called are judged without regard to who called.
	{"nothing is said too late, or it is reported", exact.with(func(h *habit) { h.long, h.called = true, false }), true, judgeWindow},
	{"nothing is said too late, whatever leads back", wild.with(func(h *habit) { h.long, h.uses, h.states = true, false, 3 }), false, judgeWindow},
	{"the dearest step is the dearest", exact.with(func(h *habit) { h.apart = true }), true, judgeCost},
	{"no step is dearer than the dearest", wild.with(func(h *habit) { h.apart = true }), false, judgeCost},
	{"what is drawn happens, and nothing else", exact, true, judgeGraph},
	{"nothing happens that is not drawn", wild, false, judgeGraph},
}

// TestProofs draws small flow files and explores each.
func TestProofs(t *testing.T) {
	t.Parallel()
	for _, p := range proofs {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { p.judge(t, suspectOf(t, drawFile(t, p.files)), p.exact) })
		})
	}
}

func judgeReach(t failing, d *suspect, exact bool) {
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
		if reported && passed[s.name] || !reported && !passed[s.name] && exact {
			t.Fatalf("%s: reported %t, passed %t\n%s", s.name, reported, passed[s.name], d.src)
		}
	}
}

func judgePerson(t failing, d *suspect, exact bool) {
	reported := d.refused(codeNoPerson)
	if d.refused(codeCycle, codeNobodyCalls) || reported && !exact {
		return
	}
	if trapped, whole := trap(d); whole && reported != (trapped != nil) {
		t.Fatalf("reported %t, trapped %t\n%s", reported, trapped != nil, describe(d, trapped))
	}
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
	l := explore(d, trip{trace: strings.Contains(d.src, "back"), alone: true, most: 2000})
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

// judgeAnswered holds that something is said, asked or called, or the flow is over,
// whatever happens. A word of patience is said only once.
func judgeAnswered(t failing, d *suspect, _ bool) {
	if d.refused(codeNoWayOut, codeCycle, codeNobodyCalls) {
		return
	}
	for m := range explore(d, trip{trace: true, most: 500}).moves {
		if len(m.result.Effects) == 0 && m.result.Rule != RuleWait {
			t.Fatalf("nothing comes of %s\n%s", m, describe(d, m.from))
		}
	}
}

func judgeBound(t failing, d *suspect, exact bool) {
	reported := d.refused(codeCycle)
	if d.refused(codeNobodyCalls) || reported && !exact {
		return
	}
	l := explore(d, trip{trace: !exact, most: 1500})
	if l.strays() {
		return
	}
	if round := endless(l); round != nil && !reported || round == nil && reported && l.whole {
		t.Fatalf("reported %t, endless %t\n%s", reported, round != nil, describe(d, round))
	}
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

func judgeRun(t failing, d *suspect, exact bool) {
	if d.refused(codeCycle, codeNobodyCalls) {
		return
	}
	l := explore(d, trip{trace: !exact, most: 1000})
	if l.strays() {
		return
	}
	most := 0
	for m := range l.moves {
		if most = max(most, len(m.result.Trail)); most > d.graph.hops {
			t.Fatalf("%d transitions, at most %d were found\n%s", most, d.graph.hops, describe(d, &stand{from: m}))
		}
	}
	if l.whole && exact && most < d.graph.hops {
		t.Fatalf("at most %d transitions, %d were found\n%s", most, d.graph.hops, d.src)
	}
}

func judgeData(t failing, d *suspect, exact bool) {
	reported := d.refused(codeUnset)
	if d.refused(codeCycle, codeNobodyCalls) || reported && !exact {
		return
	}
	l := explore(d, trip{trace: !exact, older: !exact, most: 800})
	if l.strays() {
		return
	}
	if gap := missing(l); gap != nil && !reported || gap == nil && reported && l.whole {
		t.Fatalf("reported %t, missing %t\n%s", reported, gap != nil, describe(d, gap))
	}
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
