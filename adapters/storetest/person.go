package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func (d caring) find(who string) (ids []string) {
	d.t.Helper()
	found, err := d.Find(d.t.Context(), who)
	if err != nil {
		d.t.Fatalf("Find(%q): %v", who, err)
	}
	for _, c := range found {
		ids = append(ids, c.ID)
	}
	return ids
}

func testFind(t *testing.T, d caring) {
	first := newcomer("436601234567").hears("Hello", noon())
	first.Contact.Aliases = append(first.Contact.Aliases, bot.Alias{Channel: "whatsapp", Kind: "user_id", Value: "AT.77"})
	d.commit(first)
	d.commit(newcomerOn("messenger", "24001").hears("Hello", noon()))
	d.commit(newcomerOn("messenger", "436601234567b").hears("Hello", noon()))
	twin := newcomerOn("sms", "twin").hears("Hello", noon())
	twin.Contact.Aliases[0].Value = "+436601234567"
	d.commit(twin)
	for _, tt := range []struct {
		who  string
		want []string
	}{
		{"contact436601234567", []string{"contact436601234567"}},
		{"436601234567", []string{"contact436601234567", "contacttwin"}}, // a conversation's id and a number
		{"+43 660 123 45 67", []string{"contact436601234567", "contacttwin"}},
		{"sms:+43 660 123 45 67", []string{"contacttwin"}},
		{" AT.77 ", []string{"contact436601234567"}},
		{"24001", []string{"contact24001"}},
		{"whatsapp:24001", nil},
		{"nobody", nil},
		{"", nil},
		{"x\x00y", nil},
	} {
		same(t, fmt.Sprintf("who is meant by %q", tt.who), d.find(tt.who), tt.want)
	}
}

// eventsOf are what a platform told: of a, of b, and of a message of a.
func eventsOf(a, b string) []bot.Event {
	return []bot.Event{
		{Channel: "whatsapp", Kind: "name", At: noon(), Body: fmt.Appendf(nil, `{"wa_id": "+%s", "name": "Ada"}`, a)},
		{Channel: "whatsapp", Kind: "name", At: noon().Add(time.Second), Body: fmt.Appendf(nil, `{"wa_id": "+%s"}`, b)},
		{Channel: "whatsapp", Kind: "status", At: noon().Add(2 * time.Second), Body: fmt.Appendf(nil, `{"id": "wamid.%s"}`, a)},
		{Channel: "whatsapp", Kind: "quality", At: noon().Add(3 * time.Second), Body: []byte(`{"score": 3}`)},
	}
}

func (d caring) keeps(events []bot.Event) {
	d.t.Helper()
	if err := d.Keep(d.t.Context(), events); err != nil {
		d.t.Fatalf("Keep: %v", err)
	}
}

// onBoth commits a contact with conversations on two channels, of which the
// second waits to be sent and has an open ticket.
func (d caring) onBoth(id string) (first, second *draft) {
	first = everything(id)
	d.commit(first)
	second = newcomerOn("messenger", id+"m").hears("Help", noon()).says(bot.AuthorBot, "One moment", noon()).
		opens(handoff.Ticket{ID: "open" + id, OpenedAt: noon(), Note: "Ada"})
	second.Contact, second.Conversation.Contact = nil, first.Contact.ID
	d.commit(second)
	return first, second
}

func testPerson(t *testing.T, d caring) {
	first, second := d.onBoth("a")
	d.commit(everything("aa"))
	events := eventsOf("a", "aa")
	d.keeps(events)
	got, err := d.Person(t.Context(), "contacta")
	if err != nil {
		t.Fatalf("Person: %v", err)
	}
	want := bot.Person{
		Contact: *first.Contact,
		Conversations: []bot.History{
			{Conversation: second.Conversation, Messages: second.Messages, Tickets: []handoff.Ticket{*second.Ticket}, Deliveries: second.Deliveries},
			{Conversation: first.Conversation, Messages: first.Messages, Tickets: []handoff.Ticket{*first.Ticket}},
		},
		Events: []bot.Event{events[0], events[2]},
	}
	same(t, "the person", got, want)
	_, err = d.Person(t.Context(), "contact")
	wantError(t, "nobody", err, bot.ErrNotFound)
}

func testErase(t *testing.T, d caring) {
	first, second := d.onBoth("a")
	d.onBoth("aa")
	d.keeps(eventsOf("a", "aa"))
	before := d.person("contactaa")
	row := d.erased("contacta", noon().Add(time.Hour))
	want := bot.Audit{
		At: noon().Add(time.Hour), By: "ana", What: bot.AuditErase, Contact: "contacta",
		Conversations: 2, Messages: 5, Tickets: 2, Deliveries: 1, Events: 2,
	}
	same(t, "the row", row, want)
	d.nobody("contacta", first.Conversation.ID, second.Conversation.ID)
	same(t, "the other", d.person("contactaa"), before)
	rows, err := d.Audits(t.Context(), 10)
	if err != nil {
		t.Fatalf("Audits: %v", err)
	}
	same(t, "the audit", rows, []bot.Audit{want})
	_, err = d.Load(t.Context(), bot.Lookup{Channel: "whatsapp", ExternalID: "wamid.a"})
	wantError(t, "a message of somebody erased", err, bot.ErrNotFound)
	names, _ := d.tickets(bot.TicketFilter{}, 10)
	same(t, "open tickets", names, []string{"openaa"})
	due, _ := d.due(noon(), "messenger")
	same(t, "what is sent", ids(due), []string{"aam-2"})
	counts, err := d.TicketCounts(t.Context(), noon())
	if err != nil || counts.All != 1 {
		t.Fatalf("TicketCounts: %+v, %v", counts, err)
	}
}

func (d caring) person(contact string) bot.Person {
	d.t.Helper()
	p, err := d.Person(d.t.Context(), contact)
	if err != nil {
		d.t.Fatalf("Person(%s): %v", contact, err)
	}
	return p
}

// nobody checks that nothing is known of a contact and its conversations.
func (d caring) nobody(contact string, conversations ...string) {
	d.t.Helper()
	_, err := d.Person(d.t.Context(), contact)
	wantError(d.t, "Person of somebody erased", err, bot.ErrNotFound)
	for _, who := range append(conversations, contact) {
		same(d.t, "who is meant by "+who, d.find(who), []string(nil))
	}
	for _, id := range conversations {
		_, err := d.Conversation(d.t.Context(), id)
		wantError(d.t, "Conversation of somebody erased", err, bot.ErrNotFound)
		_, err = d.Transcript(d.t.Context(), id, 0, 10)
		wantError(d.t, "Transcript of somebody erased", err, bot.ErrNotFound)
	}
}

func testEraseLeased(t *testing.T, d caring) {
	d.commit(newcomer("a").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	c := d.conversation("a")
	d.wantDue(noon(), "a-1")
	d.erased("contacta", noon())
	wantError(t, "Done", d.Done(t.Context(), bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateSent, At: noon(), ExternalID: "x"}), bot.ErrNotFound)
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true})
	d.refused(bot.ErrConflict, after(c).hears("Late", noon()))
	d.wantDue(noon().Add(aDay))
	d.nobody("contacta", "a")
}

func testEraseAgain(t *testing.T, d caring) {
	d.commit(newcomer("a").event("e1").hears("Hello", noon()))
	d.erased("contacta", noon())
	again := newcomer("b").event("e2").hears("Me again", noon())
	again.Contact.Aliases[0] = phone("a")
	d.commit(again)
	snap := d.load(bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone("a")}})
	same(t, "who writes", snap.Contact.ID, "contactb")
	same(t, "the transcript", d.seqs("b"), []uint64{1})
}

func testEraseNobody(t *testing.T, d caring) {
	d.commit(newcomer("a").hears("Hello", noon()))
	for _, id := range []string{"contact", "a", "", "contacta\x00"} {
		_, err := d.Erase(t.Context(), id, bot.Audit{At: noon()})
		wantError(t, fmt.Sprintf("Erase(%q)", id), err, bot.ErrNotFound)
	}
	rows, err := d.Audits(t.Context(), 10)
	if err != nil || len(rows) != 0 {
		t.Fatalf("Audits: %v, %v", rows, err)
	}
}

func testAudits(t *testing.T, d caring) {
	var want []string
	for i := range 5 {
		d.erased("contact"+d.next(i), noon().Add(time.Duration(i%2)*time.Hour)) // some at the same moment
	}
	rows, err := d.Audits(t.Context(), 4)
	if err != nil {
		t.Fatalf("Audits: %v", err)
	}
	for _, row := range rows {
		want = append(want, row.Contact)
	}
	same(t, "the rows", want, []string{"contactn3", "contactn1", "contactn4", "contactn2"})
}

// testCareModel erases and sweeps people at random among others, and compares
// what is left with what was there before.
func testCareModel(t *testing.T, open func(t *testing.T) Care) {
	rapid.Check(t, func(rt *rapid.T) {
		c := open(t)
		s := c.Store
		must := func(err error) {
			if err != nil {
				rt.Fatal(err)
			}
		}
		now := noon().Add(100 * aDay)
		keep := bot.Retention{Keep: bot.Keep{Conversations: 10 * aDay}}
		people := rapid.IntRange(1, 8).Draw(rt, "people")
		old := map[string]bool{}
		for i := range people {
			id := fmt.Sprint("p", i)
			at := now.Add(-time.Duration(rapid.IntRange(0, 20).Draw(rt, "days")) * aDay)
			busy := drawPerson(rt, s, id, at, must)
			old["contact"+id] = !busy && bot.Over(at, keep.Conversations, now)
		}
		before := map[string]bot.Person{}
		for id := range old {
			p, err := s.Person(background(), id)
			must(err)
			before[id] = p
		}
		erased := fmt.Sprint("contactp", rapid.IntRange(0, people-1).Draw(rt, "erased"))
		_, err := s.Erase(background(), erased, bot.Audit{At: now, What: bot.AuditErase})
		must(err)
		delete(before, erased)
		if rapid.Bool().Draw(rt, "swept") {
			for at := bot.Cursor(""); ; {
				_, next, err := s.Sweep(background(), now, keep, at)
				must(err)
				if at = next; at == "" {
					break
				}
			}
			for id, gone := range old {
				if gone {
					delete(before, id)
				}
			}
		}
		for id := range old {
			got, err := s.Person(background(), id)
			want, stays := before[id]
			if stays != (err == nil) {
				rt.Fatalf("%s stays %t: %v", id, stays, err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); stays && diff != "" {
				rt.Fatalf("%s is another (-want +got):\n%s", id, diff)
			}
		}
		if found := c.Findings(); len(found) > 0 {
			rt.Fatalf("the store finds: %v", found)
		}
	})
}

// drawPerson commits somebody at random, and reports whether retention must leave
// them alone.
func drawPerson(rt *rapid.T, s Cared, id string, at time.Time, must func(error)) (busy bool) {
	d := newcomer(id).event("e"+id).hears("Hello from "+id, at)
	d.Conversation.UpdatedAt = at
	if rapid.Bool().Draw(rt, "answered") {
		d.says(bot.AuthorBot, "Hi", at)
		d.Deliveries = nil
		d.Messages[1].State, d.Messages[1].ExternalID = bot.StateSent, "wamid."+id
	}
	if rapid.Bool().Draw(rt, "waits") {
		d.says(bot.AuthorBot, "More", at)
		busy = true
	}
	if rapid.Bool().Draw(rt, "asks for a person") {
		d.opens(handoff.Ticket{ID: "t" + id, OpenedAt: at, Queue: "support"})
		busy = true
	}
	if rapid.Bool().Draw(rt, "wakes") {
		d.Conversation.SilentAt = at.Add(time.Hour)
	}
	must(s.Commit(background(), []bot.Change{d.Change}))
	must(s.Keep(background(), []bot.Event{{Channel: "whatsapp", Kind: "k", At: at, Body: fmt.Appendf(nil, `["+%s"]`, id)}}))
	return busy
}
