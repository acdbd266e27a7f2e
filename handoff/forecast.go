package handoff

import (
	"container/heap"
	"time"
)

// week is the number of hours of one.
const week = 7 * 24

// Arrival is what is expected to be handed over in an hour of the week.
type Arrival struct {
	Number   float64       // of tickets
	Handling time.Duration // of one, on average
	Window   time.Duration // from the handover until it closes, on average; 0: none
}

// Arrivals are by hour since Monday 00:00, in the time zone of the moment that is
// asked about. An hour may have several kinds.
type Arrivals [week][]Arrival

// Missed is how many windows will have been missed by a moment: with the people
// that are planned, with one fewer, and with one more.
type Missed struct {
	By                   time.Time
	Planned, Fewer, More float64
}

// Forecast reckons how many windows of the open tickets and of those that are
// expected will close unanswered, hour by hour from now on, as a sum. People
// answer in the order of the windows, and nobody who cannot be answered in time.
// It goes by averages: an hour that is busier than it mostly is makes it worse.
// Tickets that somebody has, and windows that are closed, do not count. Shifts
// are sorted and may begin before now.
func Forecast(open []Ticket, expected *Arrivals, shifts []Shift, now time.Time, hours int) []Missed {
	run := func(staff int) []float64 {
		d := day{now: now, missed: make([]float64, hours)}
		d.take(open)
		d.run(expected, shifts, staff)
		return d.sums()
	}
	planned, fewer, more := run(0), run(-1), run(1)
	list := make([]Missed, hours)
	for i := range list {
		list[i] = Missed{now.Add(time.Duration(i+1) * time.Hour), planned[i], fewer[i], more[i]}
	}
	return list
}

// day is one run of a forecast.
type day struct {
	now    time.Time
	line   soonest
	missed []float64 // by hour from now on
}

func (d *day) take(open []Ticket) {
	for i := range open {
		if t := &open[i]; t.Agent == "" && (!t.hasWindow() || d.now.Before(t.limit())) {
			due := t.limit()
			if !t.hasWindow() {
				due = t.due()
			}
			d.line = append(d.line, batch{due, 1, t.Handling, t.hasWindow()})
		}
	}
	heap.Init(&d.line)
}

// run goes through the hours; who is expected in one is there from its beginning.
func (d *day) run(expected *Arrivals, shifts []Shift, staff int) {
	for i := range d.missed {
		from := d.now.Add(time.Duration(i) * time.Hour)
		for _, a := range expected[HourOfWeek(from)] {
			d.expect(a, from)
		}
		for _, s := range shifts {
			s = s.within(from, from.Add(time.Hour))
			if s.People += staff; s.People > 0 && s.From.Before(s.To) {
				d.work(s)
			}
		}
	}
	for _, b := range d.line {
		d.miss(b)
	}
}

func (d *day) expect(a Arrival, from time.Time) {
	b := batch{from.Add(Floor), a.Number, a.Handling, a.Window > 0}
	if b.window {
		b.due = from.Add(a.Window)
	}
	heap.Push(&d.line, b)
}

// work lets the people of a shift answer from the front, as one who works as
// fast as they do together.
func (d *day) work(s Shift) {
	for len(d.line) > 0 && s.From.Before(s.To) {
		b := heap.Pop(&d.line).(batch)
		closes := b.window && b.due.Before(s.To)
		until := s
		if closes {
			until.To = b.due
		}
		done := b.share(until.work(), closes)
		s.From = s.From.Add(b.part(done).takes() / time.Duration(s.People))
		switch rest := b.part(1 - done); {
		case rest.number == 0:
		case closes:
			d.miss(rest)
		default:
			heap.Push(&d.line, rest)
			return
		}
	}
}

// miss counts what is left of a batch at the hour in which its window closes.
func (d *day) miss(b batch) {
	if i := int(b.due.Sub(d.now) / time.Hour); b.window && i < len(d.missed) {
		d.missed[max(i, 0)] += b.number
	}
}

// sums adds up what was missed until the end of each hour.
func (d *day) sums() []float64 {
	for i := 1; i < len(d.missed); i++ {
		d.missed[i] += d.missed[i-1]
	}
	return d.missed
}

// HourOfWeek is the place of a moment in Arrivals: hours since Monday 00:00 of its
// time zone.
func HourOfWeek(t time.Time) int { return (int(t.Weekday())+6)%7*24 + t.Hour() }

// batch are tickets, or the part of one, that come with one another.
type batch struct {
	due      time.Time
	number   float64
	handling time.Duration
	window   bool
}

// part is a share of the batch.
func (b batch) part(share float64) batch {
	b.number *= share
	return b
}

// takes is how long the batch takes one person.
func (b batch) takes() time.Duration { return time.Duration(b.number * float64(b.handling)) }

// share is how much of the batch can be done with so much work. One ticket whose
// window closes before it can be done is not begun.
func (b batch) share(there time.Duration, closes bool) float64 {
	switch needs := b.takes(); {
	case needs <= there:
		return 1
	case closes && b.number <= 1:
		return 0
	default:
		return float64(there) / float64(needs)
	}
}

// soonest is a heap with the batch on top that is due first.
type soonest []batch

func (s soonest) Len() int           { return len(s) }
func (s soonest) Less(i, j int) bool { return s[i].due.Before(s[j].due) }
func (s soonest) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *soonest) Push(b any)        { *s = append(*s, b.(batch)) }

func (s *soonest) Pop() any {
	last := len(*s) - 1
	b := (*s)[last]
	*s = (*s)[:last]
	return b
}
