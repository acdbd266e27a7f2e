package flows

import (
	"context"
	"errors"

	"github.com/looplab/fsm"
)

// edges gives the events of a state: each way out is one transition of a
// looplab/fsm machine, and being asked for a person is one of every state that
// waits. They are made once, at load.
func edges(s *state) []fsm.EventDesc {
	var events []fsm.EventDesc
	add := func(event, to string) {
		events = append(events, fsm.EventDesc{Name: event, Src: []string{s.name}, Dst: to})
	}
	for _, c := range s.choices {
		add(c.exit.event, c.exit.to)
	}
	if s.question != nil {
		add(s.question.otherwise.event, s.question.otherwise.to)
	}
	if s.next != nil {
		add(s.next.event, s.next.to)
	}
	if s.end {
		add(eventEnd, pseudoEnd)
	}
	if s.waits() {
		add(eventHandoff, pseudoHandoff)
		add(eventMisses, pseudoHandoff)
	}
	return events
}

// turn lets a machine with the given events make one transition and gives the
// state it comes to. The machine is built for it and thrown away: one that is
// kept can be wedged for good, and building the few edges of one state is
// cheaper than any care. It has no callbacks, as their keys are prefixes of
// names that flow authors choose.
func turn(at string, events []fsm.EventDesc, event string) (string, bool) {
	m := fsm.NewFSM(at, events, nil)
	err := m.Event(context.Background(), event)
	if _, same := errors.AsType[fsm.NoTransitionError](err); err != nil && !same {
		return at, false
	}
	return m.Current(), true
}

// beginnings are the ways out of where nothing has begun.
func beginnings(start string) []fsm.EventDesc {
	return []fsm.EventDesc{
		{Name: eventBegin, Src: []string{pseudoStart}, Dst: start},
		{Name: eventHandoff, Src: []string{pseudoStart}, Dst: pseudoHandoff},
	}
}
