package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/bot/window"
	"frontdesk/handoff"
)

// ErrNobody says that nobody waits whom an agent may take next.
var ErrNobody = errors.New("nobody waits who can be answered in time")

// errPassed says that a conversation is not the next one after all.
var errPassed = errors.New("another one comes next")

// nextTries is how many tickets are read at once to claim one of them: as many as
// others may claim meanwhile.
const nextTries = 8

// Next claims for agent the first of the line that nobody has, that was not put
// behind, and that can be answered now, and gives its conversation. Somebody
// quicker only means the one after it, so that two agents at once get two. With
// nobody left it returns ErrNobody.
func (e *Engine) Next(ctx context.Context, line Reader, agent string) (conversation string, err error) {
	f := TicketFilter{Waiting: true, Ahead: true, OpenAt: time.Now()}
	for after := Cursor(""); ; {
		rows, next, err := line.Tickets(ctx, f, after, nextTries)
		if err != nil {
			return "", fmt.Errorf("reading who is next: %w", err)
		}
		for _, row := range rows {
			id := row.Conversation.ID
			if err := e.act(ctx, id, "", takeNext(agent)); err == nil || !passed(err) {
				return id, err
			}
		}
		if after = next; after == "" {
			return "", ErrNobody
		}
	}
}

// takeNext claims what is still the next one: the line is read before.
func takeNext(agent string) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		behind := s.Ticket.Stand(now).Class == handoff.Behind
		if !s.Ticket.Open() || s.Ticket.Agent != "" || s.Ticket.Asleep || behind || !s.answerable(r, now) {
			return nil, errPassed
		}
		return claim(agent)(s, r, now)
	}
}

// answerable reports whether a person may write now. Of a channel that is switched
// off nothing is known but what its ticket remembers.
func (s Snapshot) answerable(r rules, now time.Time) bool {
	if r.off {
		closes := s.Ticket.WindowCloses
		return closes.IsZero() || now.Before(closes)
	}
	_, open := s.Conversation.Allow(r.limits.Window, window.Human, now)
	return open
}

// passed reports whether an error means that somebody else was quicker.
func passed(err error) bool {
	var moved *handoff.MoveError
	return errors.Is(err, errPassed) || errors.Is(err, ErrNotFound) || errors.As(err, &moved)
}
