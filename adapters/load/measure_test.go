package load

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestPercentiles(t *testing.T) {
	t.Parallel()
	m := newMeter()
	for i := range 10_000 {
		m.record(time.Duration(i+1) * time.Millisecond)
	}
	lap := m.lap()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"p50", lap.P50, 5000}, {"p90", lap.P90, 9000}, {"p99", lap.P99, 9900}, {"p99.9", lap.P999, 9990}, {"max", lap.Max, 10_000},
	} {
		if math.Abs(c.got-c.want) > c.want/1000 {
			t.Errorf("%s is %g ms, want %g within a thousandth", c.name, c.got, c.want)
		}
	}
	if again := m.lap(); again.Count != 0 {
		t.Errorf("the next lap begins with %d", again.Count)
	}
	if all := m.all(); all != lap {
		t.Errorf("in all %+v, of the only lap %+v", all, lap)
	}
}

func TestWhatIsOutOfMeasureCountsAsTheBound(t *testing.T) {
	t.Parallel()
	m := newMeter()
	m.record(-time.Second)
	m.record(time.Hour)
	got := m.lap()
	if got.Count != 2 || got.P50 != 0.001 || math.Abs(got.Max-millis(longest)) > 1000 {
		t.Errorf("got %+v", got)
	}
}

// samples makes one a second of what memory and goroutines are then.
func samples(n int, memory, goroutines func(i int) float64) []Sample {
	var all []Sample
	for i := range n {
		all = append(all, Sample{At: time.Duration(i) * time.Second, Memory: memory(i), Goroutines: goroutines(i)})
	}
	return all
}

func TestUnsteady(t *testing.T) {
	t.Parallel()
	const mb = 1e6
	flat := func(v float64) func(int) float64 { return func(int) float64 { return v } }
	for _, c := range []struct {
		name  string
		all   []Sample
		fault string
	}{
		{"flat", samples(100, flat(60*mb), flat(50)), ""},
		{"too short to say", samples(fewestSamples-1, func(i int) float64 { return float64(i) * 100 * mb }, flat(50)), ""},
		{"a rise while it warms up", samples(100, func(i int) float64 { return 60*mb - 50*mb*max(0, 1-float64(i)/10) }, flat(50)), ""},
		{"the saw of the collector", samples(100, func(i int) float64 { return 60*mb + float64(i%10)*2*mb }, flat(50)), ""},
		{"trouble in the first half", samples(100, flat(60*mb), func(i int) float64 {
			if i > 30 && i < 45 {
				return 5000
			}
			return 50
		}), ""},
		{"a burst of a few seconds in the second half", samples(100, flat(60*mb), func(i int) float64 {
			if i > 70 && i < 75 {
				return 5000
			}
			return 50
		}), ""},
		{"a leak of memory", samples(100, func(i int) float64 { return 60*mb + float64(i)*mb }, flat(50)), "memory: at most"},
		{"a leak of memory that begins late", samples(100, func(i int) float64 { return 200*mb + 2*mb*max(0, float64(i)-60) }, flat(50)), "memory: rose by"},
		{"a leak of goroutines", samples(100, flat(60*mb), func(i int) float64 { return 50 + float64(i)*5 }), "goroutines: at most"},
		{"a rise back to where it was", samples(100, func(i int) float64 {
			if i < 50 {
				return 200 * mb
			}
			return 100*mb + float64(i-50)*2*mb
		}, flat(50)), "memory: rose by"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(unsteady(c.all, 16), "; ")
			if c.fault == "" && got != "" || !strings.Contains(got, c.fault) {
				t.Errorf("got %q, want %q", got, c.fault)
			}
		})
	}
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	all := samples(100, func(i int) float64 { return float64(i) }, func(int) float64 { return 1 })
	if got := growth(all); got != 97-31 {
		t.Errorf("grew by %g: the first quarter after a tenth ends with 31, the second half with 99, whose neighbours have the median 97", got)
	}
	falling := samples(100, func(i int) float64 { return float64(100 - i) }, func(int) float64 { return 1 })
	if got := growth(falling); got != 0 {
		t.Errorf("what fell grew by %g", got)
	}
}

func TestSlope(t *testing.T) {
	t.Parallel()
	all := samples(50, func(i int) float64 { return 7 + 3*float64(i) }, func(int) float64 { return 1 })
	if got := slope(all, func(s Sample) float64 { return s.Memory }); math.Abs(got-3) > 1e-9 {
		t.Errorf("a line that rises by 3 a second has the slope %g", got)
	}
}
