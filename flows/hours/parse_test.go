package hours

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDaysAreRead(t *testing.T) {
	t.Parallel()
	const sun, mon, tue, wed, thu, fri, sat = time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday
	for _, c := range []struct {
		text string
		want []time.Weekday
	}{
		{"mon", []time.Weekday{mon}},
		{"Monday", []time.Weekday{mon}},
		{"mon-fri", []time.Weekday{mon, tue, wed, thu, fri}},
		{"Mon – Wed", []time.Weekday{mon, tue, wed}},
		{"sat-mon", []time.Weekday{sat, sun, mon}},
		{"mon, wed-fri", []time.Weekday{mon, wed, thu, fri}},
		{"sun,tue", []time.Weekday{sun, tue}},
		{"daily", []time.Weekday{mon, tue, wed, thu, fri, sat, sun}},
	} {
		got, err := ParseDays(c.text)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("ParseDays(%q): %v\n%s", c.text, err, diff)
		}
	}
}

func TestSpansAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []Span
	}{
		{"09:00-18:00", []Span{{540, 1080}}},
		{"9:00 – 18:00", []Span{{540, 1080}}},
		{"13:30-18:00, 09:00-12:30", []Span{{540, 750}, {810, 1080}}},
		{"09:00-12:00,12:00-14:00", []Span{{540, 720}, {720, 840}}},
		{"18:00-24:00", []Span{{1080, 1440}}},
		{"18:00-00:00", []Span{{1080, 1440}}},
		{"18:00-02:00", []Span{{1080, 1560}}},
		{"00:00-24:00", []Span{{0, 1440}}},
		{"24h", []Span{{0, 1440}}},
		{"closed", nil},
		{" Closed ", nil},
	} {
		got, err := ParseSpans(c.text)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("ParseSpans(%q): %v\n%s", c.text, err, diff)
		}
	}
}

func TestDatesAreReadAndWrittenTheSame(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-12-25", "12-25", "02-29", "2028-02-29", "2026-12-24..2027-01-02", "12-24..01-02"} {
		if got, err := ParseDate(" " + text + " "); err != nil || got.String() != text {
			t.Errorf("ParseDate(%q) is %s, %v", text, got, err)
		}
	}
}

func TestWhatIsWrongIsToldWithAMend(t *testing.T) {
	t.Parallel()
	days := func(s string) error { _, err := ParseDays(s); return err }
	spans := func(s string) error { _, err := ParseSpans(s); return err }
	date := func(s string) error { _, err := ParseDate(s); return err }
	for _, c := range []struct {
		parse      func(string) error
		text, want string
	}{
		{days, "", `a day of the week is missing; write mon-fri, or mon, wed, or daily`},
		{days, "montag", `"montag" is no day of the week; write mon, tue, wed, thu, fri, sat, sun or daily`},
		{days, "mon-", `a day of the week is missing; write mon-fri, or mon, wed, or daily`},
		{days, "mon-mon", `"mon-mon" is one day; write mon, or daily for the whole week`},
		{days, "mon-wed, tue", `tue is in "mon-wed, tue" twice; name each day once`},
		{days, "mo, di", "\"mo\" is no day of the week; write mon, tue, wed, thu, fri, sat, sun or daily\n\"di\" is no day of the week; write mon, tue, wed, thu, fri, sat, sun or daily"},
		{spans, "", `no hours are given; write 09:00-18:00, 24h or closed`},
		{spans, "09:00", `"09:00" is no span of hours; write it as 09:00-18:00`},
		{spans, "9-18", `"9" is no time of day; write it with hours and minutes from 00:00 to 24:00, such as 09:00 or 17:30`},
		{spans, "9am-6pm", `"9am" is no time of day; write it with hours and minutes from 00:00 to 24:00, such as 09:00 or 17:30`},
		{spans, "09:00-25:00", `"25:00" is no time of day; write it with hours and minutes from 00:00 to 24:00, such as 09:00 or 17:30`},
		{spans, "09:60-24:01", `"09:60" is no time of day; write it with hours and minutes from 00:00 to 24:00, such as 09:00 or 17:30`},
		{spans, "09:00-09:00", `"09:00-09:00" ends when it begins; write 24h for the whole day, or closed`},
		{spans, "24:00-02:00", `"24:00-02:00" begins at 24:00; a day begins at 00:00, so write 00:00-02:00 on the day after`},
		{spans, "24:00-24:00", `"24:00-24:00" ends when it begins; write 24h for the whole day, or closed`},
		{spans, "09:00-13:00, 12:00-18:00", `09:00-13:00 and 12:00-18:00 overlap; write them as one span, or let the second begin at 13:00 or later`},
		{spans, "18:00-02:00, 20:00-22:00", `18:00-02:00 and 20:00-22:00 overlap; write them as one span`},
		{date, "", `"" is no date; write it as 2026-12-25, as 12-25 for every year, or as 2026-12-24..2027-01-02`},
		{date, "25.12.2026", `"25.12.2026" is no date; write it as 2026-12-25, as 12-25 for every year, or as 2026-12-24..2027-01-02`},
		{date, "2026-1-5", `"2026-1-5" is no date; write it as 2026-12-25, as 12-25 for every year, or as 2026-12-24..2027-01-02`},
		{date, "13-01", `"13-01" is no date; write it as 2026-12-25, as 12-25 for every year, or as 2026-12-24..2027-01-02`},
		{date, "2026-02-29", `"2026-02-29" is no day of the calendar; the last one of that month is 02-28`},
		{date, "04-31", `"04-31" is no day of the calendar; the last one of that month is 04-30`},
		{date, "2026-12-24..01-02", `"2026-12-24..01-02" has a year at one end only; write it at both ends, or at none for every year`},
		{date, "2027-01-02..2026-12-24", `"2027-01-02..2026-12-24" ends before it begins; write 2026-12-24..2027-01-02`},
	} {
		if err := c.parse(c.text); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v\nwant: %s", c.text, err, c.want)
		}
	}
}

func TestOverlapSeesSpansThatWereReadApart(t *testing.T) {
	t.Parallel()
	if err := Overlap([]Span{{810, 1080}, {540, 750}}); err != nil {
		t.Error(err)
	}
	if err := Overlap([]Span{{700, 1080}, {540, 750}}); err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Error(err)
	}
}

func TestEverySpanIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, wholeDay-1).Draw(t, "from")
		s := Span{from, from + rapid.IntRange(1, wholeDay-1).Draw(t, "minutes")}
		if got, err := ParseSpans(s.String()); err != nil || got[0] != s {
			t.Fatalf("%s is read as %v, %v", s, got, err)
		}
	})
}

func FuzzPieces(f *testing.F) {
	for _, s := range []string{"", "mon-fri", "sat-mon, tue", "daily", "09:00-12:30, 13:30-18:00", "18:00-02:00", "24h", "12-25", "2026-12-24..2027-01-02"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if days, err := ParseDays(text); err == nil && (len(days) == 0 || len(days) > 7) {
			t.Fatalf("%q is %v", text, days)
		}
		spans, err := ParseSpans(text)
		for _, s := range spans {
			if err == nil && (s.From < 0 || s.From >= wholeDay || s.To <= s.From || s.To >= 2*wholeDay) {
				t.Fatalf("%q is %v", text, spans)
			}
		}
		if d, err := ParseDate(text); err == nil {
			if again, err := ParseDate(d.String()); err != nil || again != d {
				t.Fatalf("%q is %v, and that %v, %v", text, d, again, err)
			}
		}
	})
}
