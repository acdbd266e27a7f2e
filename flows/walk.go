package flows

import (
	"slices"

	"github.com/looplab/fsm"
)

// mostHops is how many transitions one step may make by itself. The check
// refuses flows that could go round without an end; this is for what it missed.
const mostHops = 100

// follow takes a way out and whatever follows by itself, until the customer is
// waited for, a person is asked for or the flow is over.
func (w *walk) follow(events []fsm.EventDesc, e exit, reason Reason) {
	spoken := len(w.effects) > 0 // by a common answer that leads on
	for {
		to, ok := w.transition(events, e.event)
		if !ok || w.hops > mostHops {
			w.escalate(Escalate{Queue: w.set.queue, Reason: ReasonLoop}, false)
			return
		}
		switch to {
		case pseudoHandoff:
			w.handOver(e, reason, spoken)
			return
		case pseudoEnd:
			w.effects = append(w.effects, End{})
			w.reset()
			return
		}
		w.enter(w.set.byName[to])
		spoken = w.cur.say != nil
		if w.cur.waits() {
			return
		}
		events, reason = w.cur.events, ReasonFlow
		e = exit{event: eventEnd, to: pseudoEnd}
		if w.cur.next != nil {
			e = *w.cur.next
		}
	}
}

// transition makes one transition and writes it down.
func (w *walk) transition(events []fsm.EventDesc, event string) (to string, ok bool) {
	w.hops++
	to, ok = turn(w.at, events, event)
	if !ok {
		return "", false
	}
	w.trail = append(w.trail, w.at+" -"+event+"-> "+to)
	return to, true
}

// enter is what happens on coming into a state, also when it is the same again.
func (w *walk) enter(s *state) {
	w.come(s)
	if s.say != nil {
		w.say(w.write(s.say), s)
	}
}

// come stands in a state without a word.
func (w *walk) come(s *state) {
	if w.st.Version == "" {
		w.st.Version = w.set.Version
	}
	w.cur, w.at = s, s.name
	w.st.Flow, w.st.Node, w.st.Tries = s.flow, s.node, 0
}

func (w *walk) handOver(e exit, reason Reason, spoken bool) {
	ask := Escalate{Queue: e.queue, Reason: reason}
	if e.note != nil {
		ask.Note = w.write(e.note)
	}
	if reason == ReasonNotUnderstood {
		ask.Words = w.st.Missed
	}
	w.escalate(ask, spoken)
}

// escalate asks for a person, and tells the customer unless that has been done.
func (w *walk) escalate(ask Escalate, spoken bool) {
	if !spoken {
		w.say(w.write(w.set.handoffSay), nil)
	}
	w.effects = append(w.effects, ask)
	w.reset()
}

// say sends a text, with the choices of a state under it.
func (w *walk) say(words string, under *state) {
	s := Say{Text: words}
	if under != nil {
		s.Choices = slices.Clone(under.sent)
	}
	w.effects = append(w.effects, s)
}

func (w *walk) write(t *text) string {
	return t.write(func() values {
		if w.values == nil {
			w.values = newValues(w.set.Business, w.env, w.st.Vars)
		}
		return w.values
	})
}
