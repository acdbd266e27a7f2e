package bot

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Pricing is what a platform tells of the price of one of our messages: in
// words, not in money. They are the platform's own and may be new to us.
type Pricing struct {
	Category string // "service", "utility", "marketing" ...
	Type     string // "regular" is charged; "free_customer_service" ...
	Model    string // "PMP": by message
	Billable bool
}

// other stands for every word that is not in the lists below, so that a platform
// cannot make up new measurements.
const other = "other"

// What WhatsApp says in pricing (Meta, status webhooks, 2025-11-20, and the
// pricing of 2026-09).
var (
	priceCategories = [...]string{
		"service", "utility", "marketing", "marketing_lite", "authentication", "authentication-international",
		"referral_conversion", "group_service", "group_utility", "group_marketing", "general_purpose_ai", other,
	}
	priceTypes = [...]string{"regular", "free_customer_service", "free_entry_point", "free_group_customer_service", other}
)

// PriceStats counts messages by what the platform told of their price.
type PriceStats struct {
	counts [len(priceCategories)][len(priceTypes)][2]atomic.Int64
}

// Priced is how many messages had a price of one kind.
type Priced struct {
	Category, Type string // as in Pricing, or "other"
	Billable       bool
	Messages       int64
}

func (s *PriceStats) add(p Pricing) {
	billable := 0
	if p.Billable {
		billable = 1
	}
	s.counts[place(priceCategories[:], p.Category)][place(priceTypes[:], p.Type)][billable].Add(1)
}

// price counts what a receipt tells of its message's price, once a message.
func (s *Stats) price(rc Receipt) {
	if rc.Pricing != nil && rc.ExternalID != "" && s.priced.first(rc.Channel, rc.ExternalID) {
		s.Channel(rc.Channel).Prices.add(*rc.Pricing)
	}
}

// place is where word stands in list, whose last is for every other.
func place(list []string, word string) int {
	for i, w := range list {
		if w == word {
			return i
		}
	}
	return len(list) - 1
}

// All lists what was counted, without what never was.
func (s *PriceStats) All() []Priced {
	var all []Priced
	for c := range s.counts {
		for t := range s.counts[c] {
			for billable := range s.counts[c][t] {
				if n := s.counts[c][t][billable].Load(); n > 0 {
					all = append(all, Priced{priceCategories[c], priceTypes[t], billable == 1, n})
				}
			}
		}
	}
	return all
}

// pricedBefore tells apart the statuses of one message, as each may repeat its
// price: the first counts. It remembers the newest keepPriced messages at least.
// After a start it knows none, and so may a message count once more that was
// sent before.
type pricedBefore struct {
	seed maphash.Seed
	mu   sync.Mutex
	now  map[uint64]struct{}
	old  map[uint64]struct{}
}

const keepPriced = 1 << 15

// first reports whether id was not seen before.
func (p *pricedBefore) first(channel, id string) bool {
	key := maphash.String(p.seed, channel+"\x00"+id)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, seen := p.old[key]; seen {
		return false
	}
	if _, seen := p.now[key]; seen {
		return false
	}
	if p.now == nil || len(p.now) >= keepPriced {
		p.old, p.now = p.now, make(map[uint64]struct{})
	}
	p.now[key] = struct{}{}
	return true
}
