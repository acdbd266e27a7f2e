package flows

import (
	"maps"
	"slices"
	"strings"

	"github.com/looplab/fsm"
)

// Step takes one input and says what follows. It is pure and may be called from
// many goroutines; neither st nor what it holds is changed.
//
// An input meets, in this order: a choice that was tapped, also one of an older
// message; the words of handoff; what the state asks for; a choice typed; the
// common answers; the rule for what is not understood. After an Escalate or an
// End the State has not begun, but keeps its Vars. A State whose node no longer
// exists, or no longer waits for the customer, counts as not begun.
func (s *Set) Step(st State, in Input, env Env) Result {
	w := &walk{set: s, st: st, env: env, at: pseudoStart}
	w.stand()
	rule := w.take(in)
	return Result{State: w.st, Effects: w.effects, Rule: rule, Trail: w.trail}
}

// walk is one step being taken.
type walk struct {
	set     *Set
	st      State
	env     Env
	values  values // built when the first text needs it
	cur     *state // nil: nothing has begun
	at      string // full name of cur, or pseudoStart
	effects []Effect
	trail   []string
	hops    int
}

// stand finds the state in which the conversation is.
func (w *walk) stand() {
	w.st.Misses = min(max(w.st.Misses, 0), mostCounted)
	w.st.Tries = min(max(w.st.Tries, 0), mostCounted)
	w.st.Missed = w.st.Missed[max(0, len(w.st.Missed)-mostMissed):]
	cur := w.set.states[place{w.st.Flow, w.st.Node}]
	if cur == nil || !cur.waits() {
		w.reset()
		return
	}
	w.cur, w.at = cur, cur.name
	if w.st.Version == "" {
		w.st.Version = w.set.Version
	}
}

// reset leaves nothing begun. The answers of the customer stay.
func (w *walk) reset() {
	w.st = State{Vars: w.st.Vars}
	w.cur, w.at = nil, pseudoStart
}

func (w *walk) understood() { w.st.Misses, w.st.Missed = 0, nil }

func (w *walk) take(in Input) Rule {
	switch in := in.(type) {
	case Returned:
		w.reset()
		return w.start()
	case Tapped:
		if t, ok := w.set.taps[in.ID]; ok {
			w.tapped(t)
			return RuleTap
		}
		return w.said(tappedTitle(in))
	case Said:
		return w.said(in.Text)
	case Sent:
		return w.sent(in.Kind)
	default: // no input of ours; answered all the same
		return w.sent("message")
	}
}

// tappedTitle is what a choice that is gone would have been if it were typed.
func tappedTitle(t Tapped) string {
	if strings.TrimSpace(t.Title) != "" {
		return t.Title
	}
	_, title, _ := strings.Cut(t.ID, ":")
	return title
}

func (w *walk) tapped(t tap) {
	w.understood()
	if t.of == w.cur {
		w.follow(w.cur.events, t.choice.exit, ReasonChosen)
		return
	}
	jump := t.choice.exit
	jump.event = "tap:" + t.choice.id
	w.follow(w.jump(jump), jump, ReasonChosen)
}

// jump is the way out that an older choice or a common answer adds to wherever
// the customer is.
func (w *walk) jump(e exit) []fsm.EventDesc {
	return []fsm.EventDesc{{Name: e.event, Src: []string{w.at}, Dst: e.to}}
}

func (w *walk) said(words string) Rule {
	h := hear(words)
	if h.longest(w.set.words) != "" {
		w.asked()
		return RuleHandoff
	}
	if w.cur == nil {
		return w.first(h)
	}
	if w.accepted(words) {
		return RuleAsk
	}
	c := w.cur.number(h)
	if c == nil {
		c = w.cur.typed(h)
	}
	a, asked := w.set.answer(h)
	if c == nil {
		c = w.cur.spoken(h, asked)
	}
	if c == nil && a == nil {
		c = w.cur.leading(h)
	}
	switch {
	case c != nil:
		w.choose(c)
		return RuleChoice
	case a != nil:
		w.answer(a)
		return RuleAnswer
	case w.cur.question != nil:
		w.retry()
		return RuleRetry
	default:
		return w.miss(words)
	}
}

// first takes the first words of a conversation. They may name a choice of the
// state in which everybody begins; a number does not, as no list was shown.
func (w *walk) first(h heard) Rule {
	start := w.set.start
	c := start.typed(h)
	a, asked := w.set.answer(h)
	if c == nil {
		c = start.spoken(h, asked)
	}
	switch {
	case c != nil:
		if to, ok := w.transition(w.set.begin, eventBegin); ok && to == start.name {
			w.come(start)
		}
		w.choose(c)
		return RuleChoice
	case a != nil:
		w.answer(a)
		return RuleAnswer
	default:
		return w.start()
	}
}

func (w *walk) choose(c *choice) {
	w.understood()
	w.follow(w.cur.events, c.exit, ReasonChosen)
}

func (w *walk) sent(kind string) Rule {
	if w.cur == nil {
		return w.start()
	}
	return w.miss("(" + kind + ")")
}

// asked hands over because the customer wants a person.
func (w *walk) asked() {
	events := w.set.begin
	if w.cur != nil {
		events = w.cur.events
	}
	w.follow(events, exit{event: eventHandoff, to: pseudoHandoff, queue: w.set.queue}, ReasonAsked)
}

func (w *walk) start() Rule {
	w.follow(w.set.begin, exit{event: eventBegin, to: w.set.start.name}, ReasonFlow)
	return RuleStart
}

// accepted takes the answer to the state's question, if it is one.
func (w *walk) accepted(words string) bool {
	q := w.cur.question
	if q == nil {
		return false
	}
	words, ok := q.answer(kept(words))
	if !ok {
		return false
	}
	vars := maps.Clone(w.st.Vars)
	if vars == nil {
		vars = map[string]any{}
	}
	vars[q.variable] = words
	w.st.Vars, w.values = vars, nil
	w.understood()
	w.follow(w.cur.events, *w.cur.next, ReasonFlow)
	return true
}

// answer is what a text answers to the question: all of it, or what the group of
// the pattern caught, if it has one and only one.
func (q *question) answer(words string) (string, bool) {
	if words == "" || q.pattern == nil {
		return words, words != ""
	}
	found := q.pattern.FindStringSubmatch(words)
	if len(found) == 2 {
		if caught := strings.TrimSpace(found[1]); caught != "" {
			return caught, true
		}
	}
	return words, found != nil
}

// The most that is kept of what a customer writes, so that a stored
// conversation stays small.
const (
	mostKept   = 1000 // characters of an answer or of a missed message
	mostMissed = 5    // missed messages
	// mostCounted bounds the counters, whatever was stored.
	mostCounted = 1000
)

// kept is a customer's text as it is stored.
func kept(words string) string {
	words = strings.TrimSpace(strings.ToValidUTF8(words, "\uFFFD"))
	for i := range words {
		if i >= mostKept { // at least so many bytes: count characters only now
			if runes := []rune(words); len(runes) > mostKept {
				return strings.TrimSpace(string(runes[:mostKept]))
			}
			return words
		}
	}
	return words
}

func (w *walk) retry() {
	q := w.cur.question
	w.st.Tries++
	if w.st.Tries >= q.tries {
		w.follow(w.cur.events, q.otherwise, ReasonTries)
		return
	}
	if q.retry != nil {
		w.say(w.write(q.retry), w.cur)
		return
	}
	w.say(w.again(w.set.notUnderstood), w.cur)
}

func (w *walk) miss(words string) Rule {
	w.st.Misses++
	missed := append(slices.Clone(w.st.Missed), kept(words))
	w.st.Missed = missed[max(0, len(missed)-mostMissed):]
	if w.st.Misses >= w.set.afterMisses {
		w.follow(w.cur.events, exit{event: eventMisses, to: pseudoHandoff, queue: w.set.queue}, ReasonNotUnderstood)
		return RuleMiss
	}
	w.say(w.again(w.set.notUnderstood), w.cur)
	return RuleMiss
}

// answer gives a common answer and lets the customer go on where they were.
func (w *walk) answer(a *answer) {
	w.understood()
	switch {
	case a.exit != nil:
		if a.say != nil {
			w.say(w.write(a.say), nil)
		}
		w.follow(w.jump(*a.exit), *a.exit, ReasonFlow)
	case w.cur != nil:
		w.say(w.again(a.say), w.cur)
	default:
		w.say(w.write(a.say), nil)
		w.start()
	}
}

// again is a text with the state's question, if it asks one, below.
func (w *walk) again(t *text) string {
	if w.cur.question == nil {
		return w.write(t)
	}
	return w.write(t) + "\n\n" + w.write(w.cur.say)
}
