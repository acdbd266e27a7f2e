package window

import (
	"errors"
	"testing"
)

func TestAmount(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Amount{
		"unknown": {}, "free": Free(), "0.0068 USD": {6800, "USD", true}, "0.000001 USD": {1, "USD", true},
		"0.10 INR": {100_000, "INR", true}, "12.00 GBP": {12 * micro, "GBP", true}, "999999999.999999 USD": {999_999_999_999_999, "USD", true},
	} {
		if got := a.String(); got != want {
			t.Errorf("%+v is written %q, want %q", a, got, want)
		}
		if got, err := ParseAmount(want); a.Known && (got != a || err != nil) {
			t.Errorf("%q is read as %+v (%v), want %+v", want, got, err, a)
		}
	}
	if got, err := ParseAmount("3 EUR"); got != (Amount{3 * micro, "EUR", true}) || err != nil {
		t.Errorf("3 EUR: %+v, %v", got, err)
	}
	for _, s := range []string{"", "unknown", "0", "0 USD", "0.00 USD", "0.0068", "0,0068 USD", "-1 USD", "1.0000001 USD", "1 usd", "1 DOLLAR", "1USD", ".5 USD", "Free"} {
		if a, err := ParseAmount(s); !errors.Is(err, ErrAmount) || a.Known {
			t.Errorf("%q is read as %+v (%v)", s, a, err)
		}
	}
}

func TestMarketOf(t *testing.T) {
	t.Parallel()
	terms := Shipped().For(whatsApp)
	for user, want := range map[string]string{
		"5511900000000": "Brazil", "+5511900000000": "Brazil", "BR.7H2K9Q4ZT0": "Brazil", "15550100900": "North America", "CA.1": "North America",
		"18765550100": "elsewhere in +1", "447700900123": "United Kingdom", "GB.ENT.7H2K": "United Kingdom", "919000000000": "India", "33600000000": "France",
		"436600000000": "", "AT.7H2K": "", "": "", ".": "", "br.1": "", "PSID_42": "",
	} {
		if got := terms.Markets.Of(user); got != want {
			t.Errorf("%q is in %q, want %q", user, got, want)
		}
	}
	if a := terms.rate(terms.Markets.Of("18765550100"), Service, true, noon); a.Known {
		t.Errorf("an island's price is %v, want unknown", a)
	}
}

func TestATableIsTakenApartByChannelAndTime(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	only, without := shipped.Only(whatsApp), shipped.Without(whatsApp)
	if len(only.Rules) != 3 || len(only.Entries) != 1 || len(only.Free) != 1 || len(only.Rates)+len(without.Rates) != len(shipped.Rates) || len(without.Entries) != 0 {
		t.Errorf("%d rules of WhatsApp", len(only.Rules))
	}
	before := shipped.At(on(2026, 10, 1).Add(-1))
	if len(before.Free) != 0 || len(before.Entries) != 1 || len(shipped.At(on(2026, 10, 1)).Free) != 1 || len(before.Markets) != len(shipped.Markets) {
		t.Errorf("before October: %+v", before)
	}
}
