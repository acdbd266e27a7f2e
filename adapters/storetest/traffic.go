package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func (d desk) line(waiting bool) (list []handoff.Ticket) {
	d.t.Helper()
	err := d.Line(background(), waiting, func(t handoff.Ticket) error {
		list = append(list, t)
		return nil
	})
	if err != nil {
		d.t.Fatalf("Line: %v", err)
	}
	return list
}

// testLine has more tickets than a store reads in one go.
func testLine(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	var all, waiting []handoff.Ticket
	for i := range 2500 {
		id := fmt.Sprintf("c%d", i)
		ticket := handoff.Ticket{
			ID: "t" + id, Conversation: id, Queue: "sales", OpenedAt: noon().Add(time.Second), Handling: 6 * time.Minute, Weight: 1,
			PromisedBy: noon().Add(time.Minute), WindowCloses: noon().Add(aDay), AnswerBy: noon().Add(5 * time.Hour), FirstReplyAt: noon().Add(time.Hour),
			Place: handoff.Place{Class: uint8(i * 7 % 3), At: noon().Add(time.Duration(i*7919%2500) * time.Second), Next: noon().Add(aDay)},
		}
		if i%3 == 0 {
			ticket.Priority = handoff.High
		}
		if i%10 == 0 {
			ticket.Agent, ticket.ClaimedAt = "ana", noon()
		} else {
			waiting = append(waiting, ticket)
		}
		all = append(all, ticket)
		ticket.Words, ticket.Note, ticket.Reason = []string{"help"}, "VIP", "asked" // these are for who answers
		d.commit(newcomer(id).opens(ticket))
	}
	d.commit(newcomer("closed").opens(handoff.Ticket{ID: "closed", Queue: "sales", OpenedAt: noon(), ClosedAt: noon()}))
	slices.SortFunc(all, handoff.Compare)
	slices.SortFunc(waiting, handoff.Compare)
	same(t, "the line", d.line(false), all)
	same(t, "the line of those who wait", d.line(true), waiting)
	n := 0
	wantError(t, "Line with an end", d.Line(t.Context(), true, func(handoff.Ticket) error {
		n++
		return bot.ErrNotFound
	}), bot.ErrNotFound)
	same(t, "how many it gave", n, 1)
}

func (d desk) wantTraffic(queue string, from, until time.Time, want ...bot.Traffic) {
	d.t.Helper()
	got, err := d.Traffic(background(), queue, from, until)
	if err != nil {
		d.t.Fatalf("Traffic: %v", err)
	}
	same(d.t, "what came to "+queue, got, want)
}

func testTraffic(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	opened := handoff.Ticket{ID: "t1", Queue: "sales", OpenedAt: at(10), WindowCloses: at(10 + 60)}
	claimed := opened
	claimed.Agent, claimed.ClaimedAt = "ana", at(50)
	closed := claimed
	closed.ClosedAt = at(62)
	a := d.commit(newcomer("a").opens(opened))
	a = d.commit(after(a).opens(claimed))
	a = d.commit(after(a).hears("more", at(55)).opens(claimed))
	d.commit(after(a).opens(closed))
	d.commit(newcomer("b").opens(handoff.Ticket{ID: "t2", Queue: "sales", OpenedAt: at(59)}))
	// One that waited and was closed was handled by nobody; one that waited overnight was not worked on all night.
	c := d.commit(newcomer("c").opens(handoff.Ticket{ID: "t3", Queue: "sales, too", OpenedAt: at(0), WindowCloses: at(-1)}))
	d.commit(after(c).opens(handoff.Ticket{ID: "t3", Queue: "sales, too", OpenedAt: at(0), ClosedAt: at(1)}))
	long := handoff.Ticket{ID: "t4", Queue: "help", OpenedAt: at(0), Agent: "ana", ClaimedAt: at(0)}
	e := d.commit(newcomer("e").opens(long))
	long.ClosedAt = at(900)
	d.commit(after(e).opens(long))
	hard := handoff.Ticket{ID: "t5", Queue: "hard", OpenedAt: at(0), Agent: "ana", ClaimedAt: at(0), Handling: time.Hour}
	h := d.commit(newcomer("h").opens(hard))
	hard.ClosedAt = at(180)
	d.commit(after(h).opens(hard))
	wrong := handoff.Ticket{ID: "t6", Queue: "wrong", OpenedAt: at(5), WindowCloses: at(65)}
	w := d.commit(newcomer("w").opens(wrong))
	wrong.Queue = "right"
	d.commit(after(w).opens(wrong))

	noonHour := bot.Traffic{Queue: "sales", Hour: noon(), Opened: 2, Windows: 1, Window: time.Hour}
	nextHour := bot.Traffic{Queue: "sales", Hour: at(60), Handled: 1, Handling: 12 * time.Minute}
	for range 2 {
		d.wantTraffic("sales", noon(), at(120), noonHour, nextHour)
		d.wantTraffic("sales", noon(), at(60), noonHour)
		d.wantTraffic("sales", at(1), at(61), nextHour)
		d.wantTraffic("sales", at(61), at(600))
		d.wantTraffic("sales, too", noon(), at(60), bot.Traffic{Queue: "sales, too", Hour: noon(), Opened: 1})
		d.wantTraffic("help", at(60), at(6000), bot.Traffic{Queue: "help", Hour: at(900), Handled: 1, Handling: 2 * time.Hour})
		d.wantTraffic("hard", at(60), at(6000), bot.Traffic{Queue: "hard", Hour: at(180), Handled: 1, Handling: 3 * time.Hour})
		for _, queue := range []string{"wrong", "right"} {
			d.wantTraffic(queue, noon(), at(60), bot.Traffic{Queue: queue, Hour: noon(), Opened: 1, Windows: 1, Window: time.Hour})
		}
		d.wantTraffic("nobody's", noon(), at(6000))
		d = desk{t, f.Reopen()}
	}
}

// testTrafficModel opens, claims, releases and ends tickets at random: what the
// store counted must be the sum of what was committed.
func testTrafficModel(t *testing.T, open func(t *testing.T) Fixture) {
	rapid.Check(t, func(rt *rapid.T) {
		f := open(t)
		defer f.Close()
		m := &gatekeeper{t: rt, s: f.Store, now: noon(), tickets: map[string]handoff.Ticket{}, convs: map[string]bot.Conversation{}}
		m.sums = map[string]bot.Traffic{}
		rt.Repeat(map[string]func(*rapid.T){
			"":                   func(*rapid.T) { m.check() },
			"a ticket is opened": m.opens,
			"somebody has one":   func(rt *rapid.T) { m.moves(rt, m.claims) },
			"one is given back":  func(rt *rapid.T) { m.moves(rt, m.releases) },
			"one is over":        func(rt *rapid.T) { m.moves(rt, m.ends) },
			"time goes on": func(rt *rapid.T) {
				m.now = m.now.Add(time.Duration(rapid.IntRange(1, 9000).Draw(rt, "seconds")) * time.Second)
			},
			"the process crashes": func(*rapid.T) { m.s = f.Reopen() },
		})
	})
}

// gatekeeper counts by itself who comes and goes.
type gatekeeper struct {
	t       *rapid.T
	s       bot.Store
	now     time.Time
	tickets map[string]handoff.Ticket   // the open ones, by conversation
	convs   map[string]bot.Conversation // all
	sums    map[string]bot.Traffic      // by queue and hour
}

func (m *gatekeeper) count(queue string, at time.Time, add func(*bot.Traffic)) {
	key := fmt.Sprint(queue, at.Unix()/3600)
	sum := m.sums[key]
	sum.Queue, sum.Hour = queue, at.Truncate(time.Hour)
	add(&sum)
	m.sums[key] = sum
}

func (m *gatekeeper) commit(t handoff.Ticket) {
	c, known := m.convs[t.Conversation]
	d := newcomer(t.Conversation)
	if known {
		d = after(c)
	}
	d.opens(t)
	if err := m.s.Commit(background(), []bot.Change{d.Change}); err != nil {
		m.t.Fatal(err)
	}
	m.convs[t.Conversation] = d.Conversation
	if m.tickets[t.Conversation] = t; !t.Open() {
		delete(m.tickets, t.Conversation)
	}
}

func (m *gatekeeper) opens(rt *rapid.T) {
	id := fmt.Sprint("c", rapid.IntRange(0, 5).Draw(rt, "conversation"))
	if m.tickets[id].Open() {
		return
	}
	t := handoff.Ticket{
		ID: fmt.Sprint(id, "-", m.convs[id].Version), Conversation: id, OpenedAt: m.now,
		Queue: rapid.SampledFrom([]string{"sales", "help"}).Draw(rt, "queue"),
	}
	window := time.Duration(rapid.IntRange(-1, 3).Draw(rt, "hours")) * time.Hour
	if window != 0 {
		t.WindowCloses = m.now.Add(window)
	}
	m.commit(t)
	m.count(t.Queue, m.now, func(sum *bot.Traffic) {
		if sum.Opened++; window > 0 {
			sum.Windows, sum.Window = sum.Windows+1, sum.Window+window
		}
	})
}

func (m *gatekeeper) moves(rt *rapid.T, move func(t handoff.Ticket)) {
	var open []string
	for id := range m.tickets {
		open = append(open, id)
	}
	if slices.Sort(open); len(open) > 0 {
		move(m.tickets[rapid.SampledFrom(open).Draw(rt, "ticket")])
	}
}

func (m *gatekeeper) claims(t handoff.Ticket) {
	if t, err := t.Claim("ana", m.now); err == nil {
		m.commit(t)
	}
}

func (m *gatekeeper) releases(t handoff.Ticket) {
	if t, err := t.Release("ana"); err == nil {
		m.commit(t)
	}
}

func (m *gatekeeper) ends(t handoff.Ticket) {
	t, err := t.Close("ana", m.now)
	if err != nil {
		m.t.Fatal(err)
	}
	m.commit(t)
	if took := m.now.Sub(t.ClaimedAt); t.Agent != "" && took > 0 {
		m.count(t.Queue, m.now, func(sum *bot.Traffic) {
			sum.Handled, sum.Handling = sum.Handled+1, sum.Handling+min(took, 2*time.Hour)
		})
	}
}

func (m *gatekeeper) check() {
	var want, got []bot.Traffic
	for _, sum := range m.sums {
		want = append(want, sum)
	}
	byKey := func(a, b bot.Traffic) int {
		if a.Queue == b.Queue {
			return a.Hour.Compare(b.Hour)
		}
		return len(a.Queue) - len(b.Queue)
	}
	slices.SortFunc(want, byKey)
	for _, queue := range []string{"help", "sales"} {
		list, err := m.s.Traffic(background(), queue, noon(), m.now.Add(time.Hour))
		if err != nil {
			m.t.Fatal(err)
		}
		got = append(got, list...)
	}
	differ(m.t, "the traffic", want, got)
}

func testSweepTraffic(t *testing.T, d caring) {
	for i, opened := range []time.Time{noon(), noon().Add(aDay)} {
		d.commit(newcomer(fmt.Sprint("c", i)).opens(handoff.Ticket{ID: "t", Queue: "sales", OpenedAt: opened}))
	}
	d.wantSwept(noon().Add(bot.TrafficFor), bot.Retention{}, bot.Swept{})
	d.wantSwept(noon().Add(bot.TrafficFor+time.Minute), bot.Retention{}, bot.Swept{Traffic: 1})
	d.wantTraffic("sales", noon(), noon().Add(2*aDay), bot.Traffic{Queue: "sales", Hour: noon().Add(aDay), Opened: 1})
}
