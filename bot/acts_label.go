package bot

import (
	"context"
	"slices"
	"time"

	"frontdesk/handoff"
)

// Label puts a label on the conversation, or takes it off. It stays for all of the
// conversation's tickets to come. Errors: handoff.ErrLabel, handoff.ErrLabels, and
// those of Transfer but for queues.
func (e *Engine) Label(ctx context.Context, conversation, agent, typed string, on bool) error {
	name, err := handoff.ParseLabel(typed)
	if err != nil {
		return err
	}
	return e.act(ctx, conversation, "", label(agent, name, on))
}

func label(agent, name string, on bool) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Label(agent, name, on)
		if err != nil || slices.Equal(ticket.Labels, s.Ticket.Labels) {
			return nil, err
		}
		line := agent + " added the label " + name
		if !on {
			line = agent + " took off the label " + name
		}
		changes := kept(s, ticket, "label", agent, line, r, now)
		changes[0].Conversation.Labels = ticket.Labels
		return changes, nil
	}
}
