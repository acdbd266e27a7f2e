package storetest

import (
	"context"
	"strconv"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// tickets reads the whole list in pages of the given size.
func (d desk) tickets(f bot.TicketFilter, size int) (names []string, rows []bot.Row) {
	d.t.Helper()
	var after bot.Cursor
	for {
		page, next, err := d.Tickets(d.t.Context(), f, after, size)
		if err != nil {
			d.t.Fatalf("Tickets: %v", err)
		}
		if len(page) > size || (len(page) < size && next != "") {
			d.t.Fatalf("a page of %d has %d rows and says next %q", size, len(page), next)
		}
		for _, r := range page {
			names, rows = append(names, r.Ticket.ID), append(rows, r)
		}
		if next == "" {
			return names, rows
		}
		after = next
	}
}

func testTickets(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	for id, ticket := range map[string]handoff.Ticket{
		"a": {ID: "much later", Place: handoff.Place{Class: handoff.Later, At: at(30)}, OpenedAt: at(0)},
		"b": {ID: "soon", Place: handoff.Place{Class: handoff.Soon, At: at(5)}, OpenedAt: at(0)},
		"c": {ID: "next", Place: handoff.Place{Class: handoff.Soon, At: at(10)}, OpenedAt: at(0)},
		"d": {ID: "then the newer", Place: handoff.Place{Class: handoff.Soon, At: at(12)}, OpenedAt: at(9)},
		"e": {ID: "then the older", Place: handoff.Place{Class: handoff.Soon, At: at(12)}, OpenedAt: at(1)},
		"f": {ID: "later", Place: handoff.Place{Class: handoff.Later, At: at(20)}, OpenedAt: at(0)},
		"g": {ID: "closed", ClosedAt: at(2), OpenedAt: at(0)},
		"h": {ID: "lost before 1970", Place: handoff.Place{Class: handoff.Lost, At: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)}, OpenedAt: at(0)},
	} {
		d.commit(newcomer(id).hears("Help "+id, noon()).opens(ticket))
	}
	want := []string{"soon", "next", "then the older", "then the newer", "later", "much later", "lost before 1970"}
	for _, size := range []int{1, 2, 3, 7, 100} {
		names, _ := d.tickets(bot.TicketFilter{}, size)
		same(t, "the list in pages of "+strconv.Itoa(size), names, want)
	}
	d.commit(newcomer("i").hears("Help i", noon()).opens(handoff.Ticket{ID: "behind", Place: handoff.Place{Class: handoff.Behind, At: at(1)}, OpenedAt: at(0)}))
	d.commit(newcomer("j").hears("Help j", noon()).opens(handoff.Ticket{ID: "behind, too", Place: handoff.Place{Class: handoff.Behind, At: at(2)}, OpenedAt: at(0)}))
	for _, size := range []int{1, 3, 100} {
		names, _ := d.tickets(bot.TicketFilter{Ahead: true}, size)
		same(t, "the list without those behind, in pages of "+strconv.Itoa(size), names, want)
	}
	_, rows := d.tickets(bot.TicketFilter{}, 100)
	same(t, "the last message", rows[0].Last.Text, "Help b")
	same(t, "the contact", rows[0].Contact.ID, "contactb")
	same(t, "the conversation", rows[0].Conversation, d.conversation("b"))
	_, _, err := d.Tickets(t.Context(), bot.TicketFilter{}, "not a cursor!", 10)
	wantError(t, "a cursor that is none", err, bot.ErrNotFound)
}

// testTicketLists checks the lists of owners, what is left out of them, and the
// numbers of each.
func testTicketLists(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	conversations := make(map[string]bot.Conversation)
	for id, ticket := range map[string]handoff.Ticket{
		"a": {ID: "waits", Queue: "sales", WindowCloses: at(10), OpenedAt: at(0)},
		"b": {ID: "waits for ever", Queue: "sales", OpenedAt: at(0)},
		"c": {ID: "ana's", Queue: "sales", Agent: "ana", WindowCloses: at(5), OpenedAt: at(0)},
		"d": {ID: "ana's, shut", Queue: "help", Agent: "ana", WindowCloses: at(-5), OpenedAt: at(0), Labels: []string{"bike"}},
		"e": {ID: "ben's", Queue: "help", Agent: "ben", WindowCloses: at(7), OpenedAt: at(0)},
		"f": {ID: "waits, shut", Queue: "help", WindowCloses: at(0), OpenedAt: at(0)},
		"g": {ID: "closed", Queue: "help", Agent: "ben", ClosedAt: at(2), OpenedAt: at(0)},
	} {
		conversations[id] = d.commit(newcomer(id).hears("Help", noon()).opens(byWindow(ticket)))
	}
	for _, size := range []int{1, 2, 100} {
		for _, tt := range []struct {
			filter bot.TicketFilter
			want   []string
		}{
			{bot.TicketFilter{}, []string{"ana's", "ben's", "waits", "waits for ever", "ana's, shut", "waits, shut"}},
			{bot.TicketFilter{OpenAt: at(0)}, []string{"ana's", "ben's", "waits", "waits for ever"}},
			{bot.TicketFilter{Waiting: true}, []string{"waits", "waits for ever", "waits, shut"}},
			{bot.TicketFilter{Waiting: true, OpenAt: at(9)}, []string{"waits", "waits for ever"}},
			{bot.TicketFilter{Waiting: true, OpenAt: at(10)}, []string{"waits for ever"}},
			{bot.TicketFilter{Agent: "ana"}, []string{"ana's", "ana's, shut"}},
			{bot.TicketFilter{Agent: "ana", OpenAt: at(0)}, []string{"ana's"}},
			{bot.TicketFilter{Agent: "an"}, nil},
			{bot.TicketFilter{Label: "bike"}, []string{"ana's, shut"}},
			{bot.TicketFilter{Label: "bik"}, nil},
			{bot.TicketFilter{ShutAt: at(-6)}, nil},
			{bot.TicketFilter{ShutAt: at(0)}, []string{"ana's, shut", "waits, shut"}},
			{bot.TicketFilter{ShutAt: at(6)}, []string{"ana's", "ana's, shut", "waits, shut"}},
			{bot.TicketFilter{Waiting: true, ShutAt: at(10)}, []string{"waits", "waits, shut"}},
		} {
			names, _ := d.tickets(tt.filter, size)
			same(t, "the list", names, tt.want)
		}
	}
	_, next, err := d.Tickets(t.Context(), bot.TicketFilter{}, "", 1)
	if err != nil || next == "" {
		t.Fatalf("Tickets: %q, %v", next, err)
	}
	_, _, err = d.Tickets(t.Context(), bot.TicketFilter{Waiting: true}, next, 1)
	wantError(t, "a cursor of another list", err, bot.ErrNotFound)

	d.wantCounts(bot.TicketCounts{
		All: 6, Waiting: 3, Shut: 1, Agents: map[string]int{"ana": 2, "ben": 1}, Labels: map[string]int{"bike": 1},
		Queues: map[string]bot.QueueCount{"sales": {Waiting: 2, Claimed: 1}, "help": {Waiting: 1, Claimed: 2}},
	})
	d.commit(after(conversations["a"]).opens(byWindow(handoff.Ticket{ID: "waits", Queue: "help", Agent: "ben", WindowCloses: at(10), OpenedAt: at(0)})))
	d.commit(after(conversations["d"]).opens(handoff.Ticket{ID: "ana's, shut", Queue: "help", Agent: "ana", OpenedAt: at(0), ClosedAt: at(3)}))
	d.wantCounts(bot.TicketCounts{
		All: 5, Waiting: 2, Shut: 1, Agents: map[string]int{"ana": 1, "ben": 2}, Labels: map[string]int{},
		Queues: map[string]bot.QueueCount{"sales": {Waiting: 1, Claimed: 1}, "help": {Waiting: 1, Claimed: 2}},
	})
	names, _ := d.tickets(bot.TicketFilter{Agent: "ben"}, 10)
	same(t, "ben's list", names, []string{"ben's", "waits"})
	for id, ticket := range map[string]handoff.Ticket{
		"b": {ID: "waits for ever", Queue: "sales", OpenedAt: at(0), Asleep: true, Labels: []string{"bike", "refund"}},
		"c": {ID: "ana's", Queue: "sales", Agent: "ana", WindowCloses: at(5), OpenedAt: at(0), Asleep: true, WakeAt: at(3), Labels: []string{"bike"}},
	} {
		d.commit(after(conversations[id]).opens(byWindow(ticket)))
	}
	for _, tt := range []struct {
		filter bot.TicketFilter
		want   []string
	}{
		{bot.TicketFilter{}, []string{"ana's", "ben's", "waits", "waits for ever", "waits, shut"}},
		{bot.TicketFilter{Waiting: true}, []string{"waits, shut"}},
		{bot.TicketFilter{Agent: "ana"}, nil},
		{bot.TicketFilter{Asleep: true}, []string{"ana's", "waits for ever"}},
		{bot.TicketFilter{Label: "bike"}, []string{"ana's", "waits for ever"}},
		{bot.TicketFilter{Label: "refund"}, []string{"waits for ever"}},
	} {
		names, _ := d.tickets(tt.filter, 2)
		same(t, "the list with some that are snoozed", names, tt.want)
	}
	d.wantCounts(bot.TicketCounts{
		All: 5, Waiting: 1, Shut: 1, Asleep: 2, Agents: map[string]int{"ben": 2}, Labels: map[string]int{"bike": 2, "refund": 1},
		Queues: map[string]bot.QueueCount{"sales": {Asleep: 2}, "help": {Waiting: 1, Claimed: 2}},
	})
	d = desk{t, f.Reopen()}
	names, _ = d.tickets(bot.TicketFilter{Agent: "ben"}, 10)
	same(t, "ben's list, later", names, []string{"ben's", "waits"})
}

// byWindow places a ticket by its window alone.
func byWindow(t handoff.Ticket) handoff.Ticket {
	switch {
	case t.WindowCloses.IsZero():
		t.Place = handoff.Place{Class: handoff.Later, At: t.OpenedAt}
	case t.WindowCloses.After(noon()):
		t.Place = handoff.Place{Class: handoff.Soon, At: t.WindowCloses}
	default:
		t.Place = handoff.Place{Class: handoff.Lost, At: t.OpenedAt}
	}
	return t
}

func (d desk) wantCounts(want bot.TicketCounts) {
	d.t.Helper()
	got, err := d.TicketCounts(d.t.Context(), noon())
	if err != nil {
		d.t.Fatalf("TicketCounts: %v", err)
	}
	same(d.t, "the numbers of open tickets", got, want)
}

func testTicketMoves(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	place := func(class uint8, at time.Time) handoff.Place { return handoff.Place{Class: class, At: at} }
	late := handoff.Ticket{ID: "late", Place: place(handoff.Later, noon().Add(time.Hour)), OpenedAt: noon()}
	c := d.commit(newcomer("a").hears("Help", noon()).opens(late))
	d.commit(newcomer("b").hears("Help", noon()).opens(handoff.Ticket{ID: "middle", Place: place(handoff.Later, noon().Add(time.Minute)), OpenedAt: noon()}))
	for _, step := range []struct {
		place  handoff.Place
		closed time.Time
		want   []string
	}{
		{place(handoff.Later, noon().Add(time.Second)), time.Time{}, []string{"late", "middle"}},
		{place(handoff.Lost, noon()), time.Time{}, []string{"middle", "late"}},
		{place(handoff.Lost, noon()), noon(), []string{"middle"}},
		{place(handoff.Soon, noon().Add(time.Hour)), time.Time{}, []string{"late", "middle"}},
	} {
		late.Place, late.ClosedAt = step.place, step.closed
		c = d.commit(after(c).opens(late))
		names, _ := d.tickets(bot.TicketFilter{}, 10)
		same(t, "the list", names, step.want)
	}
}

func testConversationsOfAContact(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomerOn("whatsapp", "a").hears("Hello", noon())
	d.commit(first)
	second := newcomerOn("messenger", "am").hears("Help", noon()).opens(handoff.Ticket{ID: "t1", OpenedAt: noon()})
	second.Contact, second.Conversation.Contact = nil, first.Contact.ID
	d.commit(second)
	d.commit(newcomer("aa").hears("Somebody else", noon()))
	rows, err := d.Conversations(t.Context(), first.Contact.ID)
	if err != nil || len(rows) != 2 {
		t.Fatalf("Conversations: %+v, %v", rows, err)
	}
	same(t, "by channel", []string{rows[0].Conversation.ID, rows[1].Conversation.ID}, []string{"am", "a"})
	same(t, "its ticket", rows[0].Ticket.ID, "t1")
	same(t, "what was said last", rows[1].Last.Text, "Hello")
	if rows, err := d.Conversations(t.Context(), "nobody"); err != nil || len(rows) != 0 {
		t.Errorf("of nobody: %+v, %v", rows, err)
	}
}

func testTranscript(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a")
	for i := range 300 { // more than one byte of a number
		first.hears("Message "+strconv.Itoa(i+1), noon())
	}
	d.commit(first)
	d.commit(newcomer("aa").hears("Somebody else", noon()))
	for _, tt := range []struct {
		after       uint64
		limit       int
		from, until uint64
	}{
		{0, 10, 291, 300}, {0, 300, 1, 300}, {0, 1000, 1, 300}, {1, 3, 2, 4}, {254, 4, 255, 258}, {295, 10, 296, 300}, {300, 10, 1, 0}, {0, 0, 1, 0},
	} {
		list, err := d.Transcript(t.Context(), "a", tt.after, tt.limit)
		if err != nil {
			t.Fatalf("Transcript: %v", err)
		}
		var got, want []uint64
		for _, m := range list {
			got = append(got, m.Seq)
		}
		for seq := tt.from; seq <= tt.until; seq++ {
			want = append(want, seq)
		}
		same(t, "after "+strconv.FormatUint(tt.after, 10)+" at most "+strconv.Itoa(tt.limit), got, want)
	}
}

func testNotFound(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	_, err := d.Load(t.Context(), bot.Lookup{Conversation: "a"})
	wantError(t, "Load", err, bot.ErrNotFound)
	_, err = d.Conversation(t.Context(), "a")
	wantError(t, "Conversation", err, bot.ErrNotFound)
	_, err = d.Transcript(t.Context(), "a", 0, 1)
	wantError(t, "Transcript", err, bot.ErrNotFound)

	d.commit(newcomer("a").hears("Hello", noon()).opens(handoff.Ticket{ID: "t1", OpenedAt: noon()}))
	row, err := d.Conversation(t.Context(), "a")
	if err != nil || row.Conversation.ID != "a" || row.Contact.ID != "contacta" || row.Ticket.ID != "t1" || row.Last.Text != "Hello" {
		t.Fatalf("Conversation gave %+v, %v", row, err)
	}
}

func testContext(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := f.Store
	_, err := s.Load(ctx, bot.Lookup{Conversation: "a"})
	wantError(t, "Load", err, context.Canceled)
	wantError(t, "Commit", s.Commit(ctx, []bot.Change{newcomer("a").hears("Hello", noon()).Change}), context.Canceled)
	wantError(t, "Done", s.Done(ctx, bot.Outcome{Conversation: "a", Seq: 1}), context.Canceled)
	_, _, err = s.Due(ctx, noon(), leaseTime, roomFor(10, "whatsapp"))
	wantError(t, "Due", err, context.Canceled)
}
