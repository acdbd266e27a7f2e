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

// Places are where customers are, ready to be asked often: the market by calling
// code and by country. Codes are digits and countries letters, so none is both.
type Places map[string]string

// codeMax is how long a calling code is at most, with what stands for an island.
const codeMax = 7

func placesOf(markets []Market) Places {
	places := make(Places)
	for _, m := range markets {
		for _, place := range slices.Concat(m.Codes, m.Countries) {
			if _, taken := places[place]; !taken {
				places[place] = m.Name
			}
		}
	}
	return places
}

// Of tells a customer's market by a phone number in digits, or by an id that
// begins with a country and a point. It is empty when no market is known.
func (p Places) Of(user string) string {
	if country, _, ok := strings.Cut(user, "."); ok {
		return p[country]
	}
	user = strings.TrimPrefix(user, "+")
	for n := min(len(user), codeMax); n > 0; n-- { // the longest code counts
		if market, ok := p[user[:n]]; ok {
			return market
		}
	}
	return ""
}
