package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

// TestAStormAfterSevenDays starts the program after it was away for as long as
// platforms keep what customers write. They send all of it: many webhooks at
// once, in no order, some twice, with statuses of messages that nobody knows any
// more. In the middle the program is killed.
//
// Each message must be there once. Who can be answered gets one answer to all
// that was written meanwhile; who cannot any more gets nothing, and is in the inbox.
func TestAStormAfterSevenDays(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := newStorm(rand.New(rand.NewPCG(seed, 0)), time.Now())
	p := newProgram(t, echo(t), metatest.Options{Statuses: []string{"sent", "delivered"}})
	p.signIn("ana")
	hook := p.public + "/webhooks/whatsapp"
	p.graph.SetCallback(hook)

	s.rage(t, p, hook)
	gone := 0
	for _, c := range s.crowd {
		switch {
		case !c.open():
			gone++
		case c.atOnce():
			p.sent("+"+c.who.Phone, 1)
		}
	}
	p.eventually("those who cannot be answered to be in the inbox", func() bool { return p.waiting() >= gone })
	if page := p.get("/inbox"); !strings.Contains(page, "The window has closed") {
		t.Errorf("the inbox does not say why they are there:\n%s", page)
	}
	p.stop()
	s.check(t, p)
}

// waiting is how many tickets nobody has.
func (p *program) waiting() int {
	p.t.Helper()
	n := 0
	_, value, _ := strings.Cut(p.metrics(), `frontdesk_tickets_open{queue="support",state="waiting"} `)
	_, _ = fmt.Sscan(value, &n) // nobody
	return n
}

const (
	stormCustomers = 300
	stormLines     = 10 // of each
	stormBlock     = 60 // customers whose messages come in the same part of the storm
)

// storm is what the platform kept.
type storm struct {
	random   *rand.Rand
	now      time.Time
	crowd    []*patron
	webhooks []*gust // in the order in which they are sent first

	mu sync.Mutex // of when a patron's lines were sent
}

// patron is a customer who wrote while the program was away.
type patron struct {
	who         metatest.Person
	at          [stormLines]time.Time // when each line was written, oldest first
	now         time.Time
	first, last time.Time // when the platform began to send the lines, and had sent all
}

func (a *patron) open() bool { return a.now.Sub(a.at[stormLines-1]) < 24*time.Hour }

// atOnce reports whether everything came within so short a time that it has one
// answer: on a machine that does much else, it may not.
func (a *patron) atOnce() bool { return a.last.Sub(a.first) < 2*time.Second }

// gust is one webhook.
type gust struct {
	lines []line
	body  []byte
	twice bool
}

type line struct {
	by *patron
	n  int
}

func newStorm(random *rand.Rand, now time.Time) *storm {
	s := &storm{random: random, now: now}
	for i := range stormCustomers {
		s.crowd = append(s.crowd, s.patron(i))
	}
	for block := range slices.Chunk(s.crowd, stormBlock) {
		s.gather(block)
	}
	return s
}

// patron is one who wrote only days ago, one who came back within the last day,
// or one who wrote for the first time today.
func (s *storm) patron(i int) *patron {
	a := &patron{who: customer(i), now: s.now}
	const day = 24 * time.Hour
	between := func(n int, least, most time.Duration) time.Time { // no two in one second, as platforms tell no less
		at := s.now.Add(-least - time.Duration(s.random.Int64N(int64(most-least))))
		return at.Truncate(stormLines * time.Second).Add(time.Duration(n) * time.Second)
	}
	for n := range a.at {
		switch {
		case i%3 == 2 || i%3 == 1 && n > 6:
			a.at[n] = between(n, time.Hour, 20*time.Hour)
		default:
			a.at[n] = between(n, 2*day, 7*day)
		}
	}
	if i%6 > 3 || i%6 == 1 {
		a.at[0] = s.now.Add(-time.Minute) // just now
	}
	slices.SortFunc(a.at[:], time.Time.Compare)
	return a
}

// gather puts the lines of some customers into webhooks of all sizes, out of order.
func (s *storm) gather(block []*patron) {
	var all []line
	for _, a := range block {
		for n := range a.at {
			all = append(all, line{a, n})
		}
	}
	s.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for len(all) > 0 {
		n := min(1+s.random.IntN(1+s.random.IntN(40)), len(all))
		s.webhooks = append(s.webhooks, s.gust(all[:n]))
		all = all[n:]
	}
}

func (s *storm) gust(lines []line) *gust {
	w := metatest.WhatsApp(number)
	for _, l := range lines {
		w.Text(l.by.who, "wamid."+l.text(), l.by.at[l.n], l.text())
		if s.random.IntN(4) == 0 {
			w.Status("wamid.of old."+l.text(), "read", l.by.at[l.n], "")
		}
	}
	return &gust{lines: lines, body: w.Body(), twice: s.random.IntN(3) == 0}
}

// text is what the line says: the old ones ask for a person, which today's do not.
func (l line) text() string {
	text := fmt.Sprintf("%s line %d", l.by.who.Phone, l.n)
	if l.by.now.Sub(l.by.at[l.n]) > 24*time.Hour {
		text += ", person please"
	}
	return text
}

// sent is the webhooks as they are sent, those that come twice a little later again.
func (s *storm) sent() []*gust {
	type turn struct {
		*gust
		at int
	}
	var turns []turn
	for i, g := range s.webhooks {
		turns = append(turns, turn{g, i})
		if g.twice {
			turns = append(turns, turn{g, i + s.random.IntN(20)})
		}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return cmp.Compare(a.at, b.at) })
	var all []*gust
	for _, t := range turns {
		all = append(all, t.gust)
	}
	return all
}

// rage sends everything, 32 webhooks at a time and each until it gets its 200,
// and kills the program in the middle.
func (s *storm) rage(t *testing.T, p *program, hook string) {
	t.Helper()
	var (
		group sync.WaitGroup
		all   = s.sent()
		next  = make(chan *gust)
		begun = time.Now()
	)
	for range 32 {
		group.Go(func() {
			for g := range next {
				s.under(g)
				for !delivered(t.Context(), hook, g.body) {
					wait(t, 5*time.Millisecond)
				}
				s.taken(g)
			}
		})
	}
	for i, g := range all {
		if i == len(all)/2 {
			group.Go(func() { p.kill(); p.start() })
		}
		next <- g
	}
	close(next)
	group.Wait()
	t.Logf("%d webhooks, %d of them twice, within %v", len(all), len(all)-len(s.webhooks), time.Since(begun).Round(time.Millisecond))
}

// under notes that a webhook is under way, and taken that it got its 200.
func (s *storm) under(g *gust) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range g.lines {
		if l.by.first.IsZero() {
			l.by.first = time.Now()
		}
	}
}

func (s *storm) taken(g *gust) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range g.lines {
		l.by.last = time.Now()
	}
}

// check looks at everybody's conversation in the store of the stopped program.
func (s *storm) check(t *testing.T, p *program) {
	t.Helper()
	store, err := boltstore.Open(filepath.Join(p.data(), "frontdesk.db"), boltstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	places := make(map[string]uint64) // of customers' lines, by their text
	for _, a := range s.crowd {
		lookup := bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone(a.who.Phone)}}
		talk, err := store.Load(t.Context(), lookup)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := store.Transcript(t.Context(), talk.Conversation.ID, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		a.check(t, p, talk, messages, places)
	}
	for _, g := range s.webhooks {
		g.check(t, places)
	}
}

// check holds one conversation against what the customer wrote.
func (a *patron) check(t *testing.T, p *program, talk bot.Snapshot, messages []bot.Message, places map[string]uint64) {
	t.Helper()
	var want, got, ours []string
	for n := range a.at {
		want = append(want, line{a, n}.text())
	}
	for _, m := range messages {
		if !m.Incoming() {
			ours = append(ours, string(m.Author)+" "+m.Text)
			continue
		}
		got = append(got, m.Text)
		places[m.Text] = m.Seq
	}
	slices.Sort(got)
	diff(t, a.who.Phone+" wrote", want, got)
	answers := texts(p.graph.SentTo("+" + a.who.Phone))
	if !a.open() {
		diff(t, a.who.Phone+" got", []string(nil), answers)
		diff(t, a.who.Phone+", others than the customer", []string{"system Handed over to support: the window has closed"}, ours)
		diff(t, a.who.Phone+" waits because", "closed", talk.Ticket.Reason)
		return
	}
	if a.atOnce() {
		diff(t, a.who.Phone+" has a ticket", "", talk.Ticket.ID)
		diff(t, a.who.Phone+" got", []string{"Say something."}, answers)
		diff(t, a.who.Phone+", others than the customer", []string{"bot Say something."}, ours)
	}
}

// check holds the order of what came together against that in which it was written.
func (g *gust) check(t *testing.T, places map[string]uint64) {
	t.Helper()
	newest := make(map[*patron]line)
	for _, l := range slices.SortedFunc(slices.Values(g.lines), func(a, b line) int { return cmp.Compare(a.n, b.n) }) {
		if before, ok := newest[l.by]; ok && places[l.text()] != places[before.text()]+1 {
			t.Errorf("%q is at %d, and what was written before it at %d", l.text(), places[l.text()], places[before.text()])
		}
		newest[l.by] = l
	}
}
