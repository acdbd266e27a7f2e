package bot

import (
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// The ladder is what is done because the window closes: a few words to the
// customer at flows.Set.Rungs, then a person is asked for at BeforeClose. It
// stands in Conversation.CloseAt and Rungs, and covers conversations that the
// bot owns and whose flow is not over; those that wait for a person have their
// ticket's deadline.

// due is what of the ladder is to be done at now: whether the handover is, or
// else which rung, -1 for none. Rungs whose moment passed unused are skipped:
// only the newest is said. next is when the following thing is to be done; zero:
// never.
func (e edition) due(c Conversation, closes, now time.Time) (handover bool, rung int, next time.Time) {
	rungs := e.Rungs()
	rung = -1
	if closes.IsZero() || c.Rungs > len(rungs) {
		return false, rung, time.Time{}
	}
	at := func(before time.Duration) (time.Time, bool) {
		t := closes.Add(-before)
		return t, !t.After(now)
	}
	if before := e.BeforeClose(); before > 0 {
		if next, handover = at(before); handover {
			return true, rung, time.Time{}
		}
	}
	for i := c.Rungs; i < len(rungs); i++ {
		t, passed := at(rungs[i])
		if !passed {
			return false, rung, earliest(next, t)
		}
		rung = i
	}
	return false, rung, next
}

// closes is until when the bot may write.
func (d *draft) closes() time.Time {
	return d.Conversation.WindowCloses(d.rules.limits.Window, window.Bot, d.now)
}

// plan sets when the ladder is to be climbed next: at once, if its moment has passed.
func (d *draft) plan(set edition) {
	c := &d.Conversation
	c.CloseAt = time.Time{}
	if c.Status != handoff.Bot || !c.Flow.Begun() {
		return
	}
	handover, rung, next := set.due(*c, d.closes(), d.now)
	if handover || rung >= 0 {
		next = d.now
	}
	c.CloseAt = next
}

// climb does what of the ladder is due. Into a shut window nothing is said; a
// person is asked for all the same.
func (d *draft) climb() {
	set, c := d.follow(), &d.Conversation
	if !c.Flow.Begun() {
		d.plan(set)
		return
	}
	handover, rung, _ := set.due(*c, d.closes(), d.now)
	switch {
	case handover && c.shut(d.rules.limits, d.now):
		d.giveUp(set, flows.ReasonClosed)
		return
	case handover:
		d.giveUp(set, flows.ReasonDeadline)
		return
	case rung >= 0:
		c.Rungs = rung + 1
		if !c.shut(d.rules.limits, d.now) {
			d.courtesy = true
			d.send(Hand{}, fit(set.Rung(rung, c.Flow, d.env()), d.rules.limits))
			d.courtesy = false
		}
	}
	d.plan(set)
}

// skip counts as done what of the ladder has passed: a person who gives the
// conversation back late knows how late it is, and must not get it again at once.
func (d *draft) skip() {
	set, c := d.follow(), &d.Conversation
	handover, rung, _ := set.due(*c, d.closes(), d.now)
	switch {
	case handover:
		c.Rungs = len(set.Rungs()) + 1
	case rung >= 0:
		c.Rungs = rung + 1
	}
}
