package bot

import (
	"maps"
	"slices"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// ranking is a ticket that must stand elsewhere.
type ranking struct {
	*handoff.Ticket
	behind bool
}

// plan is which of those who wait must be called back, and which be put behind, in
// this order: who can be met now has waited for too long already. Of a queue that is
// not in the flow file nobody is behind: nothing is known of its people.
func plan(lines map[string][]handoff.Ticket, queues map[string]flows.Queue, now time.Time) (moves []ranking) {
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		line := lines[name]
		var shed []string
		if q := queues[name]; q.Staffed { // how many can be met is not known otherwise
			shed = handoff.Shed(line, shiftsOf(q, now, last(line)), now)
		}
		moves = append(moves, rankings(line, shed)...)
	}
	slices.SortStableFunc(moves, func(a, b ranking) int { return a.turn() - b.turn() })
	return moves
}

func (r ranking) turn() int {
	if r.behind {
		return 1
	}
	return 0
}

// rankings are the tickets of a line that stand elsewhere than they should.
func rankings(line []handoff.Ticket, shed []string) (moves []ranking) {
	behind := make(map[string]bool, len(shed))
	for _, id := range shed {
		behind[id] = true
	}
	for i := range line {
		t := &line[i]
		if is := t.Place.Class == handoff.Behind; is != behind[t.ID] {
			moves = append(moves, ranking{t, behind[t.ID]})
		}
	}
	return moves
}

// last is when the last of a line must be answered, about.
func last(line []handoff.Ticket) (at time.Time) {
	for i := range line {
		t := &line[i]
		for _, due := range []time.Time{t.AnswerBy, t.WindowCloses, t.OpenedAt.Add(handoff.Floor)} {
			if due.After(at) {
				at = due
			}
		}
	}
	return at
}

// shiftsOf are those of a queue's people, as far as anybody plans.
func shiftsOf(q flows.Queue, from, to time.Time) (shifts []handoff.Shift) {
	if most := from.Add(longestLine); to.After(most) {
		to = most
	}
	for _, s := range q.Staff.Shifts(from, to) {
		shifts = append(shifts, handoff.Shift(s))
	}
	return shifts
}

// foresee is the forecast of one queue.
func foresee(line []handoff.Ticket, q flows.Queue, o Outlook, now time.Time) Forecast {
	if q.Zone != nil {
		now = now.In(q.Zone)
	}
	f := Forecast{Queue: q.Name, At: now, Waiting: len(line), Handling: o.Handling, Measured: o.Measured, Since: o.Since}
	for i := range line {
		if line[i].Place.Class == handoff.Behind {
			f.Behind++
		}
	}
	f.Shifts = shiftsOf(q, now, now.Add(forecastHours*time.Hour))
	f.Hours = handoff.Forecast(line, &o.Arrivals, f.Shifts, now, forecastHours)
	return f
}
