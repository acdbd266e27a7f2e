package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
)

// Errors of what is done with drafts. They are answers for the person at the page.
var (
	// ErrSettled says that the message is no draft, or not any more.
	ErrSettled = errors.New("this draft was dealt with already")
	// ErrNoTemplate says that there is nothing approved that may be sent now.
	ErrNoTemplate = errors.New("there is no template to send here")
)

// Way is what a person does with a message that may not go as it is.
type Way string

// The ways.
const (
	WayUsed Way = "used" // an answer was sent instead, see Engine.ReplyInstead
	WayNote Way = "note" // it stays in the transcript as a note for colleagues
	WayDrop Way = "drop" // it is left
)

// by says what an agent did with a message that was not sent.
func (w Way) by(agent string) string {
	switch w {
	case WayUsed:
		return "answered anew by " + agent
	case WayNote:
		return "kept as a note by " + agent
	default:
		return "left by " + agent
	}
}

// SettledError says by whom, and how, a draft was dealt with. It is ErrSettled.
type SettledError struct {
	Agent string // handoff.Agent.Name; empty: nobody knows, as when it arrived after all
	Way   Way
}

func (e *SettledError) Error() string {
	if e.Agent == "" {
		return ErrSettled.Error()
	}
	return ErrSettled.Error() + ": " + e.Way.by(e.Agent)
}

// Is makes every SettledError ErrSettled.
func (e *SettledError) Is(target error) bool { return target == ErrSettled }

// settled reports by whom a message that is no draft any more was dealt with.
func (m Message) settled() *SettledError {
	for _, way := range []Way{WayUsed, WayNote, WayDrop} {
		if agent, ok := strings.CutPrefix(m.Reason, way.by("")); ok && m.State == StateCancelled {
			return &SettledError{Agent: agent, Way: way}
		}
	}
	return &SettledError{}
}

// unsettled reports whether a message waits for somebody to say what becomes of it.
func (m Message) unsettled() bool { return m.State == StateDraft || m.State == StateFailed }

// Settle does something with a draft, or with a message that failed. The agent must
// own the conversation. Errors: *SettledError, ErrNotFound, handoff.ErrNotClaimed,
// handoff.ErrResolved, *handoff.TakenError.
func (e *Engine) Settle(ctx context.Context, conversation, agent string, seq uint64, way Way) error {
	return e.commit(ctx, Lookup{Message: MessageID(conversation, seq)}, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		if _, err := s.Ticket.Release(agent); err != nil { // as whoever owns it could
			return nil, err
		}
		return settle(s, agent, way, r, now)
	})
}

func settle(s Snapshot, agent string, way Way, r rules, now time.Time) ([]Change, error) {
	if len(s.Messages) != 1 {
		return nil, &SettledError{}
	}
	if m := s.Messages[0]; !m.unsettled() {
		return nil, m.settled()
	}
	d, m := change(s, r, now), s.Messages[0]
	m.State, m.StateAt, m.Reason = StateCancelled, now, way.by(agent)
	d.Messages = append(d.Messages, m)
	if way == WayNote {
		d.note(codeNoted, agent, agent+" noted: "+m.Text)
	}
	return []Change{d.Change}, nil
}

// codeNoted is the code of words that an agent left for colleagues.
const codeNoted = "draft"

// Note keeps words of an agent's in the transcript for colleagues; they are sent to
// nobody. The agent must own the conversation. With a nonce that was used before
// nothing is kept again. Errors: ErrEmptyReply, and those of Settle but ErrSettled.
func (e *Engine) Note(ctx context.Context, conversation, agent, text, nonce string) error {
	event := ""
	if nonce != "" {
		event = strings.Join([]string{"note", conversation, agent, nonce}, "/")
	}
	return e.act(ctx, conversation, event, note(agent, text, event))
}

func note(agent, text, event string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		text := strings.TrimSpace(text)
		if text == "" {
			return nil, ErrEmptyReply
		}
		if _, err := s.Ticket.Release(agent); err != nil { // as whoever owns it could
			return nil, err
		}
		d := change(s, r, now)
		d.Event = event
		d.note(codeNoted, agent, agent+" noted: "+text)
		return []Change{d.Change}, nil
	}
}

// Reopen sends what the flow file has for customers whose window is closed: a
// template that asks them to write again. The agent must own the conversation. With
// a nonce that was used before nothing is sent again. Errors: ErrNoTemplate,
// ErrChannelOff, and those of Reply.
func (e *Engine) Reopen(ctx context.Context, conversation, agent, nonce string) error {
	event := ""
	if nonce != "" {
		event = strings.Join([]string{"reopen", conversation, agent, nonce}, "/")
	}
	return e.act(ctx, conversation, event, reopen(agent, event))
}

// Reopens reports whether Reopen has anything to send in a conversation as it is.
func (e *Engine) Reopens(c Conversation) bool {
	channel, ok := e.channels[c.Channel]
	if !ok {
		return false
	}
	_, has := e.current.Load().Reopen(c.Flow, flows.Env{Channel: channel.Limits().Kind})
	return has && c.reopens(channel.Limits(), time.Now())
}

// reopens reports whether a template may ask the customer to write again: their
// window is closed to people, and they were not asked since they wrote last.
func (c Conversation) reopens(l Limits, now time.Time) bool {
	_, answerable := c.Allow(l.Window, window.Human, now)
	_, open := c.Allow(l.Window, window.Template, now)
	return !answerable && open && l.Templates && !c.ReopenedAt.After(c.NewestInbound)
}

func reopen(agent, event string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		if _, err := s.Ticket.Release(agent); err != nil { // as whoever owns it could
			return nil, err
		}
		if r.off {
			return nil, ErrChannelOff
		}
		d := change(s, r, now)
		say, ok := r.current.Reopen(s.Conversation.Flow, d.env())
		if !ok || say.Template == nil || !s.Conversation.reopens(r.limits, now) {
			return nil, ErrNoTemplate
		}
		d.Conversation.ReopenedAt = now
		d.Event = event
		d.sendAs(AuthorAgent, agent, Hand{}, fit(say, r.limits))
		d.note("reopened", agent, agent+" asked the customer to write again")
		return []Change{d.Change}, nil
	}
}
