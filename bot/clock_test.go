package bot

import (
	"testing"
	"time"
)

func TestTheDispatchersTimeNeverGoesBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		long time.Duration // since noon
		wall time.Duration // from noon: what the machine says
		want time.Duration
	}{
		{"as a rule it is the machine's", time.Minute, time.Minute, time.Minute},
		{"a clock that was set back by hours", time.Minute, -3 * time.Hour, time.Minute},
		{"or by a moment", time.Minute, time.Minute - time.Millisecond, time.Minute},
		{"a clock that was set ahead", time.Minute, 3 * time.Hour, 3 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			differ(t, "now", noon.Add(c.want), onward(noon, c.long, noon.Add(c.wall)))
		})
	}
}

func TestATimeOfAheadIsKeptWhenTheClockIsRightAgain(t *testing.T) {
	t.Parallel()
	ahead := onward(noon, time.Second, noon.Add(3*time.Hour))
	differ(t, "now", ahead.Add(time.Minute), onward(ahead, time.Minute, noon.Add(time.Minute+time.Second)))
}
