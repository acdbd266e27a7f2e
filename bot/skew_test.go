package bot

import (
	"testing"
	"time"
)

func TestAPlatformsClockThatIsAheadIsNoticed(t *testing.T) {
	t.Parallel()
	var l leads
	for _, c := range []struct {
		name  string
		at    time.Duration // of the message, after noon
		now   time.Duration // after noon
		want  time.Duration
		other bool // on another channel
	}{
		{"a message that came at once", 0, 0, 0, false},
		{"one that was late tells nothing", -time.Hour, time.Second, 0, false},
		{"one from the time to come does", time.Minute, 2 * time.Second, 58 * time.Second, false},
		{"and is remembered for late ones", -time.Hour, time.Minute, 58 * time.Second, false},
		{"another channel's clock is another", 0, time.Minute, 0, true},
		{"a leap of our own is not believed", 5 * time.Hour, 2 * time.Minute, 58 * time.Second, false},
		{"half a day later it is known still", 0, 13 * time.Hour, 58 * time.Second, false},
		{"then it is forgotten", 0, 26 * time.Hour, 0, false},
	} {
		channel := "phone"
		if c.other {
			channel = "page"
		}
		if got := l.seen(channel, noon.Add(c.at), noon.Add(c.now)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheWindowIsCountedByThePlatformsClock(t *testing.T) {
	t.Parallel()
	r := playing(&play{})
	r.lead = time.Hour
	late := text("hi")
	late.Message.At = noon.Add(20 * time.Minute) // 40 minutes ago, by the platform
	differ(t, "ahead", noon.Add(-40*time.Minute), decide(talk(), late, r, noon).Conversation.NewestInbound)
}
