package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Answer is what an agent who signed in sends.
type Answer struct {
	Text  string
	Draft string // MessageID of what it takes the place of, see ReplyInstead; empty: of nothing
	Nonce string // the same twice is one answer; empty: each is one
}

// ReplyAndResolve sends an answer and closes the conversation in one commit: nobody
// sees it answered and open, and no fault in between leaves it so. Errors: those
// of ReplyInstead.
func (e *Engine) ReplyAndResolve(ctx context.Context, conversation, agent string, a Answer) error {
	event := replying(conversation, agent, a.Nonce)
	return e.act(ctx, conversation, event, e.insteadOf(ctx, agent, a.Draft, then(reply(agent, a.Text, event), resolve(agent))))
}

// insteadOf is an answer that takes the place of a draft; empty: of none.
func (e *Engine) insteadOf(ctx context.Context, agent, draft string, answer act) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		changes, err := answer(s, r, now)
		if err != nil || draft == "" {
			return changes, err
		}
		// Read after s: whatever changed in between is a conflict, and decided anew.
		of, err := e.load(ctx, Lookup{Message: draft})
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("loading the draft: %w", err)
		}
		return instead(s, of, changes, agent, r, now)
	}
}

// then is two acts as one: both happen, or neither.
func then(first, second act) act {
	return func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		changes, err := first(s, r, now)
		if err != nil {
			return nil, err
		}
		more, err := second(s.after(changes), r, now)
		if err != nil {
			return nil, err
		}
		return append(changes, more...), nil
	}
}

// after is the snapshot after several changes.
func (s Snapshot) after(changes []Change) Snapshot {
	for _, c := range changes {
		s = s.advance(c)
	}
	return s
}
