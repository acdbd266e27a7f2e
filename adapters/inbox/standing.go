package inbox

import (
	"strings"
	"time"

	"frontdesk/handoff"
)

// standing says why a ticket stands in line where it does.
func (v viewer) standing(t handoff.Ticket, closes time.Time) string {
	t.WindowCloses = closes // what a channel allows may have changed since the ticket was stored
	says := t.Standing(v.now.In(v.zone))
	if v.zone == time.UTC && strings.Contains(says, ":") {
		says += " (times in UTC)"
	}
	return sentence(says)
}

// staffView is until when people of a queue are there.
type staffView struct {
	Until string
	Left  chip
}

// staffed is until when people of the ticket's queue are there to answer it; nil:
// until its window closes, or not any more.
func (v viewer) staffed(t handoff.Ticket, closes time.Time) *staffView {
	by := t.AnswerBy
	if by.IsZero() || !by.After(v.now) || (!closes.IsZero() && !by.Before(closes)) {
		return nil
	}
	c := countdown(by, v.now, "People of "+t.Queue+" are there in time to answer until", "nobody", v.zone)
	return &staffView{Until: v.moment(by), Left: c}
}

// moment is a time that is likely to be near: its hour, and the day when it is
// another one.
func (v viewer) moment(t time.Time) string {
	t, now := t.In(v.zone), v.now.In(v.zone)
	layout := "Mon 15:04"
	switch days := t.Sub(now).Abs(); {
	case sameDay(t, now):
		layout = "15:04"
	case days > 6*24*time.Hour:
		layout = "2 Jan 15:04"
	}
	if v.zone == time.UTC {
		layout += " MST"
	}
	return t.Format(layout)
}
