package inbox

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// busy is a forecast of a queue that cannot keep up in the afternoon.
func busy(queue string, at time.Time) bot.Forecast {
	f := bot.Forecast{
		Queue: queue, At: at, Waiting: 31, Behind: 2, Handling: 6 * time.Minute, Measured: 240, Since: at.AddDate(0, 0, -20),
		Shifts: []handoff.Shift{
			{From: at.Add(-2 * time.Hour), To: at.Add(4 * time.Hour), People: 3}, {From: at.Add(19 * time.Hour), To: at.Add(28 * time.Hour), People: 2},
		},
	}
	for i := range 48 {
		n := float64(i)
		f.Hours = append(f.Hours, handoff.Missed{
			By: at.Add(time.Duration(i+1) * time.Hour), Planned: min(n*n/3, 6.2), Fewer: min(n*n/2, 17.8), More: min(n/5, 1.4),
		})
	}
	return f
}

// steady is one of a queue that keeps up.
func steady(queue string, at time.Time) bot.Forecast {
	f := bot.Forecast{Queue: queue, At: at, Handling: 5 * time.Minute, Shifts: []handoff.Shift{{From: at.Add(time.Hour), To: at.Add(9 * time.Hour), People: 1}}}
	for i := range 48 {
		f.Hours = append(f.Hours, handoff.Missed{By: at.Add(time.Duration(i+1) * time.Hour)})
	}
	return f
}

func TestTheForecastLooksAsInItsGoldenFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(13*time.Hour + 40*time.Minute)
		var told map[string]bot.Forecast
		d := newDesk(t, func(c *Config) { c.Forecasts = func() map[string]bot.Forecast { return told } })
		wantStatus(t, d.browser().get("/inbox/forecast"), http.StatusSeeOther)
		b := d.signedIn("ana")
		b.cookies["frontdesk_zone"] = "Europe%2FBerlin"
		wantText(t, text(t, b.get("/inbox")), `href="/inbox/forecast"`)
		wantText(t, text(t, b.get("/inbox/forecast")), "There is no forecast yet.")
		now := time.Now().UTC()
		told = map[string]bot.Forecast{"support": busy("support", now), "billing": steady("billing", now)}
		page := text(t, b.get("/inbox/forecast"))
		golden(t, "forecast.html", page)
		notText(t, page, " style=", "<script")
		attack := `"><script>alert(1)</script>`
		told = map[string]bot.Forecast{attack: busy(attack, now)}
		noAttack(t, text(t, b.get("/inbox/forecast")))
	})
}

func TestAnInboxWithoutForecastsSaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	wantText(t, text(t, d.signedIn("ana").get("/inbox/forecast")), "There is no forecast yet.")
}

func TestAForecastInWords(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	hours := func(planned, fewer, more float64) (list []handoff.Missed) {
		for i := range 48 {
			share := min(float64(i)/4, 1) // all of them by 18:00
			list = append(list, handoff.Missed{By: at.Add(time.Duration(i+1) * time.Hour), Planned: share * planned, Fewer: share * fewer, More: share * more})
		}
		return list
	}
	now := []handoff.Shift{{From: at.Add(-time.Hour), To: at.Add(5 * time.Hour), People: 2}}
	soon := []handoff.Shift{{From: at.Add(time.Hour), To: at.Add(5 * time.Hour), People: 2}}
	for _, c := range []struct {
		name   string
		shifts []handoff.Shift
		hours  []handoff.Missed
		want   string
	}{
		{"nothing is known", now, nil, "There is no forecast yet."},
		{"all is well", now, hours(0.4, 0.4, 0), "With the people who are planned every window of the next 48 hours can be met."},
		{
			"one fewer would be too few", now, hours(0, 3, 0),
			"With the people who are planned every window of the next 48 hours can be met. With one person fewer from now on about 3 windows will close unanswered by 18:00.",
		},
		{
			"one more is needed", soon, hours(6, 6, 0),
			"Without one more person from 14:00 about 6 windows will close unanswered by 18:00; with one, none.",
		},
		{
			"one more is not enough", now, hours(6, 9, 1.6),
			"Without one more person from now on about 6 windows will close unanswered by 18:00; with one, about 2. With one person fewer from now on about 9 windows will close unanswered by 18:00.",
		},
		{"nobody can help", nil, hours(1, 1, 1), "About 1 window will close unanswered by 16:00. One more person would not change that."},
	} {
		v := viewer{now: at, zone: time.FixedZone("here", 0)}
		if got := strings.Join(v.means(bot.Forecast{At: at, Since: at.Add(-time.Hour), Shifts: c.shifts, Hours: c.hours}), " "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestWhatComesIsNotForetoldWhereNothingIsKnown(t *testing.T) {
	t.Parallel()
	f := steady("support", time.Now())
	v := viewer{now: f.At, zone: time.UTC}
	if got := strings.Join(v.means(f), " "); got != "Everybody who waits now can be answered in time. What will come is not known yet." {
		t.Error(got)
	}
}

func TestWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	shift := func(from, to time.Duration, people int) handoff.Shift {
		return handoff.Shift{From: at.Add(from), To: at.Add(to), People: people}
	}
	for _, c := range []struct {
		shifts []handoff.Shift
		want   string
	}{
		{nil, "nobody in the next 48 hours"},
		{[]handoff.Shift{shift(-time.Hour, time.Hour, 1)}, "1 person until 14:00"},
		{[]handoff.Shift{shift(-time.Hour, 0, 1), shift(0, time.Hour, 2)}, "2 people until 14:00"},
		{[]handoff.Shift{shift(-time.Hour, time.Hour, 3), shift(time.Hour, 2*time.Hour, 1)}, "3 people until 14:00, then 1 person until 15:00"},
		{[]handoff.Shift{shift(-time.Hour, time.Hour, 3), shift(20*time.Hour, 24*time.Hour, 2)}, "3 people until 14:00, 2 people from Tue 09:00 until Tue 13:00"},
		{[]handoff.Shift{shift(20*time.Hour, 24*time.Hour, 2)}, "nobody now, 2 people from Tue 09:00 until Tue 13:00"},
	} {
		v := viewer{now: at, zone: time.FixedZone("here", 0)}
		if got := v.duty(bot.Forecast{Shifts: c.shifts, Hours: make([]handoff.Missed, 48)}); got != c.want {
			t.Errorf("%v: %q, want %q", c.shifts, got, c.want)
		}
	}
}

func TestTheChartsUpperEdgeIsEvenAndAboveAll(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]float64{0.5: 2, 2: 2, 2.1: 4, 5: 10, 10: 10, 11: 20, 39: 40, 41: 100, 250: 400} {
		if got := ceiling(n); got != want || math.Mod(got, 2) != 0 {
			t.Errorf("%v: %v, want %v", n, got, want)
		}
	}
}
