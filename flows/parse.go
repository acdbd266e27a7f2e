package flows

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"frontdesk/flows/carry"
	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// loader carries one flow file through reading, building and checking. Each
// pass reports what it finds and goes on, leaving out what it could not make.
type loader struct {
	fsys  fs.FS
	shown string // the flow file as findings name it
	files Files
	bytes int
	docs  []*source.Document

	set       *Set
	compiler  *compiler
	top       source.Fields
	handoff   source.Fields
	optOut    source.Fields
	queues    []source.Entry
	asking    []source.Node // the words of handoff
	nobody    *rawExit      // where nobody leads; nil: nowhere
	answers   []*rawAnswer
	flowOrder []*rawFlow
	flows     map[string]*rawFlow
	order     []*rawState          // as written
	states    map[string]*rawState // by full name
	moved     []source.Entry
	told      map[string]map[string]translation // by language and key
	variables *variables

	misnamed bool // a name that is not allowed was found
	misled   bool // where nobody leads was not found
	opaque   bool // an included file could not be read, so that anything may be missing
	untold   bool // a file of translations could not be read
}

// rawFlow is a flow as it is written.
type rawFlow struct {
	name    string
	key     source.Node
	start   source.Node
	nodes   []*rawState
	first   *rawState // start; nil when it names nothing
	returns bool      // one of its states returns
}

// rawState is a state as it is written, with what is made of it.
type rawState struct {
	*state
	flow    *rawFlow
	index   int // in loader.order
	key     source.Node
	value   source.Node
	fields  source.Fields
	choices []rawChoice
	built   []rawChoice // those of which a choice was made, in step with state.choices
	ways    []*rawExit  // all ways out, in the order of the file
	lost    bool        // something it leads to was not found
	sets    []setting   // what it sets, in order
	speaks  []spoken    // what it may say before it is left
}

// rawExit is a way out with the place where it is written.
type rawExit struct {
	*exit
	at     source.Node
	target *rawState // nil: a pseudo-state
	speaks []spoken
	cond   *spoken  // its condition
	known  []string // what is certainly there where it is taken, see present
}

// setting is a variable with the place where it is set.
type setting struct {
	name  string
	value *assigned
	at    source.Node
}

// spoken is a text that is rendered somewhere, for the proofs.
type spoken struct {
	at   source.Node
	text *text
}

type rawChoice struct {
	item   source.Node
	title  source.Node
	to     source.Node
	words  []source.Node
	fields source.Fields
}

type rawAnswer struct {
	name   string
	key    source.Node
	value  source.Node
	fields source.Fields
	words  []source.Node
	exit   *rawExit
	speaks []spoken
}

func newLoader(fsys fs.FS, name, shown string) *loader {
	return &loader{
		fsys: fsys, shown: shown, files: Files{Root: name, Content: map[string][]byte{}},
		set: &Set{}, flows: map[string]*rawFlow{}, states: map[string]*rawState{},
		told: map[string]map[string]translation{}, variables: newVariables(),
	}
}

// load takes the flow file from its bytes to a Set.
func (l *loader) load(src []byte) (*Set, []Diagnostic) {
	l.files.Content[l.files.Root] = src
	doc := source.Parse(l.shown, src, readerCodes)
	l.docs = append(l.docs, doc)
	if doc.Root.Exists() {
		l.read(doc.Root)
		l.build()
		l.check()
	}
	found := l.findings()
	if source.Failed(found) {
		return nil, found
	}
	l.set.Version = l.files.version()
	l.finish()
	return l.set, found
}

func (l *loader) findings() []Diagnostic {
	var found []Diagnostic
	for _, d := range l.docs {
		found = append(found, d.Findings()...)
	}
	return source.Sort(found)
}

// finish fills what the engine looks things up in. It runs on a file without
// errors only, so everything is there.
func (l *loader) finish() {
	s := l.set
	s.states, s.byName, s.taps = map[Place]*state{}, map[string]*state{}, map[string]tap{}
	told := l.toldDigests()
	for _, raw := range l.order {
		st := raw.state
		for _, e := range raw.ways {
			st.exits = append(st.exits, e.exit)
		}
		st.first = raw.flow.first == raw
		st.digest = strings.Join(append([]string{raw.value.Digest()}, told[st.name]...), " ")
		st.machine = newMachine(st.name, edges(st))
		s.order = append(s.order, st)
		s.states[st.Place], s.byName[st.name] = st, st
		for i := range st.choices {
			s.taps[st.choices[i].id] = tap{of: st, choice: &st.choices[i]}
		}
	}
	s.offerable, s.exact = map[string]int{}, map[string]int{}
	for _, n := range s.taught {
		for _, form := range s.answers[n].examples {
			if of, twice := s.exact[form]; twice && of != n {
				s.exact[form] = shared
				continue
			}
			s.exact[form] = n
		}
		s.offerable[offerID(s.answers[n].name)] = n
	}
	if s.unsure != nil {
		s.offerable[s.unsure.id] = -1
	}
	for _, r := range s.rungs {
		s.keep(r.choices)
	}
	if s.nobody != nil {
		s.keep(s.nobody.choices)
	}
	s.parts = l.partDigests()
	s.kinds = make(map[string]varKind, len(l.variables.order))
	for name, v := range l.variables.by {
		s.kinds[name] = v.kind
	}
	s.ears = newEars(s.Languages)
	for _, tag := range s.Languages {
		s.weeks = append(s.weeks, s.hours.Describe(tag))
	}
	s.secrets = slices.Sorted(maps.Keys(l.compiler.secrets))
	s.start = l.flows[mainFlow].first.state
	s.begin = newMachine(pseudoStart, beginnings(s.start.name))
}

// keep makes known the choices whose tap itself is what they are for.
func (s *Set) keep(by [][]carry.Choice) {
	for _, c := range by[0] {
		s.kept = append(s.kept, c.ID)
	}
	for _, choices := range by {
		for _, c := range choices {
			s.keeping = append(s.keeping, match.Forms(c.Title)...)
		}
	}
}

// toldDigests are hashes of what the files of translations say of each state, by
// its full name.
func (l *loader) toldDigests() map[string][]string {
	parts := map[string][]string{}
	for _, tag := range slices.Sorted(maps.Keys(l.told)) {
		for _, key := range slices.Sorted(maps.Keys(l.told[tag])) {
			flow, rest, _ := strings.Cut(key, ".")
			node, _, _ := strings.Cut(rest, ".")
			name := flow + "." + node
			parts[name] = append(parts[name], tag, key, l.told[tag][key].text.Digest())
		}
	}
	return parts
}

// partDigests are hashes of what is written outside of the flows.
func (l *loader) partDigests() map[string]string {
	parts := map[string]string{}
	for _, f := range syntax.top.fields {
		if f.name != "flows" && f.name != "moved" && l.top.Has(f.name) {
			parts[f.name] = l.top.Get(f.name).Digest()
		}
	}
	for _, a := range l.answers {
		parts["answers."+a.name] = a.value.Digest()
	}
	delete(parts, "answers")
	return parts
}

// broken reports whether the graph has holes: a target that was not found.
func (l *loader) broken() bool {
	if l.misnamed || l.misled || l.opaque || l.flows[mainFlow] == nil {
		return true
	}
	for _, f := range l.flowOrder {
		if f.first == nil {
			return true
		}
	}
	for _, a := range l.answers {
		if a.fields.Has("go") && a.exit == nil {
			return true
		}
	}
	return slices.ContainsFunc(l.order, l.unresolved)
}
