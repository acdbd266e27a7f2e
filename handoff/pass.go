package handoff

import (
	"errors"
	"time"
)

// ErrSameQueue says that a ticket waits in the queue already that it is passed to.
var ErrSameQueue = errors.New("the conversation waits in this queue already")

// Transfer puts the ticket into another queue, where it waits unclaimed; its owner
// may do so, or anybody while it waits. What its people promised and answered says
// nothing of the others, so that goes; the caller sets the times of the new queue.
// A note takes the place of the one that the ticket has; empty: that stays.
func (t Ticket) Transfer(agent, queue, note string) (Ticket, error) {
	if err := t.movable(agent); err != nil {
		return t, err
	}
	if t.Agent == "" && t.Queue == queue {
		return t, ErrSameQueue
	}
	t.Queue, t.Agent, t.ClaimedAt = queue, "", time.Time{}
	t.PromisedBy, t.FirstReplyAt = time.Time{}, time.Time{}
	return t.noted(note).Wake(), nil
}

// Assign gives the ticket to a colleague; its owner may do so, or anybody while it
// waits. Giving it to its owner changes nothing. The note is as with Transfer.
func (t Ticket) Assign(agent, colleague, note string, now time.Time) (Ticket, error) {
	if err := t.movable(agent); err != nil || t.Agent == colleague {
		return t, err
	}
	t.Agent, t.ClaimedAt = colleague, now
	return t.noted(note).Wake(), nil
}

// movable says why agent may not pass the ticket on; nil: they may.
func (t Ticket) movable(agent string) error {
	if err := t.own(agent); !errors.Is(err, ErrNotClaimed) {
		return err
	}
	return nil
}

func (t Ticket) noted(note string) Ticket {
	if note != "" {
		t.Note = note
	}
	return t
}
