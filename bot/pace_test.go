package bot

import (
	"fmt"
	"testing"
	"time"
)

func TestABucketHoldsABurstAndFillsByAndBy(t *testing.T) {
	t.Parallel()
	g := gcra{every: 6 * time.Second, burst: 45}
	for _, c := range []struct {
		name   string
		full   time.Duration // from noon: when it is full again
		tokens int
		next   time.Duration // from noon; below 0: at once
	}{
		{"never used", -time.Hour, 45, -264 * time.Second},
		{"just full", 0, 45, -264 * time.Second},
		{"one was taken", 6 * time.Second, 44, -258 * time.Second},
		{"and half of it is back", 3 * time.Second, 44, -261 * time.Second},
		{"one is left", 44 * 6 * time.Second, 1, 0},
		{"the last was taken a moment ago", 44*6*time.Second + time.Nanosecond, 0, time.Nanosecond},
		{"empty", 45 * 6 * time.Second, 0, 6 * time.Second},
		{"the clock was set back by hours", 5 * time.Hour, 0, 6 * time.Second},
		{"the clock was set ahead by hours", -5 * time.Hour, 45, -264 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			full := noon.Add(c.full)
			differ(t, "tokens", c.tokens, g.tokens(full, noon))
			differ(t, "next", noon.Add(c.next), g.next(full, noon))
		})
	}
}

func TestWhatIsTakenIsMissing(t *testing.T) {
	t.Parallel()
	g := gcra{every: time.Second, burst: 3}
	full := time.Time{}
	for left := 3; left > 0; left-- {
		differ(t, "tokens", left, g.tokens(full, noon))
		full = g.take(full, noon, 1)
	}
	differ(t, "next", noon.Add(time.Second), g.next(full, noon))
	differ(t, "an empty one does not get emptier", full, g.take(full, noon, 100))
	differ(t, "after two seconds", 2, g.tokens(full, noon.Add(2*time.Second)))
	differ(t, "after a clock that went back an hour", 0, g.tokens(full, noon.Add(-time.Hour)))
	again := g.take(full, noon.Add(-time.Hour), 1)
	differ(t, "and a second later", 1, g.tokens(again, noon.Add(-time.Hour+time.Second)))
}

func TestTheRateOfANumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate  float64
		burst int
		want  int // in ten seconds
	}{
		{80, 8, 808},
		{1000, 100, 10100},
		{0.5, 0, 6}, // the burst is one at least
		{1e-12, 1, 1},
		{5000, 500, 50500},
	} {
		t.Run(fmt.Sprint(c.rate), func(t *testing.T) {
			t.Parallel()
			b := newBucket(Pace{Rate: c.rate, Burst: c.burst})
			taken := 0
			for now := noon; now.Before(noon.Add(10 * time.Second)); {
				n, again := b.free(now, 1<<20)
				for range n {
					b.take(now)
				}
				if taken += n; n == 0 {
					now = again
				}
			}
			if taken > c.want || taken < c.want-1-int(c.rate/10) {
				t.Errorf("%d messages in ten seconds, want nearly %d", taken, c.want)
			}
		})
	}
}

func TestWithoutABoundNothingIsCounted(t *testing.T) {
	t.Parallel()
	b := newBucket(Pace{})
	for range 1000 {
		b.take(noon)
	}
	b.slow(noon, true)
	n, again := b.free(noon, 64)
	differ(t, "free", 64, n)
	differ(t, "again", time.Time{}, again)
	differ(t, "rate", 0.0, b.rate(noon))
}

func TestTheRateFallsAndGrowsAgain(t *testing.T) {
	t.Parallel()
	b := newBucket(Pace{Rate: 80, Burst: 8})
	differ(t, "at first", 80.0, b.rate(noon))
	b.share = 0.1
	b.slow(noon, false)
	differ(t, "when one in ten is refused", 70.0, b.rate(noon))
	b.slow(noon, true)
	differ(t, "after a pause that was in vain", 35.0, b.rate(noon))
	differ(t, "half a minute later", 55.0, b.rate(noon.Add(30*time.Second)))
	differ(t, "two minutes later", 80.0, b.rate(noon.Add(2*time.Minute)))
	differ(t, "a day later", 80.0, b.rate(noon.Add(24*time.Hour)))
	differ(t, "when the clock is set back", 35.0, b.rate(noon.Add(-time.Hour)))
	for range 50 {
		b.slow(noon, true)
	}
	differ(t, "it does not come to a stand", 80.0/slowest, b.rate(noon))
}

func TestARefusalAmongManyDoesNotSlowDown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		every int // one of so many is refused
		slows bool
	}{{1000, false}, {100, false}, {50, false}, {10, true}, {2, true}} {
		t.Run(fmt.Sprint(c.every), func(t *testing.T) {
			t.Parallel()
			b := newBucket(Pace{Rate: 80, Burst: 8})
			for n := range 5000 {
				if n%c.every == c.every-1 {
					b.refused()
					b.slow(noon, false)
				} else {
					b.taken()
				}
			}
			differ(t, "slows down", c.slows, b.rate(noon) < 80)
		})
	}
}
