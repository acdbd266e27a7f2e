package flows

import (
	"regexp"
	"time"

	"github.com/looplab/fsm"

	"frontdesk/flows/source"
)

// Diagnostic is one finding in a flow file.
type Diagnostic = source.Diagnostic

// The severities of a Diagnostic. A file with an error is not used.
const (
	SeverityError   = source.SeverityError
	SeverityWarning = source.SeverityWarning
)

// Set is a checked flow file. It never changes after Parse and may be used from
// many goroutines; callers must not write to Queues.
type Set struct {
	Version  string           // hash of the file's content
	Business string           // who is speaking
	Queues   map[string]Queue // by name; never empty

	gather        time.Duration
	beforeClose   time.Duration
	rungs         []rung
	queue         string // where people wait when nothing else is said
	words         []string
	afterMisses   int
	handoffSay    *text
	notUnderstood *text
	answers       []answer
	states        map[place]*state
	byName        map[string]*state // by full name, "flow.state"
	taps          map[string]tap    // by Choice.ID
	begin         []fsm.EventDesc   // ways out of pseudoStart
	start         *state
}

// Gather is for how long a text waits for further ones before it is answered;
// 0: every message is answered at once.
func (s *Set) Gather() time.Duration { return s.gather }

// BeforeClose is how long before its window closes a conversation that is not
// over is handed to a person; 0: never.
func (s *Set) BeforeClose() time.Duration { return s.beforeClose }

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
func (s *Set) Rung(i int, st State, env Env) Say { return Say{} }

// Adopt takes a conversation over that began on another version, if the file
// says with "moved" where its state is now. Otherwise ok is false and the
// conversation should finish on its own version.
func (s *Set) Adopt(st State) (moved State, ok bool) { return st, false }

// DefaultQueue is where people wait when nothing else is said.
func (s *Set) DefaultQueue() string { return s.queue }

// Queue is a line in which customers wait for a person.
type Queue struct {
	Name       string
	FirstReply time.Duration // promised time until a person answers; 0: no promise
}

// The pseudo-states: where every conversation begins and how it may leave the
// flows. No state can have these names, as a state's full name holds a dot.
const (
	pseudoStart   = "start"
	pseudoHandoff = "handoff"
	pseudoEnd     = "end"
)

// The events that are not named after a choice or an answer.
const (
	eventBegin     = "begin"
	eventGo        = "go"
	eventAnswered  = "answered"
	eventOtherwise = "otherwise"
	eventHandoff   = "handoff"
	eventMisses    = "misses"
	eventEnd       = "end"
)

// place is where a state is: the key under which a stored State finds it again.
type place struct{ flow, node string }

// state is one state of a flow, ready to run.
type state struct {
	place
	name     string // "flow.state"
	say      *text  // nil: says nothing
	choices  []choice
	sent     []Choice // choices as they are sent
	titles   []string // their titles normalised, for near misses
	question *question
	next     *exit // go of a state that does not wait, or after the answer
	end      bool
	events   []fsm.EventDesc // all ways out, for the machine
}

// waits reports whether a conversation can stand in the state.
func (s *state) waits() bool { return len(s.choices) > 0 || s.question != nil }

type choice struct {
	id    string
	title string
	norm  string
	forms []string // of the title, see match.Forms
	words []string // the same of its own words
	exit  exit
}

type question struct {
	variable  string
	pattern   *regexp.Regexp // nil: any text
	retry     *text          // nil: notUnderstood and the question again
	tries     int
	otherwise exit
}

// exit is a way out of a state.
type exit struct {
	event string
	to    string // a state's full name, pseudoHandoff or pseudoEnd
	queue string // with pseudoHandoff
	note  *text  // with pseudoHandoff; may be nil
}

type answer struct {
	name  string
	words []string // see match.Forms
	say   *text    // nil: says nothing, exit leads on
	exit  *exit    // nil: the customer goes on where they were
}

type tap struct {
	of     *state
	choice *choice
}

// rung is something that is said because the window closes.
type rung struct {
	before time.Duration
}
