package value

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDatesAreToldInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ iso, lang, day, text string }{
		{"2026-12-24", "en", "Thursday", "Thursday, 24 December 2026"},
		{"2026-12-24", "", "Thursday", "Thursday, 24 December 2026"},
		{"2026-12-24", "en_US", "Thursday", "Thursday, December 24, 2026"},
		{"2026-12-24", "de-AT", "Donnerstag", "Donnerstag, 24. Dezember 2026"},
		{"2027-01-01", "fr", "vendredi", "vendredi 1er janvier 2027"},
		{"2026-12-24", "es", "jueves", "jueves, 24 de diciembre de 2026"},
		{"2027-01-01", "it", "venerdì", "venerdì 1º gennaio 2027"},
		{"2026-12-24", "pt-BR", "quinta-feira", "quinta-feira, 24 de dezembro de 2026"},
		{"2026-12-24", "nl", "donderdag", "donderdag 24 december 2026"},
		{"2026-12-27", "pl", "niedziela", "niedziela, 27 grudnia 2026"},
		{"2026-12-24", "tr", "Perşembe", "24 Aralık 2026 Perşembe"},
		{"2026-12-24", "cs", "", "2026-12-24"},
		{"tomorrow", "en", "", "tomorrow"},
		{"2026-02-30", "en", "", "2026-02-30"},
		{"", "en", "", ""},
	} {
		if got := Weekday(c.iso, c.lang); got != c.day {
			t.Errorf("Weekday(%q, %q) is %q, want %q", c.iso, c.lang, got, c.day)
		}
		if got := DayText(c.iso, c.lang); got != c.text {
			t.Errorf("DayText(%q, %q) is %q, want %q", c.iso, c.lang, got, c.text)
		}
	}
}

func TestEveryDateThatIsToldIsReadAgain(t *testing.T) {
	t.Parallel()
	today := wednesday(t)
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]string{"en", "en-US", "de", "fr", "es", "it", "pt", "nl", "pl", "tr"}).Draw(t, "lang")
		day := today.AddDate(0, 0, rapid.IntRange(-20_000, 40_000).Draw(t, "days"))
		text := DayText(ISO(day), lang)
		got, ok := Date(text, lang, "", today)
		if !ok || ISO(got) != ISO(day) {
			t.Fatalf("%q (%s) is read as %s, %t", text, lang, ISO(got), ok)
		}
		layout := rapid.SampledFrom([]string{time.DateOnly, "2.1.2006", "02.01.2006", "2006/1/2"}).Draw(t, "layout")
		if got, ok := Date("on "+day.Format(layout)+", please", lang, "", today); !ok || ISO(got) != ISO(day) {
			t.Fatalf("%q is read as %s, %t", day.Format(layout), ISO(got), ok)
		}
	})
}

func TestADateWithoutAYearIsTheNextFromTodayOn(t *testing.T) {
	t.Parallel()
	now := wednesday(t)
	rapid.Check(t, func(t *rapid.T) {
		today := now.AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "today"))
		day := today.AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "ahead"))
		for _, layout := range []string{"2.1.", "2 January", "Jan 2"} {
			if got, ok := Date(day.Format(layout), "en", "", today); !ok || ISO(got) != ISO(day) {
				t.Fatalf("%q on %s is %s, %t; want %s", day.Format(layout), ISO(today), ISO(got), ok, ISO(day))
			}
		}
		got, ok := Date(day.Weekday().String(), "en", "", today)
		if ahead := got.Sub(today); !ok || got.Weekday() != day.Weekday() || ahead < -24*time.Hour || ahead >= 7*24*time.Hour {
			t.Fatalf("%s on %s is %s", day.Weekday(), ISO(today), ISO(got))
		}
	})
}

func TestADateIsItsFirstMomentWhereMidnightIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, today, text, want string }{
		{"Africa/Cairo", "2026-04-20", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"America/Havana", "2026-03-01", "8/3/2026", "2026-03-08T01:00:00-04:00"},
		{"Europe/Berlin", "2026-03-01", "29.3.", "2026-03-29T00:00:00+01:00"},
		{"Pacific/Apia", "2011-12-28", "31.12.", "2011-12-31T00:00:00+14:00"},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		today, _ := time.ParseInLocation(time.DateOnly, c.today, loc)
		if got, ok := Date(c.text, "es", "", today); !ok || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s is %s, %t; want %s", c.text, c.zone, got.Format(time.RFC3339), ok, c.want)
		}
	}
	apia, _ := time.LoadLocation("Pacific/Apia")
	if got, ok := Date("30.12.", "de", "", time.Date(2011, 12, 28, 9, 0, 0, 0, apia)); ok {
		t.Errorf("a day that Samoa left out is %v", got)
	}
}
