package flows

import (
	"sync"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/flows/hours"
	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// Diagnostic is one finding in a flow file.
type Diagnostic = source.Diagnostic

// The severities of a Diagnostic. A file with an error is not used.
const (
	SeverityError   = source.SeverityError
	SeverityWarning = source.SeverityWarning
)

// Set is a checked flow file. What it says never changes after it was made, and it may be used
// from many goroutines; callers must not write to what it gives.
type Set struct {
	Version   string           // hash of all that was read
	Business  string           // who is speaking
	Languages []string         // tags, the fallback first; never empty
	Channels  []string         // kinds on which it is served, see carry.Kinds; never empty
	Queues    map[string]Queue // by name; never empty

	zone        *time.Location
	country     string
	hours       hours.Week
	weeks       []string // hours in words, by language
	gather      time.Duration
	beforeClose time.Duration
	rungs       []rung
	kept        []string // ids of the choices of rungs and of nobody: the tap itself is what they are for
	keeping     []string // their titles, see match.Forms
	queue       string   // where people wait when nothing else is said
	words       []string
	back        []string
	again       []string
	afterMisses int
	nobody      *nobody // nil: whoever hands over is told the same, whether or not somebody is there
	optOut      *optOut // nil: no words opt out
	handoffSay  *text
	reopen      *content // nil: a closed window stays closed
	notUnder    *text
	oneMoment   *text
	answers     []answer
	unsure      *unsure        // nil: no answer has examples
	offerable   map[string]int // indices of answers by the id of the choice that offers them
	exact       map[string]int // indices of answers by their examples, in all their forms
	lessons     []match.Lesson // what the examples of the answers are, for the matcher
	taught      []int          // the answer of each lesson
	taughtAt    [][]Diagnostic // where each of its examples is written, and nothing else
	learner     learner
	order       []*state // as written
	states      map[Place]*state
	byName      map[string]*state // by full name, "flow.state"
	taps        map[string]tap    // by Choice.ID
	begin       *machine          // ways out of pseudoStart
	start       *state
	moved       map[Place]Place
	secrets     []string
	kinds       map[string]varKind // of variables
	quotes      bool               // something asks for Env.Quote
	facts       Facts
	parts       map[string]string // digests of what is written outside of the flows, by key
	leaps       sync.Map          // *machine by jump
	ears        *ears             // nil: there is one language, or they cannot be told apart
}

// DefaultQueue is where people wait when nothing else is said.
func (s *Set) DefaultQueue() string { return s.queue }

// Gather is for how long a text waits for further ones before it is answered;
// 0: every message is answered at once.
func (s *Set) Gather() time.Duration { return s.gather }

// BeforeClose is how long before its window closes a conversation that is not
// over is handed to a person; 0: never.
func (s *Set) BeforeClose() time.Duration { return s.beforeClose }

// Facts are what the check measured.
func (s *Set) Facts() Facts { return s.facts }

// Facts are what the check measured about a set.
type Facts struct {
	States     int
	LongestRun []string         // the most states that follow one another by themselves, by full name
	Messages   map[string]Burst // by kind of channel: the most messages that one of a customer's can cause
}

// Burst is how many messages a way through the states sends.
type Burst struct {
	Messages int
	Way      []string // full names; the first is where the customer was, or the beginning
}

// Secrets are the names of the operator's secrets that calls need, sorted.
func (s *Set) Secrets() []string { return s.secrets }

// Rungs are how long before the window closes something is said to a customer
// whose conversation is not over, the earliest first; see Rung.
func (s *Set) Rungs() []time.Duration {
	var before []time.Duration
	for _, r := range s.rungs {
		before = append(before, r.before)
	}
	return before
}

// Rung is what is said at the i-th of Rungs.
func (s *Set) Rung(i int, st State, env Env) Say {
	w := &walk{set: s, st: st, env: env, at: pseudoStart}
	r := s.rungs[i]
	return Say{Text: w.write(r.say), Choices: r.choices[w.tongue()], Apart: true}
}

// RungFor tells to whom the i-th of Rungs is said: to customers who are with the
// bot, and to those who wait for a person.
func (s *Set) RungFor(i int) (bot, people bool) { return s.rungs[i].bot, s.rungs[i].people }

// Adopt takes a conversation over that began on another version, if the file
// says with "moved" where its state is now. Otherwise ok is false and the
// conversation should finish on its own version. What the customer was asked
// there is not asked again.
func (s *Set) Adopt(st State) (moved State, ok bool) {
	to, ok := s.moved[st.Place()]
	if !ok {
		return st, false
	}
	st.Version, st.Flow, st.Node = s.Version, to.Flow, to.Node
	st.Stack, st.Trace = s.known(st.Stack), s.known(st.Trace)
	return st, true
}

// known leaves out the places that the set does not have, following moved.
func (s *Set) known(places []Place) []Place {
	var out []Place
	for _, p := range places {
		if to, ok := s.moved[p]; ok {
			p = to
		}
		if s.states[p] != nil {
			out = append(out, p)
		}
	}
	return out
}

// Queue is a line in which customers wait for a person.
type Queue struct {
	Name       string
	FirstReply time.Duration  // promised time until a person answers; 0: no promise
	Hours      hours.Week     // when people are there
	Lead       time.Duration  // how long before the last moment people want to have a conversation; 0: no channel has a window
	Handling   time.Duration  // how long a conversation takes a person, until it is measured; never 0
	Staff      hours.Roster   // how many people there are within the hours
	Staffed    bool           // the file says so; else one is reckoned with
	Zone       *time.Location // of its hours and people; nil: UTC
}

// The pseudo-states: where every conversation begins and how it may leave the
// flows. No state can have these names, as a state's full name holds a dot.
const (
	pseudoStart   = "start"
	pseudoHandoff = "handoff"
	pseudoEnd     = "end"
	pseudoReturn  = "return"
	pseudoBack    = "back"
	pseudoAgain   = "start_again"
)

// The events that are not named after a choice, a branch or an answer.
const (
	eventBegin     = "begin"
	eventGo        = "go"
	eventAnswered  = "answered"
	eventOtherwise = "otherwise"
	eventTimeout   = "timeout"
	eventSilence   = "silence"
	eventReturn    = "return"
	eventBack      = "back"
	eventAgain     = "start_again"
	eventHandoff   = "handoff"
	eventMisses    = "misses"
	eventEnd       = "end"
	eventAside     = "nobody"
)

// state is one state of a flow, ready to run.
type state struct {
	Place
	name     string // "flow.state"
	returns  bool   // its flow is one that returns
	first    bool   // its flow begins in it
	kind     NodeKind
	set      []assignment
	say      *content // nil: says nothing
	choices  []choice
	sent     [][]Choice // choices as they are sent, by language
	titles   []string   // their titles normalised, in all languages, for near misses
	titled   []int      // the choice of each of titles
	question *question
	call     *call
	on       []*exit // branches, the last is else; taken instead of next
	next     *exit   // go of a state that does not wait, or after the answer
	timeout  *timeout
	end      bool
	exits    []*exit // all ways out that lead somewhere, in the order of the file
	machine  *machine
	file     string
	line     int
	summary  string // what it says, as written, in the first language
	digest   string // of all that is written of it, with its translations
}

// waits reports whether a conversation can stand in the state.
func (s *state) waits() bool { return len(s.choices) > 0 || s.question != nil || s.call != nil }

// hears reports whether the customer is waited for in the state.
func (s *state) hears() bool { return len(s.choices) > 0 || s.question != nil }

type timeout struct {
	after time.Duration
	exit  *exit
}

type choice struct {
	id     string
	titles []string // by language
	norms  []string
	forms  []string // of all titles, see match.Forms
	words  []string // the same of its own words
	value  string   // under a question of type choice
	exit   *exit
}

// exit is a way out of a state.
type exit struct {
	event string
	to    string // a state's full name, or a pseudo-state
	calls bool   // to is in a flow that returns
	then  string // with calls: the full name of the state to which it returns; "": where the customer is
	when  *program
	say   *content // said on the way; may be nil
	queue string   // with pseudoHandoff
	note  *text    // with pseudoHandoff; may be nil
	kind  EdgeKind
	label string
}

type answer struct {
	name     string
	words    []string // see match.Forms
	examples []string // whole questions, normalised
	titles   []string // by language; of answers with examples only
	say      *content // nil: says nothing, exit leads on
	exit     *exit    // nil: the customer goes on where they were
}

type tap struct {
	of     *state
	choice *choice
}

// rung is something that is said because the window closes.
type rung struct {
	before  time.Duration
	say     *text
	choices [][]carry.Choice // by language

	bot, people bool // who is told: customers with the bot, customers who wait for a person
}
