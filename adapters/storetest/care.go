package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// Cared is a store that lets go of what is old, and answers people who ask what
// is kept of them.
type Cared interface {
	bot.Store
	bot.Sweeper
	bot.Records
}

// Care is an empty store for RunCare.
type Care struct {
	Store Cared
	// Reopen ends the store and opens the same data again.
	Reopen func() Cared
	// Findings is what the store itself finds wrong with its data.
	Findings func() []string
}

// RunCare runs the suite of bot.Sweeper and bot.Records. open is called once or
// more in every subtest, from many goroutines.
func RunCare(t *testing.T, open func(t *testing.T) Care) {
	t.Helper()
	for _, tt := range []struct {
		name string
		run  func(t *testing.T, d caring)
	}{
		{"what is kept for ever stays", testSweepNothing},
		{"messages that are old leave the transcript, and the newest stays", testSweepMessages},
		{"messages up to the first that waits are let go of", testSweepWaiting},
		{"nothing goes of a conversation with an open ticket", testSweepTicket},
		{"tickets that were closed long ago go", testSweepClosedTickets},
		{"a conversation goes whole, and its contact with the last one", testSweepConversation},
		{"a conversation in which something waits stays", testSweepBusy},
		{"each channel keeps for its own time", testSweepChannels},
		{"events and rows of the audit go", testSweepEvents},
		{"rows of the books go, and their months with them", testSweepCosts},
		{"an event is known as handled for a month", testSweepMarks},
		{"what came to a queue is known for eight weeks", testSweepTraffic},
		{"what was not understood goes, with the messages at the latest", testSweepMisses},
		{"a decision from before a sweep is made again", testSweepConflict},
		{"much is let go of in many small steps", testSweepSteps},
		{"how far a walk came is there after a crash", testWalk},

		{"a contact is found by whatever names it", testFind},
		{"everything of a person is given", testPerson},
		{"nothing is left of a person who is erased, and others are as before", testErase},
		{"what was not understood of a person goes with them", testEraseMisses},
		{"results of sends to somebody erased meanwhile do no harm", testEraseLeased},
		{"somebody who is erased and writes again is new", testEraseAgain},
		{"nobody cannot be erased", testEraseNobody},
		{"rows of the audit are listed newest first", testAudits},
		{"a cancelled context is answered by all of it", testCareContext},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := open(t)
			d := newCaring(t, c)
			tt.run(t, d)
			d.sound()
		})
	}
	t.Run("what is erased or swept harms nobody else", func(t *testing.T) {
		t.Parallel()
		testCareModel(t, open)
	})
}

// caring is a desk on a store that is cared for.
type caring struct {
	desk
	Cared
	reopen   func() Cared
	findings func() []string
}

func newCaring(t *testing.T, c Care) caring {
	return caring{desk{t, c.Store}, c.Store, c.Reopen, c.Findings}
}

func (d caring) sound() {
	d.t.Helper()
	same(d.t, "what the store finds wrong", d.findings(), []string{})
}

const aDay = 24 * time.Hour

// walk sweeps the whole store once and gives the sum, and in how many steps.
func (d caring) walk(now time.Time, r bot.Retention) (sum bot.Swept, steps int) {
	d.t.Helper()
	for at := bot.Cursor(""); ; steps++ {
		swept, next, err := d.Sweep(d.t.Context(), now, r, at)
		if err != nil {
			d.t.Fatalf("Sweep from %q: %v", at, err)
		}
		sum = plus(sum, swept)
		if next == "" {
			return sum, steps + 1
		}
		if next == at || steps > 10_000 {
			d.t.Fatalf("the walk stands still at %q", next)
		}
		at = next
	}
}

func plus(a, b bot.Swept) bot.Swept {
	return bot.Swept{
		Messages: a.Messages + b.Messages, Tickets: a.Tickets + b.Tickets, Conversations: a.Conversations + b.Conversations,
		Contacts: a.Contacts + b.Contacts, Events: a.Events + b.Events, Audit: a.Audit + b.Audit, Costs: a.Costs + b.Costs, Marks: a.Marks + b.Marks, Traffic: a.Traffic + b.Traffic,
		Misses: a.Misses + b.Misses,
	}
}

func (d caring) wantSwept(now time.Time, r bot.Retention, want bot.Swept) {
	d.t.Helper()
	got, _ := d.walk(now, r)
	same(d.t, "what was let go of", got, want)
	again, _ := d.walk(now, r)
	same(d.t, "what is let go of again", again, bot.Swept{})
}

// seqs are the numbers of the messages that a transcript gives.
func (d caring) seqs(conversation string) (list []uint64) {
	d.t.Helper()
	messages, err := d.Transcript(d.t.Context(), conversation, 0, 100_000)
	if err != nil {
		d.t.Fatalf("Transcript: %v", err)
	}
	for _, m := range messages {
		list = append(list, m.Seq)
	}
	return list
}

func forDays(messages, conversations, events int) bot.Retention {
	days := func(n int) time.Duration { return time.Duration(n) * aDay }
	return bot.Retention{Keep: bot.Keep{Messages: days(messages), Conversations: days(conversations), Events: days(events)}}
}

// everything is a conversation with two old messages each way, a newer one, a
// closed ticket, a wake and a standing.
func everything(id string) *draft {
	d := newcomer(id).event("e"+id).hears("Old", noon()).says(bot.AuthorBot, "Older", noon()).hears("New", noon().Add(5*aDay))
	d.Deliveries = nil
	d.Messages[1].State, d.Messages[1].ExternalID = bot.StateSent, "wamid."+id
	d.Conversation.Flow = flows.State{Version: "v1", Flow: "main", Node: "ask", Vars: map[string]any{"name": "Ada " + id}}
	d.Conversation.SilentAt = noon().Add(1000 * aDay)
	d.Conversation.UpdatedAt = noon().Add(5 * aDay)
	closed := handoff.Ticket{ID: "t" + id, Conversation: id, Note: "Ada " + id, OpenedAt: noon(), ClosedAt: noon().Add(time.Hour)}
	d.Ticket = &closed
	return d
}

func testSweepNothing(t *testing.T, d caring) {
	d.wantSwept(noon(), bot.Retention{}, bot.Swept{})
	d.commit(everything("a"))
	d.wantSwept(noon().Add(29*aDay), bot.Retention{}, bot.Swept{})
	d.wantSwept(noon().Add(2*aDay), forDays(2, 2, 2), bot.Swept{})
	same(t, "the transcript", d.seqs("a"), []uint64{1, 2, 3})
}

func testSweepMessages(t *testing.T, d caring) {
	c := d.commit(everything("a"))
	d.wantSwept(noon().Add(4*aDay), forDays(3, 0, 0), bot.Swept{Messages: 2, Tickets: 1})
	same(t, "the transcript", d.seqs("a"), []uint64{3})
	d.wantSwept(noon().Add(29*aDay), forDays(3, 0, 0), bot.Swept{})
	same(t, "the transcript, later", d.seqs("a"), []uint64{3})
	list, err := d.Transcript(t.Context(), "a", 1, 10)
	if err != nil || len(list) != 1 || list[0].Seq != 3 {
		t.Fatalf("after message 1: %v, %v", list, err)
	}
	_, err = d.Load(t.Context(), bot.Lookup{Channel: "whatsapp", ExternalID: "wamid.a"})
	wantError(t, "a message that is gone, by the platform's id", err, bot.ErrNotFound)
	_, err = d.Load(t.Context(), bot.Lookup{Message: "a-2"})
	wantError(t, "a message that is gone, by its id", err, bot.ErrNotFound)
	snap := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a")}, Until: noon().Add(aDay)})
	if snap.Conversation.Version <= c.Version || len(snap.Messages) != 0 {
		t.Fatalf("the snapshot is %+v", snap)
	}
	d.commit(after(snap.Conversation).hears("Newer", noon().Add(6*aDay)))
	same(t, "the transcript, with a new message", d.seqs("a"), []uint64{3, 4})
}

func testSweepWaiting(t *testing.T, d caring) {
	first := newcomer("a").hears("One", noon()).says(bot.AuthorBot, "Two", noon()).hears("Three", noon()).hears("Four", noon())
	d.commit(first)
	d.wantSwept(noon().Add(10*aDay), forDays(3, 3, 0), bot.Swept{Messages: 1})
	same(t, "the transcript", d.seqs("a"), []uint64{2, 3, 4})
	due := d.wantDue(noon().Add(10*aDay), "a-2")
	same(t, "what is sent", due[0].Message.Text, "Two")
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateSent, At: noon(), ExternalID: "wamid.2"})
	d.wantSwept(noon().Add(10*aDay), forDays(3, 0, 0), bot.Swept{Messages: 2})
}

func testSweepTicket(t *testing.T, d caring) {
	c := d.commit(newcomer("a").hears("One", noon()).hears("Two", noon()).opens(handoff.Ticket{ID: "t1", OpenedAt: noon()}))
	d.wantSwept(noon().Add(1000*aDay), forDays(3, 3, 3), bot.Swept{Traffic: 1})
	same(t, "the transcript", d.seqs("a"), []uint64{1, 2})
	closing := after(c)
	closing.Ticket = &handoff.Ticket{ID: "t1", Conversation: "a", OpenedAt: noon(), ClosedAt: noon().Add(999 * aDay)}
	closing.Conversation.Ticket, closing.Conversation.UpdatedAt = "", noon().Add(999*aDay)
	d.commit(closing)
	d.wantSwept(noon().Add(1000*aDay), forDays(3, 3, 3), bot.Swept{Messages: 1})
}

func testSweepClosedTickets(t *testing.T, d caring) {
	d.commit(everything("a"))
	d.wantSwept(noon().Add(3*aDay), forDays(4, 0, 0), bot.Swept{})
	p, err := d.Person(t.Context(), "contacta")
	if err != nil || len(p.Conversations) != 1 || len(p.Conversations[0].Tickets) != 1 {
		t.Fatalf("Person: %+v, %v", p, err)
	}
	d.wantSwept(noon().Add(5*aDay), forDays(4, 0, 0), bot.Swept{Messages: 2, Tickets: 1})
}

func testSweepConversation(t *testing.T, d caring) {
	d.commit(everything("a"))
	d.commit(everything("aa"))
	other := newcomerOn("messenger", "b").hears("Other", noon().Add(20*aDay))
	other.Conversation.Contact, other.Contact = "contactaa", nil
	other.Conversation.UpdatedAt = noon().Add(20 * aDay)
	d.commit(other)
	gone := bot.Swept{Messages: 6, Tickets: 2, Conversations: 2, Contacts: 1, Marks: 2}
	d.wantSwept(noon().Add(16*aDay), forDays(0, 10, 0), gone)
	for _, id := range []string{"a", "aa"} {
		_, err := d.Conversation(t.Context(), id)
		wantError(t, "the conversation "+id, err, bot.ErrNotFound)
		_, err = d.Load(t.Context(), bot.Lookup{Channel: "whatsapp", ExternalID: "wamid." + id})
		wantError(t, "a message of "+id, err, bot.ErrNotFound)
	}
	snap := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a")}})
	same(t, "who wrote", snap.Contact, bot.Contact{})
	snap = d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("aa")}})
	if snap.Contact.ID != "contactaa" || snap.Conversation.ID != "" {
		t.Fatalf("the contact who has another conversation: %+v", snap)
	}
	standings, err := d.Standings(t.Context())
	if err != nil || len(standings) != 0 {
		t.Fatalf("Standings: %v, %v", standings, err)
	}
	wakes, next, err := d.Wakes(t.Context(), noon().Add(2000*aDay), 10)
	if err != nil || len(wakes) != 0 || !next.IsZero() {
		t.Fatalf("Wakes: %v, %v, %v", wakes, next, err)
	}
	d.commit(newcomer("a").event("ea").hears("Back", noon().Add(30*aDay)))
}

func testSweepBusy(t *testing.T, d caring) {
	d.commit(newcomer("waits").says(bot.AuthorBot, "Hello", noon()))
	d.commit(newcomer("open").hears("Help", noon()).opens(handoff.Ticket{ID: "t1", OpenedAt: noon()}))
	d.wantSwept(noon().Add(1000*aDay), forDays(3, 3, 3), bot.Swept{Traffic: 1})
	d.wantDue(noon(), "waits-1")
}

func testSweepChannels(t *testing.T, d caring) {
	for _, channel := range []string{"x", "y", "z"} {
		d.commit(newcomerOn(channel, channel).hears("One", noon()).hears("Two", noon()))
	}
	r := forDays(10, 20, 0)
	r.Channels = map[string]bot.Keep{"x": {Messages: 3 * aDay}, "y": {}}
	d.wantSwept(noon().Add(5*aDay), r, bot.Swept{Messages: 1})
	same(t, "a channel that keeps for less", d.seqs("x"), []uint64{2})
	d.wantSwept(noon().Add(25*aDay), r, bot.Swept{Messages: 2, Conversations: 1, Contacts: 1})
	same(t, "a channel that keeps for ever", d.seqs("y"), []uint64{1, 2})
	_, err := d.Conversation(t.Context(), "z")
	wantError(t, "the conversation of the third channel", err, bot.ErrNotFound)
}

func testSweepEvents(t *testing.T, d caring) {
	var events []bot.Event
	for i, channel := range []string{"x", "y", "x", "y"} {
		events = append(events, bot.Event{Channel: channel, Kind: "k", At: noon().Add(time.Duration(i) * aDay), Body: []byte(`"+a"`)})
	}
	if err := d.Keep(t.Context(), events); err != nil {
		t.Fatalf("Keep: %v", err)
	}
	for i := range 2 {
		d.erased("contact"+d.next(i), noon().Add(time.Duration(i)*aDay))
	}
	r := forDays(0, 0, 10)
	r.Channels = map[string]bot.Keep{"y": {}}
	d.wantSwept(noon().Add(10*aDay), r, bot.Swept{})
	d.wantSwept(noon().Add(11*aDay), r, bot.Swept{Events: 1})
	r.Channels = nil
	d.wantSwept(noon().Add(100*aDay), r, bot.Swept{Events: 3})
	r.Audit = 99 * aDay
	d.wantSwept(noon().Add(100*aDay), r, bot.Swept{Audit: 1})
	rows, err := d.Audits(t.Context(), 10)
	if err != nil || len(rows) != 1 || !rows[0].At.Equal(noon().Add(aDay)) {
		t.Fatalf("Audits: %v, %v", rows, err)
	}
}

func testSweepCosts(t *testing.T, d caring) {
	later := noon().Add(aDay)
	d.commit(newcomer("a").hears("Hi", noon()).
		says(bot.AuthorBot, "Hello", noon()).costs(priced(6800, "USD")).
		says(bot.AuthorBot, "Which one?", later).costs(priced(5000, "USD")))
	// The sums of this month and the last are made of the rows.
	d.wantSwept(noon().Add(60*aDay), bot.Retention{Costs: 2 * aDay}, bot.Swept{})
	r := bot.Retention{Costs: 70 * aDay}
	d.wantSwept(noon().Add(70*aDay), r, bot.Swept{})
	d.wantSwept(noon().Add(70*aDay+time.Second), r, bot.Swept{Costs: 1})
	d.desk.wantMonth(bot.Month{Channel: "whatsapp", Month: march, Messages: 1, Sent: 1, Spent: []bot.Spent{{Currency: "USD", Micros: 5000}}})
	d.wantSwept(later.Add(70*aDay+time.Second), r, bot.Swept{Costs: 1})
	d.desk.wantMonth(bot.Month{Channel: "whatsapp", Month: march})
	if left := d.desk.charges(noon(), later.Add(aDay)); len(left) > 0 {
		t.Errorf("left are %+v", left)
	}
}

// next commits somebody new and gives the end of the id.
func (d caring) next(i int) string {
	d.t.Helper()
	id := fmt.Sprint("n", i)
	d.commit(newcomer(id).hears("Hello", noon()))
	return id
}

// erased erases a contact at a moment.
func (d caring) erased(contact string, at time.Time) bot.Audit {
	d.t.Helper()
	row, err := d.Erase(d.t.Context(), contact, bot.Audit{At: at, By: "ana", What: bot.AuditErase})
	if err != nil {
		d.t.Fatalf("Erase(%s): %v", contact, err)
	}
	return row
}

func testSweepMarks(t *testing.T, d caring) {
	first := newcomer("a").event("e1").hears("Hello", noon())
	c := d.commit(first)
	second := after(c).event("e2").hears("Again", noon())
	second.Conversation.UpdatedAt = noon().Add(20 * aDay)
	c = d.commit(second)
	d.wantSwept(noon().Add(bot.HandledFor-time.Minute), bot.Retention{}, bot.Swept{})
	d.refused(bot.ErrDuplicate, after(c).event("e1").hears("Hello", noon()))
	d.wantSwept(noon().Add(bot.HandledFor+aDay), bot.Retention{}, bot.Swept{Marks: 1})
	d.refused(bot.ErrDuplicate, after(c).event("e2").hears("Again", noon()))
	d.commit(after(d.conversation("a")).event("e1").hears("Hello", noon()))
}

func testSweepConflict(t *testing.T, d caring) {
	c := d.commit(everything("a"))
	d.wantSwept(noon().Add(10*aDay), forDays(8, 0, 0), bot.Swept{Messages: 2, Tickets: 1})
	stale := after(c)
	stale.Messages = []bot.Message{{Conversation: "a", Seq: 2, Author: bot.AuthorBot, Kind: bot.KindText, Text: "Older", At: noon(), State: bot.StateRead}}
	d.refused(bot.ErrConflict, stale)
	same(t, "the transcript", d.seqs("a"), []uint64{3})
}

func testSweepSteps(t *testing.T, d caring) {
	const messages, people = 1500, 300
	long := newcomer("long").event("elong")
	for range messages {
		long.hears("Hello", noon())
	}
	d.commit(long)
	for i := range people {
		d.commit(newcomer(fmt.Sprint("p", i)).event(fmt.Sprint("e", i)).hears("Hello", noon()))
	}
	got, steps := d.walk(noon().Add(40*aDay), forDays(10, 10, 0))
	same(t, "what was let go of", got, bot.Swept{Messages: messages + people, Conversations: people + 1, Contacts: people + 1, Marks: people + 1})
	if steps < 5 || steps > 50 {
		t.Fatalf("%d steps for %d rows", steps, messages+3*people)
	}
}

func testWalk(t *testing.T, d caring) {
	got, err := d.Walk(t.Context())
	if err != nil || got != (bot.Walk{}) {
		t.Fatalf("Walk, before any: %+v, %v", got, err)
	}
	for _, want := range []bot.Walk{{BegunAt: noon(), At: "somewhere"}, {BegunAt: noon().Add(aDay), Over: true}} {
		if err := d.SaveWalk(t.Context(), want); err != nil {
			t.Fatalf("SaveWalk: %v", err)
		}
		s := d.reopen()
		if got, err = s.Walk(t.Context()); err != nil || got != want {
			t.Fatalf("Walk: %+v, %v, want %+v", got, err, want)
		}
		d = newCaring(t, Care{s, d.reopen, d.findings})
	}
}

func testCareContext(t *testing.T, d caring) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := d.Sweep(ctx, noon(), bot.Retention{}, "")
	wantError(t, "Sweep", err, context.Canceled)
	_, err = d.Walk(ctx)
	wantError(t, "Walk", err, context.Canceled)
	wantError(t, "SaveWalk", d.SaveWalk(ctx, bot.Walk{}), context.Canceled)
	_, err = d.Find(ctx, "a")
	wantError(t, "Find", err, context.Canceled)
	_, err = d.Person(ctx, "a")
	wantError(t, "Person", err, context.Canceled)
	_, err = d.Erase(ctx, "a", bot.Audit{})
	wantError(t, "Erase", err, context.Canceled)
	_, err = d.Audits(ctx, 1)
	wantError(t, "Audits", err, context.Canceled)
}
