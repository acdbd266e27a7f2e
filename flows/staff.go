package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/hours"
	"frontdesk/flows/source"
)

// mostStaff is how many people may be on duty at a time.
const mostStaff = 1000

// staff reads how many people of a queue are there: a number, or by days.
func (l *loader) staff(n source.Node, week hours.Week) hours.Roster {
	if !n.IsMapping() {
		people := 1
		if v, ok := n.Int(1, mostStaff); ok {
			people = v
		}
		return week.Staff(l.set.zone, people, nil)
	}
	if !l.top.Has("timezone") && !l.top.Has("hours") { // with hours it is told there
		n.Report(codeHours, "days without a time zone", "write for example timezone: Europe/Berlin")
	}
	duties := map[time.Weekday][]hours.Duty{}
	whole := true
	for _, e := range n.Entries() {
		whole = l.duties(e, week, duties) && whole
	}
	if whole {
		l.checkPlanned(n, week, duties)
	}
	return week.Staff(l.set.zone, 1, duties)
}

// duties reads what is planned for some days. ok is false when it is wrong, and
// was told.
func (l *loader) duties(e source.Entry, week hours.Week, duties map[time.Weekday][]hours.Duty) (ok bool) {
	days, err := hours.ParseDays(e.Name)
	if err != nil {
		hint := oneLine(err)
		if e.Name == "closed" || e.Name == "special" {
			hint = "on such days those are there who would be, within the hours; write the days under hours"
		}
		e.Key.Report(codeHours, fmt.Sprintf("%q is no day", e.Name), hint)
		return false
	}
	some, ok := l.dutiesOf(e.Value)
	for _, d := range days {
		if _, twice := duties[d]; twice {
			e.Key.Report(codeHours, fmt.Sprintf("%s is planned twice", d), "write each day once")
			return false
		}
		duties[d] = some
	}
	return ok && l.checkDuties(e, days, some, week)
}

// dutiesOf reads how many people are there on a day: a number, or by times.
func (l *loader) dutiesOf(n source.Node) (duties []hours.Duty, ok bool) {
	if !n.IsMapping() {
		people, ok := n.Int(0, mostStaff)
		return []hours.Duty{{Span: hours.WholeDay(), People: people}}, ok
	}
	var taken []hours.Span
	ok = true
	for _, e := range n.Entries() {
		people, fits := e.Value.Int(0, mostStaff)
		spans, err := hours.ParseSpans(e.Name)
		switch {
		case err == nil && len(spans) == 0:
			e.Key.Report(codeHours, "closed is no time of a day", "write 0 in place of the times: nobody is there on that day")
			fits = false
		case err == nil:
			err = hours.Overlap(slices.Concat(taken, spans))
		}
		if err != nil {
			e.Key.Report(codeHours, fmt.Sprintf("%q are no times, or they overlap with others", e.Name), oneLine(err))
			fits = false
		}
		taken = append(taken, spans...)
		for _, s := range spans {
			duties = append(duties, hours.Duty{Span: s, People: people})
		}
		ok = ok && fits
	}
	return duties, ok
}

// checkDuties reports people who are planned for when the queue is closed all the
// while. On days with hours of their own it may be open then.
func (l *loader) checkDuties(e source.Entry, days []time.Weekday, some []hours.Duty, week hours.Week) bool {
	if week.Extra() {
		return true
	}
	for _, day := range days {
		for _, d := range some {
			if d.People > 0 && !opensWithin(week, day, d.Span) {
				e.Key.Report(codeHours, fmt.Sprintf("on %s the queue is closed when these people are there", day),
					"its hours are those of the business unless it has its own; change the hours, or write 0")
				return false
			}
		}
	}
	return true
}

// opensWithin reports whether a week is open at some time of a part of a day.
func opensWithin(week hours.Week, day time.Weekday, part hours.Span) bool {
	const minutes = 24 * 60
	if part == hours.WholeDay() {
		return len(week.Usual(day)) > 0
	}
	for i := -1; i <= 1; i++ {
		for _, s := range week.Usual((day + time.Weekday(i) + 7) % 7) {
			if s.From+i*minutes < part.To && part.From < s.To+i*minutes {
				return true
			}
		}
	}
	return false
}

// checkPlanned reports days on which the queue is open and of which it is not said
// how many people are there.
func (l *loader) checkPlanned(n source.Node, week hours.Week, duties map[time.Weekday][]hours.Duty) {
	var open []string
	for i := range 7 {
		day := time.Weekday((i + 1) % 7) // as the week is written, Monday first
		if _, planned := duties[day]; !planned && len(week.Usual(day)) > 0 {
			open = append(open, strings.ToLower(day.String()[:3]))
		}
	}
	if len(open) > 0 {
		n.Report(codeHours, "staff does not say who is there on "+strings.Join(open, ", "),
			fmt.Sprintf(`write for example "%s: 1", or 0 for nobody`, open[0]))
	}
}
