package window

import (
	"fmt"
	"testing"
	"time"
)

func usd(micros int64) Amount { return Amount{micros, "USD", true} }

func TestQuote(t *testing.T) {
	t.Parallel()
	october := on(2026, time.October, 1)
	inside := Clock{Acted: noon.Add(-time.Hour), Wrote: noon.Add(-time.Hour)}
	shut := wrote(noon.Add(-2 * day))
	open := inside.Acted.Add(day)
	for _, tt := range []struct {
		name     string
		channel  string
		author   Author
		category Category
		facts    Facts
		at       time.Time
		want     Quote
	}{
		{
			"the last free message of the month is free", whatsApp, Bot, Service,
			Facts{Clock: inside, Market: "Brazil", Sent: 999},
			noon,
			Quote{Until: open, Price: Free(), Later: usd(6800), FreeLeft: 1},
		},
		{
			"the one after it is not", whatsApp, Bot, Service,
			Facts{Clock: inside, Market: "Brazil", Sent: 1000},
			noon,
			Quote{Until: open, Price: usd(6800), Later: usd(6800)},
		},
		{
			"nor any after that", whatsApp, Human, Service,
			Facts{Clock: inside, Market: "Brazil", Sent: 5000},
			noon,
			Quote{Until: open, Price: usd(6800), Later: usd(6800)},
		},
		{
			"in a market that is not known the price is not", whatsApp, Bot, Service,
			Facts{Clock: inside, Sent: 1000},
			noon,
			Quote{Until: open},
		},
		{
			"but what is free there is free", whatsApp, Bot, Service,
			Facts{Clock: inside},
			noon,
			Quote{Until: open, Price: Free(), FreeLeft: 1000},
		},
		{
			"a price that is only known for others is not known", whatsApp, Template, Marketing,
			Facts{Clock: inside, Market: "France"},
			noon,
			Quote{FreeLeft: -1},
		},
		{
			"a template needs no window", whatsApp, Template, Marketing,
			Facts{Clock: shut, Market: "Brazil"},
			noon,
			Quote{Price: usd(62_500), FreeLeft: -1},
		},
		{
			"the second before the close", whatsApp, Bot, Service,
			Facts{Clock: wrote(noon.Add(-day + time.Second)), Market: "India", Sent: 1000},
			noon,
			Quote{Until: noon.Add(time.Second), Price: Amount{115_000, "INR", true}, Later: Amount{115_000, "INR", true}},
		},
		{
			"at the close it may not be sent, and has no price", whatsApp, Bot, Service,
			Facts{Clock: wrote(noon.Add(-day)), Market: "India", Sent: 3},
			noon,
			Quote{Why: WhyClosed, Until: noon, Later: Amount{115_000, "INR", true}, FreeLeft: 997},
		},
		{
			"a customer who never wrote", whatsApp, Human, Service,
			Facts{Market: "Brazil"},
			noon,
			Quote{Why: WhyClosed, Until: time.Time{}.Add(day), Later: usd(6800), FreeLeft: 1000},
		},
		{
			"the last second before messages cost", whatsApp, Bot, Service,
			Facts{Clock: wrote(october.Add(-2 * day)), Market: "Brazil", Sent: 5000},
			october.Add(-day - time.Second),
			Quote{Until: october.Add(-day), Price: Free(), FreeLeft: -1},
		},
		{
			"a window over that day: free before", whatsApp, Bot, Service,
			Facts{Clock: wrote(october.Add(-time.Hour)), Market: "Brazil", Sent: 5000},
			october.Add(-time.Second),
			Quote{Until: october.Add(23 * time.Hour), Price: Free(), Later: usd(6800), FreeLeft: -1},
		},
		{
			"and not in its first moment", whatsApp, Bot, Service,
			Facts{Clock: wrote(october.Add(-time.Hour)), Market: "Brazil", Sent: 5000},
			october,
			Quote{Until: october.Add(23 * time.Hour), Price: usd(6800), Later: usd(6800)},
		},
		{
			"before there were such prices nothing is known", whatsApp, Bot, Service,
			Facts{Clock: wrote(on(2024, time.October, 31))},
			on(2024, time.October, 31),
			Quote{Until: on(2024, time.November, 1), FreeLeft: -1},
		},
		{
			"a utility template in the window was free", whatsApp, Template, Utility,
			Facts{Clock: wrote(october.Add(-2 * time.Hour))},
			october.Add(-time.Hour),
			Quote{Price: Free(), FreeLeft: -1},
		},
		{
			"outside of it its price was not known", whatsApp, Template, Utility,
			Facts{Clock: wrote(october.Add(-3 * day))},
			october.Add(-time.Hour),
			Quote{FreeLeft: -1},
		},
		{
			"who came from an advertisement costs nothing for three days", whatsApp, Bot, Service,
			Facts{Clock: inside, Market: "Brazil", Sent: 1000, Entered: noon.Add(-72*time.Hour + time.Second)},
			noon,
			Quote{Until: open, Price: Free(), Later: usd(6800), FreeUntil: noon.Add(time.Second), Came: StartAd},
		},
		{
			"to the second", whatsApp, Bot, Service,
			Facts{Clock: inside, Market: "Brazil", Sent: 1000, Entered: noon.Add(-72 * time.Hour)},
			noon,
			Quote{Until: open, Price: usd(6800), Later: usd(6800)},
		},
		{
			"an entry allows nothing in a shut window", whatsApp, Bot, Service,
			Facts{Clock: shut, Market: "Brazil", Sent: 1000, Entered: noon.Add(-time.Hour)},
			noon,
			Quote{Why: WhyClosed, Until: noon.Add(-day), Later: Free(), FreeUntil: noon.Add(71 * time.Hour), Came: StartAd},
		},
		{
			"but templates are free", whatsApp, Template, Marketing,
			Facts{Clock: shut, Market: "Brazil", Entered: noon.Add(-time.Hour)},
			noon,
			Quote{Price: Free(), FreeLeft: -1, FreeUntil: noon.Add(71 * time.Hour), Came: StartAd},
		},
		{
			"a reply of the time to come is no entry yet", whatsApp, Bot, Service,
			Facts{Clock: inside, Market: "Brazil", Sent: 1000, Entered: noon.Add(time.Second)},
			noon,
			Quote{Until: open, Price: usd(6800), Later: Free()},
		},
		{
			"a person on Messenger, marked", messenger, Human, Service,
			Facts{Clock: shut},
			noon,
			Quote{Until: noon.Add(5 * day), Tag: HumanAgent, Price: Free(), Later: Free(), FreeLeft: -1},
		},
		{
			"a bot there may not", messenger, Bot, Service,
			Facts{Clock: shut},
			noon,
			Quote{Why: WhyClosed, Until: noon.Add(-day), Later: Free(), FreeLeft: -1},
		},
		{"Instagram has no templates", instagram, Template, Utility, Facts{Clock: inside}, noon, Quote{Why: WhyNever, FreeLeft: -1}},
		{"X charges each message", x, Bot, Service, Facts{}, noon, Quote{Price: usd(15_000), FreeLeft: -1}},
		{"the web chat is free, for ever", webChat, Bot, Service, Facts{}, noon, Quote{Price: Free(), FreeLeft: -1}},
		{"a channel that the table does not know", "pigeon", Bot, Service, Facts{Clock: inside}, noon, Quote{Why: WhyNever, FreeLeft: -1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.facts.Later = Utility
			if got := Shipped().For(tt.channel, HumanAgent).Quote(tt.author, tt.category, tt.facts, tt.at); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestATemplateOfUnknownCategoryHasNoPriceThatIsKnown(t *testing.T) {
	t.Parallel()
	terms, f := Shipped().For(whatsApp), Facts{Clock: Clock{Acted: noon.Add(-time.Hour)}, Market: "Brazil"}
	for category, known := range map[Category]bool{Utility: true, "": false, Category("toast"): false} {
		f.Later = category
		if got := terms.Quote(Bot, Service, f, noon).Later; got.Known != known {
			t.Errorf("%q costs %v later", category, got)
		}
	}
	f.Entered = noon.Add(-time.Hour)
	if got := terms.Quote(Bot, Service, f, noon).Later; got != Free() {
		t.Errorf("after an advertisement it costs %v", got)
	}
}

func TestTheSumOfSeveralMessages(t *testing.T) {
	t.Parallel()
	terms, facts := Shipped().For(whatsApp), Facts{Clock: Clock{Acted: noon.Add(-time.Hour)}, Market: "Brazil"}
	sent := func(n int) Facts { f := facts; f.Sent = n; return f }
	entered := sent(5000)
	entered.Entered = noon.Add(-time.Hour)
	nowhere := sent(5000)
	nowhere.Market = ""
	for _, tt := range []struct {
		name  string
		facts Facts
		n     int
		free  int
		total Amount
	}{
		{"all are free", sent(0), 3, 3, Free()},
		{"the last free one, and two more", sent(999), 3, 1, usd(13_600)},
		{"none is free", sent(1000), 2, 0, usd(13_600)},
		{"all are, because of how the customer came", entered, 2, 2, Free()},
		{"the price of a market that is not known", nowhere, 2, 0, Amount{}},
	} {
		if free, total := terms.Sum(tt.n, Service, tt.facts, noon); free != tt.free || total != tt.total {
			t.Errorf("%s: %d free, %v", tt.name, free, total)
		}
	}
	if two := usd(1).plus(Amount{1, "EUR", true}); two.Known {
		t.Errorf("of two currencies there is no sum, and it is %v", two)
	}
}

// TestEveryPriceThatIsShippedHoldsToTheSecond asks for each row at its edges: it
// must be the one that counts there, and outside of its time must not be.
func TestEveryPriceThatIsShippedHoldsToTheSecond(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	for i, r := range shipped.Rates {
		t.Run(fmt.Sprintf("row %d, %s %s %s", i, r.Channel, r.Market, r.Category), func(t *testing.T) {
			t.Parallel()
			if r.Source == "" || !r.Amount.Known {
				t.Error("no source, or no price")
			}
			alone := Table{Rates: []Rate{r}}
			ask := func(t Table, at time.Time) Amount { return t.For(r.Channel).rate(r.Market, r.Category, r.Inside, at) }
			for _, at := range []time.Time{r.From, r.From.Add(time.Second), r.Until.Add(-time.Second)} {
				if holds(r.From, r.Until, at) && ask(shipped, at) != r.Amount {
					t.Errorf("at %v it is %v, want %v", at, ask(shipped, at), r.Amount)
				}
			}
			for _, at := range []time.Time{r.From.Add(-time.Second), r.Until, r.Until.Add(time.Second)} {
				if !holds(r.From, r.Until, at) && ask(alone, at) != (Amount{}) {
					t.Errorf("at %v it holds, and should not", at)
				}
			}
			if other := alone.For("pigeon").rate(r.Market, r.Category, r.Inside, r.From); other.Known {
				t.Error("it holds on another channel")
			}
		})
	}
}

func TestTheAllotmentAndTheEntryThatAreShippedHoldToTheSecond(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	for _, a := range shipped.Free {
		if a.Source == "" || shipped.For(a.Channel).allotment(a.Category, a.From.Add(-time.Second)) != 0 || shipped.For(a.Channel).allotment(a.Category, a.From) != a.PerMonth {
			t.Errorf("%+v", a)
		}
	}
	for _, e := range shipped.Entries {
		end := e.From.Add(e.Length)
		if got, came := shipped.For(e.Channel).entry(Facts{Entered: e.From}, end.Add(-time.Second)); e.Source == "" || came != e.Start || !got.Equal(end) {
			t.Errorf("%+v ends at %v", e, got)
		}
		if got, _ := shipped.For(e.Channel).entry(Facts{Entered: e.From.Add(-time.Second)}, e.From); !got.IsZero() {
			t.Errorf("%+v holds before its time, until %v", e, got)
		}
	}
}

// A row that nobody could tell from another one at some moment would count or not
// by its place.
func TestNoTwoPricesThatAreShippedHoldForTheSame(t *testing.T) {
	t.Parallel()
	list := Shipped().Rates
	for i, a := range list {
		for _, b := range list[i+1:] {
			same := a.Channel == b.Channel && a.Market == b.Market && a.Category == b.Category && a.Inside == b.Inside
			if same && (holds(a.From, a.Until, b.From) || holds(b.From, b.Until, a.From)) {
				t.Errorf("%+v and %+v", a, b)
			}
		}
	}
}
