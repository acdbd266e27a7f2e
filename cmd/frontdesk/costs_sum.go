package main

import (
	"maps"
	"slices"
	"strings"

	"frontdesk/bot/window"
)

// costSum is what messages cost together. Prices that nobody knows are counted, and
// in no sum of money.
type costSum struct {
	Messages    int    `json:"messages"`         // that arrived, or still may
	Void        int    `json:"void,omitempty"`   // that did not
	Free        int    `json:"free"`             // of the messages, those that cost nothing
	Unknown     int    `json:"unknown_price"`    // those whose price nobody knows
	Unreported  int    `json:"unreported"`       // those of which the platform told no price, or none yet
	Spent       moneys `json:"spent_micros"`     // the others
	Saved       int    `json:"saved"`            // messages that merging spared
	SavedMoney  moneys `json:"saved_micros"`     // what these would have cost, as the first of what was said at once does
	SavedPrices int    `json:"saved_unknown"`    // those of them of an unknown price
	Differences int    `json:"differences"`      // not as predicted
	Groups      groups `json:"groups,omitempty"` // by the keys of costKeys, then by name
}

// moneys are sums in millionths, by currency.
type moneys map[string]int64

func (m moneys) add(a window.Amount, times int) {
	if a.Known && a.Micros > 0 && times > 0 {
		m[a.Currency] += a.Micros * int64(times)
	}
}

type groups map[string]map[string]*costSum

// costKeys are what costs can be summed by, in the order in which they are shown.
func costKeys() []costKey {
	return []costKey{
		{"number", func(r costRow) string { return r.Channel }},
		{"month", func(r costRow) string { return r.Month }},
		{"queue", func(r costRow) string { return r.Queue }},
		{"flow", func(r costRow) string { return r.Flow }},
		{"author", costRow.writer},
	}
}

type costKey struct {
	name string
	of   func(costRow) string
}

// writer is who a message is from, as its price may depend on it.
func (r costRow) writer() string {
	if r.Template {
		return r.Author + ", template"
	}
	return r.Author
}

func newCostSum() *costSum { return &costSum{Spent: moneys{}, SavedMoney: moneys{}} }

func (s *costSum) add(r costRow) {
	if r.Void {
		s.Void++
		return
	}
	a := r.amount()
	s.Messages++
	s.Spent.add(a, 1)
	s.Saved += r.Saved
	s.SavedMoney.add(a, r.Saved)
	switch {
	case !a.Known:
		s.Unknown++
		s.SavedPrices += r.Saved
	case a.Micros == 0:
		s.Free++
	}
	if r.Reported == nil {
		s.Unreported++
	}
	if r.Differs != "" {
		s.Differences++
	}
}

// addTo adds r to the whole and to its group by each key.
func (s *costSum) addTo(r costRow, keys []costKey) {
	s.add(r)
	for _, key := range keys {
		name := key.of(r)
		if name == "" {
			continue // a person's words are of no flow, and few messages of a queue
		}
		if s.Groups[key.name] == nil {
			s.Groups[key.name] = make(map[string]*costSum)
		}
		if s.Groups[key.name][name] == nil {
			s.Groups[key.name][name] = newCostSum()
		}
		s.Groups[key.name][name].add(r)
	}
}

// moneyWords is "12.40 EUR and 31 messages of unknown price"; what is not known is
// never nothing.
func moneyWords(sums moneys, unknown int) string {
	var words []string
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		words = append(words, window.Amount{Micros: sums[currency], Currency: currency, Known: true}.String())
	}
	if unknown > 0 {
		words = append(words, counted(unknown, "message")+" of unknown price")
	}
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
