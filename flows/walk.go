package flows

import (
	"slices"
	"strings"

	"frontdesk/flows/carry"
)

// mostHops is how many transitions one step may make by itself. The check
// refuses flows that could go round without an end; this is for what it missed.
const mostHops = 100

// follow takes a way out and whatever follows by itself, until something is
// waited for, a person is asked for or the flow is over.
func (w *walk) follow(e *exit, reason Reason) {
	for {
		if w.stepsAside(e) {
			w.stepAside(e)
			return
		}
		to, ok := w.transition(e.event, e.to)
		if !ok || w.hops > mostHops {
			w.told = false
			w.escalate(Escalate{Queue: w.set.queue, Reason: ReasonLoop})
			return
		}
		if e.say != nil {
			w.speak(e.say, nil)
			w.told = true
		}
		next := w.arrive(e, to)
		switch to {
		case pseudoHandoff:
			w.handOver(e, reason)
			return
		case pseudoEnd:
			w.effects = append(w.effects, End{})
			w.reset()
			return
		}
		w.enter(next)
		if w.cur.waits() {
			return
		}
		reason = ReasonFlow
		if e = w.cur.way(w); e == nil {
			e = &exit{event: eventEnd, to: pseudoEnd}
		}
	}
}

// transition makes one transition and writes it down. A state that has no such
// way out makes it for this once.
func (w *walk) transition(event, to string) (string, bool) {
	w.hops++
	m := w.set.begin
	if w.cur != nil {
		m = w.cur.machine
	}
	got, ok := m.turn(event)
	if !ok {
		if got, ok = w.set.leap(event, to); !ok {
			return "", false
		}
	}
	w.trail = append(w.trail, w.at+" -"+event+"-> "+got)
	return got, true
}

// arrive finds the state that a transition leads to, and keeps the books of
// where to return to and where the customer came from.
func (w *walk) arrive(e *exit, to string) *state {
	switch to {
	case pseudoHandoff, pseudoEnd:
		return nil
	case pseudoReturn:
		return w.pop()
	case pseudoBack:
		return w.before()
	case pseudoAgain:
		w.st.Stack, w.st.Trace, w.left = nil, nil, nil
		return w.set.start
	}
	next := w.set.byName[to]
	from := w.st.Flow
	switch {
	case next.Flow == from:
	case e.calls:
		w.push(e, next)
	default:
		w.returnTo(next.Flow)
	}
	return next
}

// returnTo is what a jump into another flow does to the calls: those that the flow
// has made are over, and one that is not active was left for good, with all that
// called it.
func (w *walk) returnTo(flow string) {
	if flow != w.st.Flow {
		w.st.Stack, w.st.Flow = w.callers(flow), flow
	}
}

// push notes where a flow returns to that is called now. A flow that is being
// called already is left first, with all it called: calls do not pile up.
func (w *walk) push(e *exit, next *state) {
	then := w.set.start.Place
	if e.then != "" {
		then = w.set.byName[e.then].Place
	} else if w.cur != nil {
		then = w.cur.Place
	}
	stack := w.st.Stack
	for i := range stack {
		if w.active(i) == next.Flow {
			stack = stack[:i]
			break
		}
	}
	w.st.Stack = append(slices.Clone(stack), then)
}

// active is the flow that the i-th call of the stack is in: the one to which the
// call above it returns, or the current one.
func (w *walk) active(i int) string {
	if i+1 < len(w.st.Stack) {
		return w.st.Stack[i+1].Flow
	}
	return w.st.Flow
}

// pop is where a flow returns to: the state that its call names, or the
// beginning when nothing called it. No way leads back into what is over, as it
// would return to nobody.
func (w *walk) pop() *state {
	trace := w.st.Trace
	for len(trace) > 0 && trace[len(trace)-1].Flow == w.st.Flow {
		trace = trace[:len(trace)-1]
	}
	w.st.Trace = slices.Clone(trace)
	if w.left != nil && w.left.Flow == w.st.Flow {
		w.left = nil
	}
	n := len(w.st.Stack)
	if n == 0 {
		return w.set.start
	}
	then := w.set.states[w.st.Stack[n-1]]
	w.st.Stack = slices.Clone(w.st.Stack[:n-1])
	if then == nil { // of another version
		return w.set.start
	}
	return then
}

// before is the state in which the customer was waited for before this one.
func (w *walk) before() *state {
	n := len(w.st.Trace)
	w.left = nil // it is not left forwards
	if n == 0 {
		w.st.Stack = nil
		return w.set.start
	}
	to := w.set.states[w.st.Trace[n-1]]
	w.st.Trace = slices.Clone(w.st.Trace[:n-1])
	if to == nil {
		w.st.Stack = nil
		return w.set.start
	}
	if to.Flow != w.st.Flow {
		w.st.Stack = w.callers(to.Flow)
	}
	return to
}

// callers is the stack of a flow that is active below the current one.
func (w *walk) callers(flow string) []Place {
	for i := range w.st.Stack {
		if w.st.Stack[i].Flow == flow {
			return slices.Clone(w.st.Stack[:i])
		}
	}
	return nil
}

// enter is what happens on coming into a state, also when it is the same again.
func (w *walk) enter(s *state) {
	w.come(s)
	w.assign(s.set)
	if w.told = s.say != nil; w.told {
		w.speak(s.say, s)
	}
	if s.call != nil {
		w.effects = append(w.effects, s.call.request(w))
	}
}

// come stands in a state without a word.
func (w *walk) come(s *state) {
	if w.st.Version == "" {
		w.st.Version = w.set.Version
	}
	if s.waits() {
		w.traced(s)
	}
	w.cur, w.at = s, s.name
	w.st.Flow, w.st.Node, w.st.Tries, w.st.Told = s.Flow, s.Node, 0, false
}

// traced notes the state that the customer leaves for s, for the way back. Who
// comes to where they were before has gone back to it.
func (w *walk) traced(s *state) {
	trace := w.st.Trace
	if i := slices.Index(trace, s.Place); i >= 0 {
		w.st.Trace = slices.Clone(trace[:i])
		return
	}
	if last := w.left; last != nil && last != s {
		trace = append(slices.Clone(trace), last.Place)
		w.st.Trace = trace[max(0, len(trace)-mostTraced):]
	}
}

func (w *walk) handOver(e *exit, reason Reason) {
	ask := Escalate{Queue: e.queue, Reason: reason}
	if e.note != nil {
		ask.Note = w.write(e.note)
	}
	if reason == ReasonNotUnderstood {
		ask.Words = w.st.Missed
	}
	w.escalate(ask)
}

// escalate asks for a person, and tells the customer unless that has been done.
// That nobody will be there is told whatever else was said, but not twice.
func (w *walk) escalate(ask Escalate) {
	alone := w.alone(ask.Queue)
	switch {
	case alone && (!w.told || !w.st.Aside):
		w.say(w.away())
	case !w.told:
		w.say(Say{Text: w.write(w.set.handoffSay)})
	}
	if alone {
		ask.Note = strings.TrimSpace(ask.Note + "\n" + nobodyNote)
	}
	w.effects = append(w.effects, ask)
	w.reset()
	w.st.Aside = false
}

// speak says a content, with the choices of a state under it.
func (w *walk) speak(c *content, under *state) { w.under(w.compose(c), under) }

func (w *walk) under(s Say, under *state) {
	if under != nil {
		if under.sent != nil {
			s.Choices = slices.Clone(under.sent[w.tongue()])
		}
		if under.question != nil && under.question.kind == typeLocation {
			s.Wants = carry.WantsLocation
		}
	}
	w.say(s)
}

func (w *walk) say(s Say) { w.effects = append(w.effects, s) }

// compose renders a content.
func (w *walk) compose(c *content) Say {
	s := Say{Apart: c.apart}
	if c.text != nil {
		s.Text = w.write(c.text)
	}
	if c.url != nil {
		s.Media = &carry.Media{Kind: c.kind, URL: w.address(c.url)}
		if c.filename != nil {
			s.Media.Filename = w.write(c.filename)
		}
	}
	if c.template != nil {
		s.Template = &carry.Template{Name: c.template.name, Language: c.template.language, Category: c.template.category}
		if s.Template.Language == "" {
			s.Template.Language = strings.ReplaceAll(w.set.Languages[w.tongue()], "-", "_") // as WhatsApp writes it
		}
		for _, p := range c.template.params {
			s.Template.Params = append(s.Template.Params, w.write(p))
		}
	}
	return s
}
