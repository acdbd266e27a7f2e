package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

var march = window.MonthOf(noon())

// priced is what a message was predicted to cost, in micros of a currency; none is
// for nothing.
func priced(micros int64, currency string) bot.Cost {
	c := bot.Cost{Month: march, Category: window.Service, Market: "Brazil", Predicted: window.Free(), Free: window.BecauseAllotment, Flow: "start"}
	if micros > 0 {
		c.Predicted, c.Free = window.Amount{Micros: micros, Currency: currency, Known: true}, ""
	}
	return c
}

// costs says what the newest message costs.
func (d *draft) costs(c bot.Cost) *draft {
	d.Messages[len(d.Messages)-1].Cost = c
	return d
}

func (d desk) charges(from, until time.Time) (list []bot.Charge) {
	d.t.Helper()
	err := d.Charges(background(), from, until, func(c bot.Charge) error {
		list = append(list, c)
		return nil
	})
	if err != nil {
		d.t.Fatalf("Charges: %v", err)
	}
	return list
}

func (d desk) wantMonth(want bot.Month) {
	d.t.Helper()
	got, err := d.Month(background(), want.Channel, want.Month)
	if err != nil {
		d.t.Fatalf("Month: %v", err)
	}
	same(d.t, "the month", got, want)
}

func testBooks(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	unknown := priced(0, "")
	unknown.Predicted, unknown.Free, unknown.Saved = window.Amount{}, "", 2
	first := newcomer("a").hears("Hi", noon()).
		says(bot.AuthorBot, "Hello", noon()).costs(priced(0, "")).
		says(bot.AuthorBot, "Which one?", noon().Add(time.Second)).costs(priced(6800, "USD")).
		says(bot.AuthorBot, "?", noon().Add(2*time.Second)).costs(unknown).
		says(bot.AuthorBot, "of before", noon().Add(3*time.Second))
	c := d.commit(first)
	var want []bot.Charge
	for _, m := range first.Messages[1:4] {
		want = append(want, m.Charge("whatsapp"))
	}
	sum := bot.Month{Channel: "whatsapp", Month: march, Messages: 3, Sent: 3, Unknown: 1, Saved: 2, Spent: []bot.Spent{{Currency: "USD", Micros: 6800}}}
	for range 2 {
		same(t, "the books", d.charges(noon(), noon().Add(time.Hour)), want)
		same(t, "the books of the second second", d.charges(noon().Add(time.Second), noon().Add(2*time.Second)), want[1:2])
		d.wantMonth(sum)
		d.wantMonth(bot.Month{Channel: "whatsapp", Month: march + 1})
		d.wantMonth(bot.Month{Channel: "x", Month: march})
		d = desk{t, f.Reopen()}
	}
	for name, l := range map[string]bot.Lookup{
		"by conversation":      {Conversation: c.ID, Around: noon()},
		"of nobody":            {Channel: "whatsapp", Around: noon()},
		"the day before begun": {Conversation: c.ID, Around: time.Date(2026, time.February, 28, 11, 0, 0, 0, time.UTC)},
	} {
		same(t, "the months "+name, d.load(l).Months, []bot.Month{sum})
	}
	same(t, "the months when nobody asks", d.load(bot.Lookup{Conversation: c.ID}).Months, []bot.Month(nil))
	same(t, "the months of a week before", d.load(bot.Lookup{Conversation: c.ID, Around: noon().AddDate(0, 0, -7)}).Months, []bot.Month(nil))
	broken := errors.New("enough")
	err := d.Charges(background(), noon(), noon().Add(time.Hour), func(bot.Charge) error { return broken })
	wantError(t, "Charges with an end", err, broken)
}

// testBooksChain says something and takes it back in one commit.
func testBooksChain(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a").says(bot.AuthorBot, "Hello", noon()).costs(priced(6800, "USD"))
	second := after(first.Conversation)
	taken := first.Messages[0]
	taken.State = bot.StateCancelled
	second.Messages, second.Settled = []bot.Message{taken}, []uint64{taken.Seq}
	d.commit(first, second)
	d.wantMonth(bot.Month{Channel: "whatsapp", Month: march})
	same(t, "the books", d.charges(noon(), noon().Add(time.Hour)), []bot.Charge{taken.Charge("whatsapp")})
}

// testBooksLong has more rows than anybody reads at once.
func testBooksLong(t *testing.T, f Fixture) {
	const rows = 5001
	d := desk{t, f.Store}
	many := newcomer("a")
	for i := range rows {
		many.says(bot.AuthorBot, "Hi", noon().Add(time.Duration(i/2)*time.Second)).costs(priced(1, "USD"))
	}
	many.Deliveries = nil
	d.commit(many)
	list := d.charges(noon(), noon().Add(rows*time.Second))
	if len(list) != rows {
		t.Fatalf("%d rows, want %d", len(list), rows)
	}
	for i, c := range list {
		if c.Seq != uint64(i)+1 {
			t.Fatalf("row %d is of message %d", i, c.Seq)
		}
	}
}

// testBooksModel drives messages through all that may happen to them: the books
// must say what the messages say, and each month be the sum of its rows.
func testBooksModel(t *testing.T, open func(t *testing.T) Fixture) {
	rapid.Check(t, func(rt *rapid.T) {
		f := open(t)
		defer f.Close()
		m := &bookkeeper{t: rt, f: f, s: f.Store, now: noon()}
		for i, channel := range []string{"x", "x", "y"} {
			first := newcomerOn(channel, fmt.Sprint("c", i))
			m.must(m.s.Commit(background(), []bot.Change{first.Change}))
			m.convs = append(m.convs, first.Conversation.ID)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"":                    func(*rapid.T) { m.check() },
			"somebody says":       m.says,
			"a takeover":          m.takeover,
			"what is due is sent": m.sends,
			"a receipt":           m.receipt,
			"the process crashes": func(*rapid.T) { m.s = f.Reopen() },
		})
	})
}

type bookkeeper struct {
	t     *rapid.T
	f     Fixture
	s     bot.Store
	now   time.Time
	convs []string
}

func (m *bookkeeper) must(err error) {
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *bookkeeper) pick(rt *rapid.T) bot.Conversation {
	s, err := m.s.Load(background(), bot.Lookup{Conversation: rapid.SampledFrom(m.convs).Draw(rt, "conversation")})
	m.must(err)
	return s.Conversation
}

func (m *bookkeeper) says(rt *rapid.T) {
	d := after(m.pick(rt))
	for range rapid.IntRange(1, 3).Draw(rt, "messages") {
		m.now = m.now.Add(time.Second)
		d.says(rapid.SampledFrom([]bot.Author{bot.AuthorBot, bot.AuthorAgent}).Draw(rt, "author"), "Hi", m.now)
		d.costs(drawCost(rt))
	}
	m.must(m.s.Commit(background(), []bot.Change{d.Change}))
}

func drawCost(rt *rapid.T) bot.Cost {
	c := bot.Cost{
		Month:    march + window.Month(rapid.IntRange(0, 1).Draw(rt, "month")),
		Category: rapid.SampledFrom([]window.Category{"", window.Service, window.Utility}).Draw(rt, "category"),
		Free:     rapid.SampledFrom([]window.Because{"", window.BecauseEntry, window.BecauseAllotment}).Draw(rt, "free"),
		Saved:    rapid.IntRange(0, 2).Draw(rt, "saved"),
	}
	c.Predicted = drawAmount(rt)
	return c
}

func drawAmount(rt *rapid.T) window.Amount {
	return rapid.SampledFrom([]window.Amount{
		{}, window.Free(), {Micros: 6800, Currency: "USD", Known: true}, {Micros: 115_000, Currency: "INR", Known: true},
	}).Draw(rt, "amount")
}

func (m *bookkeeper) takeover(rt *rapid.T) {
	m.must(m.s.Commit(background(), []bot.Change{after(m.pick(rt)).takenOver(m.now).Change}))
}

func (m *bookkeeper) sends(rt *rapid.T) {
	due, _, err := m.s.Due(background(), m.now, modelLease, roomFor(rapid.IntRange(0, 3).Draw(rt, "room"), "x", "y"))
	m.must(err)
	for _, a := range due {
		states := []bot.MessageState{bot.StateSent, bot.StateFailed, bot.StateCancelled, bot.StateUnknown, bot.StateDraft}
		state := rapid.SampledFrom(states).Draw(rt, "state")
		m.must(m.s.Done(background(), bot.Outcome{Conversation: a.Message.Conversation, Seq: a.Message.Seq, State: state, At: m.now}))
	}
}

// receipt moves a message, or tells its price, or both.
func (m *bookkeeper) receipt(rt *rapid.T) {
	c := m.pick(rt)
	if c.LastSeq == 0 {
		rt.Skip("nothing was said")
	}
	seq := rapid.Uint64Range(1, c.LastSeq).Draw(rt, "seq")
	snap, err := m.s.Load(background(), bot.Lookup{Message: bot.MessageID(c.ID, seq)})
	m.must(err)
	msg := snap.Messages[0]
	state := rapid.SampledFrom([]bot.MessageState{bot.StateSent, bot.StateDelivered, bot.StateFailed}).Draw(rt, "state")
	d := after(c)
	if msg.State.Advance(state) {
		msg.State, d.Settled = state, []uint64{seq}
	}
	if rapid.Bool().Draw(rt, "priced") {
		msg.Cost.Reported, msg.Cost.ReportedAt = &bot.Pricing{Category: "service", Type: "regular", Model: "PMP", Billable: true}, m.now
		msg.Cost.Actual = drawAmount(rt)
	}
	d.Messages = []bot.Message{msg}
	m.must(m.s.Commit(background(), []bot.Change{d.Change}))
}

// check makes the books anew from the messages.
func (m *bookkeeper) check() {
	var want []bot.Charge
	sums := make(map[string]bot.Month)
	for _, channel := range []string{"x", "y"} {
		for month := march; month <= march+1; month++ {
			sums[channel+month.String()] = bot.Month{Channel: channel, Month: month}
		}
	}
	for _, id := range m.convs {
		row, err := m.s.Conversation(background(), id)
		m.must(err)
		list, err := m.s.Transcript(background(), id, 0, 10_000)
		m.must(err)
		for _, msg := range list {
			c := msg.Charge(row.Conversation.Channel)
			want = append(want, c)
			at := c.Channel + c.Month.String()
			sums[at] = sums[at].With(c, 1)
		}
	}
	slices.SortFunc(want, func(a, b bot.Charge) int { return a.At.Compare(b.At) })
	var got []bot.Charge
	m.must(m.s.Charges(background(), noon(), m.now.Add(time.Hour), func(c bot.Charge) error {
		got = append(got, c)
		return nil
	}))
	differ(m.t, "the books", want, got)
	for _, sum := range sums {
		month, err := m.s.Month(background(), sum.Channel, sum.Month)
		m.must(err)
		differ(m.t, "the month", sum, month)
	}
}

func differ(t *rapid.T, what string, want, got any) {
	if diff := compared(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}
