package bot

import (
	"context"
	"sync"
	"time"
)

const (
	// mostRewound is how many conversations are looked at after the clock was set
	// back, those first that have something to do soon. The others wait for longer
	// than the clock was ahead, as a rule.
	mostRewound = 10_000
	// farRewound is how far ahead they may have it.
	farRewound = 7 * 24 * time.Hour
)

// rewind puts right what a clock that was ahead put off. Whether it was is seen by
// the conversations that it changed: they changed in a time to come. What clock
// the process before had nobody knows, so it is done once at the beginning, too.
func (t *Timers) rewind(ctx context.Context, group *sync.WaitGroup) {
	ids, _, err := t.agenda.Wakes(ctx, time.Now().UTC().Add(farRewound), mostRewound)
	t.unwound(ctx, err)
	if len(ids) > 0 {
		group.Go(func() {
			for _, id := range ids {
				if ctx.Err() == nil {
					t.unwound(ctx, t.engine.rewind(ctx, id))
				}
			}
		})
	}
}

func (t *Timers) unwound(ctx context.Context, err error) {
	if err != nil {
		t.log.ErrorContext(ctx, "cannot put right what a clock that was ahead may have put off", "error", err)
	}
}

// rewind does nothing to a conversation that changed in the past.
func (e *Engine) rewind(ctx context.Context, conversation string) error {
	s, err := e.ledger.Load(ctx, Lookup{Conversation: conversation})
	if err != nil || s.Conversation.ahead(time.Now()) == 0 {
		return err
	}
	_, _, err = e.unasked(ctx, conversation, rewound)
	return err
}

// ahead is how far ahead the clock was that the conversation was changed by; 0: it
// was right, as far as anybody knows.
func (c Conversation) ahead(now time.Time) time.Duration {
	if off := c.UpdatedAt.Sub(now); off > leapLeast {
		return off
	}
	return 0
}

// rewound is the conversation with everything sooner by as much as the clock was
// ahead, but for the ladder: that goes by the platform's time.
func rewound(s Snapshot, r rules, now time.Time) woken {
	off := s.Conversation.ahead(now)
	d := change(s, r, now)
	c := &d.Conversation
	for _, at := range []*time.Time{&c.AnswerAt, &c.SilentAt} {
		if !at.IsZero() {
			*at = at.Add(-off)
		}
	}
	if c.Call != nil {
		call := *c.Call
		call.DueAt = call.DueAt.Add(-off)
		c.Call = &call
	}
	return woken{change: d.Change, acted: off > 0}
}
