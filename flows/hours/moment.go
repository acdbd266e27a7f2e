package hours

import (
	"iter"
	"time"
)

// horizon is how far ahead we look for an opening or a closing: more than a
// year, so that a business that opens one day a year is found.
const horizon = 400 // days

// Open reports whether the business is open at t: from the first moment of a
// span until just before its end. A span past midnight belongs to the day on
// which it begins, so it also reaches into a date that is closed.
//
// Spans are of the wall clock, and begin and end when the clock first shows
// their time or a later one. Where the clock goes forward past it, that is the
// moment of the jump; where an hour comes twice, it is the first of the two, and
// a span that goes on through that hour is not broken by it.
func (w Week) Open(t time.Time) bool {
	if w.loc == nil {
		return true
	}
	for from, to := range w.spans(t, 1) {
		if !from.After(t) && t.Before(to) {
			return true
		}
	}
	return false
}

// Opens is when the business is open next: t itself if it is open then,
// otherwise the next opening, in the time zone of the week. ok is false when
// there is none within 400 days.
func (w Week) Opens(t time.Time) (opening time.Time, ok bool) {
	if w.Open(t) {
		return t, true
	}
	for from, to := range w.spans(t, horizon) {
		if to.After(t) {
			return from, from.Before(t.AddDate(0, 0, horizon))
		}
	}
	return time.Time{}, false
}

// Closes is the end of the time during which the business is open at t, over
// spans that follow one another without a break. ok is false when it is closed
// at t, and when it does not close within 400 days.
func (w Week) Closes(t time.Time) (closing time.Time, ok bool) {
	if w.loc == nil || !w.Open(t) {
		return time.Time{}, false
	}
	closing = t
	for from, to := range w.spans(t, horizon) {
		if from.After(closing) {
			break
		}
		if to.After(closing) {
			closing = to
		}
	}
	return closing, closing.Before(t.AddDate(0, 0, horizon))
}

// spans gives the spans that may hold t and those that begin in the given number
// of days after it, by their beginning. The day before may reach into t's, and
// where the clock goes back over midnight the day after may have begun.
func (w Week) spans(t time.Time, days int) iter.Seq2[time.Time, time.Time] {
	return func(yield func(from, to time.Time) bool) {
		first := date(t.In(w.loc))
		for i := -1; i <= days; i++ {
			day := first.AddDate(0, 0, i)
			for _, s := range w.on(day) {
				from, to := w.moment(day, s.From), w.moment(day, s.To)
				// a span inside of an hour that is left out takes no time
				if from.Before(to) && !yield(from, to) {
					return
				}
			}
		}
	}
}

// moment is the first moment at which the wall clock shows this minute of the
// day or a later one. time.Date does not say which it takes where the clock was
// changed.
func (w Week) moment(day time.Time, minute int) time.Time {
	wall := day.Add(time.Duration(minute) * time.Minute)
	// early enough to be before every change of the clock that could matter: the
	// largest yet were of a whole day, where the date line was moved
	at := wall.Add(-offset(wall.In(w.loc)) - 36*time.Hour).In(w.loc)
	for {
		shown := wall.Add(-offset(at)).In(w.loc)
		if shown.Before(at) {
			return at // the clock was put past it
		}
		_, end := at.ZoneBounds()
		if end.IsZero() || shown.Before(end) {
			return shown
		}
		at = end
	}
}

func offset(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// date is the day that the wall clock shows, as its midnight in UTC, where days
// can be counted.
func date(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
