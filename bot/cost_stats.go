package bot

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// CostStats sums what messages of a channel cost since the program started, as it
// was predicted and as the platform told. Its zero value is ready; its methods may
// be called from many goroutines.
type CostStats struct {
	mu          sync.Mutex
	predicted   map[string]int64 // millionths, by currency: those of the rates, so there are few
	reported    map[string]int64
	unpredicted int64 // messages whose price nobody knows
	unreported  int64 // likewise, that the platform charges
	differences map[Difference]int64
}

// CostSums is what CostStats counted.
type CostSums struct {
	Predicted, Reported     []Spent // by currency; of the same currencies
	Unpredicted, Unreported int64   // messages whose price is not known
	Differences             map[Difference]int64
}

// Differences are all there are.
func Differences() []Difference {
	return []Difference{DiffersCharged, DiffersFree, DiffersCategory, DiffersAmount}
}

// Predict counts a message that was decided.
func (s *CostStats) Predict(c Cost) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !c.Predicted.Known:
		s.unpredicted++
	case c.Predicted.Micros > 0:
		s.spend(&s.predicted, c.Predicted.Currency, c.Predicted.Micros)
	}
}

// Report counts what the platform told of one, the first time that it does.
func (s *CostStats) Report(c Cost) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !c.Actual.Known:
		s.unreported++
	case c.Actual.Micros > 0:
		s.spend(&s.reported, c.Actual.Currency, c.Actual.Micros)
	}
	if d := c.Differs(); d != "" {
		if s.differences == nil {
			s.differences = make(map[Difference]int64)
		}
		s.differences[d]++
	}
}

func (s *CostStats) spend(sums *map[string]int64, currency string, micros int64) {
	if *sums == nil {
		*sums = make(map[string]int64)
	}
	(*sums)[currency] += micros
}

// Sums gives what was counted.
func (s *CostStats) Sums() CostSums {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := CostSums{Unpredicted: s.unpredicted, Unreported: s.unreported, Differences: maps.Clone(s.differences)}
	currencies := slices.AppendSeq(slices.Collect(maps.Keys(s.predicted)), maps.Keys(s.reported))
	slices.SortFunc(currencies, cmp.Compare)
	for _, c := range slices.Compact(currencies) {
		all.Predicted = append(all.Predicted, Spent{c, s.predicted[c]})
		all.Reported = append(all.Reported, Spent{c, s.reported[c]})
	}
	return all
}

// booked counts what a change will cost. A message that is put back into the outbox
// was counted before.
func (s *Stats) booked(c Change) {
	for _, m := range c.Messages {
		if m.State == StateQueued && m.StateAt.Equal(m.At) && m.Cost.Kept() {
			s.Channel(c.Conversation.Channel).Costs.Predict(m.Cost)
		}
	}
}

// news are the costs of which a change tells for the first time what the platform
// told.
func (s Snapshot) news(c Change) (costs []Cost) {
	for _, m := range c.Messages {
		i := slices.IndexFunc(s.Messages, func(old Message) bool { return old.Seq == m.Seq })
		if i >= 0 && s.Messages[i].Cost.Reported == nil && m.Cost.Reported != nil {
			costs = append(costs, m.Cost)
		}
	}
	return costs
}
