package bot

import (
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// The ladder is what is done because the window closes: a few words to the
// customer at flows.Set.Rungs; and where the bot has the conversation and its flow
// is not over, a person is asked for at the effective deadline, or at BeforeClose,
// whichever is earlier. Who waits for a person hears the rungs that are for them,
// and that nobody will be there once the last one has left. It stands in
// Conversation.CloseAt, Rungs, Handed and Away.

// lastWord is how long before the window closes a customer is handed over who was
// led elsewhere because nobody is there: until then they may say how to be reached.
const lastWord = 15 * time.Minute

// move is what of the ladder is to be done at a moment.
type move struct {
	handover bool      // a person is asked for
	away     bool      // or else the customer is told that nobody will be there
	rung     int       // or else something is said; -1: nothing
	next     time.Time // when the following thing is to be done; zero: never
}

// due is what of the ladder is to be done at now. Rungs whose moment passed
// unused are skipped: only the newest is said.
func (e edition) due(c Conversation, until ends, now time.Time) move {
	m := move{rung: -1}
	if until.bot.IsZero() {
		return m
	}
	passed := func(t time.Time) bool { return !t.After(now) }
	if c.Status == handoff.Bot {
		if c.Handed || c.Rungs > len(e.Rungs()) {
			return m
		}
		at := until.handover(e.BeforeClose())
		if gone := !until.away.IsZero() && !now.Before(until.away); c.Flow.Aside && gone && !at.IsZero() {
			at = until.bot.Add(-lastWord)
		}
		if !at.IsZero() {
			if passed(at) {
				return move{handover: true, rung: -1}
			}
			m.next = at
		}
	} else if c.Status == handoff.Queued && !c.Away && !until.away.IsZero() {
		if passed(until.away) {
			m.away = true
		} else {
			m.next = until.away
		}
	}
	for i, before := range e.Rungs() {
		if i < c.Rungs || !e.speaks(i, c.Status) {
			continue
		}
		at := until.bot.Add(-before)
		if !passed(at) {
			m.next = earliest(m.next, at)
			break
		}
		m.rung = i
	}
	return m
}

// speaks reports whether a rung is for those whom the bot talks to, or for those
// who wait for a person.
func (e edition) speaks(rung int, s handoff.Status) bool {
	bot, people := e.RungFor(rung)
	return s == handoff.Bot && bot || s != handoff.Bot && people
}

// climbs reports whether the ladder is for the conversation as it stands. A person
// who answered has the last word: nobody waits.
func (c Conversation) climbs() bool {
	switch c.Status {
	case handoff.Bot:
		return c.Flow.Begun()
	case handoff.Queued, handoff.Assigned:
		return c.RepliedAt.IsZero()
	default:
		return false
	}
}

// until is what the ladder goes by.
func (d *draft) until(set edition) ends {
	name := d.ticket.Queue
	if d.Conversation.Status == handoff.Bot || name == "" {
		name = set.DefaultQueue()
	}
	return d.ends(d.queue(name))
}

// plan sets when the ladder is to be climbed next: at once, if its moment has passed.
func (d *draft) plan(set edition) {
	c := &d.Conversation
	if d.rules.off && c.climbs() {
		return // what is due is put off; until when anybody may write is not known
	}
	if c.CloseAt = (time.Time{}); !c.climbs() {
		return
	}
	until := d.until(set)
	if until.away.IsZero() || d.now.Before(until.away) {
		c.Away = false // people are there again, so that it can be said once more
	}
	m := set.due(*c, until, d.now)
	if c.CloseAt = m.next; m.handover || m.away || m.rung >= 0 {
		c.CloseAt = d.now
	}
}

// climb does what of the ladder is due. Into a shut window nothing is said; a
// person is asked for all the same.
func (d *draft) climb() {
	set, c := d.ladder(), &d.Conversation
	if !c.climbs() {
		d.plan(set)
		return
	}
	shut := c.shut(d.rules.limits, d.now)
	m := set.due(*c, d.until(set), d.now)
	switch {
	case m.handover && shut:
		d.giveUp(set, flows.ReasonClosed)
		return
	case m.handover:
		d.giveUp(set, flows.ReasonDeadline)
		return
	case m.away:
		c.Away = true
		if say, ok := set.Away(c.Flow, d.env()); ok && !shut {
			d.remind(say, d.word)
		}
	}
	if m.rung >= 0 {
		c.Rungs = m.rung + 1
		if !shut && !m.away {
			d.remind(set.Rung(m.rung, c.Flow, d.env()), never)
		}
	}
	d.plan(set)
}

// ladder is the edition whose ladder it is: people have no flow that they follow.
func (d *draft) ladder() edition {
	if d.Conversation.Status == handoff.Bot {
		return d.follow()
	}
	return d.rules.current
}

// remind says something that nobody asked for, unless the customer opted out of that.
// Where money is short it asks worth whether it is worth its price all the same.
func (d *draft) remind(say flows.Say, worth func() bool) {
	if !d.contact.OptedOutAt.IsZero() || d.thrift() >= ThriftAsked && !worth() {
		return
	}
	d.courtesy = true
	d.send(Hand{}, fit(say, d.rules.limits))
	d.courtesy = false
}

func never() bool { return false }

// skip counts as done what of the ladder has passed: a person who gives the
// conversation back late knows how late it is, and must not get it again at once.
func (d *draft) skip() {
	set := d.follow()
	d.pass(set)
	m := set.due(d.Conversation, d.until(set), d.now)
	d.Conversation.Handed = d.Conversation.Handed || m.handover
}

// pass counts the rungs as done whose moment has passed: whoever has the
// conversation from now on says what is to be said.
func (d *draft) pass(set edition) {
	closes := d.until(set).bot
	for i, before := range set.Rungs() {
		if !closes.IsZero() && !closes.Add(-before).After(d.now) {
			d.Conversation.Rungs = max(d.Conversation.Rungs, i+1)
		}
	}
}
