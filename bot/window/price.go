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
func (t Table) rate(channel, market string, c Category, inside bool, at time.Time) Amount {
	var best Rate
	most := -1
	for _, r := range t.Rates {
		if r.Channel != channel || !r.fits(market, c, inside) || !holds(r.From, r.Until, at) {
			continue
		}
		if n := r.particular(); n > most {
			best, most = r, n
		}
	}
	return best.Amount
}

func (r Rate) fits(market string, c Category, inside bool) bool {
	return (r.Market == "" || r.Market == market) && (r.Category == "" || r.Category == c) && (inside || !r.Inside)
}

func (r Rate) particular() (n int) {
	for i, given := range []bool{r.Inside, r.Category != "", r.Market != ""} {
		if given {
			n += 1 << i
		}
	}
	return n
}

// allotment is how many messages a month are free at a moment; 0: none.
func (t Table) allotment(channel string, c Category, at time.Time) int {
	for _, a := range t.Free {
		if a.Channel == channel && a.Category == c && holds(a.From, a.Until, at) {
			return a.PerMonth
		}
	}
	return 0
}
