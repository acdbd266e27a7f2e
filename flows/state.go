package flows

import (
	"time"

	"frontdesk/flows/carry"
)

// Place is a state of a flow by its names.
type Place struct {
	Flow string `json:"flow"`
	Node string `json:"node"`
}

// String is the state's full name, "flow.state"; empty for the zero Place.
func (p Place) String() string {
	if p == (Place{}) {
		return ""
	}
	return p.Flow + "." + p.Node
}

// State is where a conversation stands in a set of flows: plain data, stored
// with the conversation. The zero value has not begun.
type State struct {
	Version  string         // Set.Version the conversation began on
	Flow     string         // empty: not begun, or ended
	Node     string         // a state of Flow
	Vars     map[string]any // by name: what JSON knows, with every number a float64
	Language string         // the customer's, one of the set's; empty: not known yet
	Chosen   bool           // the customer chose Language, so that nothing else changes it
	Stack    []Place        // where flows that were called return to, the innermost last
	Trace    []Place        // states in which the customer was waited for before this one, the newest last
	Tries    int            // failed answers to the question of Node so far
	Misses   int            // messages in a row that were not understood
	Missed   []string       // their words, oldest first, at most five
	Told     bool           // the customer was told that a call takes a moment
	Offer    Offer          // what they may choose from because it was not certain what they asked
	Aside    bool           // they were to get a person when nobody was there, and were led elsewhere first
}

// Place is where the conversation stands; zero when nothing has begun.
func (s State) Place() Place { return Place{s.Flow, s.Node} }

// Begun reports whether a flow has begun and is not over.
func (s State) Begun() bool { return s.Flow != "" }

// Input is what happened to a conversation. It is one of Said, Tapped, Sent,
// Returned, TimedOut, Called, Closing.
//
//sumtype:decl
type Input interface{ input() }

// Said is a message in words.
type Said struct{ Text string }

// Tapped is a choice that was tapped, now or in an older message.
type Tapped struct {
	ID    string // Choice.ID as it was sent
	Title string // what the customer saw; may be empty
}

// Sent is a picture, a voice note, a sticker, a place.
type Sent struct {
	Kind     string          // the kind of message, for the ticket: "image", "audio" ...
	Text     string          // the caption; may be empty
	Media    *carry.Media    // nil: no file
	Location *carry.Location // nil: no place
}

// Returned means that a person gave the conversation back to the bot.
type Returned struct{}

// TimedOut means that the customer stayed silent for Result.Silence.
type TimedOut struct{}

// Called is the answer to a Call.
type Called struct {
	Status int    // of HTTP; 0: no answer came
	Body   any    // decoded JSON, or a string; nil: nothing
	Error  string // why no answer came: "timeout", "refused", "connection" ...; empty: one came
}

// Closing means that a person must have the conversation now, as its window closes
// soon or for another reason that is not the flow's. Nothing is said then but what
// nobody says, see Env.Nobody: the customer may be led aside instead.
type Closing struct{ Reason Reason }

func (Said) input()     {}
func (Tapped) input()   {}
func (Sent) input()     {}
func (Returned) input() {}
func (TimedOut) input() {}
func (Called) input()   {}
func (Closing) input()  {}

// Effect is what a step asks for. It is one of Say, Escalate, Call, End, OptOut.
//
//sumtype:decl
type Effect interface{ effect() }

// Say asks for something to be said at once, with choices under it.
type Say carry.Content

// Choice is one answer the customer may tap or type.
type Choice = carry.Choice

// Call asks for a request to a system of the business. Its result is handed in
// as Called. Only one is under way for a conversation; whatever takes the
// conversation elsewhere makes it void, see Result.Calling.
type Call struct {
	Method  string            `json:"method"` // "GET", "POST" ...
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"` // may hold {{ secret.name }}, which whoever calls fills in
	Body    []byte            `json:"body,omitempty"`    // JSON; empty: none
	Timeout time.Duration     `json:"timeout"`           // of one attempt
	Tries   int               `json:"tries"`             // attempts at most, at least 1
}

// Escalate asks for a person.
type Escalate struct {
	Queue  string // a queue of the set; never empty
	Reason Reason
	Note   string   // for the agent; may be empty
	Words  []string // what was not understood, oldest first
}

// End says that the flow is over; the next message begins anew.
type End struct{}

// OptOut says that the customer wants no message that they did not ask for, or
// takes that back. Whoever sends keeps it, see Env.OptedOut.
type OptOut struct {
	Out bool // false: they may be written to again
}

func (Say) effect()      {}
func (Escalate) effect() {}
func (Call) effect()     {}
func (End) effect()      {}
func (OptOut) effect()   {}

// Reason is why a person is asked for.
type Reason string

// The reasons of an Escalate.
const (
	ReasonAsked         Reason = "asked"          // the customer used a word of handoff.words
	ReasonChosen        Reason = "chosen"         // the customer chose it
	ReasonNotUnderstood Reason = "not_understood" // after_misses messages in a row
	ReasonTries         Reason = "tries"          // a question was answered wrongly too often
	ReasonFlow          Reason = "flow"           // the flow leads there
	ReasonDeadline      Reason = "deadline"       // the window closes soon
	ReasonClosed        Reason = "closed"         // the window closed before the customer was answered, or the flow was over
	ReasonLoop          Reason = "loop"           // the flow went round without an end; a fault the check should have found
	ReasonUnsent        Reason = "unsent"         // an answer could not be sent; no Step gives it
	ReasonSpend         Reason = "spend"          // what messages may cost this month is spent, or nearly; no Step gives it
	ReasonFault         Reason = "fault"          // the program failed at this message; no Step gives it
)

// Env is what a step may know besides the conversation's own state.
type Env struct {
	ContactName string    // the platform's profile name; may be empty
	Language    string    // what the channel says of the customer's language, e.g. "de-AT"; may be empty
	Channel     string    // the channel's kind, see carry.Kinds; may be empty
	Now         time.Time // the moment; hours and dates are reckoned from it
	OptedOut    bool      // what the last OptOut said
	Quote       Quote     // of one more message of the bot now; the zero Quote: nothing is known

	// Nobody tells whether nobody of a queue of the set will be there before the
	// conversation's window closes; nil: somebody always is. It must be false when
	// the bot may say nothing any more: the customer could be led nowhere.
	Nobody func(queue string) bool
}

// Quote is what one more message of the bot would cost now, and until when one
// may be sent.
type Quote struct {
	Price      float64   // in Currency; 0 unless Known
	Known      bool      // the price is known; 0 is for nothing then
	Currency   string    // ISO 4217, such as "EUR"; may be empty
	FreeLeft   int       // messages that are left of what is free this month; -1: there is no such allotment
	Closes     time.Time // when the window closes; zero: never
	Later      float64   // the price once it has closed, in Currency; 0 unless LaterKnown
	LaterKnown bool
}

// Result is what one step gives.
type Result struct {
	State   State
	Effects []Effect      // in the order they must be carried out
	Rule    Rule          // which rule took the input
	Trail   []string      // transitions taken, "flow.state -event-> flow.state", in order
	Silence time.Duration // TimedOut is to be handed in after so long without an input; 0: never
	Heard   Heard         // what the examples of the common answers made of a text
	Calling bool          // the conversation waits for the result of a Call, this step's or an earlier one's
}

// Rule names which rule of the documented order took an input.
type Rule string

// The rules, in the order in which they are asked.
const (
	RuleCalled  Rule = "called"  // the answer to a call
	RuleTimeout Rule = "timeout" // the customer stayed silent
	RuleClosing Rule = "closing" // a person must have it now
	RuleWait    Rule = "wait"    // a call is under way: the customer is asked for patience
	RuleBack    Rule = "back"    // the words of back
	RuleAgain   Rule = "again"   // the words of start_again
	RuleStart   Rule = "start"   // nothing was going on: the flow begins
	RuleTap     Rule = "tap"     // a tapped choice
	RuleOptOut  Rule = "opt_out" // the words of opt_out
	RuleHandoff Rule = "handoff" // the words of handoff
	RuleAsk     Rule = "ask"     // what the state asks for
	RuleChoice  Rule = "choice"  // a choice typed: number, title or nearly its title
	RuleAnswer  Rule = "answer"  // a common answer, whether or not it leads on
	RuleUnsure  Rule = "unsure"  // it may be one of several common answers: the customer is asked which
	RuleRetry   Rule = "retry"   // not what the state asks for
	RuleMiss    Rule = "miss"    // not understood
)
