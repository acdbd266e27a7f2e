package handoff

import "time"

// Shift is a time in which people are on duty.
type Shift struct {
	From, To time.Time
	People   int
}

// within is the part of the shift that lies in [from, to); empty: To is not after From.
func (s Shift) within(from, to time.Time) Shift {
	if s.From.Before(from) {
		s.From = from
	}
	s.To = earlier(s.To, to)
	return s
}

// work is what the people of the shift get done, as the time of one of them.
func (s Shift) work() time.Duration { return time.Duration(s.People) * max(s.To.Sub(s.From), 0) }

// sweep adds up the working time from a moment on, for ever later moments.
type sweep struct {
	shifts []Shift // sorted; those that are over go
	at     time.Time
	done   time.Duration
}

// until is the working time up to a moment that is not before the one asked last.
func (s *sweep) until(end time.Time) time.Duration {
	for len(s.shifts) > 0 && !s.shifts[0].To.After(end) {
		s.done += s.shifts[0].within(s.at, end).work()
		s.shifts = s.shifts[1:]
	}
	if len(s.shifts) == 0 {
		return s.done
	}
	return s.done + s.shifts[0].within(s.at, end).work()
}
