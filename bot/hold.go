package bot

import "time"

const (
	maxPause  = 15 * time.Minute
	longPause = 10 * time.Minute // a person should know of it
)

// pause is why and until when a channel sends nothing.
type pause struct {
	until time.Time
	times int  // in a row
	alarm bool // because of the account; a success shows that it was not
}

// grown is how long a pause is that follows so many others in a row. A number
// that was too fast once is far from its limit after a moment; one that still is
// after its pause learns what is left of it.
func grown(times int, alarm bool) time.Duration {
	first, doublings := 100*time.Millisecond, 2*times
	if alarm {
		first, doublings = time.Minute, times
	}
	return min(first<<min(doublings, 16), maxPause)
}

// Hold pauses a channel because of what a platform told elsewhere than in the
// answer to a send.
func (d *Dispatcher) Hold(channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l, ok := d.lane[channel]; ok {
		now := d.clock.now()
		l.hold(now, now, 0, true)
	}
}

// hold pauses a channel because of a send that began at begun, for at least as
// long as the platform asked, and says when what was refused may go again. One
// that was too fast goes on a little slower, or at half its rate when it was in
// the pause before, too.
func (l *lane) hold(begun, now time.Time, asked time.Duration, alarm bool) (again time.Time) {
	p := &l.paused
	if !alarm {
		l.bucket.refused()
	}
	if begun.Before(p.until) { // it was under way when another was refused, and says nothing new
		p.alarm = p.alarm && alarm
	} else {
		if !alarm {
			l.bucket.slow(now, p.times > 0)
		}
		*p = pause{until: now.Add(grown(p.times, alarm)), times: p.times + 1, alarm: alarm}
	}
	if until := now.Add(asked); asked > 0 && until.After(p.until) {
		p.until = until
	}
	l.stats.pausedUntil.Store(p.until.UnixNano())
	if again = now.Add(grown(0, alarm)); again.Before(p.until) {
		return p.until
	}
	return again
}

// succeeded ends the row of pauses, unless what was sent was under way before.
func (l *lane) succeeded(begun, now time.Time) {
	l.sent = now
	l.bucket.taken()
	if p := l.paused; p.times > 0 && (p.alarm || !begun.Before(p.until)) {
		l.paused = pause{}
		l.stats.pausedUntil.Store(0)
	}
}

// others reports whether the channel accepted something since a delivery was
// first refused with an alarm.
func (l *lane) others(t Tally) bool {
	return t.Alarms > 0 && !l.sent.Before(t.AlarmedAt)
}
