package bot

import (
	"context"
	"time"

	"frontdesk/handoff"
)

// Snooze puts the conversation aside until a moment, and until the customer writes
// in any case; with the zero moment only that ends it. Its place in line is kept
// for when it comes back, by itself. Errors: handoff.ErrPast,
// *handoff.DeadlineError unless sure, and those of Transfer but for queues.
func (e *Engine) Snooze(ctx context.Context, conversation, agent string, until time.Time, sure bool) error {
	return e.act(ctx, conversation, "", snooze(agent, until, sure))
}

func snooze(agent string, until time.Time, sure bool) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		answered := !s.Conversation.RepliedAt.IsZero()
		ticket, err := s.Ticket.Snooze(agent, until.UTC(), now, answered, sure)
		if err != nil {
			return nil, err
		}
		line := agent + " snoozed the conversation until the customer writes"
		if !until.IsZero() {
			line = agent + " snoozed the conversation until " + until.UTC().Format("Mon 2 Jan 15:04 MST")
		}
		return kept(s, ticket, "snooze", agent, line, r, now), nil
	}
}

// Unsnooze takes the conversation back before its time. Errors: those of Snooze.
func (e *Engine) Unsnooze(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		if _, err := s.Ticket.Close(agent, now); err != nil || !s.Ticket.Asleep { // who may close it may wake it
			return nil, err
		}
		return kept(s, s.Ticket.Wake(), "unsnooze", agent, agent+" took the conversation back from snoozing", r, now), nil
	})
}

// kept is a change of the ticket that leaves its owner.
func kept(s Snapshot, t handoff.Ticket, code, agent, line string, r rules, now time.Time) []Change {
	d := change(s, r, now)
	d.ticket = t
	d.keepTicket()
	d.note(code, agent, line)
	return []Change{d.Change}
}

// rouse ends a snooze.
func (d *draft) rouse(why string) {
	d.ticket = d.ticket.Wake()
	d.keepTicket()
	d.note("awake", "", why)
}

// Opens is when people of a queue are there first from a moment on; that moment
// itself where the flow file says nothing of their hours, or does not know the queue.
func (e *Engine) Opens(queue string, from time.Time) time.Time {
	if at, ok := e.current.Load().queues[queue].Hours.Opens(from); ok {
		return at
	}
	return from
}
