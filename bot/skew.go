package bot

import (
	"sync"
	"time"
)

// keepLead is for how long it is remembered how far a platform's clock was ahead of
// ours, once or twice: over a night without customers. When the clocks are set right
// meanwhile, windows seem shorter than they are, which does less harm than longer.
const keepLead = 12 * time.Hour

// mostLead is the most that is believed: more is not a clock that goes wrong, but
// one of ours that was just set back, and will be set right.
const mostLead = 2 * time.Hour

// leads remember by channel how far the platform's clock is ahead of this machine's.
// A message comes after it was written; one that was written in the time to come,
// by our clock, tells that the clocks differ by so much at least. Windows are
// counted by the platform's clock. It is a measurement: after a start nothing is
// known until a message comes at once.
type leads struct {
	mu      sync.Mutex
	channel map[string]*lead
}

type lead struct {
	now, before time.Duration // the most in this stretch of time, and in the one before
	until       time.Time     // when this stretch ends
}

// seen takes in when a message was written, and gives the most that is known.
func (l *leads) seen(channel string, at, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.channel == nil {
		l.channel = make(map[string]*lead)
	}
	c := l.channel[channel]
	if c == nil {
		c = &lead{until: now.Add(keepLead)}
		l.channel[channel] = c
	}
	if !now.Before(c.until) {
		c.before, c.now, c.until = c.now, 0, now.Add(keepLead)
	}
	if ahead := at.Sub(now); ahead <= mostLead {
		c.now = max(c.now, ahead)
	}
	return max(c.now, c.before)
}
