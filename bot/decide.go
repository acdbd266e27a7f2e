package bot

import (
	"fmt"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// rules is what a decision follows besides the snapshot: the flows and what the
// conversation's channel can carry. newID names what is new.
type rules struct {
	current edition // what answers whoever begins now
	older   edition // what the conversation began on, where that is another; zero: it is gone, or not needed
	limits  Limits
	off     bool // the channel is switched off: its limits are not known, nothing can be decided to be sent
	newID   func() string
	callers bool                      // calls can be made at all
	room    bool                      // one more may be begun now
	lead    time.Duration             // how far the platform's clock is ahead of ours
	since   time.Time                 // from when on calls could be made: before, the program was down
	took    *map[string]time.Duration // how long a conversation takes people, by queue, as far as it was measured; nil: nowhere
}

// decide turns one message of a customer into everything that follows from it.
// It is a function of its arguments: the same snapshot, message and moment give
// the same change, but for the ids of what is new.
func decide(s Snapshot, in Inbound, r rules, now time.Time) Change {
	d := begin(s, in, r, now)
	d.receive(in)
	if in.Message.Kind.Quiet() {
		if d.Conversation.NewestInbound.After(s.Conversation.NewestInbound) { // a reaction opened it anew
			d.ticketWindow()
			d.plan(d.ladder())
		}
		return d.Change
	}
	d.reopen()
	if d.Conversation.Status == handoff.Bot {
		d.hear(in.Message)
	}
	if d.Conversation.Status != handoff.Bot {
		// People own it: the bot is silent, and the customer's new message opens the window anew.
		d.ticketWindow()
		if d.ticket.Asleep {
			d.rouse("The customer wrote: not snoozed any more")
		}
		d.opts(in.Message)
		d.plan(d.rules.current)
	}
	return d.Change
}

func input(m Message) flows.Input {
	switch m.Kind {
	case KindText:
		return flows.Said{Text: m.Text}
	case KindChoice:
		return flows.Tapped{ID: m.ChoiceID, Title: m.Text}
	case KindImage, KindVideo, KindAudio, KindDocument:
		return flows.Sent{Kind: string(m.Kind), Text: m.Text, Media: m.Media}
	default: // Text is what we or the platform made of it, and no caption
		return flows.Sent{Kind: string(m.Kind), Media: m.Media, Location: m.Location}
	}
}

// step runs the flow and carries out what it asks for.
func (d *draft) step(in flows.Input) {
	set := d.follow()
	d.carryOut(set, set.Step(d.Conversation.Flow, in, d.env()))
}

func (d *draft) env() flows.Env {
	env := flows.Env{
		ContactName: d.contact.Name, Language: d.contact.Language, Channel: d.rules.limits.Kind, Now: d.now,
		OptedOut: !d.contact.OptedOutAt.IsZero(),
	}
	if d.rules.current.tells() || d.rules.older.tells() {
		env.Nobody = d.absence()
	}
	if d.rules.current.quotes() || d.rules.older.quotes() {
		env.Quote = d.price()
	}
	return env
}

// carryOut makes what a step of set gave true.
func (d *draft) carryOut(set edition, res flows.Result) {
	c := &d.Conversation
	res = d.sparing(set, res)
	d.flow, c.Flow = c.Flow.Flow, res.State
	d.heard(set, res.Heard)
	said := d.sayable(res.Effects)
	joined := d.spare(said)
	d.spared = spared(said, joined, d.rules.limits)
	for _, e := range joined {
		switch e := e.(type) {
		case flows.Say:
			d.send(Hand{}, fit(e, d.rules.limits))
		case flows.Escalate:
			c.Away = d.nobody(e.Queue) // the step says so itself
			d.escalate(set, e)
		case flows.Call:
			c.Call = &Call{ID: d.rules.newID(), Request: e, DueAt: d.now}
		case flows.OptOut:
			d.optOut(e.Out)
		case flows.End: // the state says it all
		}
	}
	if c.Status != handoff.Bot {
		d.quiet() // whatever the step asked for after it had handed over
		d.plan(set)
		return
	}
	if !res.Calling {
		c.Call = nil
	}
	c.SilentAt = time.Time{}
	if res.Silence > 0 && c.Flow.Begun() {
		c.SilentAt = d.now.Add(res.Silence)
	}
	d.plan(set)
}

// sayable leaves out what a shut window lets nobody say, and notes that once.
// The platform would refuse it, and a person should see why nothing was said.
func (d *draft) sayable(effects []flows.Effect) []flows.Effect {
	if !d.Conversation.shut(d.rules.limits, d.now) {
		return effects
	}
	_, templates := d.Conversation.Allow(d.rules.limits.Window, window.Template, d.now)
	templates = templates && d.rules.limits.Templates
	var out []flows.Effect
	for _, e := range effects {
		if say, ok := e.(flows.Say); !ok || (say.Template != nil && templates) {
			out = append(out, e)
		}
	}
	if len(out) < len(effects) {
		d.note("not_said", "", "Not said: the window is closed")
	}
	return out
}

// escalate opens a ticket in a queue of set.
func (d *draft) escalate(set edition, e flows.Escalate) {
	if d.move(handoff.Escalate) != nil {
		return // people have it already
	}
	d.quiet()
	d.ticket = handoff.Ticket{
		ID: d.rules.newID(), Conversation: d.Conversation.ID, Queue: e.Queue,
		Reason: string(e.Reason), Note: e.Note, Words: e.Words, OpenedAt: d.now,
		Labels: d.Conversation.Labels,
	}
	d.deadlines()
	d.ticket.PromisedBy = promised(set.queues[e.Queue], d.now)
	d.Conversation.Ticket = d.ticket.ID
	d.note("escalated", "", fmt.Sprintf("Handed over to %s: %s", e.Queue, d.ticket.Why()))
	d.keepTicket()
	d.pass(set)
	d.plan(set)
}

// quiet ends everything that the bot waits for: people own the conversation. What
// is done because the window closes is planned anew by whoever calls.
func (d *draft) quiet() {
	c := &d.Conversation
	c.Call, c.Gathered = nil, nil
	c.AnswerAt, c.SilentAt = time.Time{}, time.Time{}
}

// anew is a state in which nothing has begun, and what is known of the customer stays.
func anew(st flows.State) flows.State {
	return flows.State{Vars: st.Vars, Language: st.Language, Chosen: st.Chosen}
}

// decideSafely is decide, and when that panics stores the message all the same
// and asks for a person: a fault of ours must neither lose the message nor make
// the platform send it for days.
func decideSafely(s Snapshot, in Inbound, r rules, now time.Time, fault func(any)) (c Change) {
	defer func() {
		if p := recover(); p != nil {
			fault(p)
			d := begin(s, in, r, now)
			d.receive(in)
			d.reopen()
			d.failed()
			c = d.Change
		}
	}()
	return decide(s, in, r, now)
}

// failed asks for a person because a decision panicked. Nothing that the bot
// waited for stays, as it would only panic again.
func (d *draft) failed() {
	if d.Conversation.Status == handoff.Bot {
		d.Conversation.Flow = flows.State{}
		d.escalate(d.rules.current, flows.Escalate{Queue: d.rules.current.DefaultQueue(), Reason: flows.ReasonFault})
	}
	d.quiet()
	d.rank()
	d.Conversation.CloseAt = time.Time{}
}
