package window

import (
	"slices"
	"time"
)

// Author is who a message is from, as platforms tell them apart.
type Author string

// The authors. A template is a text that the platform approved beforehand, whoever
// sends it.
const (
	Bot      Author = "bot"
	Human    Author = "human"
	Template Author = "template"
)

// Start is something a customer does that starts a platform's clock.
type Start string

// What starts clocks. Statuses, edits and what a platform tells about itself never do.
const (
	StartMessage  Start = "message"  // of any kind that a person reads
	StartTap      Start = "tap"      // a button, a row of a list, a quick reply
	StartCall     Start = "call"     // answered or not
	StartReaction Start = "reaction" // an emoji at one of our messages
	StartAd       Start = "ad"       // a message from an advertisement
	StartLink     Start = "link"     // a link into a conversation that exists
	StartPlugin   Start = "plugin"   // a message from the platform's window on our page
)

// Rule is one row of what a platform allows, for the time in which it holds.
type Rule struct {
	Channel string        // a kind: whatsapp, messenger, instagram, x, telegram, webchat
	Author  Author        //
	Starts  []Start       // the newest of these counts; none: there is no clock. See Clock
	Length  time.Duration // from then on; 0: without limit
	Tag     string        // what the message must be marked with; empty: nothing
	Needs   string        // what the business must have been granted; empty: nothing
	From    time.Time     // holds from this moment; zero: always did
	Until   time.Time     // and not any more from this one; zero: for good
	Source  string        // where the platform says so, and when
}

// Clock is when a customer last did what starts a platform's clocks, by the
// platform's own times. A rule that only a message starts counts from Wrote,
// every other one from Acted.
type Clock struct {
	Acted time.Time // the newest of what starts any clock of the channel; zero: never
	Wrote time.Time // the newest of what they wrote or sent, taps left out; zero: never
}

// newest is when the clock of a rule started.
func (c Clock) newest(r *Rule) time.Time {
	if len(r.Starts) == 1 && r.Starts[0] == StartMessage {
		return c.Wrote
	}
	return c.Acted
}

// closes is the first moment at which the rule's clock has run out. It is zero
// when the rule knows no limit.
func (r *Rule) closes(c Clock) time.Time {
	if r.Length == 0 {
		return time.Time{}
	}
	return c.newest(r).Add(r.Length)
}

// open reports whether the rule allows a message at a moment.
func (r *Rule) open(c Clock, at time.Time) bool {
	return holds(r.From, r.Until, at) && (r.Length == 0 || at.Before(r.closes(c)))
}

// stops is the first moment at which the rule allows nothing any more, as its
// clock has run out or it holds no longer; zero: never.
func (r *Rule) stops(c Clock) time.Time {
	closes := r.closes(c)
	if closes.IsZero() || (!r.Until.IsZero() && r.Until.Before(closes)) {
		return r.Until
	}
	return closes
}

func (r *Rule) startedBy(s Start) bool { return slices.Contains(r.Starts, s) }

// holds reports whether a row that is valid from and until includes a moment.
func holds(from, until, at time.Time) bool {
	return !at.Before(from) && (until.IsZero() || at.Before(until))
}
