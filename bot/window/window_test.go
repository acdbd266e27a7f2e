package window

import (
	"testing"
	"time"
)

func TestCloses(t *testing.T) {
	t.Parallel()
	newest := time.Date(2026, 10, 24, 23, 30, 0, 0, time.UTC)
	berlin := time.FixedZone("CEST", 2*60*60)
	for _, tt := range []struct {
		name   string
		policy Policy
		newest time.Time
		want   time.Time
	}{
		{"Meta's window is 24 hours from the newest message", Meta(), newest, time.Date(2026, 10, 25, 23, 30, 0, 0, time.UTC)},
		{"a clock that is set back in the night changes nothing", Meta(), newest.In(berlin), newest.Add(24 * time.Hour)},
		{"parts of a second are kept", Meta(), newest.Add(time.Nanosecond), newest.Add(24*time.Hour + time.Nanosecond)},
		{"a customer who never wrote has a window that closed long ago", Meta(), time.Time{}, time.Time{}.Add(24 * time.Hour)},
		{"our own web chat has none", Unlimited(), newest, time.Time{}},
		{"the zero policy knows no limit", Policy{}, newest, time.Time{}},
		{"no limit and no message", Unlimited(), time.Time{}, time.Time{}},
		{"any other length", Policy{Length: time.Hour}, newest, newest.Add(time.Hour)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.policy.Closes(tt.newest); !got.Equal(tt.want) {
				t.Errorf("Closes = %v, want %v", got, tt.want)
			}
		})
	}
}
