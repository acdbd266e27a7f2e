package window

import "time"

// Rules are those of one account, in their order: the first one that is open
// counts. Without any, nothing is known of the channel and nothing is limited.
type Rules []Rule

// Allow reports whether an author may write at a moment, and what the message must
// be marked with then; empty: nothing.
func (rs Rules) Allow(author Author, c Clock, at time.Time) (tag string, open bool) {
	for i := range rs {
		r := &rs[i]
		if r.Author == author && r.open(c, at) {
			return r.Tag, true
		}
	}
	return "", len(rs) == 0
}

// Closes is the first moment from at on at which an author may not write any more;
// zero: there is none. When that is so at the moment itself, it is since when. One
// whom no rule ever allowed to write was shut out long ago.
func (rs Rules) Closes(author Author, c Clock, at time.Time) time.Time {
	if len(rs) == 0 {
		return time.Time{}
	}
	end, open := rs.end(author, c, at)
	if !open {
		return rs.closed(author, c, at)
	}
	for open && !end.IsZero() { // another rule may go on from there
		at = end
		end, open = rs.end(author, c, at)
	}
	if open {
		return time.Time{}
	}
	return at
}

// end is when the last of the rules stops that are open at a moment; zero: never.
func (rs Rules) end(author Author, c Clock, at time.Time) (end time.Time, open bool) {
	for i := range rs {
		r := &rs[i]
		if r.Author != author || !r.open(c, at) {
			continue
		}
		stops := r.stops(c)
		if stops.IsZero() {
			return stops, true
		}
		if !open || stops.After(end) {
			end, open = stops, true
		}
	}
	return end, open
}

// closed is when the last of the rules stopped that were open before a moment.
func (rs Rules) closed(author Author, c Clock, at time.Time) time.Time {
	last := time.Time{}.Add(1) // zero would be: never
	for i := range rs {
		r := &rs[i]
		if r.Author != author || at.Before(r.From) {
			continue
		}
		if stopped := r.stops(c); stopped.After(last) {
			last = stopped
		}
	}
	return last
}

// Starts reports whether something that a customer does at a moment starts a
// clock. Where there is none, what they write or tap counts as the newest.
func (rs Rules) Starts(s Start, at time.Time) bool {
	clocks := false
	for i := range rs {
		r := &rs[i]
		if len(r.Starts) == 0 || !holds(r.From, r.Until, at) {
			continue
		}
		if clocks = true; r.startedBy(s) {
			return true
		}
	}
	return !clocks && s != StartReaction
}
