package bot

import (
	"math"
	"sync"
	"testing"
	"time"
)

func TestAHistogramCountsEachValueInItsBucket(t *testing.T) {
	t.Parallel()
	var h Histogram
	h.durations(time.Millisecond, 250*time.Millisecond, time.Second)
	for _, d := range []time.Duration{-time.Second, 0, time.Millisecond, time.Millisecond + 1, time.Second, time.Hour} {
		h.Took(d)
	}
	s := h.Snapshot()
	want := []Bucket{{0.001, 3}, {0.25, 4}, {1, 5}}
	for i, b := range s.Buckets {
		if b != want[i] {
			t.Errorf("bucket %d is %v, want %v", i, b, want[i])
		}
	}
	if sum := 3600.002000001; s.Count != 6 || math.Abs(s.Sum-sum) > 1e-9 {
		t.Errorf("%d values, sum %v, want 6 and %v", s.Count, s.Sum, sum)
	}
}

func TestAHistogramWithoutBoundsCountsAll(t *testing.T) {
	t.Parallel()
	var h Histogram
	h.Observe(3)
	h.Observe(4)
	if s := h.Snapshot(); s.Count != 2 || s.Sum != 7 || len(s.Buckets) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestEveryListOfBoundsFitsAndAscends(t *testing.T) {
	t.Parallel()
	for _, bounds := range [][]time.Duration{quick, slow, remote} {
		if len(bounds) > maxBounds {
			t.Errorf("%d bounds, there is room for %d", len(bounds), maxBounds)
		}
		for i := 1; i < len(bounds); i++ {
			if bounds[i] <= bounds[i-1] {
				t.Errorf("%v after %v", bounds[i], bounds[i-1])
			}
		}
	}
}

func TestAHistogramLosesNothingAmongManyWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 5000
	var (
		h     Histogram
		group sync.WaitGroup
	)
	h.numbers(1, 2, 5)
	for range writers {
		group.Go(func() {
			for i := range int64(each) {
				h.Observe(i % 8)
			}
		})
	}
	group.Wait()
	if s := h.Snapshot(); s.Count != writers*each || s.Sum != writers*each*3.5 {
		t.Errorf("%d values, sum %v", s.Count, s.Sum)
	}
}

func TestMeasuringAllocatesNothing(t *testing.T) { // not parallel: AllocsPerRun
	s := NewStats(map[string]Channel{"shop": nil})
	for name, measure := range map[string]func(){
		"a duration": func() { s.Decide.Took(time.Millisecond) },
		"a send":     func() { s.Sent("shop", ClassWait, time.Second) },
		"a stranger": func() { s.Sent("nobody's", "", time.Second) },
	} {
		if n := testing.AllocsPerRun(100, measure); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkHistogram(b *testing.B) {
	var h Histogram
	h.durations(remote...)
	for b.Loop() {
		h.Took(80 * time.Millisecond)
	}
}
