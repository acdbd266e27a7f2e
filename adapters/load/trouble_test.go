package load

import (
	"testing"
	"time"
)

func TestAShareOfRequestsFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		share float64
		of    int
		want  int
	}{{0, 1000, 0}, {0.01, 1000, 10}, {0.5, 7, 3}, {1, 20, 20}} {
		failed, met := 0, map[fault]int{}
		for n := 1; n <= c.of; n++ {
			if f, ok := (Trouble{Fail: c.share}).meets(n); ok {
				failed++
				met[f]++
			}
		}
		if failed != c.want {
			t.Errorf("%d of %d fail at %g", failed, c.of, c.share)
		}
		if c.want >= 10 && len(met) != 3 {
			t.Errorf("of the three refusals %d were met: %v", len(met), met)
		}
	}
}

func TestRequestsAreHeldUntilTheHangIsOver(t *testing.T) {
	t.Parallel()
	trouble := Trouble{Hangs: []Hang{{At: time.Minute, For: 10 * time.Second}, {At: 2 * time.Minute, For: time.Second}}}
	for now, want := range map[time.Duration]time.Duration{
		59 * time.Second: 0, time.Minute: 10 * time.Second, 69 * time.Second: time.Second, 70 * time.Second: 0, 2 * time.Minute: time.Second,
	} {
		if got := trouble.held(now); got != want {
			t.Errorf("at %s held for %s, want %s", now, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	share := func(s string) (any, error) { return anyOf(ParseShare(s)) }
	size := func(s string) (any, error) { return anyOf(ParseBytes(s)) }
	hang := func(s string) (any, error) { return anyOf(ParseHang(s)) }
	for _, c := range []struct {
		of    func(string) (any, error)
		text  string
		want  any
		fault string
	}{
		{share, "1%", 0.01, ""},
		{share, "0.25", 0.25, ""},
		{share, "100 %", 1.0, ""},
		{share, "101%", nil, `"101%" is no share; write 1% or 0.01`},
		{share, "NaN", nil, `"NaN" is no share; write 1% or 0.01`},
		{share, "some", nil, `"some" is no share; write 1% or 0.01`},
		{size, "64MB", 64e6, ""},
		{size, "1 MiB", float64(1 << 20), ""},
		{size, "512", 512.0, ""},
		{size, "-1MB", nil, `"-1MB" is no size of memory; write 64MB`},
		{size, "much", nil, `"much" is no size of memory; write 64MB`},
		{hang, "30s@2m", Hang{At: 2 * time.Minute, For: 30 * time.Second}, ""},
		{hang, "30s", nil, `"30s" is no time in which nothing is answered; write 30s@2m for 30 s from the second minute on`},
		{hang, "0s@1m", nil, `"0s@1m" is no time in which nothing is answered; write 30s@2m for 30 s from the second minute on`},
	} {
		got, err := c.of(c.text)
		switch {
		case c.fault == "" && (err != nil || got != c.want):
			t.Errorf("%q: got %v, %v, want %v", c.text, got, err, c.want)
		case c.fault != "" && (err == nil || err.Error() != c.fault):
			t.Errorf("%q: the error is %v, want %s", c.text, err, c.fault)
		}
	}
}

func anyOf[T any](v T, err error) (any, error) { return v, err }
