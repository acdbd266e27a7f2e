package main

import (
	"fmt"
	"regexp"

	"frontdesk/bot/window"
	"frontdesk/flows/source"
)

var (
	callingCode = regexp.MustCompile(`^[1-9][0-9]{0,6}$`)
	country     = regexp.MustCompile(`^[A-Z]{2}$`)
)

// markets reads where customers are, as price lists have it.
func (r *policyReader) markets(n source.Node) []window.Market {
	taken := map[string]string{} // code or country: its market
	var list []window.Market
	for _, e := range n.Entries() {
		f := e.Value.Fields(source.Keys{Known: []string{"codes", "countries"}})
		m := window.Market{Name: e.Name}
		m.Codes = places(f.Get("codes"), e.Name, taken, callingCode, "no calling code: digits without + or 00")
		m.Countries = places(f.Get("countries"), e.Name, taken, country, "no country: two capitals, as of ISO 3166")
		if f.Exists() && !f.Has("codes") && !f.Has("countries") && f.Strange() == 0 {
			e.Key.Report(configCodes.Missing, fmt.Sprintf("nobody is in the market %q", e.Name), `write codes: ["55"] or countries: [BR]`)
		}
		list = append(list, m)
	}
	return list
}

// places reads codes or countries of a market, each of which is in no other.
func places(n source.Node, market string, taken map[string]string, form *regexp.Regexp, wrong string) []string {
	var list []string
	for _, item := range n.List() {
		s := item.Raw()
		if !form.MatchString(s) {
			item.Report(configCodes.Value, fmt.Sprintf("%q is %s", s, wrong), "")
			continue
		}
		if other, ok := taken[s]; ok {
			item.Report(configCodes.Duplicate, fmt.Sprintf("%s is in the market %q already", s, other), "remove one")
			continue
		}
		taken[s] = market
		list = append(list, s)
	}
	return list
}
