package bot

import (
	"testing"
	"time"
)

func TestALongerPauseIsNotSwallowedByAShorterOne(t *testing.T) {
	t.Parallel()
	l := &lane{stats: newChannelStats()}
	l.hold(noon, time.Second, false)
	if until := l.hold(noon, 2*time.Hour, false); !until.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("the platform asked for two hours, the channel pauses until %v", until)
	}
	if until := l.hold(noon.Add(time.Minute), time.Second, false); !until.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("a shorter wish ends the pause at %v", until)
	}
}

func TestAChannelThatIsTooFastSlowsDownOncePerPause(t *testing.T) {
	t.Parallel()
	l := &lane{stats: newChannelStats(), bucket: newBucket(Pace{Rate: 80, Burst: 8})}
	for range 5 { // those that were under way when the first was refused
		l.hold(noon, time.Second, false)
	}
	if rate := l.bucket.rate(noon); rate != 40 {
		t.Errorf("the rate is %v, want half of 80", rate)
	}
	l.hold(noon.Add(time.Hour), time.Minute, true)
	if rate := l.bucket.rate(noon.Add(time.Hour)); rate != 80 {
		t.Errorf("the rate is %v after the account was in trouble: that says nothing of it", rate)
	}
}
