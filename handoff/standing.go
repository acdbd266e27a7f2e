package handoff

import (
	"fmt"
	"math"
	"time"
)

// Standing says in words why the ticket stands where it does at a moment: "answer
// by 14:20, takes about 6 min: 12 min left". Times are of now's time zone.
func (t Ticket) Standing(now time.Time) string { return t.preferred(now) + t.place(now) }

func (t Ticket) place(now time.Time) string {
	switch {
	case t.Asleep:
		return t.asleepWords(now)
	case t.lostAt(now):
		return t.lostWords(now)
	case t.Stand(now).Class == Behind:
		return "put behind, as not all can be answered in time; " + t.plainWords(now)
	case t.goesByPromise(now):
		return t.promiseWords(now)
	default:
		return t.plainWords(now)
	}
}

// preferred says what a ticket's priority does to its place; empty: nothing.
func (t Ticket) preferred(now time.Time) string {
	switch class := t.Stand(now).Class; {
	case t.Priority == Normal || t.Asleep:
		return ""
	case class == Later:
		return t.Priority.String() + ", so it goes before others who have time; "
	case class == Lost:
		return t.Priority.String() + ", so it goes before others who are too late; "
	default:
		return t.Priority.String() + "; "
	}
}

// goesByPromise reports whether the ticket stands where it does because of its promise.
func (t Ticket) goesByPromise(now time.Time) bool {
	return t.promised(now) && t.stand(now).At.Equal(t.keep())
}

func (t Ticket) lostWords(now time.Time) string {
	says := "its window closed at " + clock(t.limit(), now)
	if now.Before(t.limit()) {
		says = fmt.Sprintf("its window closes at %s, too soon for about %s", clock(t.limit(), now), span(t.Handling))
	}
	if !now.Before(t.limit().Add(Floor)) {
		says += "; " + t.waitWords(now)
	}
	return says
}

func (t Ticket) promiseWords(now time.Time) string {
	says := "promised for " + clock(t.PromisedBy, now)
	if t.hasWindow() {
		says += ", window until " + clock(t.limit(), now)
	}
	return says
}

// plainWords are of a ticket that goes by its window, or by how long it has waited.
func (t Ticket) plainWords(now time.Time) string {
	if !t.hasWindow() {
		return t.waitWords(now)
	}
	says := "answer by " + clock(t.due(), now)
	if t.Handling > 0 {
		says += ", takes about " + span(t.Handling)
	}
	if left := t.due().Add(-t.Handling).Sub(now); left > 0 {
		says += ": " + span(left) + " left"
	} else {
		says += ": overdue, window until " + clock(t.limit(), now)
	}
	if t.Weight > 1 { // every window weighs something
		says += "; missing it costs more than most"
	}
	return says
}

func (t Ticket) waitWords(now time.Time) string { return "has waited " + span(now.Sub(t.OpenedAt)) }

// clock is a time of day, with the day when it is not now's.
func clock(t, now time.Time) string {
	t = t.In(now.Location())
	switch days := dayOf(t) - dayOf(now); {
	case days == 0:
		return t.Format("15:04")
	case days > -7 && days < 7:
		return t.Format("Mon 15:04")
	default:
		return t.Format("2 Jan 15:04")
	}
}

// dayOf counts the days of the wall clock.
func dayOf(t time.Time) int64 {
	_, offset := t.Zone()
	return int64(math.Floor(float64(t.Unix()+int64(offset)) / (24 * 60 * 60)))
}

// span is a length for people, rounded down, so that nobody is told of more time
// than there is.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 2*24*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours())/24)
	}
}
