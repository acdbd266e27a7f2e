package main

import (
	"os"
	"path/filepath"
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
	angeles := zoneOf(t, "America/Los_Angeles")
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
		{"one that names none begins in UTC, before one in the west", calendars{"a": nil, "b": angeles}, costFlags{}, time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC), "2026-10"},
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
	if zone := (calendars{"a": nil, "b": angeles}).common(); zone != angeles {
		t.Errorf("days are told on the clocks of %v", zone)
	}
	s, err := costFlags{from: "2026-10-25", to: "2026-10-25"}.span(eve, calendars{"a": vienna})
	if err != nil || s.until.Sub(s.from) != 25*time.Hour {
		t.Errorf("the day on which clocks are set back has %v (%v)", s.until.Sub(s.from), err)
	}
}

func TestTheMonthOfANumberWithoutAZoneIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.yaml")
	const file = "channels:\n  web: {kind: webchat}\n  shop: {kind: whatsapp, account_timezone: America/Los_Angeles}\n"
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := storeConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := costFlags{}.span(time.Date(2026, time.October, 15, 0, 0, 0, 0, time.UTC), c.calendars)
	if want := time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC); err != nil || !s.from.Equal(want) {
		t.Errorf("costs are read from %v on (%v), want %v", s.from, err, want)
	}
}
