package bot

import (
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// came is traffic with one ticket that has a window of a day, so many hours after noon.
func came(hours ...int) (rows []Traffic) {
	for _, h := range hours {
		rows = append(rows, Traffic{Hour: noon.Truncate(time.Hour).Add(time.Duration(h) * time.Hour), Opened: 1, Windows: 1, Window: 24 * time.Hour})
	}
	return rows
}

// expected sums up what an outlook expects in an hour.
func expected(o Outlook, at time.Time) (number float64) {
	for _, a := range o.Arrivals[handoff.HourOfWeek(at)] {
		number += a.Number
	}
	return number
}

func TestAnOutlookIsTheMeanOfWhatCame(t *testing.T) {
	t.Parallel()
	const day, week = 24, 7 * 24
	at := func(h int) time.Time { return noon.Truncate(time.Hour).Add(time.Duration(h) * time.Hour) }
	for _, c := range []struct {
		name string
		rows []Traffic
		now  time.Time
		want map[int]float64 // expected, by hours after noon
	}{
		{"nothing came yet", nil, at(5), map[int]float64{0: 0, day: 0}},
		{"in the hour that has only begun", came(0), at(0).Add(59 * time.Minute), map[int]float64{0: 0, day: 0}},
		{"an hour ago, so it is expected every day", came(0), at(1), map[int]float64{0: 1, day: 1, 5 * day: 1, 1: 0}},
		{"on one of two days", came(0), at(day + 1), map[int]float64{0: 0.5, 6 * day: 0.5, 1: 0}},
		{"on one of six days, seven of its hours", came(0), at(6*day + 1), map[int]float64{0: 1. / 7, 3 * day: 1. / 7}},
		{"a week ago, so days are told apart", came(0), at(week), map[int]float64{0: 1, week: 1, day: 0}},
		{"in one of two weeks", came(0), at(2 * week), map[int]float64{0: 0.5, day: 0}},
		{"in both weeks, and once on another day", came(0, day+2, week), at(2 * week), map[int]float64{0: 1, day + 2: 0.5, day: 0}},
		{"more than one in an hour", []Traffic{{Hour: at(0), Opened: 6, Windows: 4, Window: 40 * time.Hour}}, at(week), map[int]float64{0: 6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := Ahead(c.rows, flows.Queue{Handling: time.Minute}, c.now)
			for h, want := range c.want {
				if got := expected(o, at(h)); got < want-1e-9 || got > want+1e-9 {
					t.Errorf("%d hours after noon %v are expected, want %v", h, got, want)
				}
			}
		})
	}
}

func TestAnOutlookTellsThoseWithAWindowFromOthers(t *testing.T) {
	t.Parallel()
	hour := noon.Truncate(time.Hour)
	o := Ahead([]Traffic{{Hour: hour, Opened: 6, Windows: 4, Window: 40 * time.Hour}}, flows.Queue{Handling: time.Minute}, hour.Add(time.Hour))
	differ(t, "kinds", []handoff.Arrival{
		{Number: 4, Handling: time.Minute, Window: 10 * time.Hour}, {Number: 2, Handling: time.Minute},
	}, o.Arrivals[handoff.HourOfWeek(hour)])
	differ(t, "since", hour, o.Since)
}

// In Berlin the clock goes ahead by an hour on the 29th of March 2026: what came at
// nine is expected at nine.
func TestAnOutlookGoesByTheWallClockOfTheQueue(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	nine := func(day int) time.Time { return time.Date(2026, time.March, day, 9, 0, 0, 0, berlin) }
	var rows []Traffic
	for _, day := range []int{16, 23, 30} {
		rows = append(rows, Traffic{Hour: nine(day).UTC(), Opened: 1})
	}
	o := Ahead(rows, flows.Queue{Zone: berlin}, nine(36).Add(12*time.Hour))
	differ(t, "at nine", 1., expected(o, nine(37)))
	differ(t, "at eight", 0., expected(o, nine(37).Add(-time.Hour)))
	differ(t, "at ten", 0., expected(o, nine(37).Add(time.Hour)))
}

func TestHowLongPeopleTakeIsMeasuredFromTwentyOn(t *testing.T) {
	t.Parallel()
	q := flows.Queue{Handling: 5 * time.Minute}
	hour := noon.Truncate(time.Hour)
	few := []Traffic{{Hour: hour, Handled: 19, Handling: 19 * 10 * time.Minute}}
	o := Ahead(few, q, noon.Add(time.Hour))
	differ(t, "of 19", [2]any{5 * time.Minute, 0}, [2]any{o.Handling, o.Measured})
	enough := append(few, Traffic{Hour: hour.Add(time.Hour), Handled: 1, Handling: 50 * time.Minute})
	o = Ahead(enough, q, noon.Add(time.Hour)) // also of the hour that has only begun
	differ(t, "of 20", [2]any{12 * time.Minute, 20}, [2]any{o.Handling, o.Measured})
}

func TestAForecastSaysWhatItGoesBy(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]Forecast{
		"nothing came yet, so that only those who wait now are reckoned with; one takes about 5 min, as the flow file says until 20 were measured":           {},
		"by what came in the last 47 hours: of other hours of the day nothing is known; one takes about 5 min, as the flow file says until 20 were measured": {Since: noon.Add(-47 * time.Hour)},
		"by what came in the last 6 days, by hour of the day: weekdays are not told apart before a week; one takes about 5 min, as the flow file says until 20 were measured": {
			Since: noon.Add(-7*24*time.Hour + time.Hour),
		},
		"by what came in the last week, by hour of the week; one takes about 5 min, the mean of 20":    {Since: noon.Add(-8 * 24 * time.Hour), Measured: 20},
		"by what came in the last 8 weeks, by hour of the week; one takes about 5 min, the mean of 20": {Since: noon.Add(-57 * 24 * time.Hour), Measured: 20},
	} {
		f.At, f.Handling = noon, 5*time.Minute
		differ(t, "basis", want, f.Basis())
	}
}
