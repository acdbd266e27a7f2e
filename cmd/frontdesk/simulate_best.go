package main

import (
	"slices"
	"time"

	"frontdesk/handoff"
)

// best is what nobody can beat: Moore and Hodgson's rule for somebody who knows
// all that will happen. Each of these only makes it easier than it is for people,
// so that no line really meets more:
//   - they work as one who is as fast as they are together;
//   - every conversation is there from the beginning;
//   - what cannot be met is known at once and takes no time, also where somebody
//     without a window is owed an answer all the same.
func (t simTrace) best() simResult {
	r := simResult{Order: "the best"}
	var line []handoff.Ticket
	for i := range t.tickets {
		ticket := &t.tickets[i]
		due := ticket.due
		if due.IsZero() {
			due = t.clock.end(ticket.promiseEnds(), ticket.takes).Add(time.Nanosecond)
		}
		if done := t.clock.end(ticket.OpenedAt, ticket.takes); ticket.nobody || !done.Before(due) {
			r.tell(ticket, false) // not even alone
			continue
		}
		line = append(line, handoff.Ticket{ID: ticket.ID, Queue: ticket.channel, WindowCloses: due, Handling: ticket.takes})
	}
	gone := handoff.Shed(line, t.clock.shifts, t.from)
	slices.Sort(gone)
	for _, l := range line {
		_, missed := slices.BinarySearch(gone, l.ID)
		r.tell(&simTicket{channel: l.Queue}, !missed)
	}
	return r
}
