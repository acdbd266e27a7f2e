package bot

import (
	"fmt"
	"time"

	"frontdesk/handoff"
)

// Forecast is how many windows of a queue will close unanswered, as far as that
// can be told: see handoff.Forecast.
type Forecast struct {
	Queue    string
	At       time.Time        // when it was made, in the time zone of the queue
	Waiting  int              // tickets that nobody has
	Behind   int              // of these, those that were put behind, as not all can be met
	Shifts   []handoff.Shift  // who is on duty from At on, for as long as Hours
	Hours    []handoff.Missed // by the end of each hour from At on
	Handling time.Duration    // that one ticket takes a person
	Measured int              // how many tickets Handling is the mean of; 0: too few, so it is what the flow file says
	Since    time.Time        // from when on it is known what came; zero: nothing came yet
}

// Within is what will have been missed after a time that is not longer than the
// forecast.
func (f Forecast) Within(d time.Duration) handoff.Missed {
	for _, m := range f.Hours {
		if m.By.Sub(f.At) >= d {
			return m
		}
	}
	return handoff.Missed{By: f.At.Add(d)}
}

// Basis says in words what the forecast goes by.
func (f Forecast) Basis() string {
	known := f.At.Sub(f.Since)
	says := "nothing came yet, so that only those who wait now are reckoned with"
	switch {
	case f.Since.IsZero():
	case known >= 2*aWeek:
		says = fmt.Sprintf("by what came in the last %d weeks, by hour of the week", int(known/aWeek))
	case known >= aWeek:
		says = "by what came in the last week, by hour of the week"
	case known >= 48*time.Hour:
		says = fmt.Sprintf("by what came in the last %d days, by hour of the day: weekdays are not told apart before a week", int(known.Hours())/24)
	default:
		says = fmt.Sprintf("by what came in the last %d hours: of other hours of the day nothing is known", int(known.Hours()))
	}
	takes := max(int(f.Handling.Round(time.Minute).Minutes()), 1)
	if f.Measured > 0 {
		return fmt.Sprintf("%s; one takes about %d min, the mean of %d", says, takes, f.Measured)
	}
	return fmt.Sprintf("%s; one takes about %d min, as the flow file says until %d were measured", says, takes, fewestMeasured)
}

const (
	aWeek = 7 * 24 * time.Hour
	// fewestMeasured is how many tickets must have been handled until their mean counts.
	fewestMeasured = 20
)
