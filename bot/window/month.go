package window

import (
	"errors"
	"fmt"
	"time"
)

// Month is a calendar month: twelve for each year, and those of the year that are
// over. Its zero value is none.
type Month int32

// MonthOf is the month of a moment, on the clocks of its location.
func MonthOf(at time.Time) Month {
	return Month(at.Year()*12 + int(at.Month()) - 1)
}

// Month is the month of a moment for the account: platforms count what is free by
// the account's own clocks.
func (t Terms) Month(at time.Time) Month {
	if t.Zone == nil {
		return MonthOf(at.UTC())
	}
	return MonthOf(at.In(t.Zone))
}

// String is as in 2026-11.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m/12, m%12+1) }

// ErrMonth is returned for a text that is no month.
var ErrMonth = errors.New("no month")

// ParseMonth reads what String writes.
func ParseMonth(s string) (Month, error) {
	at, err := time.Parse("2006-01", s)
	if err != nil {
		return 0, ErrMonth
	}
	return MonthOf(at), nil
}
