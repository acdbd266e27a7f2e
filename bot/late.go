package bot

import (
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

const (
	// lateAfter is from what age on a message counts as late: the platform kept it
	// while we were away. As a rule one comes within a second.
	lateAfter = time.Minute
	// lateWait is how long what came late waits for more of it. Platforms send what
	// they kept at once, and in no order.
	lateWait = 3 * time.Second
)

// patience is how long a text may wait for further ones. Those that came late
// were all written before the customer could read an answer: they get one.
func (d *draft) patience(set edition, m Message) time.Duration {
	wait := set.Gather()
	late := d.now.Sub(m.At) > lateAfter
	if late || wait == 0 && len(d.Conversation.Gathered) > 0 {
		return max(wait, lateWait)
	}
	return wait
}

// missed reports whether the window that m opened had closed when m came.
func (d *draft) missed(m Message) bool {
	_, open := d.rules.limits.Window.Allow(window.Bot, window.Clock{Acted: m.At, Wrote: m.At}, d.now)
	return !open
}

// miss takes a message that came when its window had closed. Its customer never
// saw what the flow asks now, so it is no answer to that. Unless a newer one
// opens the window, a person is asked for: see answer.
func (d *draft) miss() {
	c := &d.Conversation
	if !c.shut(d.rules.limits, d.now) {
		return // what is newer is answered
	}
	c.AnswerAt = d.now.Add(lateWait)
	c.SilentAt, c.CloseAt = time.Time{}, time.Time{}
}

// giveUp hands over what the bot may not answer any more, or cannot. While it may
// still speak, the flows have a last word.
func (d *draft) giveUp(set edition, reason flows.Reason) {
	c := &d.Conversation
	c.Handed = true
	if !c.shut(d.rules.limits, d.now) {
		d.step(flows.Closing{Reason: reason})
		if c.Status == handoff.Bot { // led aside; a person is asked for at the last moment all the same
			c.Handed = false
			d.plan(set)
		}
		return
	}
	d.carryOut(set, flows.Result{State: anew(c.Flow), Effects: []flows.Effect{
		flows.Escalate{Queue: set.DefaultQueue(), Reason: reason},
	}})
}
