package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"frontdesk/handoff"
)

// ErrNoQueue says that the flow file has no queue of a name.
var ErrNoQueue = errors.New("there is no such queue")

// Queues are the names of the queues that a conversation may be transferred to, sorted.
func (e *Engine) Queues() []string {
	return slices.Sorted(maps.Keys(e.current.Load().queues))
}

// Transfer puts the conversation into another queue, with that queue's times, where
// it waits for whoever takes it. Note is for them; it may be empty. A waiting one
// may be transferred by anybody, a claimed one by its owner. Errors: ErrNoQueue,
// handoff.ErrSameQueue, handoff.ErrResolved, *handoff.TakenError.
func (e *Engine) Transfer(ctx context.Context, conversation, agent, queue, note string) error {
	return e.act(ctx, conversation, "", transfer(agent, queue, strings.TrimSpace(note)))
}

func transfer(agent, queue, note string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		q, known := r.current.queues[queue]
		if !known {
			return nil, ErrNoQueue
		}
		ticket, err := s.Ticket.Transfer(agent, queue, note)
		if err != nil {
			return nil, err
		}
		d := change(s, r, now)
		d.ticket = ticket
		d.deadlines()
		d.ticket.PromisedBy = promised(q, now)
		return owned(s, handoff.Transfer, d.ticket, with(agent+" passed the conversation to "+queue, note), r, now)
	}
}

// Assign gives the conversation to a colleague, who must exist; the caller knows who
// does. Note is for them; it may be empty. Who may do so, and the errors, are those
// of Transfer but for queues.
func (e *Engine) Assign(ctx context.Context, conversation, agent, colleague, note string) error {
	return e.act(ctx, conversation, "", assign(agent, colleague, strings.TrimSpace(note)))
}

func assign(agent, colleague, note string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Assign(agent, colleague, note, now)
		if err != nil || ticket.Agent == s.Ticket.Agent {
			return nil, err
		}
		return owned(s, handoff.Assign, ticket, with(agent+" gave the conversation to "+colleague, note), r, now)
	}
}

// with is a line of the transcript with what somebody wrote about it.
func with(line, note string) string {
	if note == "" {
		return line
	}
	return line + ": " + note
}
