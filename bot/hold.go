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

// Hold pauses a channel because of what a platform told elsewhere than in the
// answer to a send.
func (d *Dispatcher) Hold(channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l, ok := d.lane[channel]; ok {
		l.hold(d.clock.now(), time.Minute, true)
	}
}

// hold pauses a channel, twice as long each time in a row, and says until when.
// One that was too fast goes on at half its rate.
func (l *lane) hold(now time.Time, least time.Duration, alarm bool) time.Time {
	p := &l.paused
	if now.Before(p.until) { // several sends were under way when the first was refused
		if until := now.Add(least); until.After(p.until) {
			p.until = until
		}
		p.alarm = p.alarm && alarm
	} else {
		p.until = now.Add(min(least<<min(p.times, 8), max(least, maxPause)))
		p.alarm = alarm
		p.times++
		if !alarm {
			l.bucket.slow(now)
		}
	}
	l.stats.pausedUntil.Store(p.until.UnixNano())
	return p.until
}

// succeeded ends the row of pauses.
func (l *lane) succeeded(now time.Time) {
	l.sent = now
	if p := l.paused; p.times > 0 && (p.alarm || !now.Before(p.until)) {
		l.paused = pause{}
		l.stats.pausedUntil.Store(0)
	}
}

// others reports whether the channel accepted something since a delivery was
// first refused with an alarm.
func (l *lane) others(t Tally) bool {
	return t.Alarms > 0 && !l.sent.Before(t.AlarmedAt)
}
