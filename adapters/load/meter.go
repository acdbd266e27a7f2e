package load

import (
	"maps"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// meter keeps how long something took: in all, and since it was last asked. Its
// methods may be called from many goroutines.
type meter struct {
	mu            sync.Mutex
	recent, whole *hdrhistogram.Histogram // in microseconds
}

// longest is what is still told apart; what takes longer counts as that.
const longest = 15 * time.Minute

// newHistogram keeps three digits of everything from a microsecond on.
func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, longest.Microseconds(), 3)
}

func newMeter() *meter { return &meter{recent: newHistogram(), whole: newHistogram()} }

func (m *meter) record(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.recent.RecordValue(min(max(d, time.Microsecond), longest).Microseconds()) // it is within the bounds
}

// lap gives what was recorded since the last lap.
func (m *meter) lap() Spread {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := spreadOf(m.recent)
	m.whole.Merge(m.recent)
	m.recent.Reset()
	return s
}

// all gives what was recorded up to the last lap.
func (m *meter) all() Spread {
	m.mu.Lock()
	defer m.mu.Unlock()
	return spreadOf(m.whole)
}

// Spread is how long something took, in milliseconds. Half of all took P50 or less.
type Spread struct {
	Count int64   `json:"count"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	P999  float64 `json:"p99_9_ms"`
	Max   float64 `json:"max_ms"`
}

func spreadOf(h *hdrhistogram.Histogram) Spread {
	p := h.ValueAtPercentilesSlice([]float64{50, 90, 99, 99.9, 100})
	ms := func(i int) float64 { return float64(p[i]) / 1000 }
	return Spread{Count: h.TotalCount(), P50: ms(0), P90: ms(1), P99: ms(2), P999: ms(3), Max: ms(4)}
}

// counts is what is counted beside the messages. Its methods may be called from
// many goroutines.
type counts struct {
	mu      sync.Mutex
	answers map[string]int // by status, or why there was none
	graph   GraphCounts
	told    StatusCounts
}

// GraphCounts are the requests to the Graph API.
type GraphCounts struct {
	Requests int `json:"requests"`
	Accepted int `json:"accepted"`
	Failed   int `json:"failed"`   // refused on purpose
	Held     int `json:"held"`     // kept waiting on purpose
	Wrong    int `json:"wrong"`    // refused, as Meta would have
	Deserted int `json:"deserted"` // the program left before its answer
}

// StatusCounts are the statuses that were told.
type StatusCounts struct {
	Told     int `json:"told"`     // and answered with 200
	Webhooks int `json:"webhooks"` // in so many
	Again    int `json:"again"`    // webhooks sent again
	Untold   int `json:"untold"`   // never answered with 200
}

func (c *counts) answer(status string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers[status]++
}

func (c *counts) onGraph(note func(*GraphCounts)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	note(&c.graph)
}

func (c *counts) onTold(note func(*StatusCounts)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	note(&c.told)
}

func (c *counts) now() (map[string]int, GraphCounts, StatusCounts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.answers), c.graph, c.told
}
