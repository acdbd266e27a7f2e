package bot

import (
	"testing"
	"time"
)

func TestALongerPauseIsNotSwallowedByAShorterOne(t *testing.T) {
	t.Parallel()
	l := &lane{stats: newChannelStats()}
	l.hold(noon, noon, 0, false)
	if again := l.hold(noon, noon, 2*time.Hour, false); !again.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("the platform asked for two hours, the channel pauses until %v", again)
	}
	if again := l.hold(noon, noon.Add(time.Minute), time.Second, false); !again.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("a shorter wish ends the pause at %v", again)
	}
}

func TestPausesInARowGrow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		alarm bool
		want  []time.Duration
	}{
		{"too fast", false, []time.Duration{
			100 * time.Millisecond, 400 * time.Millisecond, 1600 * time.Millisecond, 6400 * time.Millisecond, 25600 * time.Millisecond,
			102400 * time.Millisecond, 409600 * time.Millisecond, maxPause, maxPause,
		}},
		{"trouble of the account", true, []time.Duration{
			time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, maxPause, maxPause,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := &lane{stats: newChannelStats()}
			var got []time.Duration
			now := noon
			for range c.want {
				again := l.hold(now, now, 0, c.alarm)
				got = append(got, again.Sub(now))
				now = again
			}
			differ(t, "pauses", c.want, got)
		})
	}
}

func TestWhatWasUnderWayBeforeThePauseSaysNothingNew(t *testing.T) {
	t.Parallel()
	l := &lane{stats: newChannelStats(), bucket: newBucket(Pace{Rate: 80, Burst: 8})}
	until := l.hold(noon, noon, 0, false)
	late := until.Add(time.Second)
	again := l.hold(noon.Add(-time.Second), late, 0, false)
	differ(t, "the pause", until, l.paused.until)
	differ(t, "pauses in a row", 1, l.paused.times)
	differ(t, "what was refused goes again", late.Add(100*time.Millisecond), again)
	l.succeeded(noon, late)
	differ(t, "pauses in a row after a success of before", 1, l.paused.times)
	l.succeeded(until, late)
	differ(t, "and after one of afterwards", 0, l.paused.times)
}

func TestAChannelThatIsTooFastSlowsDownOncePerPause(t *testing.T) {
	t.Parallel()
	l := &lane{stats: newChannelStats(), bucket: newBucket(Pace{Rate: 80, Burst: 8})}
	l.bucket.share = 0.1
	var until time.Time
	for range 5 { // those that were under way when the first was refused
		until = l.hold(noon, noon, 0, false)
	}
	differ(t, "the rate", 70.0, l.bucket.rate(noon))
	l.hold(until, until, 0, false)
	if rate := l.bucket.rate(until); rate < 35 || rate > 36 {
		t.Errorf("the rate is %v after the pause was in vain, want half of it", rate)
	}
	l.hold(noon.Add(time.Hour), noon.Add(time.Hour), 0, true)
	differ(t, "the rate after the account was in trouble, which says nothing of it", 80.0, l.bucket.rate(noon.Add(time.Hour)))
}
