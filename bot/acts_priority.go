package bot

import (
	"context"
	"time"

	"frontdesk/handoff"
)

// Prefer gives the conversation's ticket a priority, which moves it in line as
// handoff.Ticket.Stand says. Who may do so, and the errors, are those of Transfer but
// for queues.
func (e *Engine) Prefer(ctx context.Context, conversation, agent string, p handoff.Priority) error {
	return e.act(ctx, conversation, "", prefer(agent, p))
}

func prefer(agent string, p handoff.Priority) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Prefer(agent, p)
		if err != nil || ticket.Priority == s.Ticket.Priority {
			return nil, err
		}
		return kept(s, ticket, "priority", agent, agent+" set the priority to "+p.String(), r, now), nil
	}
}
