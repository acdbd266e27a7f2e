package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// ErrEmptyReply is returned when an agent sends nothing.
var ErrEmptyReply = errors.New("the reply is empty")

// ErrChannelOff is returned when something is to be sent on a channel that is
// switched off: without its secrets its limits are not known either.
var ErrChannelOff = errors.New("the channel is switched off")

// act is a decision of a person about a conversation: the changes in their
// order, or none when there is nothing to change.
type act func(s Snapshot, r rules, now time.Time) ([]Change, error)

func claim(agent string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Claim(agent, now)
		if err != nil || ticket.Agent == s.Ticket.Agent {
			return nil, err
		}
		return owned(s, handoff.Claim, ticket, agent+" took the conversation", r, now)
	}
}

func release(agent string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Release(agent)
		if err != nil {
			return nil, err
		}
		return owned(s, handoff.Release, ticket, agent+" put the conversation back into the queue", r, now)
	}
}

func resolve(agent string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Close(agent, now)
		if err != nil {
			return nil, err
		}
		return owned(s, handoff.Resolve, ticket, agent+" resolved the conversation", r, now)
	}
}

// handBack closes the ticket, and in a change of its own lets the flow begin
// anew, as that may well open the next ticket.
func handBack(agent string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		ticket, err := s.Ticket.Close(agent, now)
		if err != nil {
			return nil, err
		}
		if r.off {
			return nil, ErrChannelOff
		}
		changes, err := owned(s, handoff.HandBack, ticket, agent+" gave the conversation back to the bot", r, now)
		if err != nil || s.Conversation.shut(r.limits, now) {
			return changes, err
		}
		d := change(s.advance(changes[0]), r, now)
		d.skip()
		d.step(flows.Returned{})
		return append(changes, d.Change), nil
	}
}

// reply sends an agent's own words. The event makes pressing Send twice harmless.
func reply(agent, text, event string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		text := strings.TrimSpace(text)
		if text == "" {
			return nil, ErrEmptyReply
		}
		ticket, err := s.Ticket.Reply(agent, now)
		if err != nil {
			return nil, err
		}
		if r.off {
			return nil, ErrChannelOff
		}
		if _, open := s.Conversation.Allow(r.limits.Window, window.Human, now); !open {
			return nil, ErrWindowClosed
		}
		d := change(s, r, now)
		d.Event = event
		d.ticket, d.Conversation.RepliedAt = ticket, now
		d.keepTicket()
		d.plan(r.current)
		d.send(Hand{wroteIt: agent}, plain(text, r.limits))
		return []Change{d.Change}, nil
	}
}

// owned is a change of owner: the life cycle moves, the ticket is kept, the
// transcript says so, and whatever the bot had not sent is stale from here on.
func owned(s Snapshot, ev handoff.Event, t handoff.Ticket, text string, r rules, now time.Time) ([]Change, error) {
	d := change(s, r, now)
	if err := d.move(ev); err != nil {
		return nil, err
	}
	d.ticket = t
	d.keepTicket()
	d.Conversation.Epoch++
	if !t.Open() {
		d.Conversation.Ticket = ""
		d.Conversation.Flow = anew(d.Conversation.Flow)
	}
	d.quiet()
	if ev == handoff.Release || ev == handoff.Transfer {
		d.Conversation.RepliedAt = time.Time{} // they wait for somebody again
	}
	d.plan(r.current)
	d.note(string(ev), t.Agent, text)
	return []Change{d.Change}, nil
}

// Claim gives the conversation's ticket to agent. When two agents claim at
// once one wins and the other gets *handoff.TakenError.
func (e *Engine) Claim(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", claim(agent))
}

// Reply sends the words of an agent who signed in and pressed Send. The agent must own the
// conversation. With a nonce that was used before by the agent on the
// conversation nothing is sent again. Errors: ErrEmptyReply, ErrWindowClosed,
// handoff.ErrNotClaimed, handoff.ErrResolved, *handoff.TakenError.
func (e *Engine) Reply(ctx context.Context, conversation, agent, text, nonce string) error {
	event := replying(conversation, agent, nonce)
	return e.act(ctx, conversation, event, reply(agent, text, event))
}

// replying is the event of pressing Send; without a nonce it has none.
func replying(conversation, agent, nonce string) string {
	if nonce == "" {
		return ""
	}
	return strings.Join([]string{"reply", conversation, agent, nonce}, "/")
}

// Release puts the agent's conversation back into the queue.
func (e *Engine) Release(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", release(agent))
}

// HandBack gives the conversation to the bot, which begins the flow anew.
func (e *Engine) HandBack(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", handBack(agent))
}

// Resolve closes the conversation; the customer's next message wakes the bot.
func (e *Engine) Resolve(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", resolve(agent))
}

func (e *Engine) act(ctx context.Context, conversation, event string, decided act) error {
	lookup := Lookup{Conversation: conversation, Around: time.Now()}
	if event != "" {
		lookup.Events = []string{event}
	}
	return e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		if event != "" && s.Seen[event] {
			return nil, nil
		}
		return decided(s, r, now)
	})
}
