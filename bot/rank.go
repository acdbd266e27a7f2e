package bot

import (
	"context"
	"errors"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// Rank puts the conversation's ticket behind those that can be met, or calls it
// back, as a planner wants it. When it was meanwhile taken, snoozed or closed, stands there
// already, or cannot be met any more, nothing happens.
func (e *Engine) Rank(ctx context.Context, conversation string, behind bool) error {
	err := e.act(ctx, conversation, "", rank(behind))
	if errors.Is(err, ErrNotFound) {
		return nil // it was erased
	}
	return err
}

func rank(behind bool) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		t := s.Ticket
		if !t.Open() || t.Asleep || (t.Place.Class == handoff.Behind) == behind {
			return nil, nil
		}
		place := t.CallBack(now)
		if behind {
			place = t.PutBehind(now)
		}
		if (place.Class == handoff.Behind) != behind {
			return nil, nil // somebody has it, it is lost, or has waited for as long as anybody may
		}
		d := change(s, r, now)
		t.Place, d.Conversation.RankAt = place, place.Next
		d.ticket, d.Ticket = t, &t
		return []Change{d.Change}, nil
	}
}

// Took tells how long a conversation takes the people of each queue, as it was
// measured: new tickets are reckoned with it. Queues that are missing go by the
// flow file.
func (e *Engine) Took(handling map[string]time.Duration) { e.took.Store(&handling) }

// handling is how long a conversation of a queue takes a person.
func (r rules) handling(q flows.Queue) time.Duration {
	if r.took != nil && (*r.took)[q.Name] > 0 {
		return (*r.took)[q.Name]
	}
	return q.Handling
}
