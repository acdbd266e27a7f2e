package bot

import (
	"fmt"
	"slices"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// rules is what a decision follows besides the snapshot: the flows and what the
// conversation's channel can carry. newID names what is new.
type rules struct {
	set    *flows.Set
	limits Limits
	off    bool // the channel is switched off: its limits are not known, nothing can be decided to be sent
	newID  func() string
}

// decide turns one message of a customer into everything that follows from it.
// It is a function of its arguments: the same snapshot, message and moment give
// the same change, but for the ids of what is new.
func decide(s Snapshot, in Inbound, r rules, now time.Time) Change {
	c := begin(s, in, r, now)
	c.receive(in)
	if !in.Message.Kind.Quiet() {
		// Possible only when it was resolved; in every other status the message stays with who owns it.
		_ = c.move(handoff.Reopen)
	}
	switch {
	case in.Message.Kind.Quiet():
	case c.Conversation.Status == handoff.Bot:
		c.step(input(in.Message))
	default:
		// People own it: the bot is silent, and the customer's new message opens the window anew.
		c.ticketWindow()
	}
	return c.Change
}

func input(m Message) flows.Input {
	switch m.Kind {
	case KindText:
		return flows.Said{Text: m.Text}
	case KindChoice:
		return flows.Tapped{ID: m.ChoiceID, Title: m.Text}
	default:
		return flows.Sent{Kind: string(m.Kind)}
	}
}

// draft is a Change in the making.
type draft struct {
	Change
	contact Contact
	ticket  handoff.Ticket
	rules   rules
	now     time.Time
}

// change begins a draft about a conversation that exists.
func change(s Snapshot, r rules, now time.Time) *draft {
	d := &draft{contact: s.Contact, ticket: s.Ticket, rules: r, now: now}
	d.Base = s.Conversation.Version
	d.Conversation = s.Conversation
	d.Conversation.Version++
	d.Conversation.UpdatedAt = now
	if d.Conversation.Status == "" {
		d.Conversation.Status = handoff.Bot
	}
	return d
}

// begin begins a draft about a customer's message; contact and conversation are
// made when it is their first.
func begin(s Snapshot, in Inbound, r rules, now time.Time) *draft {
	d := change(s, r, now)
	d.Event = in.Event
	d.meet(in, s.Taken)
	if d.Base == 0 {
		d.Conversation.ID = r.newID()
		d.Conversation.Channel = in.Channel
		d.Conversation.Contact = d.contact.ID
		d.Conversation.CreatedAt = now
	}
	return d
}

// meet brings the contact up to date with what the message tells of it. A name
// that belongs to another contact stays there: two contacts that turn out to be
// one person go on as two, rather than that a message is lost between them.
func (d *draft) meet(in Inbound, taken []Alias) {
	known := d.contact.ID != ""
	if !known {
		d.contact = Contact{ID: d.rules.newID(), CreatedAt: d.now}
	}
	changed := !known
	if in.Name != "" && in.Name != d.contact.Name {
		d.contact.Name, changed = in.Name, true
	}
	// What the newest message came from comes first: answers go there. A user id
	// changes with the number, and the old one leads nowhere or to somebody else.
	var aliases []Alias
	for _, a := range slices.Concat(in.From, d.contact.Aliases) {
		if !slices.Contains(aliases, a) && !slices.Contains(taken, a) {
			aliases = append(aliases, a)
		}
	}
	if !slices.Equal(aliases, d.contact.Aliases) {
		d.contact.Aliases, changed = aliases, true
	}
	if changed {
		contact := d.contact
		d.Contact = &contact
	}
}

// receive appends the customer's message.
func (d *draft) receive(in Inbound) {
	m := in.Message
	m.Author, m.State, m.StateAt = AuthorCustomer, StateReceived, d.now
	d.add(m)
	if m.Kind.Quiet() {
		return
	}
	// Whether what nobody can read opens the window is not known (Meta names no
	// rule): it is counted on only when there is no other way to answer at all.
	if m.Kind == KindUnsupported && !d.Conversation.shut(d.rules.limits, d.now) {
		return
	}
	// Where the clocks differ, a time to come would hold the window open for too long.
	if at := earliest(m.At, d.now); at.After(d.Conversation.NewestInbound) {
		d.Conversation.NewestInbound = at
	}
}

// add appends a message and gives it its place.
func (d *draft) add(m Message) Message {
	d.Conversation.LastSeq++
	m.Conversation, m.Seq = d.Conversation.ID, d.Conversation.LastSeq
	d.Messages = append(d.Messages, m)
	return m
}

// send appends messages to be sent, and their deliveries.
func (d *draft) send(author Author, agent string, messages []Message) {
	for _, m := range messages {
		m.Author, m.Agent = author, agent
		m.At, m.State, m.StateAt = d.now, StateQueued, d.now
		m = d.add(m)
		d.Deliveries = append(d.Deliveries, Delivery{
			Conversation: m.Conversation, Seq: m.Seq, Author: author, Epoch: d.Conversation.Epoch, DueAt: d.now,
		})
	}
}

// note appends a line that nobody is sent.
func (d *draft) note(code, agent, text string) {
	d.add(Message{
		Author: AuthorSystem, Agent: agent, Kind: KindText, Text: text, Code: code,
		At: d.now, State: StateNoted, StateAt: d.now,
	})
}

// move takes the conversation along its life cycle, or leaves it where it is and says why.
func (d *draft) move(ev handoff.Event) error {
	to, err := handoff.Move(d.Conversation.Status, ev)
	d.Conversation.Status = to
	return err
}

// step runs the flow and carries out what it asks for.
func (d *draft) step(in flows.Input) {
	res := d.rules.set.Step(d.Conversation.Flow, in, flows.Env{ContactName: d.contact.Name})
	d.Conversation.Flow = res.State
	for _, e := range res.Effects {
		switch e := e.(type) {
		case flows.Say:
			d.send(AuthorBot, "", fit(e, d.rules.limits))
		case flows.Escalate:
			d.escalate(e)
		case flows.End: // the state says it all
		}
	}
}

func (d *draft) escalate(e flows.Escalate) {
	if d.move(handoff.Escalate) != nil {
		return // people have it already
	}
	d.ticket = handoff.Ticket{
		ID: d.rules.newID(), Conversation: d.Conversation.ID, Queue: e.Queue,
		Reason: string(e.Reason), Note: e.Note, Words: e.Words, OpenedAt: d.now,
		WindowCloses: d.Conversation.WindowCloses(d.rules.limits.Window),
	}
	if promise := d.rules.set.Queues[e.Queue].FirstReply; promise > 0 {
		d.ticket.PromisedBy = d.now.Add(promise)
	}
	d.Conversation.Ticket = d.ticket.ID
	d.note("escalated", "", fmt.Sprintf("Handed over to %s: %s", e.Queue, d.ticket.Why()))
	d.keepTicket()
}

func (d *draft) keepTicket() {
	ticket := d.ticket
	d.Ticket = &ticket
}

// ticketWindow keeps the open ticket's window equal to the conversation's.
func (d *draft) ticketWindow() {
	closes := d.Conversation.WindowCloses(d.rules.limits.Window)
	if d.ticket.Open() && !closes.Equal(d.ticket.WindowCloses) {
		d.ticket.WindowCloses = closes
		d.keepTicket()
	}
}

// advance is the snapshot after a change, so that the next message of a batch
// can be decided before the first is committed.
func (s Snapshot) advance(c Change) Snapshot {
	s.Conversation = c.Conversation
	if c.Contact != nil {
		s.Contact = *c.Contact
	}
	if c.Ticket != nil {
		s.Ticket = *c.Ticket
	}
	if !s.Ticket.Open() {
		s.Ticket = handoff.Ticket{}
	}
	return s
}

// decideReceipt moves messages forward by what a platform told. It returns
// false when nothing changes.
func decideReceipt(s Snapshot, rc Receipt, r rules, now time.Time) (Change, bool) {
	d := change(s, r, now)
	for _, m := range s.Messages {
		if !rc.Until.IsZero() && m.State.rank() < StateSent.rank() {
			continue // a watermark speaks of what was sent, whatever the clocks say
		}
		if m.ExternalID == "" && rc.ExternalID != "" {
			m.ExternalID = rc.ExternalID
		}
		if !m.State.Advance(rc.State) {
			continue
		}
		m.Code, m.Reason = rc.Code, rc.Reason
		if d.again(m, rc) {
			continue
		}
		m.State, m.StateAt = rc.State, rc.At
		d.Messages = append(d.Messages, m)
		d.Settled = append(d.Settled, m.Seq)
	}
	newest := d.Conversation.NewestInbound
	if rc.Shut && len(d.Messages) > 0 && !newest.After(d.Messages[len(d.Messages)-1].At) {
		// What came in after the refused message opened a window of its own.
		d.Conversation.ShutAt = newest
		d.ticketWindow()
	}
	return d.Change, len(d.Messages) > 0
}

// For how long after its decision a message is sent again that was accepted and
// then reported as failed for a reason that passes, and the longest wait for it.
const (
	resendFor    = 10 * time.Minute
	resendWithin = 30 * time.Second
)

// again puts a message back into the outbox that the platform accepted and then
// could not deliver for a reason that passes, and reports whether it did. It
// waits as long again as has passed since the message was decided, but not so
// long that what is behind it in the conversation waits in vain.
func (d *draft) again(m Message, rc Receipt) bool {
	age := d.now.Sub(m.At)
	passes := rc.State == StateFailed && (rc.Class == ClassRetry || rc.Class == ClassWait)
	stale := m.Author == AuthorBot && d.Conversation.Status != handoff.Bot
	if !passes || stale || m.State != StateSent || age >= resendFor {
		return false
	}
	m.State, m.StateAt = StateQueued, d.now
	d.Messages = append(d.Messages, m)
	d.Deliveries = append(d.Deliveries, Delivery{
		Conversation: m.Conversation, Seq: m.Seq, Author: m.Author, Epoch: d.Conversation.Epoch,
		DueAt: d.now.Add(min(max(time.Second, age), resendWithin)),
	})
	return true
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
			_ = d.move(handoff.Reopen)
			if d.Conversation.Status == handoff.Bot {
				d.Conversation.Flow = flows.State{}
				d.escalate(flows.Escalate{Queue: r.set.DefaultQueue(), Reason: flows.ReasonFault})
			}
			c = d.Change
		}
	}()
	return decide(s, in, r, now)
}
