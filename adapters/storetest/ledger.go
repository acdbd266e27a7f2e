package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

func testNobody(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	s := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("1")}, Events: []string{"e1"}, Until: noon()})
	if s.Contact.ID != "" || s.Conversation.ID != "" || s.Ticket.ID != "" || s.Seen["e1"] || len(s.Messages) != 0 {
		t.Fatalf("an empty store knows %+v", s)
	}
	if due, next := d.due(noon()); len(due) != 0 || !next.IsZero() {
		t.Fatalf("an empty store has due %v and next %v", due, next)
	}
}

func testFirstCommit(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a").event("e1").hears("Hello", noon()).says(bot.AuthorBot, "Hi! What is it about?", noon())
	first.Messages[0].Media = &bot.Media{ID: "m1", MIME: "image/jpeg", Filename: "a.jpg", URL: "https://example.com/a"}
	first.Messages[1].Choices = []bot.Choice{{ID: "start.ask:Orders", Title: "Orders"}}
	first.Messages[1].Layout = bot.LayoutButtons
	first.Conversation.Flow = flows.State{
		Version: "v1", Flow: "start", Node: "ask", Vars: map[string]any{"name": "Ada", "größe": "M\x00\"<"},
		Tries: 1, Misses: 2, Missed: []string{"hm", "ähm"},
	}
	first.opens(handoff.Ticket{
		ID: "t1", Queue: "orders", Reason: "asked", Note: "VIP", Words: []string{"person"}, OpenedAt: noon(),
		PromisedBy: noon().Add(time.Hour), WindowCloses: noon().Add(24 * time.Hour),
	})
	d.commit(first)

	want := bot.Snapshot{Contact: *first.Contact, Conversation: first.Conversation, Ticket: *first.Ticket, Seen: map[string]bool{"e1": true}}
	same(t, "the snapshot by alias", d.load(bot.Lookup{
		Channel: "whatsapp", Aliases: first.Contact.Aliases, Events: []string{"e1", "e2"},
	}), want)
	same(t, "the snapshot by id", d.load(bot.Lookup{Conversation: "a", Events: []string{"e1"}}), want)

	list, err := d.Transcript(t.Context(), "a", 0, 10)
	if err != nil {
		t.Fatalf("Transcript: %v", err)
	}
	same(t, "the transcript", list, first.Messages)
	due := d.wantDue(noon(), "a-2")
	same(t, "the delivery", due[0].Delivery, first.Deliveries[0])
}

func testAllOrNothing(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()))
	// The second change of the list is refused, so the first must leave nothing.
	one := after(d.conversation("a")).event("e1").hears("more", noon()).says(bot.AuthorBot, "yes?", noon())
	one.opens(handoff.Ticket{ID: "t1", OpenedAt: noon()})
	contact := d.load(bot.Lookup{Conversation: "a"}).Contact
	contact.Name = "Eve"
	one.Contact = &contact
	two := after(one.Conversation).event("e2").hears("and more", noon())
	two.Messages[0].Seq = 9
	d.refused(nil, one, two)

	s := d.load(bot.Lookup{Conversation: "a", Events: []string{"e1", "e2"}})
	if len(s.Seen) != 0 || s.Conversation.Version != 1 || s.Contact.Name == "Eve" || s.Ticket.ID != "" {
		t.Fatalf("a refused commit left %+v", s)
	}
	d.wantDue(noon())
	if rows, _, err := d.Tickets(t.Context(), bot.TicketFilter{}, "", 10); err != nil || len(rows) != 0 {
		t.Fatalf("a refused commit left tickets %v, %v", rows, err)
	}
}

func testDuplicate(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").event("e1").hears("Hello", noon()))
	d.refused(bot.ErrDuplicate, after(c).event("e1").hears("Hello", noon()))
	d.commit(newcomer("b").event("e1").hears("Hello", noon())) // what another conversation handled is another event
	one := after(c).event("e2").hears("twice", noon())
	d.refused(bot.ErrDuplicate, one, after(one.Conversation).event("e2").hears("twice", noon()))
	if v := d.conversation("a").Version; v != 1 {
		t.Fatalf("duplicates raised the version to %d", v)
	}
	c = d.commit(after(c).hears("no event", noon()))
	d.commit(after(c).hears("no event again", noon()))
}

func testDuplicateRace(t *testing.T, f Fixture) {
	const senders = 32
	results := make([]error, senders)
	var group sync.WaitGroup
	for i := range senders {
		group.Go(func() {
			d := newcomer("a").event("e1").hears("Hello", noon())
			results[i] = f.Store.Commit(t.Context(), []bot.Change{d.Change})
		})
	}
	group.Wait()
	won := 0
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, bot.ErrDuplicate):
			t.Errorf("a duplicate got error %v", err)
		}
	}
	if won != 1 {
		t.Fatalf("%d of %d commits of one event went through", won, senders)
	}
}

func testDuplicateFirst(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").event("e1").hears("Hello", noon()))
	d.commit(after(c).event("e2").hears("More", noon()))
	d.refused(bot.ErrDuplicate, after(c).event("e2").hears("More", noon()))
}

func testConflict(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").hears("Hello", noon()))
	d.commit(after(c).hears("More", noon()))
	d.refused(bot.ErrConflict, after(c).hears("Late", noon()))
	d.refused(bot.ErrConflict, newcomer("a").hears("Hello", noon()))
	ghost := bot.Conversation{ID: "ghost", Channel: "whatsapp", Contact: "contacta", Version: 7}
	d.refused(bot.ErrConflict, after(ghost).hears("Boo", noon()))
	if c := d.conversation("a"); c.Version != 2 || c.LastSeq != 2 {
		t.Fatalf("conflicts changed the conversation to %+v", c)
	}
}

func testAliasOrder(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()))
	d.commit(newcomer("b").hears("Hello", noon()))
	for _, tt := range []struct {
		aliases []bot.Alias
		want    string
	}{
		{[]bot.Alias{phone("a"), phone("b")}, "a"},
		{[]bot.Alias{phone("b"), phone("a")}, "b"},
		{[]bot.Alias{phone("nobody"), phone("b")}, "b"},
		{[]bot.Alias{{Channel: "messenger", Kind: "phone", Value: "+a"}}, ""},
		{[]bot.Alias{{Channel: "whatsapp", Kind: "user_id", Value: "+a"}}, ""},
	} {
		if got := d.load(bot.Lookup{Channel: "whatsapp", Aliases: tt.aliases}).Conversation.ID; got != tt.want {
			t.Errorf("aliases %v lead to %q, want %q", tt.aliases, got, tt.want)
		}
	}
	both := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a"), phone("nobody"), phone("b")}})
	same(t, "the aliases of others", both.Taken, []bot.Alias{phone("b")})
	// A contact that is known and has no conversation on this channel.
	s := d.load(bot.Lookup{Channel: "shop", Aliases: []bot.Alias{phone("a")}})
	if s.Contact.ID != "contacta" || s.Conversation.ID != "" {
		t.Errorf("the contact on another channel is %+v", s)
	}
}

func testAliasTheft(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()))
	thief := newcomer("b").event("e1").hears("Hello", noon())
	thief.Contact.Aliases = append(thief.Contact.Aliases, phone("a"))
	d.refused(bot.ErrConflict, thief)
	s := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("b")}, Events: []string{"e1"}})
	if s.Contact.ID != "" || s.Seen["e1"] {
		t.Fatalf("the refused commit left %+v", s)
	}
	if got := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a")}}).Contact.ID; got != "contacta" {
		t.Fatalf("the alias belongs to %q now", got)
	}
}

func testAliasFreed(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").hears("Hello", noon()))
	renamed := after(c)
	contact := d.load(bot.Lookup{Conversation: "a"}).Contact
	contact.Aliases = []bot.Alias{phone("a2")}
	renamed.Contact = &contact
	d.commit(renamed)
	if got := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a2")}}).Contact; got.ID != "contacta" {
		t.Fatalf("the new alias leads to %+v", got)
	}
	if got := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a")}}).Contact; got.ID != "" {
		t.Fatalf("the lost alias leads to %+v", got)
	}
}

func testOneConversation(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()))
	second := newcomer("b").hears("Hello", noon())
	second.Contact, second.Conversation.Contact = nil, "contacta"
	d.refused(bot.ErrConflict, second)
	other := newcomerOn("shop", "c").hears("Hello", noon())
	other.Contact, other.Conversation.Contact = nil, "contacta"
	d.commit(other)
	if got := d.load(bot.Lookup{Channel: "shop", Aliases: []bot.Alias{phone("a")}}).Conversation.ID; got != "c" {
		t.Fatalf("the conversation on the other channel is %q", got)
	}
	orphan := newcomer("d").hears("Hello", noon())
	orphan.Contact = nil
	d.refused(nil, orphan)
}

func testChain(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	one := newcomer("a").event("e1").hears("One", noon()).says(bot.AuthorBot, "First", noon())
	two := after(one.Conversation).event("e2").hears("Two", noon()).says(bot.AuthorBot, "Second", noon())
	three := after(two.Conversation).event("e3").hears("Three", noon())
	three.Settled = []uint64{2}
	d.commit(one, two, three)
	s := d.load(bot.Lookup{Conversation: "a", Events: []string{"e1", "e2", "e3"}})
	if s.Conversation.Version != 3 || s.Conversation.LastSeq != 5 || len(s.Seen) != 3 {
		t.Fatalf("after three changes: %+v", s)
	}
	d.wantDue(noon(), "a-4") // message 2 was settled in the same commit
}

func testBrokenChain(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	one := newcomer("a").hears("One", noon())
	d.refused(bot.ErrConflict, one, after(bot.Conversation{
		ID: "a", Channel: "whatsapp", Contact: "contacta", Version: 5, LastSeq: 1,
	}).hears("Two", noon()))
	d.refused(nil, one, newcomer("b").hears("Somebody else", noon()))
	wrong := newcomer("a").hears("One", noon())
	wrong.Conversation.Version = 2
	d.refused(nil, wrong)
	if err := d.Commit(t.Context(), nil); err != nil {
		t.Fatalf("an empty commit: %v", err)
	}
	if id := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a")}}).Conversation.ID; id != "" {
		t.Fatalf("a broken chain left conversation %q", id)
	}
}

func testTwoTalks(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	a := d.commit(newcomer("a").hears("One", noon()))
	other := newcomerOn("shop", "b").hears("Two", noon())
	other.Contact, other.Conversation.Contact = nil, "contacta"
	b := d.commit(other)
	stale := b
	stale.Version--
	d.refused(bot.ErrConflict, after(a).says(bot.AuthorAgent, "Here", noon()), after(stale).says(bot.AuthorAgent, "And there", noon()))
	d.refused(nil, after(a).says(bot.AuthorAgent, "Here", noon()), after(b).says(bot.AuthorAgent, "There", noon()), after(a).says(bot.AuthorAgent, "Here", noon()))
	if got := d.load(bot.Lookup{Conversation: "a"}).Conversation.Version; got != a.Version {
		t.Fatalf("what was refused left version %d of the first", got)
	}
	d.commit(after(a).says(bot.AuthorAgent, "Here", noon()), after(b).says(bot.AuthorAgent, "And there", noon()))
	if got := d.load(bot.Lookup{Conversation: "b"}).Conversation.LastSeq; got != 2 {
		t.Fatalf("the other conversation has %d messages", got)
	}
	d.wantDue(noon(), "a-2")
}

func testSeq(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").hears("One", noon()).says(bot.AuthorBot, "Hi", noon()))
	for _, tt := range []struct {
		name string
		seq  uint64
		last uint64
	}{{"a gap", 4, 4}, {"a zero", 0, 2}, {"a last that is not the last", 3, 4}, {"a last that stays", 3, 2}} {
		draft := after(c).hears("Two", noon())
		draft.Messages[0].Seq, draft.Conversation.LastSeq = tt.seq, tt.last
		t.Log(tt.name)
		d.refused(nil, draft)
	}
	// A known message is replaced.
	read := after(c)
	m := d.message("a", 2)
	m.State, m.StateAt = bot.StateRead, noon().Add(time.Second)
	read.Messages = []bot.Message{m}
	d.commit(read)
	same(t, "the replaced message", d.message("a", 2), m)
}

func testReceiptLookups(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a").hears("One", noon())
	for i := range 6 {
		first.says(bot.AuthorBot, "Answer "+strconv.Itoa(i), noon().Add(time.Duration(i)*time.Second))
	}
	d.commit(first) // messages 2 to 7
	d.commit(newcomer("b").hears("Hello", noon()))
	for seq := uint64(2); seq < 6; seq++ {
		d.wantDue(noon().Add(time.Minute), bot.MessageID("a", seq))
		d.done(bot.Outcome{Conversation: "a", Seq: seq, State: bot.StateSent, At: noon(), ExternalID: "wamid." + strconv.Itoa(int(seq))})
	}
	s := d.load(byName("a", "wamid.3"))
	same(t, "the message by external id", s.Messages, []bot.Message{d.message("a", 3)})
	same(t, "its conversation", s.Conversation, d.conversation("a"))
	same(t, "its contact", s.Contact, *first.Contact)
	same(t, "the message by id", d.load(bot.Lookup{Message: "a-4"}).Messages, []bot.Message{d.message("a", 4)})

	// Read and failed messages are past what a watermark speaks of; what waits, or
	// may not have been accepted, it cannot have reached.
	receipts := after(d.conversation("a"))
	read, delivered, failed := d.message("a", 2), d.message("a", 3), d.message("a", 4)
	read.State, delivered.State, failed.State = bot.StateRead, bot.StateDelivered, bot.StateFailed
	receipts.Messages = []bot.Message{read, delivered, failed}
	d.commit(receipts)
	d.wantDue(noon().Add(time.Minute), "a-6")
	d.retry(bot.Retry{Conversation: "a", Seq: 6, At: noon().Add(time.Hour), Begun: true, Unknown: true, Code: "timeout"})
	d.wantState("a", 6, bot.StateUnknown)
	d.wantState("a", 7, bot.StateQueued)
	upTo := func(until time.Time) []uint64 {
		var seqs []uint64
		for _, m := range d.load(bot.Lookup{Channel: "whatsapp", Aliases: first.Contact.Aliases, Until: until}).Messages {
			seqs = append(seqs, m.Seq)
		}
		return seqs
	}
	same(t, "up to noon", upTo(noon()), []uint64{})
	same(t, "up to the third, which counts", upTo(noon().Add(3*time.Second)), []uint64{3, 5})
	same(t, "up to the evening", upTo(noon().Add(6*time.Hour)), []uint64{3, 5})
	// Accepted after all, it is spoken of.
	d.wantDue(noon().Add(time.Hour), "a-6")
	d.done(bot.Outcome{Conversation: "a", Seq: 6, State: bot.StateSent, At: noon()})
	same(t, "up to the evening, one more sent", upTo(noon().Add(6*time.Hour)), []uint64{3, 5, 6})

	for _, l := range []bot.Lookup{
		{Channel: "whatsapp", ExternalID: "wamid.99"},
		byName("b", "wamid.3"), // somebody else's
		byName("nobody", "wamid.3"),
		{Channel: "messenger", Aliases: first.Contact.Aliases, ExternalID: "wamid.3"},
		{Channel: "whatsapp", ExternalID: "wamid.3"},
		{Message: "a-99"},
		{Message: "nobody-1"},
		{Message: "garbage"},
		{Message: "a-0"},
	} {
		_, err := d.Load(t.Context(), l)
		wantError(t, "an unknown message", err, bot.ErrNotFound)
	}
}

func testIncomingLookup(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("One", noon()))
	_, err := d.Load(t.Context(), bot.Lookup{Message: "a-1"})
	wantError(t, "the customer's message by id", err, bot.ErrNotFound)
	_, err = d.Load(t.Context(), byName("a", "in.a-1"))
	wantError(t, "the customer's message by external id", err, bot.ErrNotFound)
}

func testTicketLoaded(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").hears("Help", noon()).opens(handoff.Ticket{ID: "t1", OpenedAt: noon()}))
	if got := d.load(bot.Lookup{Conversation: "a"}).Ticket.ID; got != "t1" {
		t.Fatalf("the open ticket is %q", got)
	}
	closed := after(c).opens(handoff.Ticket{ID: "t1", OpenedAt: noon(), ClosedAt: noon().Add(time.Hour)})
	closed.Conversation.Ticket = ""
	d.commit(closed)
	if got := d.load(bot.Lookup{Conversation: "a"}).Ticket; got.ID != "" {
		t.Fatalf("the closed ticket is loaded: %+v", got)
	}
}

func testKeep(t *testing.T, f Fixture) {
	for _, events := range [][]bot.Event{
		nil,
		{{Channel: "whatsapp", Kind: "account_update", At: noon(), Body: []byte(`{"a":1}`)}, {Channel: "whatsapp", At: noon()}},
		{{Channel: "whatsapp", Kind: "account_update", At: noon(), Body: []byte(`{"a":1}`)}},
	} {
		if err := f.Store.Keep(t.Context(), events); err != nil {
			t.Fatalf("Keep(%v): %v", events, err)
		}
	}
}
