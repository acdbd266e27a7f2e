package window

import (
	"slices"
	"strings"
)

// Market is where a customer is, as the platform's price lists have it.
type Market struct {
	Name      string
	Codes     []string // calling codes, without +
	Countries []string // ISO 3166, as the ids of WhatsApp begin
}

// MarketOf tells a customer's market by a phone number in digits, or by an id that
// begins with a country and a point. It is empty when the table does not know it.
func (t Table) MarketOf(user string) string {
	if country, _, ok := strings.Cut(user, "."); ok {
		return t.marketIn(country)
	}
	name, longest := "", 0
	for _, m := range t.Markets {
		for _, code := range m.Codes {
			if len(code) > longest && strings.HasPrefix(strings.TrimPrefix(user, "+"), code) {
				name, longest = m.Name, len(code)
			}
		}
	}
	return name
}

func (t Table) marketIn(country string) string {
	for _, m := range t.Markets {
		if slices.Contains(m.Countries, country) {
			return m.Name
		}
	}
	return ""
}
