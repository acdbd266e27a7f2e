package bot

import (
	"math"
	"time"
)

// gcra is a bound on how often something is done: burst times at once, and in
// the long run once every so often. It is the generic cell rate algorithm: all
// that is remembered is when the bucket is full again, so nothing needs to run
// beside it.
type gcra struct {
	every time.Duration
	burst int // at least 1
}

// tokens is how often it may be done at now, when the bucket is full again at full.
func (g gcra) tokens(full, now time.Time) int {
	missing := g.sane(full, now).Sub(now)
	return g.burst - int((missing+g.every-1)/g.every)
}

// next is when it may be done again; not after now: at once.
func (g gcra) next(full, now time.Time) time.Time {
	return g.sane(full, now).Add(-time.Duration(g.burst-1) * g.every)
}

// take is when the bucket is full again after n more.
func (g gcra) take(full, now time.Time, n int) time.Time {
	full = g.sane(full, now).Add(time.Duration(n) * g.every)
	return g.sane(full, now)
}

// sane is full between now and as late as an empty bucket allows. What is later
// comes of a clock that was set back, or of a rate that was another.
func (g gcra) sane(full, now time.Time) time.Time {
	if full.Before(now) {
		return now
	}
	if empty := now.Add(time.Duration(g.burst) * g.every); full.After(empty) {
		return empty
	}
	return full
}

const (
	// recovery is how long a channel takes from nothing to its full rate after
	// the platform called it too fast.
	recovery = 2 * time.Minute
	// eased is the part of its rate at which it goes on then, and halved when it
	// was called so again right after.
	eased  = 7.0 / 8
	halved = 1.0 / 2
	// A refusal among many that were taken says nothing of the rate: it stays, as
	// long as of the newest messages, about memory of them, no more are refused.
	memory  = 64
	refusal = 1.0 / 16
	// slowest is the part of its rate below which it does not fall.
	slowest = 64
	// slowestEvery bounds what a rate near nothing means.
	slowestEvery = time.Hour
	// gathering is how long an empty bucket is left alone: at 80 a second, a lease
	// for each message would be 80 writes.
	gathering = 50 * time.Millisecond
)

// bucket bounds a channel's rate. What the platform calls too fast makes it less,
// and then it grows again, as nobody tells how fast is right.
type bucket struct {
	most  float64 // messages a second; 0: without bound
	burst int
	low   float64   // the rate at since
	since time.Time // when it was made less; zero: never
	full  time.Time
	share float64 // of the newest messages: how many were too fast
}

func newBucket(p Pace) bucket {
	if p.Rate <= 0 || math.IsInf(p.Rate, 1) {
		return bucket{}
	}
	return bucket{most: p.Rate, burst: max(p.Burst, 1)}
}

// rate is how many messages a second there may be at now; 0: without bound.
func (b bucket) rate(now time.Time) float64 {
	if b.since.IsZero() {
		return b.most
	}
	grown := b.most * max(now.Sub(b.since), 0).Seconds() / recovery.Seconds()
	return min(b.most, b.low+grown)
}

func (b bucket) gcra(now time.Time) gcra {
	every := min(float64(time.Second)/b.rate(now), float64(slowestEvery))
	return gcra{time.Duration(max(every, 1)), b.burst}
}

// free is how many messages may go at now, at most limit; when none, again is
// when to look.
func (b bucket) free(now time.Time, limit int) (n int, again time.Time) {
	if b.most == 0 {
		return limit, time.Time{}
	}
	g := b.gcra(now)
	if n = g.tokens(b.full, now); n > 0 {
		return min(n, limit), time.Time{}
	}
	again = now.Add(gathering)
	if next := g.next(b.full, now); next.After(again) {
		again = next
	}
	return 0, again
}

func (b *bucket) take(now time.Time) {
	if b.most > 0 {
		b.full = b.gcra(now).take(b.full, now, 1)
	}
}

// taken and refused count what the platform says of a message.
func (b *bucket) taken()   { b.share -= b.share / memory }
func (b *bucket) refused() { b.share += (1 - b.share) / memory }

// slow makes the rate less when many are refused, and much less when that
// happened again right after a pause.
func (b *bucket) slow(now time.Time, again bool) {
	part := eased
	if again {
		part = halved
	}
	if b.most > 0 && (again || b.share > refusal) {
		b.low, b.since = max(b.rate(now)*part, b.most/slowest), now
	}
}
