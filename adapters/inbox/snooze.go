package inbox

import (
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// snoozeView is until when a conversation can be put aside.
type snoozeView struct {
	Presets []presetView
	Due     string // until when people must have answered; empty: there is no such moment
	Least   string // the first moment of the field, as the field has it
}

// presetView is one way to snooze.
type presetView struct {
	Until string // see readUntil
	Label string
	Late  bool // past the deadline
}

// morning is when a day begins for queues without hours.
const morning = 9 * time.Hour

// fieldTime is how browsers write the moment of a field.
const fieldTime = "2006-01-02T15:04"

// snoozes are the ways to snooze a ticket that the viewer may snooze.
func (in *Inbox) snoozes(v viewer, row bot.Row) *snoozeView {
	due := row.Ticket.Due(v.now)
	s := &snoozeView{Least: v.now.In(v.zone).Format(fieldTime)}
	if !due.IsZero() {
		s.Due = v.moment(due)
	}
	add := func(until time.Time, says string) {
		s.Presets = append(s.Presets, presetView{until.UTC().Format(time.RFC3339), says, !due.IsZero() && until.After(due)})
	}
	waits := row.Conversation.RepliedAt.IsZero()
	s.Presets = append(s.Presets, presetView{Label: "Until the customer writes", Late: !due.IsZero() && waits})
	add(v.now.Add(time.Hour), "For an hour")
	tomorrow := in.opens(v, row.Ticket.Queue, 1)
	add(tomorrow, v.day(tomorrow))
	if monday := in.opens(v, row.Ticket.Queue, daysTo(v.now.In(v.zone), time.Monday)); monday.After(tomorrow) {
		add(monday, v.day(monday))
	}
	return s
}

// day is a morning of the days to come.
func (v viewer) day(at time.Time) string {
	at, layout := at.In(v.zone), "Until Mon 2 Jan 15:04"
	if sameDay(at, v.now.In(v.zone).AddDate(0, 0, 1)) {
		layout = "Until tomorrow 15:04"
	}
	if v.zone == time.UTC {
		layout += " MST"
	}
	return at.Format(layout)
}

// opens is when people of a queue are there some days from now, or first after that.
func (in *Inbox) opens(v viewer, queue string, days int) time.Time {
	today := v.now.In(v.zone)
	day := time.Date(today.Year(), today.Month(), today.Day()+days, 0, 0, 0, 0, v.zone)
	if at := in.Acts.Opens(queue, day); !at.Equal(day) {
		return at
	}
	return day.Add(morning)
}

// daysTo is in how many days the next such day of the week is, which is never today.
func daysTo(from time.Time, day time.Weekday) int {
	return (int(day)-int(from.Weekday())+6)%7 + 1
}

// snooze puts a conversation aside.
func (in *Inbox) snooze(c *gin.Context, me handoff.Agent) {
	id := c.Param("id")
	until, err := readUntil(c.PostForm("until"), c.PostForm("at"), zone(c.Request))
	if err == nil {
		err = in.Acts.Snooze(c.Request.Context(), id, me.Name, until, c.PostForm("sure") != "")
	}
	if late, ok := errors.AsType[*handoff.DeadlineError](err); ok {
		err = &lateError{by: viewer{now: time.Now(), zone: zone(c.Request)}.moment(late.By)}
	}
	in.answer(c, me, shown{conversation: id}, err)
}

// lateError names the deadline that a snooze would miss, as the agent's clock has it.
type lateError struct{ by string }

func (e *lateError) Error() string {
	return "Not snoozed: people must have answered by " + e.by + ". If it may wait for longer, tick the box under “Snooze” and try again."
}

var errMoment = errors.New("this is no moment")

// readUntil reads the moment of a preset, or that of the field in the agent's zone
// when the field was meant. Empty is until the customer writes.
func readUntil(preset, field string, zone *time.Location) (at time.Time, err error) {
	switch preset {
	case "":
		return time.Time{}, nil
	case "at":
		at, err = time.ParseInLocation(fieldTime, field, zone)
	default:
		at, err = time.Parse(time.RFC3339, preset)
	}
	if err != nil {
		return time.Time{}, errMoment
	}
	return at, nil
}
