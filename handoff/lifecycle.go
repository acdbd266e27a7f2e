package handoff

import (
	"context"
	"errors"
	"fmt"

	"github.com/looplab/fsm"
)

// Status says who owns a conversation at the moment.
type Status string

// The life cycle of a conversation.
const (
	Bot      Status = "bot"      // a flow answers; the zero conversation begins here
	Queued   Status = "queued"   // waits for a person; the bot is silent
	Assigned Status = "assigned" // one agent owns it; the bot is silent
	Resolved Status = "resolved" // a person closed it; the customer's next message wakes the bot
)

// Event is what moves a conversation from one Status to the next.
type Event string

// The events of the life cycle.
const (
	Escalate Event = "escalate"  // the bot hands over
	Claim    Event = "claim"     // an agent takes it
	Release  Event = "release"   // the agent puts it back into the queue
	Transfer Event = "transfer"  // it is put into another queue
	Assign   Event = "assign"    // it is given to a colleague
	HandBack Event = "hand_back" // the agent gives it to the bot
	Resolve  Event = "resolve"   // the agent closes it
	Reopen   Event = "reopen"    // the customer writes after it was closed
)

// MoveError says that an event is not possible in a status.
type MoveError struct {
	From  Status
	Event Event
}

func (e *MoveError) Error() string {
	return fmt.Sprintf("a conversation that is %s cannot %s", e.From, e.Event)
}

// lifecycle lists every transition there is. looplab/fsm builds its table from
// it; the drawing in docs/design.md is this table.
func lifecycle() fsm.Events {
	return fsm.Events{
		{Name: string(Escalate), Src: []string{string(Bot)}, Dst: string(Queued)},
		{Name: string(Claim), Src: []string{string(Queued)}, Dst: string(Assigned)},
		{Name: string(Release), Src: []string{string(Assigned)}, Dst: string(Queued)},
		{Name: string(Transfer), Src: []string{string(Queued), string(Assigned)}, Dst: string(Queued)},
		{Name: string(Assign), Src: []string{string(Queued), string(Assigned)}, Dst: string(Assigned)},
		{Name: string(HandBack), Src: []string{string(Queued), string(Assigned)}, Dst: string(Bot)},
		{Name: string(Resolve), Src: []string{string(Queued), string(Assigned)}, Dst: string(Resolved)},
		{Name: string(Reopen), Src: []string{string(Resolved)}, Dst: string(Bot)},
	}
}

// Move returns the status after ev, or a *MoveError. The empty status counts as
// Bot. A machine is built for each move and thrown away: looplab/fsm stays
// wedged for good after a cancelled transition, so none is kept or shared.
func Move(from Status, ev Event) (Status, error) {
	if from == "" {
		from = Bot
	}
	m := fsm.NewFSM(string(from), lifecycle(), nil)
	err := m.Event(context.Background(), string(ev))
	if _, stays := errors.AsType[fsm.NoTransitionError](err); err != nil && !stays {
		return from, &MoveError{From: from, Event: ev}
	}
	return Status(m.Current()), nil
}
