package hours

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// duty reads "09:00-12:00"; "" is the whole day.
func duty(t testing.TB, text string, people int) Duty {
	t.Helper()
	if text == "" {
		return Duty{WholeDay(), people}
	}
	spans, err := ParseSpans(text)
	if err != nil || len(spans) != 1 {
		t.Fatalf("%q: %v", text, err)
	}
	return Duty{spans[0], people}
}

func TestARosterSaysWhoIsThere(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	office := build(t, berlin, [2]string{"mon-fri", "09:00-18:00"}, [2]string{"sat", "10:00-14:00"},
		[2]string{"2026-11-19", "closed"}, [2]string{"2026-11-22", "12:00-16:00"})
	bar := build(t, berlin, [2]string{"fri-sat", "18:00-02:00"}, [2]string{"sun", "00:00-04:00"})
	always := Week{}
	by := func(d ...Duty) map[time.Weekday][]Duty {
		out := map[time.Weekday][]Duty{}
		for day := time.Monday; day <= time.Friday; day++ {
			out[day] = d
		}
		return out
	}
	type shift struct {
		from, to string
		people   int
	}
	for _, c := range []struct {
		name     string
		roster   Roster
		from, to string
		want     []shift
	}{
		{"the zero roster: somebody always", Roster{}, "2026-11-18T00:00:00Z", "2026-11-20T00:00:00Z", []shift{{"2026-11-18T00:00:00Z", "2026-11-20T00:00:00Z", 1}}},
		{"nothing between", Roster{}, "2026-11-18T00:00:00Z", "2026-11-18T00:00:00Z", nil},
		{"always open is one shift", always.Staff(berlin, 2, nil), "2026-11-18T00:00:00+01:00", "2026-11-25T00:00:00+01:00", []shift{{"2026-11-18T00:00:00+01:00", "2026-11-25T00:00:00+01:00", 2}}},
		{"a number in the hours, without a closed day", office.Staff(nil, 3, nil), "2026-11-18T00:00:00+01:00", "2026-11-21T00:00:00+01:00", []shift{
			{"2026-11-18T09:00:00+01:00", "2026-11-18T18:00:00+01:00", 3}, {"2026-11-20T09:00:00+01:00", "2026-11-20T18:00:00+01:00", 3},
		}},
		{"cut where one begins and ends to look", office.Staff(nil, 3, nil), "2026-11-18T17:00:00+01:00", "2026-11-20T10:00:00+01:00", []shift{
			{"2026-11-18T17:00:00+01:00", "2026-11-18T18:00:00+01:00", 3}, {"2026-11-20T09:00:00+01:00", "2026-11-20T10:00:00+01:00", 3},
		}},
		{"by days, and one person on others", office.Staff(nil, 1, by(duty(t, "", 3))), "2026-11-20T00:00:00+01:00", "2026-11-23T00:00:00+01:00", []shift{
			{"2026-11-20T09:00:00+01:00", "2026-11-20T18:00:00+01:00", 3}, {"2026-11-21T10:00:00+01:00", "2026-11-21T14:00:00+01:00", 1}, {"2026-11-22T12:00:00+01:00", "2026-11-22T16:00:00+01:00", 1},
		}},
		{"times that follow one another", office.Staff(nil, 1, by(duty(t, "09:00-12:00", 3), duty(t, "12:00-18:00", 2))), "2026-11-18T00:00:00+01:00", "2026-11-19T00:00:00+01:00", []shift{
			{"2026-11-18T09:00:00+01:00", "2026-11-18T12:00:00+01:00", 3}, {"2026-11-18T12:00:00+01:00", "2026-11-18T18:00:00+01:00", 2},
		}},
		{"times outside of the hours do not count", office.Staff(nil, 1, by(duty(t, "07:00-20:00", 2))), "2026-11-18T00:00:00+01:00", "2026-11-19T00:00:00+01:00", []shift{
			{"2026-11-18T09:00:00+01:00", "2026-11-18T18:00:00+01:00", 2},
		}},
		{"nobody at noon", office.Staff(nil, 1, by(duty(t, "09:00-12:00", 3), duty(t, "12:00-13:00", 0), duty(t, "13:00-18:00", 3))), "2026-11-18T00:00:00+01:00", "2026-11-19T00:00:00+01:00", []shift{
			{"2026-11-18T09:00:00+01:00", "2026-11-18T12:00:00+01:00", 3}, {"2026-11-18T13:00:00+01:00", "2026-11-18T18:00:00+01:00", 3},
		}},
		{"hours past midnight", bar.Staff(nil, 1, by(duty(t, "", 4))), "2026-11-20T12:00:00+01:00", "2026-11-21T12:00:00+01:00", []shift{
			{"2026-11-20T18:00:00+01:00", "2026-11-21T02:00:00+01:00", 4},
		}},
		{"times past midnight, into the next day's hours", bar.Staff(nil, 1, map[time.Weekday][]Duty{
			time.Saturday: {duty(t, "18:00-23:00", 4), duty(t, "23:00-04:00", 2)}, time.Sunday: {duty(t, "", 1)},
		}), "2026-11-21T12:00:00+01:00", "2026-11-22T12:00:00+01:00", []shift{
			{"2026-11-21T18:00:00+01:00", "2026-11-21T23:00:00+01:00", 4}, {"2026-11-21T23:00:00+01:00", "2026-11-22T04:00:00+01:00", 2},
		}},
		{"where two days overlap the larger number counts", bar.Staff(nil, 1, map[time.Weekday][]Duty{
			time.Saturday: {duty(t, "", 2)}, time.Sunday: {duty(t, "", 3)},
		}), "2026-11-21T12:00:00+01:00", "2026-11-22T12:00:00+01:00", []shift{
			{"2026-11-21T18:00:00+01:00", "2026-11-22T00:00:00+01:00", 2}, {"2026-11-22T00:00:00+01:00", "2026-11-22T04:00:00+01:00", 3},
		}},
		{"always open, with duties by the business's clock", always.Staff(berlin, 1, map[time.Weekday][]Duty{time.Wednesday: {duty(t, "09:00-12:00", 2)}, time.Thursday: {}}), "2026-11-18T00:00:00+01:00", "2026-11-20T00:00:00+01:00", []shift{
			{"2026-11-18T09:00:00+01:00", "2026-11-18T12:00:00+01:00", 2},
		}},
		{"the night of 23 hours", always.Staff(berlin, 1, map[time.Weekday][]Duty{time.Saturday: {duty(t, "22:00-06:00", 2)}, time.Sunday: {duty(t, "06:00-22:00", 1)}}), "2026-03-28T12:00:00+01:00", "2026-03-29T23:00:00+02:00", []shift{
			{"2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00", 2}, {"2026-03-29T06:00:00+02:00", "2026-03-29T22:00:00+02:00", 1},
		}},
		{"the night of 25 hours", always.Staff(berlin, 1, map[time.Weekday][]Duty{time.Saturday: {duty(t, "22:00-02:30", 2)}, time.Sunday: {duty(t, "02:30-06:00", 1)}}), "2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00", []shift{
			{"2026-10-24T22:00:00+02:00", "2026-10-25T02:30:00+02:00", 2}, {"2026-10-25T02:30:00+02:00", "2026-10-25T06:00:00+01:00", 1},
		}},
		{"a time that is left out", always.Staff(berlin, 1, map[time.Weekday][]Duty{time.Sunday: {duty(t, "02:15-02:45", 1)}, time.Saturday: {}, time.Monday: {}}), "2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.roster.Shifts(at(t, c.from), at(t, c.to))
			if len(got) != len(c.want) {
				t.Fatalf("%d shifts %v, want %v", len(got), got, c.want)
			}
			for i, s := range c.want {
				if !got[i].From.Equal(at(t, s.from)) || !got[i].To.Equal(at(t, s.to)) || got[i].People != s.people {
					t.Errorf("shift %d is %v, want %v", i, got[i], s)
				}
			}
		})
	}
}

func TestTheLastMomentOnDuty(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	office := build(t, berlin, [2]string{"mon-fri", "09:00-18:00"}, [2]string{"12-24..12-27", "closed"}).Staff(nil, 1, nil)
	night := build(t, berlin, [2]string{"fri", "18:00-02:00"}, [2]string{"sat", "00:00-01:00"}).Staff(nil, 1, nil)
	late := Week{}.Staff(berlin, 1, map[time.Weekday][]Duty{
		time.Monday: {}, time.Tuesday: {}, time.Wednesday: {}, time.Thursday: {}, time.Friday: {}, time.Saturday: {duty(t, "20:00-04:00", 1)}, time.Sunday: {},
	})
	for _, c := range []struct {
		name               string
		roster             Roster
		from, before, want string // empty: nobody
	}{
		{"somebody is there until then", office, "2026-11-18T08:00:00+01:00", "2026-11-18T12:00:00+01:00", "2026-11-18T12:00:00+01:00"},
		{"at the end of the hours itself", office, "2026-11-18T08:00:00+01:00", "2026-11-18T18:00:00+01:00", "2026-11-18T18:00:00+01:00"},
		{"the evening before", office, "2026-11-18T17:59:59+01:00", "2026-11-19T08:59:59+01:00", "2026-11-18T18:00:00+01:00"},
		{"who only comes then is not there before", office, "2026-11-18T17:00:00+01:00", "2026-11-19T09:00:00+01:00", "2026-11-18T18:00:00+01:00"},
		{"nobody any more", office, "2026-11-18T18:00:00+01:00", "2026-11-19T09:00:00+01:00", ""},
		{"Friday's end on a Sunday", office, "2026-11-20T10:00:00+01:00", "2026-11-22T10:00:00+01:00", "2026-11-20T18:00:00+01:00"},
		{"nobody on a weekend", office, "2026-11-20T18:30:00+01:00", "2026-11-21T18:30:00+01:00", ""},
		{"before holidays", office, "2026-12-23T17:00:00+01:00", "2026-12-28T08:00:00+01:00", "2026-12-23T18:00:00+01:00"},
		{"past midnight, over shorter hours of the next day", night, "2026-11-20T20:00:00+01:00", "2026-11-22T00:00:00+01:00", "2026-11-21T02:00:00+01:00"},
		{"before the clock goes forward", late, "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00", "2026-03-29T04:00:00+02:00"},
		{"before the clock goes back", late, "2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00", "2026-10-25T04:00:00+01:00"},
		{"in the hour that comes twice", late, "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"the zero roster", Roster{}, "2026-11-18T08:00:00Z", "2026-11-18T12:00:00Z", "2026-11-18T12:00:00Z"},
		{"no time in between", Roster{}, "2026-11-18T08:00:00Z", "2026-11-18T08:00:00Z", ""},
		{"what was before is no time", Roster{}, "2026-11-18T09:00:00Z", "2026-11-18T08:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := c.roster.Last(at(t, c.from), at(t, c.before))
			if ok != (c.want != "") || ok && !got.Equal(at(t, c.want)) {
				t.Errorf("got %v, %t; want %s", got, ok, c.want)
			}
		})
	}
}

func TestTheLongestGapOfAUsualWeek(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	office := build(t, berlin, [2]string{"mon-fri", "09:00-18:00"}, [2]string{"sat", "10:00-14:00"}, [2]string{"12-24..01-06", "closed"})
	for _, c := range []struct {
		name   string
		roster Roster
		want   string // empty: none
	}{
		{"the zero roster", Roster{}, ""},
		{"always open", Week{}.Staff(berlin, 2, nil), ""},
		{"a weekend, whatever is closed besides", office.Staff(nil, 1, nil), "Sat 14:00 to Mon 09:00"},
		{"a weekend without people", office.Staff(nil, 1, map[time.Weekday][]Duty{time.Saturday: {duty(t, "", 0)}}), "Fri 18:00 to Mon 09:00"},
		{"over the end of the week", build(t, berlin, [2]string{"wed", "10:00-12:00"}).Staff(nil, 1, nil), "Wed 12:00 to Wed 10:00"},
		{"never", build(t, berlin).Staff(nil, 1, nil), "Mon 00:00 to Mon 00:00"},
		{"every night", build(t, berlin, [2]string{"daily", "08:00-20:00"}).Staff(nil, 1, nil), "Mon 20:00 to Tue 08:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from, to := c.roster.Gap()
			got := ""
			if !from.Equal(to) {
				got = from.Format("Mon 15:04") + " to " + to.Format("Mon 15:04")
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestShiftsAreWhatTheHoursAndDutiesSay ensures of any roster that its shifts are
// in order, lie in the hours, and that Last is the end of the last of them.
func TestShiftsAreWhatTheHoursAndDutiesSay(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe"), zone(t, "America/Havana"), zone(t, "Pacific/Apia")}
	rapid.Check(t, func(t *rapid.T) {
		loc := rapid.SampledFrom(zones).Draw(t, "zone")
		span := rapid.Custom(func(t *rapid.T) Span {
			from := rapid.IntRange(0, wholeDay-1).Draw(t, "from")
			return Span{from, rapid.IntRange(from+1, from+wholeDay-1).Draw(t, "to")}
		})
		b, duties := New(loc), map[time.Weekday][]Duty{}
		for d := time.Sunday; d <= time.Saturday; d++ {
			b.Add([]time.Weekday{d}, rapid.SliceOfN(span, 0, 2).Draw(t, "spans"))
			if rapid.Bool().Draw(t, "planned") {
				duties[d] = []Duty{{span.Draw(t, "duty"), rapid.IntRange(0, 3).Draw(t, "people")}, {WholeDay(), rapid.IntRange(0, 2).Draw(t, "all day")}}
			}
		}
		week := b.Week()
		roster := week.Staff(nil, rapid.IntRange(1, 3).Draw(t, "everybody"), duties)
		from := rapid.SampledFrom([]time.Time{
			time.Date(2026, 3, 27, 0, 0, 0, 0, loc), time.Date(2026, 10, 23, 0, 0, 0, 0, loc), time.Date(2026, 4, 4, 0, 0, 0, 0, loc), time.Date(2011, 12, 28, 0, 0, 0, 0, loc),
		}).Draw(t, "from").Add(time.Duration(rapid.IntRange(0, 4*wholeDay).Draw(t, "later")) * time.Minute)
		to := from.Add(time.Duration(rapid.IntRange(0, 9*wholeDay).Draw(t, "long")) * time.Minute)
		var end time.Time
		if rapid.Bool().Draw(t, "something is remembered") {
			_ = roster.Shifts(from.Add(time.Duration(rapid.IntRange(-4*wholeDay, 4*wholeDay).Draw(t, "before"))*time.Minute), to)
		}
		shifts := roster.Shifts(from, to)
		for i, s := range shifts {
			middle := s.From.Add(s.To.Sub(s.From) / 2)
			switch {
			case s.People < 1 || !s.From.Before(s.To) || s.From.Before(from) || s.To.After(to):
				t.Fatalf("shift %v is none between %v and %v", s, from, to)
			case i > 0 && (s.From.Before(end) || s.From.Equal(end) && s.People == shifts[i-1].People):
				t.Fatalf("shift %v after one that ends at %v", s, end)
			case !week.Open(s.From) || !week.Open(middle) || !week.Open(s.To.Add(-time.Nanosecond)):
				t.Fatalf("shift %v is outside of the hours", s)
			}
			end = s.To
		}
		if last, ok := roster.Last(from, to); ok != (len(shifts) > 0) || ok && !last.Equal(end) {
			t.Fatalf("the last is %v, %t; the shifts end at %v", last, ok, end)
		}
		if fresh := roster.plan.shifts(from, to); !slices.EqualFunc(fresh, shifts, func(a, b Shift) bool {
			return a.From.Equal(b.From) && a.To.Equal(b.To) && a.People == b.People
		}) {
			t.Fatalf("remembered were %v, and there are %v", shifts, fresh)
		}
	})
}

func BenchmarkTheLastMomentOnDuty(b *testing.B) {
	berlin := zone(b, "Europe/Berlin")
	roster := build(b, berlin, [2]string{"mon-fri", "09:00-12:30, 13:30-18:00"}, [2]string{"sat", "10:00-14:00"}, [2]string{"12-24..12-27", "closed"}).Staff(nil, 2, nil)
	from := at(b, "2026-11-19T17:00:00+01:00")
	for b.Loop() {
		if _, ok := roster.Last(from, from.Add(24*time.Hour)); !ok {
			b.Fatal("nobody")
		}
	}
}
