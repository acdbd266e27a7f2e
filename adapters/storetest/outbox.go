package storetest

import (
	"testing"
	"time"

	"frontdesk/bot"
)

func testDueOrder(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	for id, wait := range map[string]time.Duration{"a": 2, "b": 0, "c": 3, "d": 1} {
		d.commit(newcomer(id).says(bot.AuthorBot, "Hi", noon().Add(wait*time.Second)))
	}
	due, next := d.due(noon().Add(-time.Second))
	if len(due) != 0 || !next.Equal(noon()) {
		t.Fatalf("before its time: due %v, next %v", ids(due), next)
	}
	due, next = d.due(noon().Add(2 * time.Second))
	same(t, "what is due", ids(due), []string{"b-1", "d-1", "a-1"})
	if !next.Equal(noon().Add(3 * time.Second)) {
		t.Fatalf("next is %v", next)
	}
	d.wantDue(noon().Add(3*time.Second), "c-1")
	if due, next = d.due(noon().Add(4 * time.Second)); len(due) != 0 || !next.IsZero() {
		t.Fatalf("all is leased, but due %v and next %v", ids(due), next)
	}
}

func testFarAhead(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	for id, at := range map[string]time.Duration{
		"a": 5 * time.Hour, "b": 0, "c": bot.FarthestDue, "d": 4 * time.Hour, "e": bot.FarthestDue + time.Second,
	} {
		d.commit(newcomer(id).says(bot.AuthorBot, "Hi", noon().Add(at)))
	}
	d.commit(newcomer("f").kindly("Still there?", noon().Add(3*time.Hour)))
	due, next := d.due(noon())
	same(t, "what is due", ids(due), []string{"b-1", "e-1", "d-1", "a-1", "f-1"})
	if !next.Equal(noon().Add(bot.FarthestDue)) {
		t.Fatalf("next is %v", next)
	}
	if due, next = d.due(noon().Add(time.Second)); len(due) != 0 || !next.Equal(noon().Add(bot.FarthestDue)) {
		t.Fatalf("all but one is leased, but due %v and next %v", ids(due), next)
	}
}

func testHeadOfLine(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()).says(bot.AuthorBot, "Three", noon()))
	d.wantDue(noon(), "a-1")
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon().Add(time.Hour), Begun: true, Code: "130429", Reason: "too fast"})
	d.wantDue(noon().Add(30 * time.Minute)) // two and three wait behind one
	due := d.wantDue(noon().Add(time.Hour), "a-1")
	if got := due[0].Delivery; got.Attempts != 1 || !got.BegunAt.IsZero() || got.Unknown {
		t.Fatalf("after a refused attempt the delivery is %+v", got)
	}
	if m := due[0].Message; m.State != bot.StateQueued || m.Code != "130429" || m.Reason != "too fast" {
		t.Fatalf("after a refused attempt the message is %+v", m)
	}
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon().Add(time.Hour)})
	if m := d.message("a", 1); m.Code != "" || m.Reason != "" {
		t.Fatalf("a sent message still has the error of an attempt: %+v", m)
	}
	d.wantDue(noon().Add(time.Hour), "a-2")
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateFailed, At: noon().Add(time.Hour), Code: "131026", Reason: "undeliverable"})
	d.wantState("a", 2, bot.StateFailed)
	d.wantDue(noon().Add(time.Hour), "a-3")
}

func testLeaseHolds(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "a-1")
	d.commit(after(c).says(bot.AuthorBot, "Two", noon()))
	if due, next := d.due(noon().Add(time.Second)); len(due) != 0 || !next.IsZero() {
		t.Fatalf("behind a lease: due %v, next %v", ids(due), next)
	}
}

func testLeaseRunsOut(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	first := d.wantDue(noon(), "a-1")
	if got := first[0].Delivery; got.Attempts != 0 || !got.BegunAt.IsZero() {
		t.Fatalf("the first attempt says %+v", got)
	}
	d.wantDue(noon().Add(leaseTime - time.Nanosecond))
	again := d.wantDue(noon().Add(leaseTime), "a-1")
	if got := again[0].Delivery; got.Attempts != 1 || !got.BegunAt.Equal(noon()) || got.Unknown {
		t.Fatalf("after a lease that ran out the attempt says %+v", got)
	}
}

func testNoRoom(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomerOn("x", "one").says(bot.AuthorBot, "Hi", noon()))
	d.commit(newcomerOn("y", "two").says(bot.AuthorBot, "Hi", noon().Add(time.Second)))
	d.commit(newcomerOn("y", "three").says(bot.AuthorBot, "Hi", noon().Add(20*time.Minute)))
	d.commit(newcomerOn("whatsapp", "four").says(bot.AuthorBot, "Hi", noon().Add(30*time.Minute)))
	due, next := d.dueIn(noon().Add(time.Minute), map[string]int{"x": 0, "y": 5, "whatsapp": -1, "unheard of": 5})
	same(t, "what is due", ids(due), []string{"two-1"})
	if !next.Equal(noon().Add(20 * time.Minute)) {
		t.Fatalf("next is %v", next)
	}
	for _, room := range []map[string]int{nil, {"x": 0}} {
		if due, next = d.dueIn(noon().Add(time.Minute), room); len(due) != 0 || !next.IsZero() {
			t.Fatalf("with room %v: due %v, next %v", room, ids(due), next)
		}
	}
	d.wantDue(noon().Add(time.Minute), "one-1")
}

func testRoom(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	for i, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		d.commit(newcomerOn([]string{"x", "y"}[i%2], id).says(bot.AuthorBot, "Hi", noon().Add(time.Duration(i)*time.Second)))
	}
	now := noon().Add(time.Minute)
	for _, want := range [][]string{{"a-1", "b-1", "d-1"}, {"c-1", "f-1"}, {"e-1"}, {"g-1"}} {
		due, next := d.dueIn(now, map[string]int{"x": 1, "y": 2})
		same(t, "what is due", ids(due), want)
		if left := want[0] != "g-1"; left != (!next.IsZero() && !next.After(now)) {
			t.Fatalf("after %v next is %v", want, next)
		}
	}
}

// testTurns lets one conversation with much to say begin before another: with
// room for one at a time they alternate.
func testTurns(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	long := newcomer("a")
	for range 4 {
		long.says(bot.AuthorBot, "More", noon())
	}
	d.commit(long)
	d.commit(newcomer("b").says(bot.AuthorBot, "One", noon().Add(time.Second)).says(bot.AuthorBot, "Two", noon().Add(time.Second)))
	now := noon().Add(time.Minute)
	for _, want := range []string{"a-1", "b-1", "a-2", "b-2", "a-3", "a-4"} {
		due, _ := d.dueIn(now, roomFor(1, "whatsapp"))
		same(t, "what is due", ids(due), []string{want})
		now = now.Add(time.Second)
		d.done(bot.Outcome{
			Conversation: due[0].Conversation.ID, Seq: due[0].Message.Seq, State: bot.StateSent, At: now,
		})
	}
}

func testNextAt(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	late := noon().Add(time.Hour)
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()).says(bot.AuthorBot, "Three", late))
	d.wantDue(noon(), "a-1")
	next := noon().Add(6 * time.Second)
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon().Add(time.Second), NextAt: next})
	d = desk{t, f.Reopen()}
	due, then := d.due(next.Add(-time.Nanosecond))
	if len(due) != 0 || !then.Equal(next) {
		t.Fatalf("too early: due %v, next %v", ids(due), then)
	}
	if got := d.wantDue(next, "a-2")[0].Delivery; !got.DueAt.Equal(next) {
		t.Fatalf("it says that it was due at %v", got.DueAt)
	}
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateSent, At: next, NextAt: next})
	if due, then = d.due(next); len(due) != 0 || !then.Equal(late) {
		t.Fatalf("before its own time: due %v, next %v", ids(due), then)
	}
}

func testCourtesy(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	now := noon().Add(time.Hour)
	d.commit(newcomer("a").kindly("Still there?", noon()))
	d.commit(newcomer("b").kindly("Still there?", noon().Add(time.Second)).kindly("It closes soon", noon().Add(time.Second)))
	lifted := d.commit(newcomer("c").kindly("Still there?", noon().Add(2*time.Second)))
	d.commit(newcomer("d").says(bot.AuthorBot, "Hi", noon().Add(3*time.Second)))
	d.commit(after(lifted).says(bot.AuthorBot, "Here you are", noon().Add(4*time.Second)))
	for _, want := range []string{"c-1", "d-1", "a-1", "b-1"} {
		due, next := d.dueIn(now, roomFor(1, "whatsapp"))
		same(t, "what is due", ids(due), []string{want})
		if left := want != "b-1"; left != (!next.IsZero() && !next.After(now)) {
			t.Fatalf("after %s next is %v", want, next)
		}
	}
	d.done(bot.Outcome{Conversation: "c", Seq: 1, State: bot.StateSent, At: now})
	d.done(bot.Outcome{Conversation: "b", Seq: 1, State: bot.StateSent, At: now})
	d = desk{t, f.Reopen()} // what was out is due again, each in its rank
	due, _ := d.due(now)
	same(t, "what is due", ids(due), []string{"d-1", "c-2", "a-1", "b-2"})
	if !due[2].Delivery.Courtesy || due[1].Delivery.Courtesy {
		t.Fatal("a delivery forgot whether anybody waits for it")
	}
}

func testAttempt(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a").hears("Hello", noon()).says(bot.AuthorBot, "Hi", noon())
	d.commit(first)
	due := d.wantDue(noon(), "a-2")
	same(t, "the attempt", due[0], bot.Attempt{
		Delivery: first.Deliveries[0], Message: first.Messages[1], Conversation: first.Conversation, Contact: *first.Contact,
	})
}

func testTakeover(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").hears("Hello", noon()).says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	at := noon().Add(time.Second)
	d.commit(after(c).takenOver(at).says(bot.AuthorAgent, "I am here", at))
	d.wantState("a", 2, bot.StateCancelled)
	d.wantState("a", 3, bot.StateCancelled)
	if m := d.message("a", 3); !m.StateAt.Equal(at) {
		t.Fatalf("it was cancelled at %v", m.StateAt)
	}
	d.wantDue(at, "a-4")
}

func testTakeoverKeepsAgent(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorAgent, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	c = d.commit(after(c).takenOver(noon()))
	d.wantState("a", 1, bot.StateQueued)
	d.wantState("a", 2, bot.StateCancelled)
	d.wantDue(noon(), "a-1")
	// The same epoch again cancels nothing.
	d.commit(after(c).says(bot.AuthorBot, "Three", noon()))
	d.wantState("a", 3, bot.StateQueued)
}

func testTakeoverLeased(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	d.wantDue(noon(), "a-1")
	at := noon().Add(time.Second)
	d.commit(after(c).takenOver(at).says(bot.AuthorAgent, "I am here", at))
	d.wantState("a", 1, bot.StateQueued)
	d.wantState("a", 2, bot.StateCancelled)
	d.wantDue(at) // the agent's message waits for the one under way
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: at, Begun: true, Code: "130429"})
	d.wantState("a", 1, bot.StateCancelled)
	d.wantDue(at, "a-3")

	// When the lease runs out instead, the attempt says that it must not be sent.
	c = d.commit(newcomer("b").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "b-1")
	d.commit(after(c).takenOver(at))
	due := d.wantDue(noon().Add(leaseTime), "b-1")
	if got := due[0].Delivery; !got.Cancel || !got.BegunAt.Equal(noon()) {
		t.Fatalf("after a takeover and a lost lease the attempt says %+v", got)
	}
}

func testTakeoverUnknown(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	at := noon().Add(time.Second)
	c := d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "a-1")
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon().Add(time.Hour), Begun: true, Unknown: true, Code: "timeout"})
	c = d.conversation(c.ID)
	d.commit(after(c).takenOver(at))
	d.wantState("a", 1, bot.StateUnknown)
	if due, next := d.due(noon().Add(2 * time.Hour)); len(due) != 0 || !next.IsZero() {
		t.Fatalf("it stays in the outbox: %v, %v", ids(due), next)
	}

	c = d.commit(newcomer("b").says(bot.AuthorBot, "One", noon()))
	d.wantDue(noon(), "b-1")
	d.commit(after(c).takenOver(at))
	d.retry(bot.Retry{Conversation: "b", Seq: 1, At: at, Begun: true, Unknown: true, Code: "timeout"})
	d.wantState("b", 1, bot.StateUnknown)
	if due, next := d.due(noon().Add(2 * time.Hour)); len(due) != 0 || !next.IsZero() {
		t.Fatalf("it stays in the outbox: %v, %v", ids(due), next)
	}
}

func testStaleDelivery(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).takenOver(noon()).says(bot.AuthorBot, "A person is coming", noon()))
	d.wantState("a", 1, bot.StateCancelled)
	d.wantDue(noon(), "a-2")
}
