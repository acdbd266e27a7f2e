package storetest

import (
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func testSettled(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	d.wantDue(noon(), "a-1")
	// The receipt is quicker than the answer to the request.
	s := d.load(bot.Lookup{Message: "a-1"})
	receipt := after(s.Conversation)
	m := s.Messages[0]
	m.State, m.StateAt = bot.StateDelivered, noon().Add(time.Second)
	receipt.Messages, receipt.Settled = []bot.Message{m}, []uint64{1}
	d.commit(receipt)
	d.wantDue(noon(), "a-2")

	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon(), ExternalID: "wamid.1"})
	got := d.load(byName("a", "wamid.1")).Messages[0]
	if got.State != bot.StateDelivered || got.ExternalID != "wamid.1" {
		t.Fatalf("after the late Done the message is %+v", got)
	}
	version := d.conversation("a").Version
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon(), ExternalID: "wamid.1"})
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Unknown: true})
	d.wantState("a", 1, bot.StateDelivered)
	if got := d.conversation("a").Version; got != version {
		t.Fatalf("results that tell nothing new raised the version from %d to %d", version, got)
	}
}

func testDoneAfterBack(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	delivery := d.wantDue(noon(), "a-1")[0].Delivery
	// The platform tells that it did not deliver the message before the answer to
	// the request is stored.
	s := d.load(bot.Lookup{Message: "a-1"})
	receipt := after(s.Conversation)
	delivery.DueAt = noon().Add(time.Minute)
	receipt.Messages, receipt.Deliveries = s.Messages, []bot.Delivery{delivery}
	d.commit(receipt)
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon(), ExternalID: "wamid.1"})
	if got := d.load(byName("a", "wamid.1")).Messages[0]; got.State != bot.StateQueued {
		t.Fatalf("after the late Done the message is %+v", got)
	}
	d.wantDue(noon().Add(time.Minute), "a-1")
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon().Add(time.Minute), ExternalID: "wamid.2"})
	if got := d.load(byName("a", "wamid.2")).Messages[0]; got.State != bot.StateSent {
		t.Fatalf("after it was sent again the message is %+v", got)
	}
	_, err := d.Load(t.Context(), byName("a", "wamid.1"))
	wantError(t, "by the id of the send that failed", err, bot.ErrNotFound)
}

func testWaits(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	waits := func() bool { return d.load(bot.Lookup{Message: "a-1"}).Waits }
	if !waits() {
		t.Fatal("what nobody has leased does not wait")
	}
	delivery := d.wantDue(noon(), "a-1")[0].Delivery
	if waits() {
		t.Fatal("what is being sent waits")
	}
	back := after(d.conversation("a"))
	back.Deliveries = []bot.Delivery{delivery}
	d.commit(back)
	if !waits() {
		t.Fatal("what was put back does not wait")
	}
	d.wantDue(noon(), "a-1")
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon()})
	if waits() {
		t.Fatal("what was sent waits")
	}
}

func testSettledPace(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	d.wantDue(noon(), "a-1")
	ends := after(d.conversation("a"))
	ends.Settled, ends.NextAt = []uint64{1}, noon().Add(6*time.Second)
	d.commit(ends)
	d.wantDue(noon().Add(6*time.Second - time.Millisecond))
	d.wantDue(noon().Add(6*time.Second), "a-2")
}

func testSettledHead(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon().Add(time.Hour)).says(bot.AuthorBot, "Two", noon()))
	d.wantDue(noon())
	settle := after(c)
	settle.Settled = []uint64{1, 1, 77}
	d.commit(settle)
	d.wantDue(noon(), "a-2")
}

func testDoneForward(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "a-1")
	read := after(c)
	m := d.message("a", 1)
	m.State, m.StateAt = bot.StateRead, noon()
	read.Messages = []bot.Message{m}
	d.commit(read)
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateFailed, At: noon(), Code: "1", Reason: "late"})
	same(t, "the message", d.message("a", 1), m)
	d.wantDue(noon().Add(time.Hour))
}

func testDoneAliases(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("b").hears("Hello", noon()))
	first := newcomer("a").says(bot.AuthorBot, "One", noon())
	d.commit(first)
	d.wantDue(noon(), "a-1")
	user := bot.Alias{Channel: "whatsapp", Kind: "user_id", Value: "U1"}
	d.done(bot.Outcome{
		Conversation: "a", Seq: 1, State: bot.StateSent, At: noon(), Aliases: []bot.Alias{user, phone("b"), phone("a"), user, {}},
	})
	s := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{user}})
	same(t, "the aliases", s.Contact.Aliases, append(first.Contact.Aliases, user))
	if got := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("b")}}).Contact.ID; got != "contactb" {
		t.Fatalf("the other's alias belongs to %q now", got)
	}
}

func testDoneUnknown(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	d.wantDue(noon(), "a-1")
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateUnknown, At: noon(), Code: "timeout"})
	d.wantState("a", 1, bot.StateUnknown)
	d.wantDue(noon(), "a-2")
}

func testDoneNotFound(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()))
	for _, o := range []bot.Outcome{{Conversation: "a", Seq: 9, State: bot.StateSent}, {Conversation: "b", Seq: 1, State: bot.StateSent}} {
		wantError(t, "Done", d.Done(t.Context(), o), bot.ErrNotFound)
	}
}

func testRetryUnknown(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	d.wantDue(noon(), "a-1")
	end := noon().Add(10 * time.Minute)
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: end, Begun: true, Unknown: true, Code: "timeout", Reason: "no answer"})
	if m := d.message("a", 1); m.State != bot.StateUnknown || m.Code != "timeout" || m.Reason != "no answer" {
		t.Fatalf("the message is %+v", m)
	}
	due, next := d.due(end.Add(-time.Second))
	if len(due) != 0 || !next.Equal(end) {
		t.Fatalf("while a receipt is waited for: due %v, next %v", ids(due), next)
	}
	attempt := d.wantDue(end, "a-1")
	if got := attempt[0].Delivery; !got.Unknown || !got.BegunAt.IsZero() || got.Attempts != 1 || !got.DueAt.Equal(end) {
		t.Fatalf("after the wait the attempt says %+v", got)
	}
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: end})
	d.wantState("a", 1, bot.StateSent)
	d.wantDue(end, "a-2")
}

func testRetryStaysUnknown(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "a-1")
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Unknown: true, Code: "timeout"})
	d.wantDue(noon(), "a-1")
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Code: "130429"})
	if got := d.wantDue(noon(), "a-1")[0].Delivery; !got.Unknown || got.Attempts != 2 {
		t.Fatalf("after an unknown and a refused send the attempt says %+v", got)
	}
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Code: "130429"})
	d.commit(after(d.conversation(c.ID)).takenOver(noon()))
	d.wantState("a", 1, bot.StateUnknown)
}

func testRetryNotBegun(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "a-1") // and is never heard of again
	again := noon().Add(leaseTime)
	before := d.wantDue(again, "a-1")[0].Delivery
	later := again.Add(time.Hour)
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: later})
	d.wantState("a", 1, bot.StateQueued)
	before.DueAt = later
	same(t, "the delivery", d.wantDue(later, "a-1")[0].Delivery, before)
}

func testRetryNotLeased(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon().Add(time.Hour), Begun: true})
	d.retry(bot.Retry{Conversation: "a", Seq: 7, At: noon().Add(time.Hour), Begun: true})
	d.retry(bot.Retry{Conversation: "b", Seq: 1, At: noon().Add(time.Hour), Begun: true})
	d.wantDue(noon(), "a-1")
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon().Add(time.Minute), Begun: true})
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon().Add(time.Hour), Begun: true})
	if got := d.wantDue(noon().Add(time.Minute), "a-1")[0].Delivery.Attempts; got != 1 {
		t.Fatalf("one attempt counts as %d", got)
	}
}

func testTally(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	wantTally := func(want bot.Tally) {
		t.Helper()
		same(t, "the tally", d.wantDue(noon(), "a-1")[0].Delivery.Tally, want)
	}
	wantTally(bot.Tally{})
	one := bot.Tally{Faults: 1, Waits: 2, Alarms: 3, AlarmedAt: noon(), Unknowns: 4, Lost: 5}
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Tally: one})
	wantTally(one)
	// An attempt that never began counts nothing, whatever it says.
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Tally: bot.Tally{Faults: 99}})
	wantTally(one)
	d = desk{t, f.Reopen()}
	wantTally(one)
	two := bot.Tally{Waits: 3}
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Tally: two})
	wantTally(two)
}

func testShut(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()).says(bot.AuthorBot, "One", noon().Add(time.Hour)))
	d.wantDue(noon().Add(time.Hour), "a-2")
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateFailed, At: noon().Add(time.Hour), Code: "131047", ShutAt: noon()})
	c := d.conversation("a")
	if !c.ShutAt.Equal(noon()) || c.Version != 2 {
		t.Fatalf("the conversation is %+v", c)
	}
}

func testShutTicket(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	day := noon().Add(24 * time.Hour)
	for id, closes := range map[string]time.Time{"a": day.Add(time.Hour), "b": day} {
		first := newcomer(id).hears("Help", noon()).says(bot.AuthorAgent, "One", noon().Add(time.Hour))
		ticket := handoff.Ticket{ID: "t" + id, OpenedAt: noon(), FirstReplyAt: noon(), Agent: "ada", WindowCloses: closes}
		ticket.Place = ticket.Stand(noon())
		d.commit(first.opens(ticket))
	}
	names, _ := d.tickets(bot.TicketFilter{}, 10)
	same(t, "the tickets", names, []string{"tb", "ta"})
	d.wantDue(noon().Add(time.Hour), "a-2", "b-2")
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateFailed, At: noon().Add(time.Hour), Code: "131047", ShutAt: noon()})
	names, rows := d.tickets(bot.TicketFilter{}, 10)
	same(t, "the tickets, as it cannot be answered any more", names, []string{"tb", "ta"})
	want := handoff.Ticket{ID: "ta", Conversation: "a", OpenedAt: noon(), FirstReplyAt: noon(), Agent: "ada", WindowCloses: noon()}
	want.Place = want.Stand(noon().Add(time.Hour))
	same(t, "the ticket in the list", rows[1].Ticket, want)
	snap := d.load(bot.Lookup{Conversation: "a"})
	same(t, "the ticket", snap.Ticket, want)
	if c := snap.Conversation; !c.ShutAt.Equal(noon()) || c.Version != 2 {
		t.Fatalf("the conversation is %+v", c)
	}
	// A late refusal shuts neither.
	d.commit(after(d.conversation("b")).hears("Still there?", noon().Add(2*time.Hour)))
	d.done(bot.Outcome{Conversation: "b", Seq: 2, State: bot.StateFailed, At: noon().Add(2 * time.Hour), Code: "131047", ShutAt: noon()})
	if got := d.load(bot.Lookup{Conversation: "b"}).Ticket.WindowCloses; !got.Equal(day) {
		t.Fatalf("the new window of the ticket closes at %v", got)
	}
}

func testShutClosedTicket(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	closed := handoff.Ticket{ID: "t1", OpenedAt: noon(), ClosedAt: noon(), WindowCloses: noon().Add(time.Hour)}
	d.commit(newcomer("a").hears("Help", noon()).says(bot.AuthorBot, "One", noon()).opens(closed))
	d.wantDue(noon(), "a-2")
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateFailed, At: noon(), Code: "131047", ShutAt: noon()})
	if names, _ := d.tickets(bot.TicketFilter{}, 10); len(names) != 0 {
		t.Fatalf("a closed ticket is listed: %v", names)
	}
	if c := d.conversation("a"); !c.ShutAt.Equal(noon()) {
		t.Fatalf("the conversation is %+v", c)
	}
}

func testShutLate(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").hears("Hello", noon()).says(bot.AuthorBot, "One", noon().Add(time.Hour)))
	d.wantDue(noon().Add(time.Hour), "a-2")
	d.commit(after(c).hears("Still there?", noon().Add(time.Hour+time.Second)))
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateFailed, At: noon().Add(time.Hour), Code: "131047", ShutAt: noon()})
	if c := d.conversation("a"); !c.ShutAt.IsZero() {
		t.Fatalf("the new window was shut: %+v", c)
	}
}

func testVersionOfResults(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "a-1")
	c = d.commit(after(c).hears("Hello", noon())) // a lease does not stand in the way
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true})
	d.refused(bot.ErrConflict, after(c).hears("Hello?", noon()))
	c = d.commit(after(d.conversation("a")).hears("Hello?", noon()))
	d.wantDue(noon(), "a-1")
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon()})
	d.refused(bot.ErrConflict, after(c).hears("Hello??", noon()))
	if got := d.conversation("a"); got.Version != c.Version+1 || got.LastSeq != c.LastSeq {
		t.Fatalf("the conversation is %+v", got)
	}
}
