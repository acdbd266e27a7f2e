package hours

import (
	"maps"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // for the zones, wherever the tests run

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// build makes a week of what a file would say: days or a date, and their hours.
func build(t testing.TB, loc *time.Location, said ...[2]string) Week {
	t.Helper()
	b := New(loc)
	for _, s := range said {
		spans, err := ParseSpans(s[1])
		if err != nil {
			t.Fatal(err)
		}
		if days, err := ParseDays(s[0]); err == nil {
			b.Add(days, spans)
			continue
		}
		date, err := ParseDate(s[0])
		if err != nil {
			t.Fatal(err)
		}
		b.Special(date, spans)
	}
	return b.Week()
}

// at is a moment as RFC 3339 has it.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAWeekOpensAndCloses(t *testing.T) {
	t.Parallel()
	berlin, kathmandu := zone(t, "Europe/Berlin"), zone(t, "Asia/Kathmandu")
	shop := build(t, berlin, [2]string{"mon-fri", "09:00-12:30, 13:30-18:00"}, [2]string{"sat", "10:00-14:00"},
		[2]string{"12-25..12-26", "closed"}, [2]string{"2026-12-24", "09:00-12:00"}, [2]string{"2026-12-28..2027-01-03", "closed"}, [2]string{"12-30", "10:00-11:00"})
	bar := build(t, berlin, [2]string{"fri-sat", "18:00-02:00"}, [2]string{"sun", "00:00-04:00"}, [2]string{"2026-12-26", "closed"})
	for _, c := range []struct {
		name, now     string
		week          Week
		opens, closes string // empty: never, and closed
	}{
		{"before the day", "2026-11-18T08:59:59+01:00", shop, "2026-11-18T09:00:00+01:00", ""},
		{"at the first moment", "2026-11-18T09:00:00+01:00", shop, "2026-11-18T09:00:00+01:00", "2026-11-18T12:30:00+01:00"},
		{"seen from elsewhere", "2026-11-18T08:00:00Z", shop, "2026-11-18T09:00:00+01:00", "2026-11-18T12:30:00+01:00"},
		{"at the last moment", "2026-11-18T12:29:59+01:00", shop, "2026-11-18T12:29:59+01:00", "2026-11-18T12:30:00+01:00"},
		{"at lunch", "2026-11-18T12:30:00+01:00", shop, "2026-11-18T13:30:00+01:00", ""},
		{"over the weekend", "2026-11-21T14:00:00+01:00", shop, "2026-11-23T09:00:00+01:00", ""},
		{"on a day with hours of its own", "2026-12-24T12:00:00+01:00", shop, "2026-12-30T10:00:00+01:00", ""},
		{"one day of every year within a closed range", "2026-12-30T10:30:00+01:00", shop, "2026-12-30T10:30:00+01:00", "2026-12-30T11:00:00+01:00"},
		{"after the holidays", "2026-12-30T11:00:00+01:00", shop, "2027-01-04T09:00:00+01:00", ""},
		{"past midnight", "2026-11-21T01:00:00+01:00", bar, "2026-11-21T01:00:00+01:00", "2026-11-21T02:00:00+01:00"},
		{"one span into the next", "2026-11-21T23:00:00+01:00", bar, "2026-11-21T23:00:00+01:00", "2026-11-22T04:00:00+01:00"},
		{"into a day that is closed", "2026-12-26T01:59:00+01:00", bar, "2026-12-26T01:59:00+01:00", "2026-12-26T02:00:00+01:00"},
		{"the closed day itself", "2026-12-26T20:00:00+01:00", bar, "2026-12-27T00:00:00+01:00", ""},
		{"never", "2026-11-18T09:00:00+01:00", build(t, berlin), "", ""},
		{"one day a year", "2026-12-24T00:00:00+01:00", build(t, berlin, [2]string{"12-23", "09:00-10:00"}), "2027-12-23T09:00:00+01:00", ""},
		{"a date that is gone", "2026-12-24T00:00:00+01:00", build(t, berlin, [2]string{"2026-12-23", "09:00-10:00"}), "", ""},
		{"too far ahead", "2026-12-24T00:00:00+01:00", build(t, berlin, [2]string{"02-29", "09:00-10:00"}), "", ""},
		{"day and night", "2026-11-18T09:00:00+01:00", build(t, berlin, [2]string{"daily", "24h"}), "2026-11-18T09:00:00+01:00", ""},
		{"day and night until a holiday", "2026-11-18T09:00:00+01:00", build(t, berlin, [2]string{"daily", "24h"}, [2]string{"12-25", "closed"}), "2026-11-18T09:00:00+01:00", "2026-12-25T00:00:00+01:00"},
		{"nothing said", "2026-11-18T09:00:00+01:00", Week{}, "2026-11-18T09:00:00+01:00", ""},
		{"a zone with odd minutes", "2026-11-18T03:14:59Z", build(t, kathmandu, [2]string{"daily", "09:00-10:00"}), "2026-11-18T09:00:00+05:45", ""},
		{"a zone with odd minutes, open", "2026-11-18T03:15:00Z", build(t, kathmandu, [2]string{"daily", "09:00-10:00"}), "2026-11-18T03:15:00Z", "2026-11-18T10:00:00+05:45"},
		{"no zone", "2026-11-18T09:30:00Z", build(t, nil, [2]string{"wed", "09:00-10:00"}), "2026-11-18T09:30:00Z", "2026-11-18T10:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := at(t, c.now)
			if opens, ok := c.week.Opens(now); ok != (c.opens != "") || ok && !opens.Equal(at(t, c.opens)) {
				t.Errorf("opens %v, %t; want %s", opens, ok, c.opens)
			}
			if closes, ok := c.week.Closes(now); ok != (c.closes != "") || ok && !closes.Equal(at(t, c.closes)) {
				t.Errorf("closes %v, %t; want %s", closes, ok, c.closes)
			}
			if open := c.opens != "" && at(t, c.opens).Equal(now); c.week.Open(now) != open {
				t.Errorf("open is %t", !open)
			}
		})
	}
}

// In Berlin 02:00 to 03:00 was left out on 29 March 2026 and came twice on 25
// October; Lord Howe moves by half an hour, Havana at midnight, St. John's did at
// a minute past it, and Samoa left out a whole day.
func TestSpansFollowTheClockWhereItIsChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone, spans, from, opens, closes string
	}{
		{"begins in the gap", "Europe/Berlin", "02:30-05:00", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T05:00:00+02:00"},
		{"ends in the gap", "Europe/Berlin", "01:00-02:30", "2026-03-29T00:00:00+01:00", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"inside of the gap", "Europe/Berlin", "02:15-02:45", "2026-03-29T00:00:00+01:00", "2026-03-30T02:15:00+02:00", "2026-03-30T02:45:00+02:00"},
		{"over the gap", "Europe/Berlin", "01:00-04:00", "2026-03-29T00:00:00+01:00", "2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00"},
		{"begins in the hour that comes twice", "Europe/Berlin", "02:30-04:00", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T04:00:00+01:00"},
		{"ends in it", "Europe/Berlin", "01:00-02:30", "2026-10-25T00:00:00+02:00", "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"inside of it", "Europe/Berlin", "02:15-02:45", "2026-10-25T00:00:00+02:00", "2026-10-25T02:15:00+02:00", "2026-10-25T02:45:00+02:00"},
		{"once it is over", "Europe/Berlin", "02:15-02:45", "2026-10-25T02:15:00+01:00", "2026-10-26T02:15:00+01:00", "2026-10-26T02:45:00+01:00"},
		{"ends where it begins", "Europe/Berlin", "22:00-02:00", "2026-10-25T00:00:00+02:00", "2026-10-25T00:00:00+02:00", "2026-10-25T02:00:00+02:00"},
		{"half an hour", "Australia/Lord_Howe", "01:45-04:00", "2026-04-05T00:00:00+11:00", "2026-04-05T01:45:00+11:00", "2026-04-05T04:00:00+10:30"},
		{"no midnight", "America/Havana", "00:00-03:00", "2026-03-07T12:00:00-05:00", "2026-03-08T01:00:00-04:00", "2026-03-08T03:00:00-04:00"},
		{"the day before comes back", "America/St_Johns", "00:00-03:00", "2010-11-07T00:00:00-02:30", "2010-11-07T00:00:00-02:30", "2010-11-07T03:00:00-03:30"},
		{"a day left out", "Pacific/Apia", "09:00-10:00", "2011-12-29T10:00:00-10:00", "2011-12-31T09:00:00+14:00", "2011-12-31T10:00:00+14:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			week := build(t, zone(t, c.zone), [2]string{"daily", c.spans})
			opens, ok := week.Opens(at(t, c.from))
			if !ok || !opens.Equal(at(t, c.opens)) {
				t.Errorf("opens %v, want %s", opens, c.opens)
			}
			closes, ok := week.Closes(opens)
			if !ok || !closes.Equal(at(t, c.closes)) {
				t.Errorf("closes %v, want %s", closes, c.closes)
			}
		})
	}
}

// naive is whether a week is open in every minute of some days, by the book: it
// goes through the minutes with the wall clock in hand, begins a span when the
// clock first shows its beginning or more and ends it when it first shows its end
// or more.
func naive(w Week, from time.Time, minutes int) []bool {
	open := make([]bool, minutes)
	furthest := time.Time{} // what the clock has shown at most
	start := from.AddDate(0, 0, -4)
	for m := start; ; m = m.Add(time.Minute) {
		i := int(m.Sub(from) / time.Minute)
		if i >= minutes {
			return open
		}
		_, shift := m.In(w.loc).Zone()
		if wall := m.Add(time.Duration(shift) * time.Second).UTC(); wall.After(furthest) {
			furthest = wall
		}
		if m.Before(from) {
			continue
		}
		midnight := furthest.Truncate(24 * time.Hour)
		minute := int(furthest.Sub(midnight) / time.Minute)
		for _, s := range w.on(midnight) {
			open[i] = open[i] || s.From <= minute && minute < s.To
		}
		for _, s := range w.on(midnight.AddDate(0, 0, -1)) {
			open[i] = open[i] || s.From <= minute+wholeDay && minute+wholeDay < s.To
		}
	}
}

func TestAWeekIsWhatTheWallClockSays(t *testing.T) {
	t.Parallel()
	changes := map[string]string{
		"Europe/Berlin": "2026-03-28", "Europe/Dublin": "2026-10-24", "Australia/Lord_Howe": "2026-04-03", "America/Havana": "2026-10-31",
		"America/St_Johns": "2010-11-06", "Pacific/Apia": "2011-12-28", "Asia/Kathmandu": "2026-05-01", "Africa/Cairo": "2026-04-23",
		"Asia/Beirut": "2026-03-28", "America/New_York": "2026-11-01", "Antarctica/Troll": "2026-03-28",
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(changes))).Draw(t, "zone")
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		from, _ := time.ParseInLocation(time.DateOnly, changes[name], loc)
		w := drawWeek(t, loc, from)
		const minutes = 3 * wholeDay
		want := naive(w, from, minutes)
		for i := 0; i < minutes; i += rapid.IntRange(1, 7).Draw(t, "step") {
			now := from.Add(time.Duration(i) * time.Minute)
			if got := w.Open(now); got != want[i] {
				t.Fatalf("%v: open is %t", now, got)
			}
		}
		checkRuns(t, w, from, want)
	})
}

// checkRuns holds Opens and Closes against the minutes.
func checkRuns(t *rapid.T, w Week, from time.Time, want []bool) {
	i := rapid.IntRange(0, len(want)-1).Draw(t, "minute")
	now := from.Add(time.Duration(i) * time.Minute)
	opens := i
	for opens < len(want) && !want[opens] {
		opens++
	}
	got, ok := w.Opens(now)
	if opens < len(want) && (!ok || !got.Equal(from.Add(time.Duration(opens)*time.Minute))) {
		t.Fatalf("from %v it opens %v, %t, want minute %d", now, got, ok, opens)
	}
	if !ok {
		return
	}
	if got.After(now) && (w.Open(got.Add(-time.Nanosecond)) || !w.Open(got)) {
		t.Fatalf("%v is no opening", got)
	}
	closes, ok := w.Closes(got)
	if !ok {
		return
	}
	if w.Open(closes) || !w.Open(closes.Add(-time.Nanosecond)) {
		t.Fatalf("%v is no closing", closes)
	}
	for opens < len(want) && want[opens] {
		opens++
	}
	if end := from.Add(time.Duration(opens) * time.Minute); opens < len(want) && !closes.Equal(end) {
		t.Fatalf("from %v it closes %v, want %v", got, closes, end)
	}
}

func drawWeek(t *rapid.T, loc *time.Location, from time.Time) Week {
	b := New(loc)
	spans := rapid.Custom(func(t *rapid.T) Span {
		start := rapid.IntRange(0, wholeDay/15-1).Draw(t, "from") * 15
		return Span{start, start + rapid.IntRange(1, 95).Draw(t, "quarters")*15}
	})
	for d := range time.Weekday(7) {
		b.Add([]time.Weekday{d}, rapid.SliceOfN(spans, 0, 2).Draw(t, d.String()))
	}
	for range rapid.IntRange(0, 2).Draw(t, "specials") {
		date, err := ParseDate(from.AddDate(0, 0, rapid.IntRange(-1, 3).Draw(t, "special")).Format(time.DateOnly))
		if err != nil {
			t.Fatal(err)
		}
		b.Special(date, rapid.SliceOfN(spans, 0, 2).Draw(t, "hours"))
	}
	return b.Week()
}

func TestABuilderDoesNotReachIntoAWeekItBuilt(t *testing.T) {
	t.Parallel()
	monday := []time.Weekday{time.Monday}
	spans := make([]Span, 1, 8)
	spans[0] = Span{600, 660}
	b := New(time.UTC).Add(monday, spans)
	first := b.Week()
	spans[0] = Span{0, 1}
	b.Add(monday, []Span{{540, 570}}).Close(mustDate(t, "2026-11-16"))
	now := at(t, "2026-11-16T10:30:00Z")
	if !first.Open(now) || first.Open(at(t, "2026-11-16T09:15:00Z")) || b.Week().Open(now) {
		t.Error("what was added later is in the week that was built before, or not in the one after")
	}
}

func TestTheNarrowestDateCounts(t *testing.T) {
	t.Parallel()
	said := [][2]string{
		{"2026-12-31", "11:00-12:00"},
		{"12-31", "12:00-13:00"},
		{"2026-12-24..2027-01-02", "13:00-14:00"},
		{"12-20..01-10", "14:00-15:00"},
		{"12-20..01-10", "15:00-16:00"},
	}
	for i, want := range []int{11, 12, 13, 15, 15} {
		w := build(t, time.UTC, said[i:]...)
		if got, ok := w.Opens(at(t, "2026-12-31T00:00:00Z")); !ok || got.Hour() != want {
			t.Errorf("with %v it opens %v, want %d:00", said[i:], got, want)
		}
	}
}

func mustDate(t testing.TB, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func BenchmarkOpens(b *testing.B) {
	w := build(b, zone(b, "Europe/Berlin"), [2]string{"mon-fri", "09:00-12:30, 13:30-18:00"}, [2]string{"12-24..01-02", "closed"})
	now := at(b, "2026-12-24T18:00:00+01:00")
	b.ReportAllocs()
	for b.Loop() {
		w.Opens(now)
	}
}
