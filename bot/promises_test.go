package bot_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// officeFlows have people from nine to five, but on Sundays, and says all that can be
// said because a window closes.
const officeFlows = `
version: 1
business: Test Office
timezone: UTC
hours: {mon-sat: 09:00-17:00}
queues:
  support: {first_reply: 15m, lead: 30m}
handoff:
  words: [person]
  queue: support
  before_close: 2h
  last_chance:
    - {before: 6h, say: Rung six., choices: [Keep it open]}
    - {before: 1h, say: Rung one., choices: [Keep it open]}
  nobody: {say: Nobody is here., choices: [Keep it open]}
opt_out: {words: [stop], say: We are quiet., again: [start]}
flows:
  main:
    start: menu
    states:
      menu:
        say: Hello!
        choices:
          - Order: order
          - A person please: handoff
        timeout: {after: 3h, say: "Still there?", go: order}
      order:
        ask: number
        say: Which number?
        pattern: '^\d{3}$'
        retry: Three digits, please.
        go: found
        timeout: {after: 30h, go: gone}
      found:
        say: "{{ number }} is on its way."
        end: true
      gone:
        end: true
`

// world is a few days with three customers, people, a platform that fails now and
// then, a clock that may be wrong, and a program that is sometimes down.
type world struct {
	*desk
	r       *rand.Rand
	mu      sync.Mutex             // of what follows, as the platform is asked from elsewhere
	moods   *rand.Rand             // of the platform
	skew    time.Duration          // how far the platform's clock is ahead of ours
	wrote   map[string][]time.Time // by customer: when they wrote, by the platform's clock
	prompt  time.Time              // when a message came at once that the program remembers: the clocks are known then
	priced  map[string]bool        // messages whose price was told
	faults  []string               // promises that were broken
	checked struct{ sends, bots, rungs, prices int }
}

var people = []string{"491701", "5511999", "33600"}

// platform is the far side: it takes nothing outside the window, by its own clock.
func (w *world) platform(n int, o bot.Outgoing) error {
	now := time.Now().Add(w.skew)
	customer := o.To[0].Value
	w.mu.Lock()
	defer w.mu.Unlock()
	newest := newestBefore(w.wrote[customer], now)
	w.checked.sends++
	if o.Message.Template == nil && !now.Before(newest.Add(24*time.Hour)) {
		w.broken("%s was sent %q %v after they wrote last", customer, o.Message.Text, now.Sub(newest))
	}
	switch w.moods.IntN(12) {
	case 0:
		return &bot.SendError{Class: bot.ClassRetry, Code: "503"}
	case 1:
		return &bot.SendError{Class: bot.ClassUnknown, Code: "timeout"}
	case 2:
		if w.moods.IntN(4) == 0 {
			return &bot.SendError{Class: bot.ClassFail, Code: "131047", Shut: true}
		}
	}
	return nil
}

func newestBefore(all []time.Time, now time.Time) (newest time.Time) {
	for _, at := range all {
		if !at.After(now) && at.After(newest) {
			newest = at
		}
	}
	return newest
}

func (w *world) broken(format string, args ...any) {
	w.faults = append(w.faults, time.Now().Format("Mon 15:04:05 ")+fmt.Sprintf(format, args...))
}

// writes is a customer's message: now, or one that the platform kept for a while.
func (w *world) writes(customer string, late time.Duration) {
	texts := []string{"hi", "1", "123", "person", "x", "stop", "start", "Keep it open"}
	in := w.message(customer, texts[w.r.IntN(len(texts))])
	in.From = []bot.Alias{{Channel: "phone", Kind: "phone", Value: customer}}
	at := time.Now().Add(w.skew - late).UTC().Truncate(time.Second)
	in.Message.At = at
	w.mu.Lock()
	w.wrote[customer] = append(w.wrote[customer], at)
	w.mu.Unlock()
	if late == 0 {
		w.prompt = time.Now()
	}
	w.handle(in)
}

// acts is what a person does with a conversation, if it can be done.
func (w *world) acts(customer string) {
	row := w.row(customer)
	id, ctx := row.Conversation.ID, w.t.Context()
	if id == "" {
		return
	}
	_ = w.engine.Claim(ctx, id, "ana")
	switch w.r.IntN(5) {
	case 0:
		_ = w.engine.Release(ctx, id, "ana")
	case 1:
		_ = w.engine.Resolve(ctx, id, "ana")
	case 2:
		_ = w.engine.HandBack(ctx, id, "ana")
	default:
		_ = w.engine.Reply(ctx, id, "ana", "It is ready.", "")
	}
}

// prices tells what messages cost of which that was not told yet.
func (w *world) prices() {
	w.far.mu.Lock()
	sent := slices.Clone(w.far.sent)
	w.far.mu.Unlock()
	for _, o := range sent {
		if id := o.Message.ID(); !w.priced[id] && w.r.IntN(3) > 0 {
			w.priced[id] = true
			p := bot.Pricing{Category: "service", Type: "free_customer_service", Model: "PMP"}
			if w.r.IntN(2) == 0 {
				p.Type, p.Billable = "regular", true
			}
			w.receipts(bot.Receipt{Message: id, State: bot.StateDelivered, Pricing: &p})
		}
	}
}

// look holds every conversation with the bot to its effective deadline, reckoned
// here a second time. What the program could not do while it was down, or within a
// moment of a late message, is no broken promise.
func (w *world) look() {
	for _, customer := range people {
		row := w.row(customer)
		c := row.Conversation
		if c.ID == "" || c.Status != handoff.Bot || !c.Flow.Begun() || len(c.Gathered) > 0 {
			continue
		}
		w.checked.bots++
		closes := c.NewestInbound.Add(24 * time.Hour)
		if c.ShutAt.Equal(c.NewestInbound) {
			closes = c.NewestInbound
		}
		if deadline := effective(c.NewestInbound, closes); time.Since(deadline) > time.Minute && !c.Handed {
			w.broken("the bot has %s %v after the effective deadline %s", customer, time.Since(deadline), deadline.Format("Mon 15:04"))
		}
	}
}

// effective is the moment after which people are there for only half an hour before
// a window closes; or two hours before the close, if that is earlier.
func effective(from, closes time.Time) time.Time {
	deadline, left := closes.Add(-2*time.Hour), 30*time.Minute
	for at := closes; at.After(from); at = at.Add(-time.Second) {
		if at.Weekday() != time.Sunday && at.Hour() >= 9 && at.Hour() < 17 {
			if left -= time.Second; left <= 0 {
				if at.Before(deadline) {
					return at
				}
				return deadline
			}
		}
	}
	return deadline
}

// rungsOnce counts what was said because a window closes: each thing once in each
// window, however often it had to be sent.
func (w *world) rungsOnce() {
	for _, customer := range people {
		id := w.row(customer).Conversation.ID
		if id == "" {
			continue
		}
		messages, err := w.store.Transcript(w.t.Context(), id, 0, 10_000)
		if err != nil {
			w.t.Fatal(err)
		}
		said := map[string]int{}
		newest := time.Time{}
		for _, m := range messages {
			switch {
			case m.Incoming() && m.At.After(newest):
				newest = m.At
				clear(said)
			case m.Author == bot.AuthorBot && m.Courtesy && (strings.HasPrefix(m.Text, "Rung") || strings.HasPrefix(m.Text, "Nobody")):
				w.checked.rungs++
				if said[m.Text]++; said[m.Text] > 1 {
					w.broken("%s was told %q twice", customer, m.Text)
				}
			}
		}
	}
}

// books holds the books to what the platform told: a row for each message that went,
// with the first price that was told; sums that agree; no difference unlisted.
func (w *world) books() {
	sums := map[window.Month]bot.Month{}
	told := map[string]bool{}
	err := w.store.Charges(w.t.Context(), time.Time{}, time.Now().Add(time.Hour), func(c bot.Charge) error {
		m, ok := sums[c.Month]
		if !ok {
			m = bot.Month{Channel: c.Channel, Month: c.Month}
		}
		sums[c.Month] = m.With(c, 1)
		if c.Reported == nil {
			return nil
		}
		w.checked.prices++
		told[bot.MessageID(c.Conversation, c.Seq)] = true
		free := c.Predicted == window.Free()
		if agree := free == !c.Reported.Billable && (free || c.Predicted == c.Actual); agree != (c.Differs() == "") {
			w.broken("predicted %s, told %+v, which is listed as %q", c.Predicted, *c.Reported, c.Differs())
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for id := range w.priced {
		if !told[id] {
			w.broken("the price of %s was told and is not in the books", id)
		}
	}
	for month, want := range sums {
		got, err := w.store.Month(w.t.Context(), "phone", month)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			w.broken("the books of %s say %+v, %v; the rows add up to %+v", month, got, err, want)
		}
	}
}

// live is so many steps of the world.
func (w *world) live(steps int) {
	for range steps {
		pause := time.Duration(w.r.ExpFloat64() * float64(3*time.Hour))
		if w.r.IntN(10) == 0 { // the program is down for a while
			w.restartAfter(min(pause, 5*time.Hour))
		} else {
			time.Sleep(pause)
		}
		synctest.Wait()
		w.look()
		customer := people[w.r.IntN(len(people))]
		switch w.r.IntN(8) {
		case 0, 1, 2:
			w.writes(customer, 0)
		case 3:
			if time.Since(w.prompt) > 11*time.Hour { // until one comes at once nobody can know that the clocks differ
				w.writes(people[0], 0)
			}
			w.writes(customer, time.Duration(w.r.IntN(26*60))*time.Minute)
		case 4, 5:
			w.acts(customer)
		case 6:
			w.prices()
		}
		synctest.Wait()
	}
	time.Sleep(30 * time.Hour)
	synctest.Wait()
	w.look()
	w.prices()
	w.rungsOnce()
	w.books()
}

func (w *world) restartAfter(down time.Duration) {
	w.prompt = time.Time{}
	w.stop()
	time.Sleep(down)
	w.start()
	time.Sleep(time.Minute) // what was due meanwhile is done at once
}

// TestPromises lives through worlds whose numbers are fixed; FRONTDESK_WORLDS asks
// for so many other ones, FRONTDESK_WORLD for one that a failure named.
func TestPromises(t *testing.T) {
	t.Parallel()
	from, worlds := uint64(1), 7
	if n, err := strconv.Atoi(os.Getenv("FRONTDESK_WORLDS")); err == nil {
		from, worlds = uint64(time.Now().UnixNano()), n
	}
	if seed, err := strconv.ParseUint(os.Getenv("FRONTDESK_WORLD"), 10, 64); err == nil {
		from, worlds = seed, 1
	}
	set, findings := flows.Parse("office.yaml", []byte(officeFlows))
	if set == nil {
		t.Fatalf("the office's flows: %v", findings)
	}
	var sum world
	for seed := from; seed < from+uint64(worlds); seed++ {
		synctest.Test(t, func(t *testing.T) {
			w := &world{
				desk: &desk{t: t, path: t.TempDir() + "/frontdesk.db", set: set, far: &far{name: "phone", limits: metaLike()}, shop: &shopSystem{}},
				r:    rand.New(rand.NewPCG(seed, 0)), moods: rand.New(rand.NewPCG(seed, 1)), wrote: map[string][]time.Time{}, priced: map[string]bool{},
			}
			w.skew = []time.Duration{0, time.Hour, -time.Hour}[w.r.IntN(3)]
			w.far.answer = w.platform
			w.start()
			w.live(60)
			w.stop()
			for _, fault := range w.faults {
				t.Errorf("world %d, the platform's clock %v ahead: %s", seed, w.skew, fault)
			}
			sum.checked.sends += w.checked.sends
			sum.checked.bots += w.checked.bots
			sum.checked.rungs += w.checked.rungs
			sum.checked.prices += w.checked.prices
		})
	}
	if c := sum.checked; c.sends < 10*worlds || c.bots < 10*worlds || c.rungs < worlds || c.prices < 5*worlds {
		t.Errorf("too little happened to hold anybody to: %+v", c)
	}
}
