package bot

import (
	"sync/atomic"

	"frontdesk/handoff"
)

// StepStats counts customers' messages by what the bot did about them.
type StepStats struct {
	Answered      atomic.Int64 // it says something
	NotUnderstood atomic.Int64 // and it is that it did not understand
	Escalated     atomic.Int64 // a person was asked for
	Waiting       atomic.Int64 // the answer comes later: more texts may follow, or a call is under way
	Silent        atomic.Int64 // there is nothing to say
	People        atomic.Int64 // people own the conversation, or the message needs no answer
}

// of is the count of one decision about a customer's message, by the
// conversation before and the change.
func (s *StepStats) of(before Conversation, c Change) *atomic.Int64 {
	after := c.Conversation
	switch {
	case c.opened():
		return &s.Escalated
	case after.Status != handoff.Bot || quietly(c):
		return &s.People
	case after.Flow.Misses > before.Flow.Misses || after.Flow.Tries > before.Flow.Tries:
		return &s.NotUnderstood
	case len(c.Deliveries) > 0:
		return &s.Answered
	case after.Call != nil || len(after.Gathered) > 0:
		return &s.Waiting
	default:
		return &s.Silent
	}
}

// opened reports whether the change opens a ticket.
func (c Change) opened() bool {
	return c.Ticket != nil && c.Ticket.OpenedAt.Equal(c.Conversation.UpdatedAt)
}

// quietly reports whether the customer sent nothing that is answered.
func quietly(c Change) bool {
	for _, m := range c.Messages {
		if m.Incoming() && !m.Kind.Quiet() {
			return false
		}
	}
	return true
}
