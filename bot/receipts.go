package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// conversation names, as well as a receipt can, whose message it speaks of:
// receipts with the same name are handled one after the other.
func (r Receipt) conversation() string {
	if id, _, err := ParseMessageID(r.Message); err == nil {
		return id
	}
	if len(r.From) > 0 {
		a := r.From[0]
		return strings.Join([]string{a.Channel, a.Kind, a.Value}, "\x00")
	}
	return r.Channel
}

// told handles receipts that may be of one conversation, one after the other.
func (e *Engine) told(ctx context.Context, lane string, receipts []Receipt) error {
	defer e.enter(lane)()
	var errs []error
	for _, rc := range receipts {
		errs = append(errs, e.receipt(ctx, rc))
	}
	return errors.Join(errs...)
}

// receipt moves a message forward. What names no message of ours is kept as an event.
func (e *Engine) receipt(ctx context.Context, rc Receipt) error {
	lookup := Lookup{Channel: rc.Channel, ExternalID: rc.ExternalID}
	switch {
	case rc.Message != "":
		lookup = Lookup{Message: rc.Message}
	case !rc.Until.IsZero():
		lookup = Lookup{Channel: rc.Channel, Aliases: rc.From, Until: rc.Until}
	}
	e.stats.Channel(rc.Channel).Receipts.Add(1)
	moved := false
	err := e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		moved = false
		if s.Conversation.Channel != rc.Channel {
			return nil, nil // an echoed id must not reach into another channel
		}
		var c Change
		if c, moved = decideReceipt(s, rc, r, now); !moved {
			return nil, nil
		}
		return []Change{c}, nil
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return e.keep(ctx, []Event{unmatched(rc)})
	case err != nil:
		return fmt.Errorf("handling a receipt on %s: %w", rc.Channel, err)
	case moved && rc.State == StateFailed:
		e.failed(ctx, rc)
	}
	return nil
}

func unmatched(rc Receipt) Event {
	body, err := json.Marshal(rc)
	if err != nil { // cannot be: it is plain data
		body = []byte("{}")
	}
	return Event{Channel: rc.Channel, Kind: "unmatched_" + string(rc.State), At: rc.At, Body: body}
}

// failed is what follows, besides the message's state, when the platform
// accepted a message and reports now that it cannot deliver it.
func (e *Engine) failed(ctx context.Context, rc Receipt) {
	log := e.log.With("channel", rc.Channel, "class", string(rc.Class), "code", rc.Code)
	e.stats.Channel(rc.Channel).failed(rc.Class)
	if rc.Class == ClassAlarm {
		log.ErrorContext(ctx, "the platform refuses this account; sending pauses", "reason", rc.Reason)
		e.hold(rc.Channel)
		return
	}
	log.WarnContext(ctx, "a message was accepted and not delivered", "reason", rc.Reason)
}
