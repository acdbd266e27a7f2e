package load

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Trouble is how the Graph API misbehaves.
type Trouble struct {
	Delay time.Duration // before every answer
	Fail  float64       // the share of requests that are refused, 0 to 1
	Hangs []Hang
}

// Hang is a time in which nothing is answered.
type Hang struct {
	At  time.Duration // since the beginning
	For time.Duration
}

// fault is what a request meets.
type fault struct {
	status, code int // of the refusal; 0: none
}

// refusals are met in turn. The message was taken by none of them: they say so.
func refusals() []fault { return []fault{{500, 131000}, {400, 131056}, {500, 131000}, {400, 130429}} }

// meets tells the fault of the n-th request, from 1. The share is kept all along:
// of every hundred requests the same number fails.
func (t Trouble) meets(n int) (f fault, failed bool) {
	before, now := math.Floor(float64(n-1)*t.Fail), math.Floor(float64(n)*t.Fail)
	if now == before {
		return fault{}, false
	}
	all := refusals()
	return all[int(before)%len(all)], true
}

// held is how long a request waits that comes at now.
func (t Trouble) held(now time.Duration) time.Duration {
	for _, h := range t.Hangs {
		if now >= h.At && now < h.At+h.For {
			return h.At + h.For - now
		}
	}
	return 0
}

// ParseHang reads "30s@2m": for 30 s from the second minute on.
func ParseHang(s string) (Hang, error) {
	length, at, _ := strings.Cut(s, "@")
	f, err1 := time.ParseDuration(length)
	a, err2 := time.ParseDuration(at)
	if err1 != nil || err2 != nil || f <= 0 || a < 0 {
		return Hang{}, fmt.Errorf("%q is no time in which nothing is answered; write 30s@2m for 30 s from the second minute on", s)
	}
	return Hang{At: a, For: f}, nil
}

// ParseShare reads "1%" or "0.01".
func ParseShare(s string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0 && v <= 1) {
		return 0, fmt.Errorf("%q is no share; write 1%% or 0.01", s)
	}
	return v, nil
}

// ParseBytes reads "64MB" or "64MiB", or bytes alone.
func ParseBytes(s string) (float64, error) {
	number, unit := strings.TrimSpace(s), 1.0
	for _, u := range []struct {
		name string
		size float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is no size of memory; write 64MB", s)
	}
	return v * unit, nil
}
