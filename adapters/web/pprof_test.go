package web

import (
	"testing"
	"time"
)

func TestAProfileMayTakeAsLongAsItIsAskedFor(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string]time.Duration{
		"": 30 * time.Second, "120": 2 * time.Minute, "0.5": 500 * time.Millisecond, "86400": 10 * time.Minute, "Inf": 10 * time.Minute,
		"-5": 30 * time.Second, "NaN": 30 * time.Second, "soon": 30 * time.Second,
	} {
		if got := profileTakes(seconds); got != want {
			t.Errorf("?seconds=%s takes %v, want %v", seconds, got, want)
		}
	}
}
