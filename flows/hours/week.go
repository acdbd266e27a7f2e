package hours

import (
	"slices"
	"time"
)

// Week says when a business is open. It does not change once it is built and
// may be used from many goroutines. The zero Week is always open: a business
// that says nothing of hours is never told to be closed. A Week that was built
// without any spans, however, is never open.
type Week struct {
	loc        *time.Location // nil: always open
	days       [7][]Span      // by time.Weekday, sorted
	exceptions []exception    // the one that counts first
}

// exception is what holds on some dates instead of the weekday's spans.
type exception struct {
	date  Date
	spans []Span // sorted; none: closed
}

// Builder gathers what a Week is made of. It is for one goroutine.
type Builder struct{ week Week }

// New begins a Week whose wall clock is that of loc; nil is UTC. Until something
// is added it is never open.
func New(loc *time.Location) *Builder {
	if loc == nil {
		loc = time.UTC
	}
	return &Builder{week: Week{loc: loc}}
}

// Add opens these days of the week at these spans, beside what they have.
func (b *Builder) Add(days []time.Weekday, spans []Span) *Builder {
	for _, d := range days {
		b.week.days[d] = sorted(append(b.week.days[d], spans...))
	}
	return b
}

// Close makes the business closed on these dates.
func (b *Builder) Close(dates ...Date) *Builder {
	for _, d := range dates {
		b.Special(d, nil)
	}
	return b
}

// Special gives a date, or all days of a range, hours of their own in place of
// the weekday's; no spans: closed. Where several speak of one day, a single date
// counts before a range, a date of one year before one of every year, and then
// what was said last.
func (b *Builder) Special(date Date, spans []Span) *Builder {
	b.week.exceptions = append(b.week.exceptions, exception{date, sorted(slices.Clone(spans))})
	return b
}

// Week is what was gathered. The builder may go on without changing it.
func (b *Builder) Week() Week {
	w := Week{loc: b.week.loc, exceptions: slices.Clone(b.week.exceptions)}
	for i, spans := range b.week.days {
		w.days[i] = slices.Clone(spans)
	}
	slices.Reverse(w.exceptions)
	slices.SortStableFunc(w.exceptions, func(a, b exception) int { return a.date.width() - b.date.width() })
	return w
}

// on gives the spans that begin on a day, given as its midnight in UTC.
func (w Week) on(day time.Time) []Span {
	for _, e := range w.exceptions {
		if e.date.holds(day) {
			return e.spans
		}
	}
	return w.days[day.Weekday()]
}

func sorted(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return a.To - b.To
	})
	return spans
}

// Usual is when the week is open on a weekday that is like any other: the spans
// that begin on it, sorted. Of the zero Week, which is always open, it is the
// whole day. Callers must not write to it.
func (w Week) Usual(day time.Weekday) []Span {
	if w.loc == nil {
		return []Span{{0, wholeDay}}
	}
	return w.days[day]
}

// Extra reports whether there are days with hours of their own, beside those that
// are closed.
func (w Week) Extra() bool {
	return slices.ContainsFunc(w.exceptions, func(e exception) bool { return len(e.spans) > 0 })
}
