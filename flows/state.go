package flows

// State is where a conversation stands in a set of flows: plain data, stored
// with the conversation. The zero value has not begun.
type State struct {
	Version string            // Set.Version the conversation began on
	Flow    string            // empty: not begun, or ended
	Node    string            // a state of Flow
	Vars    map[string]string // answers to the flow's questions, by name
	Tries   int               // failed answers to the question of Node so far
	Misses  int               // messages in a row that were not understood
	Missed  []string          // their words, oldest first, at most five
}

// Input is what happened to a conversation. It is one of Said, Tapped, Sent, Returned.
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

// Sent is a message without words: a picture, a voice note, a sticker, a place.
type Sent struct {
	Kind string // the kind of message, for the ticket: "image", "audio" ...
}

// Returned means that a person gave the conversation back to the bot.
type Returned struct{}

func (Said) input()     {}
func (Tapped) input()   {}
func (Sent) input()     {}
func (Returned) input() {}

// Effect is what a step asks for. It is one of Say, Escalate, End.
//
//sumtype:decl
type Effect interface{ effect() }

// Say asks for a text to be sent, with choices under it.
type Say struct {
	Text    string
	Choices []Choice // none: a plain text
}

// Choice is one answer the customer may tap or type.
type Choice struct {
	ID    string // "flow.state:title", stable while the title stays
	Title string
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

func (Say) effect()      {}
func (Escalate) effect() {}
func (End) effect()      {}

// Reason is why a person is asked for.
type Reason string

// The reasons of an Escalate.
const (
	ReasonAsked         Reason = "asked"          // the customer used a word of handoff.words
	ReasonChosen        Reason = "chosen"         // the customer chose it
	ReasonNotUnderstood Reason = "not_understood" // after_misses messages in a row
	ReasonTries         Reason = "tries"          // a question was answered wrongly too often
	ReasonFlow          Reason = "flow"           // the flow leads there
	ReasonLoop          Reason = "loop"           // the flow went round without an end; a fault the check should have found
	ReasonFault         Reason = "fault"          // the program failed at this message; no Step gives it
)

// Env is what a text may speak of besides the flow's own variables.
type Env struct {
	ContactName string // the platform's profile name; may be empty
}

// Result is what one step gives.
type Result struct {
	State   State
	Effects []Effect // in the order they must be carried out
	Rule    Rule     // which rule took the input
	Trail   []string // transitions taken, "flow.state -event-> flow.state", in order
}

// Rule names which rule of the documented order took an input.
type Rule string

// The rules, in the order in which they are asked.
const (
	RuleStart   Rule = "start"   // nothing was going on: the flow begins
	RuleTap     Rule = "tap"     // a tapped choice
	RuleHandoff Rule = "handoff" // the words of handoff
	RuleAsk     Rule = "ask"     // what the state asks for
	RuleChoice  Rule = "choice"  // a choice typed: number, title or nearly its title
	RuleAnswer  Rule = "answer"  // a common answer
	RuleRetry   Rule = "retry"   // not what the state asks for
	RuleMiss    Rule = "miss"    // not understood
)
