package bot

import (
	"slices"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/hours"
	"frontdesk/handoff"
)

// ends is until when something can be done about a conversation.
type ends struct {
	bot    time.Time // when the bot may not write any more; zero: it always may
	people time.Time // when people may not
	by     time.Time // the effective deadline: people of the queue must have it then; zero: none is known
	away   time.Time // from then on nobody of the queue comes before the window closes; zero: somebody does, or there is none
}

// ends is what the conversation's window leaves to people of a queue.
func (d *draft) ends(q flows.Queue) ends {
	c, terms := &d.Conversation, d.rules.limits.Window
	e := ends{
		bot: c.WindowCloses(terms, window.Bot, d.now), people: c.WindowCloses(terms, window.Human, d.now),
	}
	return e.of(q, c.NewestInbound)
}

// of reckons with the people of a queue.
func (e ends) of(q flows.Queue, from time.Time) ends {
	if e.people.IsZero() {
		return e
	}
	// From when the window opened, so that it stays the same however often it is
	// asked for.
	shifts := q.Staff.Shifts(from, e.people)
	if len(shifts) == 0 {
		e.away = from
		return e
	}
	if last := shifts[len(shifts)-1].To; last.Before(e.people) {
		e.away = last
	}
	e.by = before(shifts, q.Lead)
	return e
}

// before is the last moment from which people are still there for so long; when they
// never are, it is when they come first.
func before(shifts []hours.Shift, long time.Duration) time.Time {
	for _, s := range slices.Backward(shifts) {
		if there := s.To.Sub(s.From); there < long {
			long -= there
			continue
		}
		return s.To.Add(-long)
	}
	return shifts[0].From
}

// longestPromise is how far ahead people are looked for who keep a promise.
const longestPromise = 7 * 24 * time.Hour

// promised is by when a queue promises the first reply: its time runs while people
// are there. Zero: it promises nothing, or nobody comes within a week.
func promised(q flows.Queue, now time.Time) time.Time {
	if q.FirstReply <= 0 {
		return time.Time{}
	}
	long := q.FirstReply
	for _, s := range q.Staff.Shifts(now, now.Add(longestPromise+long)) {
		if there := s.To.Sub(s.From); there < long {
			long -= there
			continue
		}
		return s.From.Add(long)
	}
	return time.Time{}
}

// handover is when the bot hands over what it could not finish; zero: never.
// Nobody of a queue wants it later than the effective deadline.
func (e ends) handover(before time.Duration) time.Time {
	if before <= 0 || e.bot.IsZero() {
		return time.Time{}
	}
	return earliest(e.bot.Add(-before), e.by)
}

// queue is the queue of a name. One that is not in the file any more has people
// who are always there.
func (d *draft) queue(name string) flows.Queue {
	for _, set := range []edition{d.rules.current, d.rules.older} {
		if q, ok := set.queues[name]; ok {
			return q
		}
	}
	return flows.Queue{Name: name}
}

// absence tells flows whether nobody of a queue will be there before the
// conversation's window closes; nil: somebody always is, or the customer cannot be
// told any more. It holds no draft, as that would have to be on the heap.
func (d *draft) absence() func(queue string) bool {
	c, terms := &d.Conversation, d.rules.limits.Window
	closes := c.WindowCloses(terms, window.Human, d.now)
	if closes.IsZero() || c.shut(d.rules.limits, d.now) {
		return nil
	}
	from, now, current, older := c.NewestInbound, d.now, d.rules.current.queues, d.rules.older.queues
	return func(queue string) bool {
		q, known := current[queue]
		if !known {
			q = older[queue]
		}
		away := (ends{people: closes}).of(q, from).away
		return !away.IsZero() && !now.Before(away)
	}
}

// nobody is what absence tells.
func (d *draft) nobody(queue string) bool {
	absent := d.absence()
	return absent != nil && absent(queue)
}

// What it is worth to meet a window, see handoff.Ticket.Weight.
const (
	weightReopens = 1 // missed, a template may open it anew, for its price
	weightSilence = 2 // missed, nothing can be said until the customer writes
)

func (d *draft) weight(closes time.Time) int {
	switch {
	case closes.IsZero():
		return 0
	case d.rules.limits.Templates:
		return weightReopens
	default:
		return weightSilence
	}
}

// deadlines brings the ticket's times up to date with the conversation.
func (d *draft) deadlines() {
	if d.rules.off {
		return // until when anybody may write is not known
	}
	q := d.queue(d.ticket.Queue)
	e := d.ends(q)
	d.ticket.WindowCloses, d.ticket.AnswerBy = e.people, e.by
	d.ticket.Handling, d.ticket.Weight = d.rules.handling(q), d.weight(e.people)
}

// keepTicket stores the ticket with its place in line as of now.
func (d *draft) keepTicket() {
	d.ticket.Place, d.Conversation.RankAt = handoff.Place{}, time.Time{}
	if d.ticket.Open() {
		d.ticket.Place = d.ticket.Stand(d.now)
		d.Conversation.RankAt = d.ticket.Place.Next
	}
	ticket := d.ticket
	d.Ticket = &ticket
}

// ticketWindow keeps the open ticket as the conversation's window is.
func (d *draft) ticketWindow() {
	if !d.ticket.Open() {
		return
	}
	was := d.ticket
	d.deadlines()
	if !d.ticket.WindowCloses.Equal(was.WindowCloses) || !d.ticket.AnswerBy.Equal(was.AnswerBy) {
		d.keepTicket()
		return
	}
	d.ticket = was
}

// rank judges the ticket's place in line again.
func (d *draft) rank() {
	if !d.ticket.Open() {
		d.Conversation.RankAt = time.Time{}
		return
	}
	if d.ticket.Rises(d.now) {
		d.rouse("The time for which it was snoozed is over")
		return
	}
	d.keepTicket()
}
