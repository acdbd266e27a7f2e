package flows

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/source"
)

// The explorer proves the proofs: it drives Step with every input from the
// beginning until nothing new comes, and knows nothing of how the check reasons.
// Files that the check refuses are explored all the same.

// suspect is a flow file that was read and built, whatever the proofs say of it.
type suspect struct {
	src   string
	set   *Set
	graph *graph
	found []Diagnostic // of the proofs
}

// suspectOf reads a file. Its form must be right.
func suspectOf(t failing, src string) *suspect {
	t.Helper()
	l := newLoader(none{}, "flows.yaml", "flows.yaml")
	l.files.Content[l.files.Root] = []byte(src)
	doc := source.Parse(l.shown, []byte(src), readerCodes)
	l.docs = append(l.docs, doc)
	l.read(doc.Root)
	l.build()
	if form := l.findings(); source.Failed(form) || l.broken() {
		t.Fatalf("the form is wrong: %+v\n%s", form, src)
	}
	l.check()
	d := &suspect{src: src, set: l.set, graph: l.newGraph(), found: l.findings()}
	d.graph.checkBound()
	l.set.Version = l.files.version()
	l.finish()
	return d
}

// failing is what properties and table cases share.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

// errors are the errors with one of some codes.
func (d *suspect) errors(codes ...string) []Diagnostic {
	return slices.DeleteFunc(slices.Clone(d.found), func(f Diagnostic) bool {
		return !slices.Contains(codes, f.Code) || f.Severity != SeverityError
	})
}

// refused reports whether the check has an error with one of some codes.
func (d *suspect) refused(codes ...string) bool { return len(d.errors(codes...)) > 0 }

// stand is where a conversation can be, with all that makes a difference to what
// follows.
type stand struct {
	st      State
	silence time.Duration // until TimedOut comes; 0: it does not
	waited  time.Duration // silence since the customer's last input, at most a day
	shown   []string      // ids of all choices that were ever sent
	from    *move         // which found it; nil: the beginning
	moves   []*move
}

// move is an input with what came of it.
type move struct {
	from, to *stand
	in       Input
	name     string // of the contact, which decides the free conditions
	result   Result
	silent   bool // the customer did nothing
	waited   time.Duration
}

// trip says what an exploration looks at.
type trip struct {
	waits bool // stands differ in how long the customer was silent
	older bool // choices of older messages are tapped, too
	trace bool // where the customer was before makes a difference
	alone bool // nobody is ever there
	most  int  // stands
}

// land is all that was found.
type land struct {
	file   *suspect
	trip   trip
	stands []*stand
	by     map[string]*stand
	names  []string
	whole  bool // nothing is left to be found
}

// mostGrown is where counters stop to make a difference: no condition of the
// files asks for more.
const mostGrown = 7.0

func explore(d *suspect, trip trip) *land {
	l := &land{file: d, trip: trip, by: map[string]*stand{}, names: freeNames(d.src)}
	l.add(&stand{})
	for i := 0; i < len(l.stands) && len(l.stands) < trip.most; i++ {
		l.leave(l.stands[i])
		l.whole = i == len(l.stands)-1
	}
	return l
}

// freeNames are names of a contact that make every free condition of a file true
// and false, see free.
func freeNames(src string) []string {
	names := []string{"q"}
	for i := range mostFree {
		if !strings.Contains(src, free(i)) {
			continue
		}
		for _, n := range names {
			names = append(names, n+string(rune('A'+i)))
		}
	}
	return names
}

const mostFree = 3

// free is a condition that may be true or false at any time.
func free(i int) string { return fmt.Sprintf(`(contact.name ?? "") contains "%c"`, 'A'+i) }

// key tells stands apart.
func (s *stand) key() string {
	st := s.st
	st.Version = ""
	return fmt.Sprintf("%+v %v %v", st, s.waited, s.shown)
}

func (l *land) add(s *stand) *stand {
	k := s.key()
	if known := l.by[k]; known != nil {
		return known
	}
	l.by[k] = s
	l.stands = append(l.stands, s)
	return s
}

// leave makes every move from a stand.
func (l *land) leave(s *stand) {
	for _, in := range l.inputs(s) {
		for _, name := range l.names {
			for _, alone := range l.company(s, in) {
				env := Env{ContactName: name, OptedOut: in == Said{Text: "resume"}, Nobody: func(string) bool { return alone }, Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
				l.make(s, &move{from: s, in: in, name: name, result: l.file.set.Step(s.st, in, env)})
			}
		}
	}
}

// company is whether nobody is there: both may be, but where the window is shut,
// or the file says nothing of it.
func (l *land) company(s *stand, in Input) []bool {
	if !strings.Contains(l.file.src, "nobody:") || shutFor(s, in) {
		return []bool{false}
	}
	if l.trip.alone {
		return []bool{true}
	}
	return []bool{false, true}
}

// shutFor reports whether the window is shut by the time of an input.
func shutFor(s *stand, in Input) bool {
	switch in.(type) {
	case TimedOut:
		return s.waited+s.silence >= 24*time.Hour
	case Called:
		return s.waited >= 24*time.Hour
	default:
		return false
	}
}

func (l *land) make(s *stand, m *move) {
	to := &stand{st: m.result.State, silence: m.result.Silence, from: m}
	if l.trip.older {
		to.shown = s.shown
		for _, e := range m.result.Effects {
			if say, ok := e.(Say); ok {
				to.shown = shownToo(to.shown, say.Choices)
			}
		}
	}
	if _, timed := m.in.(TimedOut); timed && !calling(l.file.set, s.st) {
		m.silent, m.waited = true, min(s.waited+s.silence, 24*time.Hour)
	}
	if _, called := m.in.(Called); called || calling(l.file.set, s.st) && m.result.Rule == RuleCalled {
		m.silent, m.waited = true, s.waited
	}
	if l.trip.waits && m.result.State.Begun() {
		to.waited = m.waited
	}
	if !m.result.State.Begun() {
		to.silence = 0
	}
	l.settle(&to.st)
	m.to = l.add(to)
	s.moves = append(s.moves, m)
}

// settle drops what makes no difference.
func (l *land) settle(st *State) {
	st.Misses, st.Missed, st.Told = 0, nil, false
	if !l.trip.trace {
		st.Trace = nil
	}
	if n, ok := st.Vars["n"].(float64); ok && n > mostGrown {
		st.Vars = maps.Clone(st.Vars)
		st.Vars["n"] = mostGrown
	}
}

func shownToo(shown []string, choices []Choice) []string {
	for _, c := range choices {
		if !slices.Contains(shown, c.ID) {
			shown = append(slices.Clone(shown), c.ID)
		}
	}
	slices.Sort(shown)
	return shown
}

func calling(set *Set, st State) bool {
	s := set.states[st.Place()]
	return s != nil && s.call != nil
}

// inputs are all that can happen.
func (l *land) inputs(s *stand) []Input {
	set := l.file.set
	at := set.states[s.st.Place()]
	said := []Input{Said{Text: "zz"}}
	for _, words := range []string{"agent", "backward", "anew", "tell", "lead", "halt", "resume"} {
		if strings.Contains(l.file.src, "["+words+"]") {
			said = append(said, Said{Text: words})
		}
	}
	switch {
	case at == nil:
		for _, c := range set.start.choices {
			said = append(said, Said{Text: c.titles[0]})
		}
		return append(said, Returned{})
	case at.call != nil:
		return append(said, Called{Status: 200}, Called{Status: 404}, Called{Error: "timeout"}, TimedOut{})
	}
	said = append(said, TimedOut{}, Sent{Kind: "image"})
	for _, c := range at.choices {
		said = append(said, Tapped{ID: c.id, Title: c.titles[0]})
	}
	if at.question != nil {
		said = append(said, Said{Text: "aa"}, Said{Text: "bb"}, Said{})
	}
	for _, id := range s.shown {
		said = append(said, Tapped{ID: id})
	}
	return said
}

// way is how a stand is come to, for the message of a failure.
func (s *stand) way() string {
	var steps []string
	for ; s.from != nil; s = s.from.from {
		steps = append(steps, s.from.String())
	}
	slices.Reverse(steps)
	return strings.Join(steps, "\n")
}

// String is the move with what came of it.
func (m *move) String() string {
	var said []string
	for _, e := range m.result.Effects {
		if s, ok := e.(Say); ok {
			said = append(said, fmt.Sprintf("Say(%q)", s.Text))
			continue
		}
		said = append(said, fmt.Sprintf("%T", e))
	}
	return fmt.Sprintf("%T%+v as %s: %s; %s; stack %v trace %v", m.in, m.in, m.name, strings.Join(m.result.Trail, ", "), strings.Join(said, " "), m.result.State.Stack, m.result.State.Trace)
}

// moves are all moves that were made.
func (l *land) moves(yield func(*move) bool) {
	for _, s := range l.stands {
		for _, m := range s.moves {
			if !yield(m) {
				return
			}
		}
	}
}

// passed are the states that were come to, by full name.
func (l *land) passed() map[string]bool {
	seen := map[string]bool{}
	for m := range l.moves {
		for _, step := range m.result.Trail {
			from, rest, _ := strings.Cut(step, " -")
			_, to, _ := strings.Cut(rest, "-> ")
			seen[from], seen[to] = true, true
		}
		seen[m.result.State.Place().String()] = true
	}
	return seen
}

// strays reports whether an older choice, tapped again, leads to a state that the
// check reports as one that nothing comes to, and so looks at no further.
func (l *land) strays() bool {
	if !l.trip.older && !l.trip.trace {
		return false
	}
	passed := l.passed()
	return slices.ContainsFunc(l.file.graph.order, func(s *rawState) bool {
		return passed[s.name] && !l.file.graph.reached[s.index]
	})
}
