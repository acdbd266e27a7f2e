package main

import (
	"time"

	"frontdesk/flows/hours"
	"frontdesk/handoff"
)

// simTicket is a conversation that a person has to answer, with what only the
// simulation knows of it.
type simTicket struct {
	handoff.Ticket
	channel string
	takes   time.Duration  // really
	again   handoff.Ticket // as it is once the customer writes again, at again.OpenedAt; no window: they do not
	due     time.Time      // when the last of its windows closes, if nobody answers; zero: it has none
	nobody  bool           // nobody is there in time, whatever the order
}

// simTrace is what happens in the days of a simulation.
type simTrace struct {
	load          float64
	from, to      time.Time
	conversations int // 0: not known
	tickets       []simTicket
	clock         simClock
}

// lastWord keeps what a customer's newest act does to a ticket: until when an
// answer is possible, and the effective deadline as the program reckons it.
func lastWord(t *handoff.Ticket, duty hours.Roster, lead time.Duration, wrote, closes time.Time) {
	t.WindowCloses, t.AnswerBy = closes, time.Time{}
	if last, there := duty.Last(wrote, closes); there && !closes.IsZero() {
		t.AnswerBy = last.Add(-lead)
	}
}

// settle works out what holds whatever the order is.
func (t *simTicket) settle(c simClock) {
	if t.due = t.WindowCloses; !t.again.WindowCloses.IsZero() {
		t.due = t.again.WindowCloses
	}
	last := t.due
	if last.IsZero() {
		last = t.promiseEnds()
	}
	t.nobody = c.work(t.OpenedAt, last) == 0
}

// firstWords is how long the first reply takes a person: all that is promised.
const firstWords = time.Minute

// promiseEnds is when somebody must begin to keep the promise.
func (t *simTicket) promiseEnds() time.Time { return t.PromisedBy.Add(-firstWords) }

// met reports whether a person who begins at a moment and is done at another
// answers in time.
func (t *simTicket) met(begins, done time.Time) bool {
	if t.due.IsZero() {
		return !begins.After(t.promiseEnds())
	}
	return done.Before(t.due)
}

// expire tells whether the ticket takes nobody's time, as nobody was there before
// its window closed.
func (t *simTicket) expires() bool { return t.nobody && !t.due.IsZero() }
