package flows

import (
	"crypto/sha256"
	"encoding/hex"

	"frontdesk/flows/source"
)

// Parse reads and checks a flow file of at most 1 MiB. name is used in findings
// only. It gives every finding at once, sorted by place; the Set is nil when
// one of them is an error, and may be used when all are warnings.
func Parse(name string, src []byte) (*Set, []Diagnostic) {
	doc := source.Parse(name, src, readerCodes)
	l := &loader{doc: doc, set: &Set{Version: hash(src)}, flows: map[string]*rawFlow{}, states: map[string]*rawState{}}
	if doc.Root.Exists() {
		l.read(doc.Root)
		l.build()
		l.check()
	}
	found := doc.Findings()
	if source.Failed(found) {
		return nil, found
	}
	l.finish()
	return l.set, found
}

func hash(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:8])
}

// loader carries one file through reading, building and checking. Each pass
// reports what it finds and goes on, leaving out what it could not make.
type loader struct {
	doc       *source.Document
	set       *Set
	compiler  *compiler
	queues    []source.Entry
	top       source.Fields
	handoff   source.Fields
	asking    []source.Node // the words of handoff
	answers   []*rawAnswer
	flowOrder []*rawFlow
	flows     map[string]*rawFlow
	order     []*rawState          // as written
	states    map[string]*rawState // by full name
	variables []string             // in the order they are asked for

	notUnderstood source.Node
	misnamed      bool // a name that is not allowed was found
}

// rawFlow is a flow as it is written.
type rawFlow struct {
	name  string
	key   source.Node
	start source.Node
	nodes []*rawState
	first *rawState // start; nil when it names nothing
}

// rawState is a state as it is written, with what is made of it.
type rawState struct {
	*state
	flow    *rawFlow
	key     source.Node
	fields  source.Fields
	choices []rawChoice
	built   []rawChoice // those of which a choice was made, in step with state.choices
	lost    bool        // something it leads to was not found
}

type rawChoice struct {
	title source.Node
	to    source.Node
	words []source.Node
	queue source.Node
}

type rawAnswer struct {
	name   string
	key    source.Node
	fields source.Fields
	words  []source.Node
}

// finish fills what the engine looks things up in. It runs on a file without
// errors only, so everything is there.
func (l *loader) finish() {
	s := l.set
	s.states, s.byName, s.taps = map[place]*state{}, map[string]*state{}, map[string]tap{}
	for _, raw := range l.order {
		st := raw.state
		st.events = edges(st)
		s.states[st.place], s.byName[st.name] = st, st
		for i := range st.choices {
			s.taps[st.choices[i].id] = tap{of: st, choice: &st.choices[i]}
		}
	}
	s.start = l.flows[mainFlow].first.state
	s.begin = beginnings(s.start.name)
}
