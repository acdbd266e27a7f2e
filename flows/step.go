package flows

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/vm"
)

// Step takes one input and says what follows. It is pure and may be called from
// many goroutines; neither st nor what it holds is changed.
//
// What a customer writes meets, in this order: a choice that was tapped, also one
// of an older message; the words of handoff, back and start_again; what the state
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
	r := Result{State: w.st, Effects: w.effects, Rule: rule, Trail: w.trail}
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
	w.st = State{Vars: w.st.Vars, Language: w.st.Language, Chosen: w.st.Chosen}
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
	switch in := in.(type) {
	case Returned:
		w.reset()
		return w.start()
	case TimedOut:
		return w.silent()
	case Called:
		return w.called(in)
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

// tappedTitle is what a choice that is gone would have been if it were typed.
func tappedTitle(t Tapped) string {
	if strings.TrimSpace(t.Title) != "" {
		return t.Title
	}
	_, title, _ := strings.Cut(t.ID, ":")
	return title
}

func (w *walk) tap(in Tapped) Rule {
	if slices.Contains(w.set.kept, in.ID) { // "keep this chat open": the tap itself did it
		w.understood()
		w.repeat()
		return RuleTap
	}
	t, ok := w.set.taps[in.ID]
	switch {
	case !ok:
		return w.said(tappedTitle(in))
	case t.of == w.cur:
		w.choose(t.choice)
	case t.choice.exit == nil:
		w.answeredAgain(t)
	default:
		w.understood()
		w.returnTo(t.of.Flow)
		jump := *t.choice.exit
		jump.event = "tap:" + t.choice.id
		w.follow(&jump, ReasonChosen)
	}
	return RuleTap
}

// repeat says once more what the customer is asked.
func (w *walk) repeat() {
	if w.cur == nil {
		w.start()
		return
	}
	if w.cur.say != nil {
		w.speak(w.cur.say, w.cur)
	}
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
	switch {
	case slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(w.set.back, f) }):
		w.understood()
		w.follow(&exit{event: eventBack, to: pseudoBack}, ReasonFlow)
		return RuleBack
	case slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(w.set.again, f) }):
		w.understood()
		w.follow(&exit{event: eventAgain, to: pseudoAgain}, ReasonFlow)
		return RuleAgain
	case w.cur.call != nil:
		return w.waiting(h)
	case w.accepted(words):
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
	case slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(w.set.keeping, f) }):
		w.understood()
		w.repeat()
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

// waiting answers who writes while a call is under way: a common question at
// once, all else with a word of patience, once.
func (w *walk) waiting(h heard) Rule {
	if a, _ := w.set.answer(h); a != nil && a.exit == nil {
		w.understood()
		w.speak(a.say, nil)
		return RuleAnswer
	}
	if !w.st.Told {
		w.st.Told = true
		w.say(Say{Text: w.write(w.set.oneMoment)})
	}
	return RuleWait
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
		if to, ok := w.transition(eventBegin, start.name); ok && to == start.name {
			w.come(start)
			w.assign(start.set)
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

// choose takes a choice of the state in which the customer is.
func (w *walk) choose(c *choice) {
	w.understood()
	if c.exit != nil {
		w.follow(c.exit, ReasonChosen)
		return
	}
	w.answered(c.value)
}

func (w *walk) sent(in Sent) Rule {
	switch {
	case w.cur == nil && strings.TrimSpace(in.Text) != "":
		return w.said(in.Text)
	case w.cur == nil:
		return w.start()
	case w.cur.call != nil:
		return w.waiting(heard{})
	}
	if q := w.cur.question; q != nil {
		if v, ok := q.file(in); ok {
			w.answered(v)
			return RuleAsk
		}
	}
	if strings.TrimSpace(in.Text) != "" { // the words under a picture may say what is meant
		return w.said(in.Text)
	}
	if w.cur.question != nil && w.cur.question.sends() {
		w.retry()
		return RuleRetry
	}
	return w.miss("(" + in.Kind + ")")
}

// asked hands over because the customer wants a person.
func (w *walk) asked() {
	w.follow(&exit{event: eventHandoff, to: pseudoHandoff, queue: w.set.queue}, ReasonAsked)
}

func (w *walk) start() Rule {
	w.follow(&exit{event: eventBegin, to: w.set.start.name}, ReasonFlow)
	return RuleStart
}

// accepted takes the answer to the state's question, if it is one.
func (w *walk) accepted(words string) bool {
	q := w.cur.question
	if q == nil {
		return false
	}
	v, ok := q.answer(tidy(words), w)
	if ok {
		w.answered(v)
	}
	return ok
}

// answered keeps the answer to the state's question and goes on.
func (w *walk) answered(v any) {
	w.understood()
	if name := w.cur.question.variable; name != languageVariable {
		w.keep(name, v)
	} else if tag, ok := v.(string); ok {
		w.st.Language, w.st.Chosen, w.values = tag, true, nil
	}
	w.follow(w.cur.way(w), ReasonFlow)
}

// answeredAgain takes a choice under a question that was asked before. It answers
// that question, whatever the customer is asked now, and leads on from there.
func (w *walk) answeredAgain(t tap) {
	to, ok := w.transition("tap:"+t.choice.id, t.of.name)
	if !ok {
		w.repeat()
		return
	}
	w.come(w.arrive(&exit{to: to}, to))
	w.left = t.of
	w.answered(t.choice.value)
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

// kept is a customer's text as it is stored.
func kept(words string) string { return cut(tidy(words), longestAnswer) }

// tidy is a customer's text as it is looked at.
func tidy(words string) string {
	words = strings.TrimSpace(words)
	if !utf8.ValidString(words) {
		words = strings.ToValidUTF8(words, "\uFFFD")
	}
	return words
}

func (w *walk) retry() {
	q := w.cur.question
	w.st.Tries++
	if w.st.Tries >= q.tries {
		w.follow(q.otherwise, ReasonTries)
		return
	}
	if q.retry != nil {
		w.under(Say{Text: w.write(q.retry)}, w.cur)
		return
	}
	w.again(&content{text: w.set.notUnder})
}

func (w *walk) miss(words string) Rule {
	w.st.Misses++
	missed := append(slices.Clone(w.st.Missed), kept(words))
	w.st.Missed = missed[max(0, len(missed)-mostMissed):]
	if w.st.Misses >= w.set.afterMisses {
		w.follow(&exit{event: eventMisses, to: pseudoHandoff, queue: w.set.queue}, ReasonNotUnderstood)
		return RuleMiss
	}
	w.again(&content{text: w.set.notUnder})
	return RuleMiss
}

// answer gives a common answer and lets the customer go on where they were.
func (w *walk) answer(a *answer) {
	w.understood()
	switch {
	case a.exit != nil:
		if a.say != nil {
			w.speak(a.say, nil)
			w.told = true
		}
		w.follow(a.exit, ReasonFlow)
	case w.cur != nil:
		w.again(a.say)
	default:
		w.speak(a.say, nil)
		w.start()
	}
}

// again says something with the state's question, if it asks one, below. Under a
// template nothing can stand, so what is asked follows it.
func (w *walk) again(c *content) {
	say := w.compose(c)
	if say.Template != nil {
		w.say(say)
		w.repeat()
		return
	}
	if w.cur.question != nil && w.cur.say.text != nil {
		say.Text = strings.TrimSpace(say.Text + "\n\n" + w.write(w.cur.say.text))
	}
	w.under(say, w.cur)
}
