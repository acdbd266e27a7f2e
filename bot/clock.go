package bot

import "time"

// leapLeast is from how much on a clock that is set ahead has leapt: less is what
// keeping it right takes.
const leapLeast = time.Second

// clock tells the dispatcher's time, which goes on when the machine's is set
// back: or else what was stored as due would wait for as long as the clock was
// wrong. It is for what is due and leased. In which window a message falls is
// judged by the machine's time, as it is the platform's.
type clock struct {
	newest time.Time
	read   time.Time            // when newest was told; its monotonic reading counts
	leapt  leap                 // the newest
	skew   func() time.Duration // tests': how wrong the machine's clock is. Nil: it is right
}

// leap is that the machine's clock was set ahead, or that the machine slept:
// nobody can tell which.
type leap struct {
	from, to time.Time // zero: there was none
	read     time.Time // when; its monotonic reading counts
}

func (c *clock) now() time.Time {
	now, _ := c.both()
	return now
}

// both gives the clock's time and the machine's.
func (c *clock) both() (now, wall time.Time) {
	read := time.Now().UTC()
	wall = read
	if c.skew != nil {
		wall = wall.Add(c.skew())
	}
	if c.newest.IsZero() {
		c.newest, c.read = wall, read
	}
	steady, long := c.newest, read.Sub(c.read)
	c.newest, c.read = onward(steady, long, wall), read
	if steady = steady.Add(long); c.newest.Round(0).Sub(steady.Round(0)) > leapLeast {
		c.leapt = leap{from: steady, to: c.newest, read: read}
	}
	return c.newest, wall
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

// since is how late it is when the machine says wall, for what was decided at a
// moment: for what waited when the clock leapt only the time since counts, in
// which the machine was awake.
func (c *clock) since(decided, wall time.Time) time.Time {
	if l := c.leapt; !l.to.IsZero() && !decided.After(l.from) {
		if awake := l.from.Add(c.read.Sub(l.read)); awake.Round(0).Before(wall.Round(0)) {
			return awake
		}
	}
	return wall
}
