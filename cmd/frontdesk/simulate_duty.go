package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/hours"
	"frontdesk/handoff"
)

// duty reads --hours: days and times, several with semicolons.
func (s *simulation) duty() (hours.Roster, error) {
	b := hours.New(time.UTC)
	var faults []error
	for part := range strings.SplitSeq(s.hours, ";") {
		part = strings.TrimSpace(part)
		first := strings.IndexFunc(part, func(r rune) bool { return r >= '0' && r <= '9' })
		if first < 0 {
			faults = append(faults, fmt.Errorf("--hours: %q has no times; write e.g. mon-fri 09:00-18:00", part))
			continue
		}
		days, err := hours.ParseDays(strings.TrimSpace(part[:first]))
		spans, err2 := hours.ParseSpans(part[first:])
		if err = errors.Join(err, err2); err != nil {
			faults = append(faults, fmt.Errorf("--hours: %w", err))
		}
		b.Add(days, spans)
	}
	return b.Week().Staff(time.UTC, s.agents, nil), errors.Join(faults...)
}

// simClock knows when people are there.
type simClock struct{ shifts []handoff.Shift }

// slack is how long the clock goes on after the last day: whoever waits then is
// answered, or closes, within it.
const slack = 15 * 24 * time.Hour

func clockOf(duty hours.Roster, from, to time.Time) (c simClock) {
	for _, s := range duty.Shifts(from, to.Add(slack)) {
		c.shifts = append(c.shifts, handoff.Shift(s))
	}
	return c
}

// next is the shift of a moment, or the one that begins next; the number of
// shifts when there is none.
func (c simClock) next(at time.Time) int {
	i, _ := slices.BinarySearchFunc(c.shifts, at, func(s handoff.Shift, at time.Time) int {
		if s.To.After(at) {
			return 1
		}
		return -1
	})
	return i
}

// people is how many are there at a moment.
func (c simClock) people(at time.Time) int {
	if i := c.next(at); i < len(c.shifts) && !c.shifts[i].From.After(at) {
		return c.shifts[i].People
	}
	return 0
}

// work is what is done between two moments, as the time of one person.
func (c simClock) work(from, to time.Time) (done time.Duration) {
	for _, s := range c.shifts[c.next(from):] {
		begin, end := later(s.From, from), s.To
		if to.Before(end) {
			end = to
		}
		if !begin.Before(end) {
			break
		}
		done += time.Duration(s.People) * end.Sub(begin)
	}
	return done
}

// end is when one person who begins at a moment has done so much. What is not
// done when a shift ends goes on with the next. It is a hundred years on when nobody
// comes any more.
func (c simClock) end(at time.Time, takes time.Duration) time.Time {
	for _, s := range c.shifts[c.next(at):] {
		begin := later(s.From, at)
		if end := begin.Add(takes); !end.After(s.To) {
			return end
		}
		takes -= s.To.Sub(begin)
	}
	return at.AddDate(100, 0, 0)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
