package main

import (
	"testing"
	"time"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestCostsGoByTheClocksByWhichACapCounts(t *testing.T) {
	t.Parallel()
	vienna, tokyo := zoneOf(t, "Europe/Vienna"), zoneOf(t, "Asia/Tokyo")
	eve := time.Date(2026, time.October, 31, 23, 30, 0, 0, time.UTC) // November in Vienna and Tokyo
	for _, tt := range []struct {
		name  string
		in    calendars
		flags costFlags
		from  time.Time
		month string // of the channel a; empty: all of the span counts
	}{
		{"without any zone", nil, costFlags{}, time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC), "2026-10"},
		{"this month", calendars{"a": vienna}, costFlags{}, time.Date(2026, time.November, 1, 0, 0, 0, 0, vienna), "2026-11"},
		{"each number has its own", calendars{"a": tokyo, "b": vienna, "c": time.UTC}, costFlags{}, time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC), "2026-11"},
		{"a day begins there", calendars{"a": vienna}, costFlags{from: "2026-10-25"}, time.Date(2026, time.October, 25, 0, 0, 0, 0, vienna), ""},
		{"a moment is one", calendars{"a": vienna}, costFlags{from: "2026-10-25T00:00:00Z"}, time.Date(2026, time.October, 25, 0, 0, 0, 0, time.UTC), ""},
	} {
		s, err := tt.flags.span(eve, tt.in)
		if err != nil || !s.from.Equal(tt.from) {
			t.Errorf("%s: from %v (%v), want %v", tt.name, s.from, err, tt.from)
		}
		if (s.months == nil) != (tt.month == "") || s.months != nil && s.months("a") != tt.month {
			t.Errorf("%s: the month is not %q", tt.name, tt.month)
		}
	}
	s, err := costFlags{from: "2026-10-25", to: "2026-10-25"}.span(eve, calendars{"a": vienna})
	if err != nil || s.until.Sub(s.from) != 25*time.Hour {
		t.Errorf("the day on which clocks are set back has %v (%v)", s.until.Sub(s.from), err)
	}
}
