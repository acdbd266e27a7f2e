package bot

import (
	"sync/atomic"
	"time"
)

// maxBounds is how many bounds a Histogram may have.
const maxBounds = 23

// Histogram counts values in fixed buckets, without a lock and without
// allocating, for many goroutines at once. The zero value counts all of them in
// one bucket. It must not be copied.
type Histogram struct {
	per    float64 // how many make one of the unit that is shown: 1e9 ns a second; zero counts as 1
	bounds []int64 // upper bounds, ascending; a value on a bound is below it
	counts [maxBounds + 1]atomic.Uint64
	sum    atomic.Int64
}

// HistogramSnapshot is a Histogram at one moment, in the unit that is shown:
// seconds for durations.
type HistogramSnapshot struct {
	Count   uint64
	Sum     float64
	Buckets []Bucket // ascending; what is above the last is in Count only
}

// Bucket is how many values were not above Bound, those of the buckets before included.
type Bucket struct {
	Bound float64
	Count uint64
}

// durations makes a histogram of durations, which shows seconds.
func (h *Histogram) durations(bounds ...time.Duration) {
	h.per = 1e9
	for _, b := range bounds {
		h.bounds = append(h.bounds, int64(b))
	}
}

// numbers makes a histogram of numbers, which shows them as they are.
func (h *Histogram) numbers(bounds ...int64) { h.per, h.bounds = 1, bounds }

// Took counts a duration.
func (h *Histogram) Took(d time.Duration) { h.Observe(int64(d)) }

// Observe counts a number. Durations are counted with Took.
func (h *Histogram) Observe(n int64) {
	i := 0
	for i < len(h.bounds) && n > h.bounds[i] { // most are small, and there are few bounds
		i++
	}
	h.counts[i].Add(1)
	h.sum.Add(n)
}

// Snapshot is what was counted so far. Values that come in meanwhile may be in
// the counts and not in the sum yet.
func (h *Histogram) Snapshot() HistogramSnapshot {
	per := max(h.per, 1)
	s := HistogramSnapshot{Sum: float64(h.sum.Load()) / per, Buckets: make([]Bucket, len(h.bounds))}
	for i, b := range h.bounds {
		s.Count += h.counts[i].Load()
		s.Buckets[i] = Bucket{Bound: float64(b) / per, Count: s.Count}
	}
	s.Count += h.counts[len(h.bounds)].Load()
	return s
}
