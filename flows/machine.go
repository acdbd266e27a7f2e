package flows

import (
	"context"
	"errors"
	"sync"

	"github.com/looplab/fsm"
)

// machine makes the transitions of one state. Each way out is one transition of
// a looplab/fsm machine, and being asked for a person is one of every state in
// which the customer is waited for.
//
// Machines are lent from a pool, put into the state and taken back: building one
// for every transition would cost more than all else in a step. They have no
// callbacks, as their keys are prefixes of names that flow authors choose, and
// never see a context that ends: that would wedge one for good.
type machine struct {
	at   string
	lent sync.Pool
}

func newMachine(at string, events []fsm.EventDesc) *machine {
	return &machine{at: at, lent: sync.Pool{New: func() any { return fsm.NewFSM(at, events, nil) }}}
}

// turn makes one transition and gives the state it comes to; false when there is
// no such event.
func (m *machine) turn(event string) (string, bool) {
	f, ok := m.lent.Get().(*fsm.FSM)
	if !ok {
		return m.at, false
	}
	f.SetState(m.at)
	to, ok := fire(f, event)
	m.lent.Put(f)
	return to, ok
}

// leap makes a transition that a state has only now: a choice of an older
// message, the way back, a common answer that leads somewhere. The machine is
// kept, as the state that is left does not matter to it: there are no more of
// them than there are choices and answers.
func (s *Set) leap(event, to string) (string, bool) {
	of := jump{event, to}
	m, ok := s.leaps.Load(of)
	if !ok {
		m, _ = s.leaps.LoadOrStore(of, newMachine(anywhere, []fsm.EventDesc{{Name: event, Src: []string{anywhere}, Dst: to}}))
	}
	got, _ := m.(*machine)
	return got.turn(event)
}

// jump is what a leap is known by.
type jump struct{ event, to string }

// anywhere is what a leap leaves; no state has the name.
const anywhere = "anywhere"

func fire(f *fsm.FSM, event string) (string, bool) {
	err := f.Event(context.Background(), event)
	if err != nil {
		if _, same := errors.AsType[fsm.NoTransitionError](err); !same {
			return "", false
		}
	}
	return f.Current(), true
}

// edges gives the events of a state. Where a flow returns to is known only when
// it does, so that event leads to a pseudo-state.
func edges(s *state) []fsm.EventDesc {
	var events []fsm.EventDesc
	add := func(event, to string) {
		events = append(events, fsm.EventDesc{Name: event, Src: []string{s.name}, Dst: to})
	}
	for _, e := range s.exits {
		add(e.event, e.to)
	}
	if s.waits() {
		add(eventHandoff, pseudoHandoff)
		add(eventAgain, pseudoAgain)
		add(eventBack, pseudoBack)
	}
	if s.hears() {
		add(eventMisses, pseudoHandoff)
		if s.timeout == nil {
			add(eventSilence, pseudoEnd)
		}
	}
	return events
}

// beginnings are the ways out of where nothing has begun.
func beginnings(start string) []fsm.EventDesc {
	return []fsm.EventDesc{
		{Name: eventBegin, Src: []string{pseudoStart}, Dst: start},
		{Name: eventHandoff, Src: []string{pseudoStart}, Dst: pseudoHandoff},
	}
}
