package handoff

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// Shed names the tickets of a line that should be put behind, because the people
// of the shifts cannot meet all of it: the fewest, that is those that take longest
// (Moore and Hodgson's rule, with the people as one who works as fast as they do
// together). A ticket of more Weight counts as shorter, as missing it is worse.
//
// The line need not be sorted; tickets that somebody has, or that are lost, take
// no part. Shifts are sorted. It is a matter of milliseconds for 100,000 tickets,
// made to be asked every few seconds. It returns ids in no particular order.
func Shed(line []Ticket, shifts []Shift, now time.Time) []string {
	jobs, work := jobsOf(line, now)
	slices.SortFunc(jobs, func(a, b job) int { return cmp.Compare(a.due, b.due) })
	there := sweep{shifts: shifts, at: now}
	var kept longest
	var ids []string
	for _, j := range jobs {
		heap.Push(&kept, j)
		work += j.handling
		for most := there.until(now.Add(j.due)); work > most && len(kept) > 0; {
			j := heap.Pop(&kept).(job)
			work -= j.handling
			ids = append(ids, line[j.index].ID)
		}
	}
	return ids
}

// PutBehind is the ticket's place when Shed named it.
func (t Ticket) PutBehind(now time.Time) Place {
	t.Place = Place{Class: Behind}
	return t.Stand(now)
}

// CallBack is the ticket's place when Shed does not name it any more.
func (t Ticket) CallBack(now time.Time) Place {
	t.Place = Place{}
	return t.Stand(now)
}

// job is what a planner sees of a ticket.
type job struct {
	due      time.Duration // from now, when the work must be done
	handling time.Duration
	price    time.Duration // the highest goes first when not all can be met
	index    int           // in the line
	behind   bool          // it was put behind before
}

// jobsOf gives what can be put behind, and what has to be done before anything
// else: the work of those who have waited till the floor.
func jobsOf(line []Ticket, now time.Time) (jobs []job, first time.Duration) {
	jobs = make([]job, 0, len(line))
	for i := range line {
		switch t := &line[i]; {
		case t.Agent != "" || t.lostAt(now):
		case !t.hasWindow() && !now.Before(t.begin()):
			first += t.Handling
		default:
			jobs = append(jobs, t.job(i, now))
		}
	}
	return jobs, first
}

// job is due at the effective deadline; once that is missed, at the window's close.
func (t *Ticket) job(index int, now time.Time) job {
	price := t.Handling / time.Duration(1+min(max(t.Weight, 0), steps))
	due := t.due()
	switch {
	case !t.hasWindow():
		if t.promised(now) {
			due = earlier(due, t.keep().Add(t.Handling))
		}
	case now.After(due.Add(-t.Handling)):
		due = t.limit()
	}
	return job{due.Sub(now), t.Handling, price, index, t.behind()}
}

// longest is a heap with the highest price on top; of one price those that were
// put behind before, or else the line would be moved about with every look at it.
type longest []job

func (l longest) Len() int { return len(l) }
func (l longest) Less(i, j int) bool {
	return l[i].price > l[j].price || l[i].price == l[j].price && l[i].behind && !l[j].behind
}

func (l longest) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *longest) Push(j any)   { *l = append(*l, j.(job)) }

func (l *longest) Pop() any {
	last := len(*l) - 1
	j := (*l)[last]
	*l = (*l)[:last]
	return j
}
