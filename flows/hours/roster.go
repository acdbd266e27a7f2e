package hours

import (
	"slices"
	"sync/atomic"
	"time"
)

// Roster says how many people are on duty: those that are planned, within the
// hours of a Week. It does not change once it is built and may be used from many
// goroutines. By the zero Roster one person is always there.
type Roster struct{ plan *plan }

type plan struct {
	week    Week
	loc     *time.Location // of the duties
	people  int            // on days without duties of their own
	known   *atomic.Pointer[known]
	duties  [7][]Duty // by time.Weekday, sorted
	planned [7]bool   // the day has duties of its own, be it none
}

// Duty is a part of a day and how many people there are then; 0: nobody, though
// the business is open.
type Duty struct {
	Span
	People int
}

// Shift is a time during which the same number of people is on duty: from From
// until just before To.
type Shift struct {
	From, To time.Time
	People   int // at least 1
}

// WholeDay is the span of a Duty that lasts for as long as the day's hours do,
// also past midnight.
func WholeDay() Span { return Span{0, allHours} }

// allHours marks a duty that has no times of its own: no span is so long.
const allHours = 3 * wholeDay

// Staff makes the roster of a queue that is there in the hours of the week:
// people of them, but on the weekdays of duties those that are planned for the
// day, of which one without any has nobody. Duties are of the wall clock of loc,
// nil is UTC, and belong to the day on which they begin, as spans do; where those
// of two days overlap, the larger number counts.
func (w Week) Staff(loc *time.Location, people int, duties map[time.Weekday][]Duty) Roster {
	if w.loc != nil {
		loc = w.loc
	}
	if loc == nil {
		loc = time.UTC
	}
	p := &plan{week: w, loc: loc, people: people, known: new(atomic.Pointer[known])}
	for day, some := range duties {
		p.planned[day] = true
		p.duties[day] = slices.Clone(some)
	}
	return Roster{p}
}

// Shifts are the times in [from, to) in which somebody is on duty, sorted and
// without overlaps, each with another number of people than the one it follows at
// once. They are the caller's. What is asked for again and again, of about a week,
// is remembered; looking farther costs some microseconds for each day.
func (r Roster) Shifts(from, to time.Time) []Shift {
	if !from.Before(to) {
		return nil
	}
	p := r.plan
	if p == nil {
		return []Shift{{from, to, 1}}
	}
	k := p.known.Load()
	if k == nil || from.Before(k.from) || to.After(k.to) {
		if k = p.look(from); to.After(k.to) {
			return p.shifts(from, to)
		}
		p.known.Store(k)
	}
	return k.within(from, to)
}

// known are the shifts of a stretch of time.
type known struct {
	from, to time.Time
	shifts   []Shift
}

// look finds the shifts around a moment: conversations ask for the same days.
func (p *plan) look(from time.Time) *known {
	k := &known{from: from.Add(-2 * 24 * time.Hour), to: from.Add(9 * 24 * time.Hour)}
	k.shifts = p.shifts(k.from, k.to)
	return k
}

// within are the parts of the shifts that lie in [from, to).
func (k *known) within(from, to time.Time) []Shift {
	first, _ := slices.BinarySearchFunc(k.shifts, from, func(s Shift, t time.Time) int { return s.To.Compare(t) })
	for first < len(k.shifts) && !k.shifts[first].To.After(from) {
		first++
	}
	end := first
	for end < len(k.shifts) && k.shifts[end].From.Before(to) {
		end++
	}
	part := slices.Clone(k.shifts[first:end])
	if len(part) > 0 {
		part[0].From = latest(part[0].From, from)
		part[len(part)-1].To = earliest(part[len(part)-1].To, to)
	}
	return part
}

func (p *plan) shifts(from, to time.Time) []Shift {
	var parts []Shift
	last := date(to.In(p.loc)).AddDate(0, 0, 1)
	for day := date(from.In(p.loc)).AddDate(0, 0, -2); !day.After(last); day = day.AddDate(0, 0, 1) {
		parts = p.on(day, parts)
	}
	return flat(parts, from, to)
}

// Last is the end of the last time between from and before in which somebody is
// on duty: before itself when somebody is there until then. ok is false when
// nobody is there between the two, or nothing is between them.
func (r Roster) Last(from, before time.Time) (end time.Time, ok bool) {
	if !from.Before(before) {
		return time.Time{}, false
	}
	p := r.plan
	if p == nil {
		return before, true
	}
	var room [8]Shift
	first := date(from.In(p.loc)).AddDate(0, 0, -2)
	rest := 3 // days to look at once something is found: of two days before, a span may go past midnight
	for day := date(before.In(p.loc)).AddDate(0, 0, 1); !day.Before(first) && rest > 0; day = day.AddDate(0, 0, -1) {
		for _, s := range p.on(day, room[:0]) {
			if s.From.Before(before) && s.To.After(from) && s.To.After(end) {
				end, ok = s.To, true
			}
		}
		if ok && !end.Before(before) {
			return before, true
		}
		if ok {
			rest--
		}
	}
	return end, ok
}

// Gap is the longest time of a usual week in which nobody is on duty, on the wall
// clock of a week that has no holidays and no change of the clock, in UTC. Both are
// zero when somebody always is; where nobody ever is, it is the whole week.
func (r Roster) Gap() (from, to time.Time) {
	if r.plan == nil {
		return time.Time{}, time.Time{}
	}
	usual := *r.plan
	if usual.loc = time.UTC; usual.week.loc != nil {
		usual.week.loc, usual.week.exceptions = time.UTC, nil
	}
	monday := time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC)
	shifts := usual.shifts(monday, monday.AddDate(0, 0, 14)) // what is remembered is of the plan, and not of this
	if len(shifts) == 0 {
		return monday, monday.AddDate(0, 0, 7)
	}
	for i, s := range shifts[1:] {
		if before := shifts[i].To; s.From.Sub(before) > to.Sub(from) {
			from, to = before, s.From
		}
	}
	return from, to
}

// on adds the times of the duties that begin on a day, given as its midnight in
// UTC. They may overlap.
func (p *plan) on(day time.Time, parts []Shift) []Shift {
	duties := p.duties[day.Weekday()]
	if !p.planned[day.Weekday()] {
		all := [1]Duty{{WholeDay(), p.people}}
		duties = all[:]
	}
	for _, d := range duties {
		switch {
		case d.People < 1:
		case d.To == allHours:
			parts = p.open(day, d.People, parts)
		default:
			parts = p.within(day, d, parts)
		}
	}
	return parts
}

// clock is the week by whose wall clock duties go.
func (p *plan) clock() Week { return Week{loc: p.loc} }

// open adds the hours of a day.
func (p *plan) open(day time.Time, people int, parts []Shift) []Shift {
	spans := p.week.on(day)
	if p.week.loc == nil {
		always := [1]Span{{0, wholeDay}}
		spans = always[:]
	}
	for _, s := range spans {
		from, to := p.clock().moment(day, s.From), p.clock().moment(day, s.To)
		if from.Before(to) {
			parts = append(parts, Shift{from, to, people})
		}
	}
	return parts
}

// within adds what of a duty lies in the hours, also in those of the days beside.
func (p *plan) within(day time.Time, d Duty, parts []Shift) []Shift {
	from, to := p.clock().moment(day, d.From), p.clock().moment(day, d.To)
	if p.week.loc == nil {
		if from.Before(to) {
			parts = append(parts, Shift{from, to, d.People})
		}
		return parts
	}
	for i := -1; i <= 1; i++ {
		for _, s := range p.week.on(day.AddDate(0, 0, i)) {
			opens, closes := p.clock().moment(day.AddDate(0, 0, i), s.From), p.clock().moment(day.AddDate(0, 0, i), s.To)
			if opens.Before(from) {
				opens = from
			}
			if closes.After(to) {
				closes = to
			}
			if opens.Before(closes) {
				parts = append(parts, Shift{opens, closes, d.People})
			}
		}
	}
	return parts
}

// flat makes shifts without overlaps of parts that may, from the first moment to
// the last; where several are, the largest number counts.
func flat(parts []Shift, from, to time.Time) []Shift {
	var edges []time.Time
	for _, s := range parts {
		if s.From.Before(to) && s.To.After(from) {
			edges = append(edges, latest(s.From, from), earliest(s.To, to))
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	var out []Shift
	open := parts[:0:0]
	slices.SortFunc(parts, func(a, b Shift) int { return a.From.Compare(b.From) })
	for i := 0; i+1 < len(edges); i++ {
		for len(parts) > 0 && !parts[0].From.After(edges[i]) {
			open, parts = append(open, parts[0]), parts[1:]
		}
		open = slices.DeleteFunc(open, func(s Shift) bool { return !s.To.After(edges[i]) })
		people := 0
		for _, s := range open {
			people = max(people, s.People)
		}
		out = put(out, Shift{edges[i], edges[i+1], people})
	}
	return out
}

// put adds a shift behind others, or makes the last of them longer.
func put(out []Shift, s Shift) []Shift {
	if s.People < 1 {
		return out
	}
	if n := len(out); n > 0 && out[n-1].To.Equal(s.From) && out[n-1].People == s.People {
		out[n-1].To = s.To
		return out
	}
	return append(out, s)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
