package handoff

import (
	"cmp"
	"time"
)

// Where a ticket stands in line, Place.Class: whoever can still be answered in
// time goes before those for whom it is too late.
const (
	Soon   uint8 = iota // must be begun within hours, or has nothing but a promise that can still be kept
	Later               // has time; a promise that can still be kept moves it forward among its like
	Behind              // was put behind by a planner, as not all of the line can be met; see Shed
	Lost                // what the platform allows is over, or too short for what it takes
)

const (
	// Floor is how long a ticket waits at most, beyond what it was owed, until it
	// comes first: two days, as a weekend is, so that those who wrote over one do not
	// all go before the windows of a Monday. On a channel without a window it counts
	// from the opening; where the window was missed, from its close.
	Floor = 48 * time.Hour
	// near is how long before the last moment to begin a window goes before every
	// promise. All windows of a night have to be met by the end of the next day,
	// and a staff that is nearly busy needs about three hours for these alone.
	near = 4 * time.Hour
	// firstWords is how long a person takes from opening a conversation to the
	// first reply, which is all that is promised.
	firstWords = time.Minute
	// step is what each of at most steps of a ticket's Weight is worth in line:
	// enough among neighbours, too little to make others miss much.
	step  = 5 * time.Minute
	steps = 3
)

// Place is where a ticket stands in line, as a key of a sorted list: it stays as
// it is until Next, or until the ticket changes. Its zero value is the very front.
type Place struct {
	Class uint8     // Soon, Later, Behind or Lost
	At    time.Time // within the class the earliest goes first; mostly the last moment to begin
	Next  time.Time // when it must be judged again although nobody acts; zero: never
}

// Compare orders a line: negative when a goes before b. No two tickets are equal.
func Compare(a, b Ticket) int {
	return cmp.Or(
		cmp.Compare(a.Place.Class, b.Place.Class),
		a.Place.At.Compare(b.Place.At),
		a.OpenedAt.Compare(b.OpenedAt),
		cmp.Compare(a.ID, b.ID),
	)
}

// Stand is the ticket's place at a moment. One that was put behind stays there
// while it waits and can be met; a planner calls it back by clearing Place. While it is
// snoozed the place is the one that it comes back to.
func (t Ticket) Stand(now time.Time) Place { return t.rest(t.prefer(t.stand(now))) }

func (t *Ticket) stand(now time.Time) Place {
	switch {
	case t.lostAt(now):
		return t.standLost(now)
	case t.behind() && (!t.lapses().IsZero() || now.Before(t.begin())):
		return Place{Class: Behind, At: t.begin(), Next: cmp.Or(t.lapses(), t.begin())}
	case t.hasWindow():
		return t.standWindow(now)
	default:
		return t.standOpen(now)
	}
}

// standLost keeps the order in which they came, until the floor.
func (t *Ticket) standLost(now time.Time) Place {
	first := t.limit().Add(Floor)
	if now.Before(first) {
		return Place{Class: Lost, At: t.OpenedAt, Next: first}
	}
	return Place{Class: Soon, At: first}
}

// standWindow goes by the window; only while that is far a promise matters.
func (t *Ticket) standWindow(now time.Time) Place {
	soon := t.begin().Add(-near)
	switch {
	case !now.Before(soon):
		return Place{Class: Soon, At: t.begin(), Next: t.lapses()}
	case t.promised(now):
		return Place{Class: Later, At: t.keep(), Next: earlier(soon, t.keep())}
	default:
		return Place{Class: Later, At: t.begin(), Next: soon}
	}
}

// standOpen goes by the promise while it can be kept, then by the floor.
func (t *Ticket) standOpen(now time.Time) Place {
	at, next := t.begin(), time.Time{}
	if t.promised(now) && t.keep().Before(at) {
		at, next = t.keep(), t.keep()
	}
	if soon := at.Add(-near); now.Before(soon) {
		return Place{Class: Later, At: at, Next: soon}
	}
	return Place{Class: Soon, At: at, Next: next}
}

func (t *Ticket) hasWindow() bool { return !t.limit().IsZero() }

// behind reports whether a planner put the ticket behind and it still waits.
func (t *Ticket) behind() bool { return t.Place.Class == Behind && t.Agent == "" }

// limit is when it is really too late; zero: never.
func (t *Ticket) limit() time.Time { return cmp.Or(t.WindowCloses, t.AnswerBy) }

// due is when people should have answered: the effective deadline, the window, or
// the floor.
func (t *Ticket) due() time.Time {
	switch {
	case t.AnswerBy.IsZero() && t.WindowCloses.IsZero():
		return t.OpenedAt.Add(Floor)
	case t.AnswerBy.IsZero(), !t.WindowCloses.IsZero() && t.WindowCloses.Before(t.AnswerBy):
		return t.WindowCloses
	default:
		return t.AnswerBy
	}
}

// begin is the last moment at which a person must begin, sooner when missing it
// costs more.
func (t *Ticket) begin() time.Time {
	return t.due().Add(-t.Handling - step*time.Duration(min(max(t.Weight, 0), steps)))
}

// lapses is the first moment at which the limit cannot be met any more; zero: never.
func (t *Ticket) lapses() time.Time {
	if !t.hasWindow() {
		return time.Time{}
	}
	return t.limit().Add(-t.Handling)
}

func (t *Ticket) lostAt(now time.Time) bool { return t.hasWindow() && !now.Before(t.lapses()) }

// keep is the first moment at which the promise cannot be kept any more.
func (t *Ticket) keep() time.Time { return t.PromisedBy.Add(-firstWords) }

// promised reports whether there is a promise that can still be kept.
func (t *Ticket) promised(now time.Time) bool {
	return t.FirstReplyAt.IsZero() && !t.PromisedBy.IsZero() && now.Before(t.keep())
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
