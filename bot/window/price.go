package window

import "time"

// Category is what a platform bills a message as.
type Category string

// The categories. Service is what is written freely inside the window.
const (
	Service        Category = "service"
	Utility        Category = "utility"
	Marketing      Category = "marketing"
	Authentication Category = "authentication"
)

// Rate is one row of prices, for the time in which it holds. Where several fit a
// message the most particular one counts: of the market, then of the category.
type Rate struct {
	Channel  string
	Market   string   // of the customer; empty: every one
	Category Category // empty: every one
	Inside   bool     // only while a person may write freely
	Amount   Amount
	From     time.Time
	Until    time.Time
	Source   string
}

// Allotment is how many messages a number may send for nothing in a calendar
// month before its rates count.
type Allotment struct {
	Channel  string
	Category Category
	PerMonth int
	From     time.Time
	Until    time.Time
	Source   string
}

// rate is what a message costs at a moment, without entry points and allotments.
func (t Terms) rate(market string, c Category, inside bool, at time.Time) Amount {
	var best *Rate
	most := -1
	for i := range t.Rates {
		r := &t.Rates[i]
		if !r.fits(market, c, inside) || !holds(r.From, r.Until, at) {
			continue
		}
		if n := r.particular(); n > most {
			best, most = r, n
		}
	}
	if best == nil {
		return Amount{}
	}
	return best.Amount
}

func (r *Rate) fits(market string, c Category, inside bool) bool {
	return (r.Market == "" || r.Market == market) && (r.Category == "" || r.Category == c) && (inside || !r.Inside)
}

func (r *Rate) particular() (n int) {
	if r.Inside {
		n++
	}
	if r.Category != "" {
		n += 2
	}
	if r.Market != "" {
		n += 4
	}
	return n
}

// allotment is how many messages a month are free at a moment; 0: none.
func (t Terms) allotment(c Category, at time.Time) int {
	for i := range t.Free {
		if a := &t.Free[i]; a.Category == c && holds(a.From, a.Until, at) {
			return a.PerMonth
		}
	}
	return 0
}
