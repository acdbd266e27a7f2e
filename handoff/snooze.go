package handoff

import (
	"errors"
	"fmt"
	"time"
)

// ErrPast says that a ticket cannot be snoozed until a moment that is over.
var ErrPast = errors.New("this moment is over")

// DeadlineError says that a snooze would last past the moment until which people
// must have answered.
type DeadlineError struct{ By time.Time }

func (e *DeadlineError) Error() string {
	return "people must have answered by " + e.By.UTC().Format("Mon 15:04 MST")
}

// Snooze puts the ticket aside until a moment, or with the zero moment until the
// customer writes, which ends it in any case. It stays its owner's. The owner may do
// so, or anybody while it waits. It returns ErrPast, and *DeadlineError unless sure,
// when the customer would wait for longer than Due; answered says that they wait for
// nothing.
func (t Ticket) Snooze(agent string, until, now time.Time, answered, sure bool) (Ticket, error) {
	if err := t.movable(agent); err != nil {
		return t, err
	}
	if !until.IsZero() && !until.After(now) {
		return t, ErrPast
	}
	forgotten := until.IsZero() && !answered
	if due := t.Due(now); !sure && !due.IsZero() && (until.After(due) || forgotten) {
		return t, &DeadlineError{By: due}
	}
	t.Asleep, t.WakeAt = true, until
	return t, nil
}

// Due is until when people must have answered; zero: it is too late, or there is no
// such moment.
func (t Ticket) Due(now time.Time) time.Time {
	if !t.hasWindow() || !now.Before(t.due()) {
		return time.Time{}
	}
	return t.due()
}

// Wake ends a snooze.
func (t Ticket) Wake() Ticket {
	t.Asleep, t.WakeAt = false, time.Time{}
	return t
}

// Rises reports whether a snooze is over at now.
func (t Ticket) Rises(now time.Time) bool {
	return t.Asleep && !t.WakeAt.IsZero() && !now.Before(t.WakeAt)
}

// rest is a place with the moment at which a snooze ends.
func (t *Ticket) rest(p Place) Place {
	if t.Asleep && !t.WakeAt.IsZero() && (p.Next.IsZero() || t.WakeAt.Before(p.Next)) {
		p.Next = t.WakeAt
	}
	return p
}

func (t Ticket) asleepWords(now time.Time) string {
	if t.WakeAt.IsZero() {
		return "snoozed until the customer writes"
	}
	return fmt.Sprintf("snoozed until %s, or until the customer writes", clock(t.WakeAt, now))
}
