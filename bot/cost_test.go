package bot

import (
	"testing"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
)

var november = window.MonthOf(noon)

func usd(micros int64) window.Amount {
	return window.Amount{Micros: micros, Currency: "USD", Known: true}
}

// inBrazil is a customer whose market's prices are known.
func inBrazil(s Snapshot, sent int) Snapshot {
	s.Contact.Aliases = []Alias{{Channel: "other", Kind: "phone", Value: "33600000000"}, {Channel: "phone", Kind: "user_id", Value: "BR.7H2K"}}
	if sent > 0 {
		s.Months = []Month{{Channel: "phone", Month: november - 1, Sent: 5000}, {Channel: "phone", Month: november, Sent: sent, Messages: sent}}
	}
	return s
}

func hears(s string) Inbound {
	return Inbound{Channel: "phone", Event: s, From: []Alias{{Channel: "phone", Kind: "user_id", Value: "BR.7H2K"}}, Message: Message{Kind: KindText, Text: s, At: noon}}
}

func speaking(effects ...flows.Effect) *play {
	return &play{does: does(flows.Result{Effects: effects})}
}

// sent are the costs of what a change sends.
func sent(c Change) (costs []Cost) {
	for _, m := range c.Messages {
		if m.State == StateQueued {
			costs = append(costs, m.Cost)
		}
	}
	return costs
}

func TestWhatAMessageCostsIsPredictedInTheDecisionThatMakesIt(t *testing.T) {
	t.Parallel()
	service := Cost{Month: november, Category: window.Service, Market: "Brazil", Flow: "main"}
	with := func(c Cost, a window.Amount, free window.Because) Cost {
		c.Predicted, c.Free = a, free
		return c
	}
	template := service
	template.Category = ""
	utility := service
	utility.Category = window.Utility
	for _, tt := range []struct {
		name string
		s    Snapshot
		says []flows.Effect
		want []Cost
	}{
		{"the last free one of the month, and the one after it", inBrazil(talk(), 999), []flows.Effect{flows.Say{Media: picture()}, flows.Say{Media: picture()}}, []Cost{
			with(service, window.Free(), window.BecauseAllotment), with(service, usd(6800), ""),
		}},
		{"a new month begins at nothing", inBrazil(talk(), 0), []flows.Effect{says("Hi")}, []Cost{with(service, window.Free(), window.BecauseAllotment)}},
		{"a template's category is not known before the platform tells it", inBrazil(talk(), 5), []flows.Effect{flows.Say{Text: "Hi", Template: &carry.Template{Name: "t", Language: "en"}}}, []Cost{
			with(template, window.Amount{}, ""),
		}},
		{"unless the flows say it", inBrazil(talk(), 5), []flows.Effect{flows.Say{Text: "Hi", Template: &carry.Template{Name: "t", Language: "en", Category: "utility"}}}, []Cost{
			with(utility, usd(6800), ""),
		}},
		{"who came from an advertisement costs nothing", inBrazil(talk(func(c *Conversation) { c.Entered = noon.Add(-time.Hour) }), 5000), []flows.Effect{says("Hi")}, []Cost{
			with(service, window.Free(), window.BecauseEntry),
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			differ(t, "the costs", tt.want, sent(decide(tt.s, hears("hi"), playing(speaking(tt.says...)), noon)))
		})
	}
}

func picture() *carry.Media { return &carry.Media{Kind: "image", URL: "https://example.com/a.png"} }

func TestWhatMergingSparesIsOnTheFirstOfWhatIsSaid(t *testing.T) {
	t.Parallel()
	costs := sent(decide(inBrazil(talk(), 0), hears("hi"), playing(speaking(says("One."), says("Two."), says("Three."))), noon))
	if len(costs) != 1 || costs[0].Saved != 2 {
		t.Errorf("got %+v", costs)
	}
	costs = sent(decide(inBrazil(talk(), 0), hears("hi"), playing(speaking(says("One."))), noon))
	if len(costs) != 1 || costs[0].Saved != 0 {
		t.Errorf("nothing was merged: %+v", costs)
	}
}

func TestAnAgentsWordsAreOfTheTicketsQueue(t *testing.T) {
	t.Parallel()
	s := withTicket(inBrazil(talk(claimed), 1000))
	s.Ticket.Queue = "sales"
	changes, err := reply("ana", "Hello", "")(s, playing(&play{}), noon)
	if err != nil {
		t.Fatal(err)
	}
	differ(t, "the costs", []Cost{{Month: november, Category: window.Service, Market: "Brazil", Predicted: usd(6800), Queue: "sales"}}, sent(changes[0]))
}

func TestMessagesOfOneBatchAreCountedTogether(t *testing.T) {
	t.Parallel()
	s, r := inBrazil(talk(), 999), playing(speaking(says("Hi")))
	first := decide(s, hears("one"), r, noon)
	again := s.advance(first)
	second := decide(again, hears("two"), r, noon)
	if got := sent(second)[0]; got.Predicted != usd(6800) || sent(first)[0].Predicted != window.Free() {
		t.Errorf("the 1001st costs %v", got.Predicted)
	}
	if s.Months[1].Sent != 999 {
		t.Error("another try would decide from what was never stored")
	}
}

func TestAnAdvertisementsCustomerIsFreeFromOurFirstReplyWithinADay(t *testing.T) {
	t.Parallel()
	fromAd := hears("hi")
	fromAd.Message.Start = window.StartAd
	s := inBrazil(talk(), 5000)
	r := playing(speaking(says("Hi")))
	c := decide(s, fromAd, r, noon)
	if got := c.Conversation; !got.Entered.Equal(noon) || !got.CameAt.Equal(noon) || !got.NewestInbound.Equal(noon) || !got.WroteAt.Equal(noon) {
		t.Errorf("it entered at %v, and waits since %v", got.Entered, got.CameAt)
	}
	if sent(c)[0].Free != window.BecauseEntry {
		t.Errorf("our first reply costs %+v", sent(c)[0])
	}
	silent := decide(s, fromAd, playing(&play{}), noon)
	if got := silent.Conversation; !got.Entered.IsZero() || !got.CameAt.Equal(noon) {
		t.Errorf("nobody replied, and it entered at %v", got.Entered)
	}
	for name, tt := range map[string]struct {
		at   time.Time
		want time.Time
	}{
		"a second before the day is over": {noon.Add(day - time.Second), noon.Add(day - time.Second)},
		"when it is over":                 {noon.Add(day), time.Time{}},
	} {
		again := hears("two")
		again.Message.At = tt.at
		late := decide(s.advance(silent), again, r, tt.at).Conversation
		if !late.Entered.Equal(tt.want) {
			t.Errorf("%s: it entered at %v, want %v", name, late.Entered, tt.want)
		}
	}
	if plain := decide(s, hears("hi"), r, noon).Conversation; !plain.Entered.IsZero() {
		t.Error("a plain message is no entry")
	}
}

func TestAReplyThatNeverArrivesLetsNobodyIn(t *testing.T) {
	t.Parallel()
	fromAd := hears("hi")
	fromAd.Message.Start = window.StartAd
	r := playing(speaking(says("Hi")))
	came := inBrazil(talk(), 5000)
	came = came.advance(decide(came, fromAd, r, noon))
	reply := Message{Conversation: "c", Seq: came.Conversation.LastSeq, Author: AuthorBot, At: noon, State: StateQueued}
	later := noon.Add(time.Minute)
	second := reply
	second.At = later
	for _, tt := range []struct {
		name    string
		message Message
		state   MessageState
		want    time.Time
	}{
		{"it failed", reply, StateFailed, time.Time{}},
		{"it may not go", reply, StateDraft, time.Time{}},
		{"nobody knows", reply, StateUnknown, noon},
		{"it was not the first", second, StateFailed, noon},
	} {
		came.Messages = []Message{tt.message}
		o := Outcome{Conversation: "c", Seq: reply.Seq, State: tt.state, At: later}
		still := playing(&play{})
		ended := unsent(came, o, still, later)[0]
		if got := ended.Conversation.Entered; !got.Equal(tt.want) {
			t.Errorf("%s: it entered at %v, want %v", tt.name, got, tt.want)
		}
		if tt.state != StateFailed {
			continue
		}
		told, _ := decideReceipt(came, Receipt{Channel: "phone", State: tt.state, At: later, Class: ClassFail}, still, later)
		if got := told.Conversation.Entered; !got.Equal(tt.want) {
			t.Errorf("%s, as a status tells: it entered at %v, want %v", tt.name, got, tt.want)
		}
		d := change(came.advance(ended), still, later)
		if again := d.entered(); tt.want.IsZero() && !again.Equal(later) {
			t.Errorf("%s: the next reply enters at %v", tt.name, again)
		}
	}
}

func TestWhatThePlatformToldIsComparedWithWhatWasPredicted(t *testing.T) {
	t.Parallel()
	regular := func(category string) *Pricing { return &Pricing{Category: category, Type: "regular", Billable: true} }
	free := &Pricing{Category: "service", Type: "free_customer_service"}
	for _, tt := range []struct {
		name      string
		category  window.Category
		predicted window.Amount
		told      *Pricing
		actual    window.Amount
		want      Difference
	}{
		{"nothing was told", window.Service, usd(6800), nil, window.Amount{}, ""},
		{"free, as predicted", window.Service, window.Free(), free, window.Free(), ""},
		{"of another category and free all the same", window.Service, window.Free(), &Pricing{Category: "referral_conversion"}, window.Free(), ""},
		{"charged, as predicted", window.Service, usd(6800), regular("service"), usd(6800), ""},
		{"an unknown price stays unknown", window.Service, window.Amount{}, regular("service"), window.Amount{}, ""},
		{"charged, and should have been free", window.Service, window.Free(), regular("service"), usd(6800), DiffersCharged},
		{"free, and should have cost something", window.Service, usd(6800), free, window.Free(), DiffersFree},
		{"free, and nobody knew", window.Service, window.Amount{}, free, window.Free(), DiffersFree},
		{"charged as something else", window.Service, usd(6800), regular("marketing"), usd(62_500), DiffersCategory},
		{"at another price", window.Service, usd(6800), regular("service"), usd(7000), DiffersAmount},
		{"a template's price becomes known", "", window.Amount{}, regular("utility"), usd(6800), DiffersAmount},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (Cost{Category: tt.category, Predicted: tt.predicted, Reported: tt.told, Actual: tt.actual}).Differs(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAMonthIsTheSumOfItsCharges(t *testing.T) {
	t.Parallel()
	charge := func(a window.Amount, set func(*Charge)) Charge {
		c := Charge{Channel: "phone", Cost: Cost{Month: november, Category: window.Service, Predicted: a}}
		if set != nil {
			set(&c)
		}
		return c
	}
	inr := window.Amount{Micros: 115_000, Currency: "INR", Known: true}
	all := []Charge{
		charge(window.Free(), nil), charge(usd(6800), nil), charge(inr, nil), charge(usd(200), func(c *Charge) { c.Saved = 2 }),
		charge(window.Amount{}, nil), // its price is not known
		charge(usd(1), func(c *Charge) { c.Void = true }),
		charge(window.Free(), func(c *Charge) { c.Free = window.BecauseEntry }),
		charge(usd(1), func(c *Charge) { c.Category = window.Utility }),
		charge(usd(9999), func(c *Charge) { c.Reported, c.Actual = &Pricing{}, window.Free() }),
		{Channel: "phone"}, // nothing is kept of it
	}
	var m Month
	for _, c := range all {
		m = m.With(c, 1)
	}
	want := Month{Messages: 8, Sent: 6, Unknown: 1, Saved: 2, Spent: []Spent{{"INR", 115_000}, {"USD", 7001}}}
	differ(t, "the month", want, m)
	for _, c := range all {
		m = m.With(c, -1)
	}
	if !m.Empty() {
		t.Errorf("without all of them it is %+v", m)
	}
}

// ours is the one message of a snapshot, as it was sent.
func ours(s Snapshot, predicted window.Amount, state MessageState) Snapshot {
	s.Messages = []Message{{
		Conversation: "c", Seq: 5, Author: AuthorBot, Kind: KindText, Text: "Hi", At: noon, State: state, ExternalID: "wamid.1",
		Cost: Cost{Month: november, Category: window.Service, Market: "Brazil", Predicted: predicted},
	}}
	return s
}

func TestAReceiptClosesTheRowOnce(t *testing.T) {
	t.Parallel()
	regular := &Pricing{Category: "service", Type: "regular", Billable: true}
	free := &Pricing{Category: "service", Type: "free_customer_service"}
	later := noon.Add(time.Minute)
	for _, tt := range []struct {
		name   string
		state  MessageState
		told   Receipt
		moves  bool
		actual window.Amount // with the zero one nothing was reported
	}{
		{"with a new state", StateSent, Receipt{State: StateDelivered, Pricing: regular}, true, usd(6800)},
		{"without one", StateDelivered, Receipt{State: StateSent, Pricing: regular}, true, usd(6800)},
		{"for nothing", StateSent, Receipt{State: StateDelivered, Pricing: free}, true, window.Free()},
		{"which tells no price", StateSent, Receipt{State: StateDelivered}, true, window.Amount{}},
		{"which tells nothing new at all", StateDelivered, Receipt{State: StateSent}, false, window.Amount{}},
		{"of a failure has no price", StateSent, Receipt{State: StateFailed, Class: ClassFail, Pricing: regular}, true, window.Amount{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, r := ours(inBrazil(talk(), 0), usd(6800), tt.state), playing(&play{})
			tt.told.Channel, tt.told.ExternalID, tt.told.At = "phone", "wamid.1", later
			c, moves := decideReceipt(s, tt.told, r, later)
			if moves != tt.moves {
				t.Fatalf("it changes something: %t", moves)
			}
			if !moves {
				return
			}
			cost := c.Messages[0].Cost
			if cost.Actual != tt.actual || (cost.Reported != nil) != tt.actual.Known || tt.actual.Known && !cost.ReportedAt.Equal(later) {
				t.Errorf("it costs %+v", cost)
			}
			if tt.state == StateDelivered && (c.Messages[0].State != tt.state || len(c.Settled) > 0) {
				t.Errorf("the message went back to %s", c.Messages[0].State)
			}
			tt.told.Pricing = &Pricing{Category: "marketing", Type: "regular", Billable: true}
			tt.told.State = StateRead
			if again, _ := decideReceipt(s.advance(c), tt.told, r, later); tt.actual.Known && again.Messages[0].Cost.Actual != tt.actual {
				t.Errorf("the second price that was told counts: %+v", again.Messages[0].Cost)
			}
		})
	}
}

func TestOfAMessageFromBeforeCostsWereKeptNoPriceIsStored(t *testing.T) {
	t.Parallel()
	s := ours(talk(), usd(1), StateDelivered)
	s.Messages[0].Cost = Cost{} // of before
	if _, moves := decideReceipt(s, Receipt{Channel: "phone", ExternalID: "wamid.1", State: StateSent, Pricing: &Pricing{}}, playing(&play{}), noon); moves {
		t.Error("a price was stored of a message of which nothing is kept")
	}
}

func TestAQuoteKnowsThatThePlatformRefused(t *testing.T) {
	t.Parallel()
	refused := func(c *Conversation) { c.ShutAt = c.NewestInbound }
	for _, tt := range []struct {
		name   string
		s      Snapshot
		author window.Author
		want   window.Quote
	}{
		{"a person's words", inBrazil(talk(), 1000), window.Human, window.Quote{Until: noon.Add(23 * time.Hour), Price: usd(6800), Later: usd(6800)}},
		{"after a refusal there is no price", inBrazil(talk(refused), 1000), window.Human, window.Quote{
			Why: window.WhyClosed, Until: noon.Add(-time.Hour), Later: usd(6800),
		}},
		{"a template goes all the same", inBrazil(talk(refused), 1000), window.Template, window.Quote{Price: usd(6800), FreeLeft: -1}},
		{"our first reply to an advertisement is free", inBrazil(talk(func(c *Conversation) { c.CameAt = noon.Add(-time.Minute) }), 1000), window.Bot, window.Quote{
			Until: noon.Add(23 * time.Hour), Price: window.Free(), Later: window.Free(), FreeUntil: noon.Add(72 * time.Hour), Came: window.StartAd,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := change(tt.s, playing(&play{reopens: true, category: "utility"}), noon)
			differ(t, "the quote", tt.want, d.quote(tt.author))
		})
	}
}

func TestFlowsAreToldWhatOneMoreMessageCosts(t *testing.T) {
	t.Parallel()
	d := change(inBrazil(talk(), 1000), playing(&play{reopens: true, category: "utility"}), noon)
	differ(t, "the quote", flows.Quote{Price: 0.0068, Known: true, Currency: "USD", Closes: noon.Add(23 * time.Hour), Later: 0.0068, LaterKnown: true}, d.env().Quote)
	d = change(talk(), playing(&play{}), noon)
	d.month.Sent = 1000
	differ(t, "the quote where no price is known", flows.Quote{Closes: noon.Add(23 * time.Hour)}, d.env().Quote)
}

// What is predicted may not be felt: it happens for each message that is sent.
func BenchmarkPrediction(b *testing.B) {
	d := change(inBrazil(talk(), 1000), playing(&play{}), noon)
	b.ReportAllocs()
	for b.Loop() {
		d.predict(Message{Author: AuthorBot})
	}
}

func TestWhatWasCountedBeforeIsNotCountedAgain(t *testing.T) {
	t.Parallel()
	s := ours(inBrazil(talk(), 5), usd(6800), StateSent)
	again := s.Messages[0]
	again.State, again.StateAt = StateQueued, noon.Add(time.Second) // it is sent once more
	c := Change{Conversation: s.Conversation, Messages: []Message{again}}
	differ(t, "the months", s.Months, s.booked(c))
	stats := NewStats(map[string]Channel{"phone": nil})
	stats.booked(c)
	differ(t, "the sums", CostSums{}, stats.Channel("phone").Costs.Sums())

	told := s.Messages[0]
	told.Cost.Reported, told.Cost.Actual = &Pricing{Billable: true}, usd(6800)
	c.Messages = []Message{told}
	differ(t, "what was told", []Cost{told.Cost}, s.news(c))
	differ(t, "what was told before", []Cost(nil), s.advance(c).news(c))
}

func TestOnlyTheFirstOfWhatIsSaidAtOnceHasWhatMergingSpared(t *testing.T) {
	t.Parallel()
	costs := sent(decide(inBrazil(talk(), 0), hears("hi"), playing(speaking(says("One."), says("Two."), flows.Say{Media: picture()}, flows.Say{Media: picture()})), noon))
	total := 0
	for _, c := range costs {
		total += c.Saved
	}
	if len(costs) < 2 || costs[0].Saved != total || total != 4-len(costs) {
		t.Errorf("got %+v", costs)
	}
}
