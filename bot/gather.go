package bot

import (
	"slices"
	"strings"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// mostGathered is how many texts are answered together at most, so that somebody
// who never stops writing is answered all the same.
const mostGathered = 10

// hear takes a customer's message that is the bot's to answer. A text may wait
// for further ones; anything else is answered now, and what was gathered before
// it, as the customer meant it in that order. What came too late to be answered
// is no answer to anything.
func (d *draft) hear(m Message) {
	set := d.follow()
	if d.missed(m) {
		d.miss()
		return
	}
	if wait := d.patience(set, m); wait > 0 && m.Kind == KindText {
		d.gather(set, m.Text, wait)
		return
	}
	d.answer()
	if d.Conversation.Status == handoff.Bot {
		d.step(input(m))
	}
}

// gather keeps a text until no further one has come for wait.
func (d *draft) gather(set edition, text string, wait time.Duration) {
	c := &d.Conversation
	c.Gathered = append(slices.Clone(c.Gathered), text)
	c.SilentAt = time.Time{} // the customer is not silent any more
	if len(c.Gathered) >= mostGathered {
		d.answer()
		return
	}
	c.AnswerAt = d.now.Add(wait)
	d.plan(set)
	if c.CloseAt.Before(c.AnswerAt) && !c.CloseAt.IsZero() {
		c.CloseAt = c.AnswerAt // it is answered first, however little is left of the window
	}
}

// answer hands what was gathered to the flow as one text. When the window has
// closed, a person is asked for instead.
func (d *draft) answer() {
	c := &d.Conversation
	words, waits := c.Gathered, !c.AnswerAt.IsZero()
	c.Gathered, c.AnswerAt = nil, time.Time{}
	switch {
	case waits && c.shut(d.rules.limits, d.now):
		d.giveUp(d.follow(), flows.ReasonClosed)
	case len(words) > 0:
		d.step(flows.Said{Text: strings.Join(words, "\n")})
	}
}
