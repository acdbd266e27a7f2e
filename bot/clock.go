package bot

import "time"

// clock tells the dispatcher's time, which goes on when the machine's is set
// back: or else what was stored as due would wait for as long as the clock was
// wrong. It is for what is due and leased. In which window a message falls is
// judged by the machine's time, as it is the platform's.
type clock struct{ newest time.Time }

func (c *clock) now() time.Time {
	wall := time.Now().UTC()
	if c.newest.IsZero() {
		c.newest = wall
	}
	c.newest = onward(c.newest, wall.Sub(c.newest), wall)
	return c.newest
}

// onward is what the time is when before was long ago and the machine says wall.
// Where it gives wall, it keeps the monotonic reading: pauses and rates are
// reckoned by that and do not notice a jump at all.
func onward(before time.Time, long time.Duration, wall time.Time) time.Time {
	steady := before.Add(long)
	if wall.Round(0).Before(steady.Round(0)) {
		return steady
	}
	return wall
}
