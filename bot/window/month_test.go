package window

import (
	"errors"
	"testing"
	"time"
)

func TestAMonthIsThatOfTheAccountsClocks(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	edge := time.Date(2026, time.November, 30, 23, 0, 0, 0, time.UTC) // midnight in Berlin
	for _, tt := range []struct {
		name string
		zone *time.Location
		at   time.Time
		want string
	}{
		{"the second before midnight", berlin, edge.Add(-time.Second), "2026-11"},
		{"midnight", berlin, edge, "2026-12"},
		{"an account without a zone has another hour to go", nil, edge.In(berlin), "2026-11"},
		{"the year turns", berlin, time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC), "2027-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Terms{Zone: tt.zone}.Month(tt.at)
			if back, err := ParseMonth(got.String()); got.String() != tt.want || back != got || err != nil {
				t.Errorf("got %v, want %s; read again it is %v, %v", got, tt.want, back, err)
			}
		})
	}
	for _, s := range []string{"", "2026", "2026-13", "november", "2026-1"} {
		if _, err := ParseMonth(s); !errors.Is(err, ErrMonth) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestWhyAMessageCostsNothing(t *testing.T) {
	t.Parallel()
	terms := Shipped().For(whatsApp)
	open := wrote(noon.Add(-time.Hour))
	for _, tt := range []struct {
		name  string
		terms Terms
		facts Facts
		want  Because
	}{
		{"the last free one of the month", terms, Facts{Clock: open, Market: "Brazil", Sent: 999}, BecauseAllotment},
		{"the one after it costs", terms, Facts{Clock: open, Market: "Brazil", Sent: 1000}, ""},
		{"one of an unknown price is not free", terms, Facts{Clock: open, Sent: 1000}, ""},
		{"who came from an advertisement needs no free one", terms, Facts{Clock: open, Sent: 5, Entered: noon.Add(-time.Hour)}, BecauseEntry},
		{"the web chat", Shipped().For(webChat), Facts{}, BecauseChannel},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.terms.Quote(Bot, Service, tt.facts, noon).Because(noon); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhatThePlatformChargesHasTheRateOfItsCategory(t *testing.T) {
	t.Parallel()
	terms := Shipped().For(whatsApp)
	for _, tt := range []struct {
		name     string
		market   string
		category Category
		at       time.Time
		want     Amount
	}{
		{"a service message", "Brazil", Service, noon, usd(6800)},
		{"a template that was no utility", "Brazil", Marketing, noon, usd(62_500)},
		{"a category that we do not know", "Brazil", "marketing_lite", noon, Amount{}},
		{"a market that we do not know", "", Service, noon, Amount{}},
		{"what our table has for nothing was charged: nobody knows how much", "Brazil", Service, on(2026, time.September, 30), Amount{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := terms.Billed(tt.market, tt.category, tt.at); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	if !terms.Enters(StartAd, noon) || terms.Enters(StartMessage, noon) || terms.Enters(StartAd, on(2023, time.May, 31)) {
		t.Error("advertisements, and nothing else, begin a free time, since June 2023")
	}
}
