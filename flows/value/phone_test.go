package value

import (
	"strings"
	"testing"
)

func TestPhoneIsFoundInWhatCustomersWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, country, want string }{
		{"+49 171 2345678", "DE", "+491712345678"},
		{"+49 171 2345678", "", "+491712345678"},
		{"0171 2345678", "DE", "+491712345678"},
		{"0171/2345678", "de", "+491712345678"},
		{"my number is 0171-2345678, thanks", "DE", "+491712345678"},
		{"+49 (0)171 2345678", "DE", "+491712345678"},
		{"0049 171 2345678", "DE", "+491712345678"},
		{"tel:+491712345678", "FR", "+491712345678"},
		{"\u202a+49\u00a0171\u00a02345678\u202c", "DE", "+491712345678"},
		{"(650) 253-0000", "US", "+16502530000"},
		{"650.253.0000", "US", "+16502530000"},
		{"06 12 34 56 78", "FR", "+33612345678"},
		{"for 2 people, 06 12 34 56 78", "FR", "+33612345678"},
		{"06 12 34 56 78 or +33 6 12 34 56 78", "FR", "+33612345678"},
		{"０１７１ ２３４５６７８", "DE", "+491712345678"},
		{"٠١٠ ٠١٢٣ ٤٥٦٧", "EG", "+201001234567"},
		{"call me: 0171 2345678.", "DE", "+491712345678"},
	} {
		if got, ok := Phone(c.text, c.country); !ok || got != c.want {
			t.Errorf("Phone(%q, %q) is %q, %t; want %q", c.text, c.country, got, ok, c.want)
		}
	}
}

func TestPhoneIsNoneWhereItIsNotSure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, country string }{
		{"", "DE"},
		{"none", "DE"},
		{"12345", "DE"},
		{"0171 2345678", ""},
		{"0171 2345678", "XX"},
		{"+999 123456789", "DE"},
		{"+49 1", "DE"},
		{"0171 2345678 or 0171 2345679", "DE"},
		{"DE89 3704 0044 0532 0130 00", "DE"},
		{strings.Repeat("0171 2345678, ", 70), "DE"},
		{strings.Repeat("+", 1000), "DE"},
		{strings.Repeat("1", 1000), "DE"},
	} {
		if got, ok := Phone(c.text, c.country); ok {
			t.Errorf("Phone(%q, %q) is %q, want none", c.text, c.country, got)
		}
	}
}
