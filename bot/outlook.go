package bot

import (
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// Outlook is what is to be expected of a queue, as far as its traffic tells.
type Outlook struct {
	Arrivals handoff.Arrivals // in the queue's time zone
	Handling time.Duration    // that one ticket takes a person
	Measured int              // tickets that Handling is the mean of; 0: too few, it is what the flow file says
	Since    time.Time        // from when on traffic is known; zero: nothing came yet
}

// Ahead makes an outlook of what came to a queue until now: the mean of each hour of
// the week. Of less than a week it is the mean of each hour of the day; of hours that
// never were since then nothing is known, so that nothing is expected in them. The
// hour that has only begun does not count, and those before the first that is known
// neither.
func Ahead(rows []Traffic, q flows.Queue, now time.Time) Outlook {
	o := Outlook{Handling: q.Handling}
	o.measure(rows)
	end := hourOf(now)
	if len(rows) == 0 || !rows[0].Hour.Before(end) {
		return o
	}
	o.Since = rows[0].Hour
	zone := q.Zone
	if zone == nil {
		zone = time.UTC
	}
	slot, cycle := hourOfDay, 24
	if end.Sub(o.Since) >= aWeek {
		slot, cycle = handoff.HourOfWeek, 7*24
	}
	came := make([]hourly, cycle)
	for at := o.Since; at.Before(end); at = at.Add(time.Hour) {
		h := &came[slot(at.In(zone))]
		h.times++
		if len(rows) > 0 && rows[0].Hour.Equal(at) {
			h.Traffic, rows = h.With(rows[0]), rows[1:]
		}
	}
	for i := range o.Arrivals {
		o.Arrivals[i] = came[i%cycle].mean(o.Handling)
	}
	return o
}

// measure takes the mean of how long people took, once enough is known.
func (o *Outlook) measure(rows []Traffic) {
	var all Traffic
	for _, t := range rows {
		all = all.With(t)
	}
	if all.Handled >= fewestMeasured {
		o.Measured, o.Handling = all.Handled, max(all.Handling/time.Duration(all.Handled), time.Second)
	}
}

// hourly is what came in all hours of one kind.
type hourly struct {
	Traffic
	times int // there was such an hour
}

// mean tells those with a window from those without.
func (h hourly) mean(handling time.Duration) (expected []handoff.Arrival) {
	number := func(n int) float64 { return float64(n) / float64(h.times) }
	if h.Windows > 0 {
		expected = append(expected, handoff.Arrival{Number: number(h.Windows), Handling: handling, Window: h.Window / time.Duration(h.Windows)})
	}
	if others := h.Opened - h.Windows; others > 0 {
		expected = append(expected, handoff.Arrival{Number: number(others), Handling: handling})
	}
	return expected
}

func hourOfDay(t time.Time) int { return t.Hour() }
