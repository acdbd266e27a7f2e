package handoff

import (
	"errors"
	"fmt"
	"time"
)

// Errors of the ticket's rules. They are answers for the person at the page, not faults.
var (
	// ErrResolved says that the ticket was closed before.
	ErrResolved = errors.New("the ticket is resolved already")
	// ErrNotClaimed says that a ticket must be claimed before it is answered.
	ErrNotClaimed = errors.New("claim the ticket first")
)

// TakenError says that another agent owns the ticket.
type TakenError struct{ Agent string }

func (e *TakenError) Error() string { return fmt.Sprintf("%s has this conversation", e.Agent) }

// Ticket is one handover of a conversation to people: from the escalation until
// it is resolved or given back to the bot. Its zero value is no ticket.
type Ticket struct {
	ID           string        // ours
	Conversation string        // the conversation's id
	Queue        string        // a queue of the flow file
	Reason       string        // why the bot gave up; a flows.Reason
	Note         string        // what the flow's author wrote for the agent; may be empty
	Words        []string      // what the customer said and the bot did not understand, oldest first
	OpenedAt     time.Time     // UTC
	PromisedBy   time.Time     // first reply promised by the queue; zero: no promise
	WindowCloses time.Time     // until when the platform lets us answer; zero: for ever
	AnswerBy     time.Time     // the effective deadline: when a person of its queue must have answered; zero: none
	Handling     time.Duration // how long such a one is expected to take a person
	Weight       int           // how bad it is to miss its window: 0 as bad as a broken promise, to 3; more counts as 3
	Labels       []string      // what people call it, sorted, in small letters; see ParseLabel
	Priority     Priority      // what people gave it
	Place        Place         // where it stands in line; see Stand
	Agent        string        // who owns it; empty while it waits
	ClaimedAt    time.Time     // zero while it waits
	FirstReplyAt time.Time     // the first answer by a person; zero: none yet
	ClosedAt     time.Time     // resolved or handed back; zero while open
	Asleep       bool          // snoozed: it stands in no line until WakeAt, or until the customer writes
	WakeAt       time.Time     // while Asleep; zero: only the customer wakes it
}

// Open reports whether t is a ticket that still needs a person.
func (t Ticket) Open() bool { return t.ID != "" && t.ClosedAt.IsZero() }

// Deadline is the moment until which a person must have answered: the promise
// of the queue while nobody has answered yet, or the close of the window,
// whichever is earlier. Zero means there is none.
func (t Ticket) Deadline() time.Time {
	d := t.WindowCloses
	if t.FirstReplyAt.IsZero() && !t.PromisedBy.IsZero() && (d.IsZero() || t.PromisedBy.Before(d)) {
		d = t.PromisedBy
	}
	return d
}

// Claim gives the ticket to agent. It returns *TakenError when somebody else has
// it and ErrResolved when it is closed; claiming one's own ticket again is no error.
func (t Ticket) Claim(agent string, now time.Time) (Ticket, error) {
	switch {
	case !t.Open():
		return t, ErrResolved
	case t.Agent == agent:
		return t, nil
	case t.Agent != "":
		return t, &TakenError{Agent: t.Agent}
	}
	t.Agent, t.ClaimedAt = agent, now
	return t.Wake(), nil
}

// Release puts the agent's own ticket back into its queue.
func (t Ticket) Release(agent string) (Ticket, error) {
	if err := t.own(agent); err != nil {
		return t, err
	}
	t.Agent, t.ClaimedAt = "", time.Time{}
	return t.Wake(), nil
}

// Reply records an answer by agent, who must own the ticket.
func (t Ticket) Reply(agent string, now time.Time) (Ticket, error) {
	if err := t.own(agent); err != nil {
		return t, err
	}
	if t.FirstReplyAt.IsZero() {
		t.FirstReplyAt = now
	}
	return t.Wake(), nil
}

// Close ends the ticket. A waiting one may be closed by anybody, a claimed one by its owner.
func (t Ticket) Close(agent string, now time.Time) (Ticket, error) {
	if err := t.movable(agent); err != nil {
		return t, err
	}
	t.ClosedAt = now
	return t.Wake(), nil
}

func (t Ticket) own(agent string) error {
	switch {
	case !t.Open():
		return ErrResolved
	case t.Agent == "":
		return ErrNotClaimed
	case t.Agent != agent:
		return &TakenError{Agent: t.Agent}
	}
	return nil
}
