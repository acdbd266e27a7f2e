package web

import (
	"testing"
	"time"
)

func TestForgeriesAreCountedAndNotEachLogged(t *testing.T) {
	t.Parallel()
	var r rarely
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i, want := range []int64{1, 0, 0} {
		if got := r.due(now.Add(time.Duration(i) * time.Second)); got != want {
			t.Errorf("after %d s: %d to log, want %d", i, got, want)
		}
	}
	if got := r.due(now.Add(rareEvery)); got != 3 {
		t.Errorf("later: %d to log, want all three since", got)
	}
}
