package flows

import (
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/vm"
)

// Step takes one input and says what follows. It is pure and may be called from
// many goroutines; neither st nor what it holds is changed.
//
// What a customer writes meets, in this order: a choice that was tapped, also one
// of an older message; the words of opt_out, handoff, back and start_again; what the state
// asks for; a choice typed; the common answers; the rule for what is not
// understood. After an Escalate or an End the State has not begun, but keeps its
// Vars and the language. A State whose node no longer exists, or no longer waits
// for anything, counts as not begun.
func (s *Set) Step(st State, in Input, env Env) Result {
	w := &walk{set: s, st: st, env: env, at: pseudoStart}
	room := new(room)
	w.effects, w.trail = room.effects[:0], room.trail[:0]
	w.stand()
	rule := w.take(in)
	r := Result{State: w.st, Effects: w.effects, Rule: rule, Trail: w.trail, Heard: w.heard}
	if w.cur != nil {
		r.Calling = w.cur.call != nil
		r.Silence = w.cur.silence()
	}
	return r
}

// silence is how long the state waits for anything to happen.
func (s *state) silence() time.Duration {
	switch {
	case s.call != nil:
		return time.Duration(s.call.tries)*s.call.timeout + callSlack
	case s.timeout != nil:
		return s.timeout.after
	default:
		return idle
	}
}

// walk is one step being taken.
type walk struct {
	set     *Set
	st      State
	env     Env
	values  values // built when the first expression needs it
	vm      vm.VM
	cur     *state // nil: nothing has begun
	at      string // full name of cur, or pseudoStart
	effects []Effect
	trail   []string
	hops    int
	left    *state // in which the customer was waited for when the input came; nil: none
	told    bool   // what led here said something
	offered Offer  // what the customer could choose from when the input came
	heard   Heard
}

// room is what most steps need for their result, made at once.
type room struct {
	effects [2]Effect
	trail   [3]string
}

// stand finds the state in which the conversation is.
func (w *walk) stand() {
	w.st.Misses = min(max(w.st.Misses, 0), mostCounted)
	w.st.Tries = min(max(w.st.Tries, 0), mostCounted)
	w.st.Missed = w.st.Missed[max(0, len(w.st.Missed)-mostMissed):]
	w.st.Trace = w.st.Trace[max(0, len(w.st.Trace)-mostTraced):]
	if i := w.set.speaks(w.st.Language); i >= 0 {
		w.st.Language = w.set.Languages[i]
	} else { // none, or one of another version
		w.st.Language, w.st.Chosen = "", false
	}
	w.st.Offer = w.set.stillOffered(w.st.Offer)
	cur := w.set.states[Place{w.st.Flow, w.st.Node}]
	if cur == nil || !cur.waits() {
		w.reset()
		w.forget()
		return
	}
	w.cur, w.at = cur, cur.name
	if cur.hears() {
		w.left = cur
	}
	if w.st.Version == "" {
		w.st.Version = w.set.Version
	}
}

// reset leaves nothing begun. The answers of the customer stay, and the language.
func (w *walk) reset() {
	w.st = State{Vars: w.st.Vars, Language: w.st.Language, Chosen: w.st.Chosen, Aside: w.st.Aside}
	w.cur, w.at, w.left = nil, pseudoStart, nil
}

// forget drops what an older version knew and this one does not, or knows as
// something else: a flow begins with variables of its own kinds only.
func (w *walk) forget() {
	vars := w.st.Vars
	for name, v := range vars {
		if kind, ok := w.set.kinds[name]; ok && kind.holds(v) {
			continue
		}
		if len(vars) == len(w.st.Vars) {
			vars = maps.Clone(vars)
		}
		delete(vars, name)
	}
	w.st.Vars = vars
}

func (w *walk) understood() { w.st.Misses, w.st.Missed = 0, nil }

func (w *walk) take(in Input) Rule {
	w.offered, w.st.Offer = w.st.Offer, Offer{}
	switch in := in.(type) {
	case Returned:
		w.reset()
		w.st.Aside = false
		return w.start()
	case TimedOut:
		return w.silent()
	case Called:
		return w.called(in)
	case Closing:
		w.told = true
		w.follow(&exit{event: eventHandoff, to: pseudoHandoff, queue: w.set.queue}, in.Reason)
		return RuleClosing
	case Tapped:
		return w.tap(in)
	case Said:
		w.listen(in.Text)
		return w.said(in.Text)
	case Sent:
		return w.sent(in)
	default: // no input of ours; answered all the same
		return w.sent(Sent{Kind: "message"})
	}
}

// silent is what happens when the customer stays silent.
func (w *walk) silent() Rule {
	switch {
	case w.cur == nil:
	case w.cur.call != nil: // nobody answered for much longer than a call may take
		return w.called(Called{Error: "timeout"})
	case w.cur.timeout != nil:
		w.follow(w.cur.timeout.exit, ReasonFlow)
	case w.st.Aside: // who was to get a person does not lose them by saying nothing
		w.told = true
		w.follow(&exit{event: eventHandoff, to: pseudoHandoff, queue: w.set.queue}, ReasonFlow)
	default:
		w.follow(&exit{event: eventSilence, to: pseudoEnd}, ReasonFlow)
	}
	return RuleTimeout
}

// called takes the answer to a call.
func (w *walk) called(in Called) Rule {
	if w.cur != nil && w.cur.call != nil {
		w.keep(w.cur.call.as, w.cur.call.keep(in))
		w.follow(w.cur.way(w), ReasonFlow)
	}
	return RuleCalled
}

// way is where the state leads when what it waited for is there: the first of
// its branches whose condition holds, or go.
func (s *state) way(w *walk) *exit {
	for _, e := range s.on {
		if e.when == nil {
			return e
		}
		if holds, ok := w.eval(e.when).(bool); ok && holds {
			return e
		}
	}
	return s.next
}

// The most that is kept of what a customer writes, so that a stored
// conversation stays small.
const (
	mostMissed = 5 // missed messages
	mostTraced = 10
	// mostCounted bounds the counters, whatever was stored.
	mostCounted = 1000
)

// tidy is a customer's text as it is looked at.
func tidy(words string) string {
	words = strings.TrimSpace(words)
	if !utf8.ValidString(words) {
		words = strings.ToValidUTF8(words, "\uFFFD")
	}
	return words
}
