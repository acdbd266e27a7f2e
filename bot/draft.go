package bot

import (
	"slices"
	"time"

	"frontdesk/bot/window"
	"frontdesk/handoff"
)

// draft is a Change in the making.
type draft struct {
	Change
	contact Contact
	ticket  handoff.Ticket
	rules   rules
	now     time.Time
	// courtesy says that nobody waits for what is sent: the customer is silent.
	courtesy bool
	month    Month  // what the channel sent in this calendar month, with what is decided here
	spared   int    // messages that merging spares of what is said next
	flow     string // that speaks, where the conversation stands in none any more
}

// change begins a draft about a conversation that exists.
func change(s Snapshot, r rules, now time.Time) draft {
	d := draft{contact: s.Contact, ticket: s.Ticket, rules: r, now: now}
	d.Base = s.Conversation.Version
	d.Conversation = s.Conversation
	d.Conversation.Version++
	d.Conversation.UpdatedAt = now
	d.month = s.month(r.limits.Window.Month(now))
	if d.Conversation.Status == "" {
		d.Conversation.Status = handoff.Bot
	}
	return d
}

// begin begins a draft about a customer's message; contact and conversation are
// made when it is their first.
func begin(s Snapshot, in Inbound, r rules, now time.Time) draft {
	d := change(s, r, now)
	d.Event = in.Event
	d.Messages = make([]Message, 0, 2) // this one and its answer, as a rule
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
	if in.Language != "" && in.Language != d.contact.Language {
		d.contact.Language, changed = in.Language, true
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
	if !m.Kind.Quiet() {
		d.Conversation.RepliedAt = time.Time{} // whatever was answered was something else
	}
	d.add(m)
	if start := m.start(); start != "" && d.rules.limits.Window.Starts(start, d.now) {
		d.open(m, start)
	}
}

// open starts the platform's clock anew with what the customer did.
func (d *draft) open(m Message, start window.Start) {
	c := &d.Conversation
	// Whether what nobody can read opens the window is not known (Meta names no
	// rule): it is counted on only when there is no other way to answer at all.
	if m.Kind == KindUnsupported {
		if _, open := c.Allow(d.rules.limits.Window, window.Human, d.now); open {
			return
		}
	}
	// Where the clocks differ, a time to come would hold the window open for too long.
	at := earliest(m.At.Add(-d.rules.lead), d.now)
	if at.After(c.CameAt) && d.rules.limits.Window.Enters(start, at) {
		c.CameAt = at
	}
	if m.written() && at.After(c.WroteAt) {
		c.WroteAt = at
	}
	if at.After(c.NewestInbound) {
		c.NewestInbound = at
		c.Rungs, c.Handed = 0, false // a window of its own, of which nothing was done yet
	}
}

// add appends a message and gives it its place.
func (d *draft) add(m Message) Message {
	d.Conversation.LastSeq++
	m.Conversation, m.Seq = d.Conversation.ID, d.Conversation.LastSeq
	d.Messages = append(d.Messages, m)
	return m
}

// send appends messages to be sent, and their deliveries. They are the bot's,
// unless somebody's hand is on them.
func (d *draft) send(by Hand, messages []Message) { d.sendAs(by.author(), by.By(), by, messages) }

// sendAs is send in the name of an author whose own words it need not be.
func (d *draft) sendAs(author Author, agent string, by Hand, messages []Message) {
	d.enter()
	for _, m := range messages {
		m.Author, m.Agent, m.Hand = author, agent, by
		m.At, m.State, m.StateAt, m.Courtesy = d.now, StateQueued, d.now, d.courtesy
		m.Cost = d.predict(m)
		m = d.add(m)
		d.Deliveries = append(d.Deliveries, Delivery{
			Conversation: m.Conversation, Seq: m.Seq, Author: m.Author, Epoch: d.Conversation.Epoch, DueAt: d.now, Courtesy: d.courtesy,
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

// reopen is that the customer writes: what was resolved is the bot's again. In
// every other status the message stays with who owns the conversation.
func (d *draft) reopen() {
	if d.Conversation.Status == handoff.Resolved {
		_ = d.move(handoff.Reopen) // always possible then
	}
}

// advance is the snapshot after a change, so that the next message of a batch
// can be decided before the first is committed.
func (s Snapshot) advance(c Change) Snapshot {
	s.Months = s.booked(c)
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
	for _, m := range c.Messages {
		if i := slices.IndexFunc(s.Messages, func(old Message) bool { return old.Seq == m.Seq }); i >= 0 {
			s.Messages = slices.Clone(s.Messages) // another try decides from the old ones
			s.Messages[i] = m
		}
	}
	return s
}
