package window

import "time"

// rates: what is not in the list is not known. WhatsApp bills what is written
// inside the window since 2026-10-01, at the rate of utility templates.
func rates() []Rate {
	october := on(2026, time.October, 1)
	return append([]Rate{
		{Channel: whatsApp, Category: Service, Amount: Free(), From: on(2024, time.November, 1), Until: october, Source: sourcePricing},
		{Channel: whatsApp, Category: Utility, Inside: true, Amount: Free(), From: on(2025, time.July, 1), Until: october, Source: sourcePricing},
		{Channel: messenger, Amount: Free(), Source: sourceMessenger},
		{Channel: instagram, Amount: Free(), Source: sourceInstagram},
		{Channel: x, Amount: Amount{15_000, "USD", true}, From: on(2026, time.February, 6), Source: sourceX},
		{Channel: telegram, Amount: Free(), Source: sourceTelegram},
		{Channel: webChat, Amount: Free(), Source: sourceOurs},
	}, cards(october)...)
}

// cards are WhatsApp's prices by market. Rates that are only known roughly are
// left out: they are not known.
func cards(from time.Time) []Rate {
	var list []Rate
	for _, card := range []struct {
		market             string
		utility, marketing int64 // millionths; 0: not known
		currency           string
	}{
		{"Brazil", 6_800, 62_500, "USD"},
		{"North America", 3_400, 0, "USD"},
		{"France", 30_000, 0, "USD"},
		{"India", 115_000, 863_100, "INR"},
		{"United Kingdom", 15_900, 0, "GBP"},
	} {
		row := Rate{Channel: whatsApp, Market: card.market, From: from, Source: sourceCards}
		row.Amount = Amount{card.utility, card.currency, true}
		for _, row.Category = range []Category{Service, Utility, Authentication} {
			list = append(list, row)
		}
		if card.marketing > 0 {
			row.Category, row.Amount.Micros = Marketing, card.marketing
			list = append(list, row)
		}
	}
	return list
}

func allotments() []Allotment {
	return []Allotment{
		{Channel: whatsApp, Category: Service, PerMonth: 1000, From: on(2026, time.October, 1), Source: sourceCharges},
	}
}

// markets: islands within +1 have codes of their own, and prices that are not known.
func markets() []Market {
	return []Market{
		{Name: "Brazil", Codes: []string{"55"}, Countries: []string{"BR"}},
		{Name: "North America", Codes: []string{"1"}, Countries: []string{"US", "CA"}},
		{Name: "France", Codes: []string{"33"}, Countries: []string{"FR"}},
		{Name: "India", Codes: []string{"91"}, Countries: []string{"IN"}},
		{Name: "United Kingdom", Codes: []string{"44"}, Countries: []string{"GB"}},
		{Name: "elsewhere in +1", Codes: []string{
			"1242", "1246", "1264", "1268", "1284", "1340", "1345", "1441", "1473", "1649", "1658", "1664", "1670",
			"1671", "1684", "1721", "1758", "1767", "1784", "1787", "1809", "1829", "1849", "1868", "1869", "1876", "1939",
		}},
	}
}
