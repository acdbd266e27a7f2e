package load

import (
	"fmt"
	"slices"
	"time"
)

// A program that leaks grows without end; one that is only busy goes up and
// down. The first tenth of a run is left out, as it fills caches and pools.

// What may differ without being a leak: the collector lets the heap swing, and in
// trouble more webhooks wait at once, each in two goroutines.
const (
	memorySlack    = 32 << 20 // bytes
	goroutineSlack = 100
	shareSlack     = 0.25
)

// calmed is how many samples stand for one, by their median: a burst of a few
// seconds is none of a program's growth.
const calmed = 9

// fewestSamples is fewer than which nothing can be said about.
const fewestSamples = 16

// unsteady tells what was not flat in the second half of a run with at most so
// many webhooks under way.
func unsteady(all []Sample, concurrency int) []string {
	if len(all) < fewestSamples {
		return nil
	}
	all = calm(all)
	var faults []string
	for _, v := range []struct {
		what  string
		slack float64
		unit  func(float64) string
		value func(Sample) float64
	}{
		{"memory", memorySlack, bytesText, func(s Sample) float64 { return s.Memory }},
		{"goroutines", float64(goroutineSlack + 2*concurrency), countText, func(s Sample) float64 { return s.Goroutines }},
	} {
		early, late := quarter(all), all[len(all)/2:]
		before := most(early, v.value)
		allowed := max(v.slack, before*shareSlack)
		// A leak lifts what is usual; what is rare is lifted by trouble, too.
		if after := median(late, v.value); after > before+allowed {
			faults = append(faults, fmt.Sprintf("%s: at most %s in the first quarter, %s as a rule in the second half", v.what, v.unit(before), v.unit(after)))
		}
		if rise := slope(late, v.value) * (late[len(late)-1].At - late[0].At).Seconds(); rise > allowed {
			faults = append(faults, fmt.Sprintf("%s: rose by %s over the second half", v.what, v.unit(rise)))
		}
	}
	return faults
}

// calm puts the median of each sample's neighbours into its place.
func calm(all []Sample) []Sample {
	out := slices.Clone(all)
	for i := range all {
		near := all[max(0, i-calmed/2):min(len(all), i+calmed/2+1)]
		out[i].Memory = median(near, func(s Sample) float64 { return s.Memory })
		out[i].Goroutines = median(near, func(s Sample) float64 { return s.Goroutines })
	}
	return out
}

func median(all []Sample, value func(Sample) float64) float64 {
	values := make([]float64, len(all))
	for i, s := range all {
		values[i] = value(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// quarter is the first quarter after the warm-up.
func quarter(all []Sample) []Sample {
	warm := len(all) / 10
	return all[warm : warm+(len(all)-warm)/4]
}

// growth is how much more memory the second half took at most than the first
// quarter; 0 when it took less, or when there is too little to say.
func growth(all []Sample) float64 {
	if len(all) < fewestSamples {
		return 0
	}
	all = calm(all)
	memory := func(s Sample) float64 { return s.Memory }
	return max(0, most(all[len(all)/2:], memory)-most(quarter(all), memory))
}

func most(all []Sample, value func(Sample) float64) (m float64) {
	for _, s := range all {
		m = max(m, value(s))
	}
	return m
}

// slope is the rise in a second of the straight line that is nearest to all
// values by least squares.
func slope(all []Sample, value func(Sample) float64) float64 {
	n := float64(len(all))
	var x, y, xx, xy float64
	for _, s := range all {
		at, v := s.At.Seconds(), value(s)
		x, y, xx, xy = x+at, y+v, xx+at*at, xy+at*v
	}
	if d := n*xx - x*x; d > 0 {
		return (n*xy - x*y) / d
	}
	return 0
}

func bytesText(b float64) string { return fmt.Sprintf("%.1f MB", b/1e6) }

func countText(n float64) string { return fmt.Sprintf("%.0f", n) }

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
