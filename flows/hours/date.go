package hours

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day or a range of days, of one year or of every year. The zero Date
// is no day.
type Date struct{ first, last day }

// day is of every year when its year is 0.
type day struct {
	year  int
	month time.Month
	day   int
}

// ParseDate reads "2026-12-25", "12-25" for every year, or a range with both its
// ends ("2026-12-24..2027-01-02"). A range of every year may go over its end
// ("12-24..01-02"); 02-29 is only in leap years.
func ParseDate(text string) (Date, error) {
	from, to, isRange := strings.Cut(strings.TrimSpace(text), "..")
	first, err := parseDate(strings.TrimSpace(from))
	if err != nil {
		return Date{}, err
	}
	if !isRange {
		return Date{first, first}, nil
	}
	last, err := parseDate(strings.TrimSpace(to))
	switch {
	case err != nil:
		return Date{}, err
	case (first.year == 0) != (last.year == 0):
		return Date{}, fmt.Errorf(`%q has a year at one end only; write it at both ends, or at none for every year`, text)
	case first.year != 0 && last.number() < first.number():
		return Date{}, fmt.Errorf(`%q ends before it begins; write %s..%s`, text, last, first)
	}
	return Date{first, last}, nil
}

func parseDate(text string) (day, error) {
	parts := strings.Split(text, "-")
	var d day
	switch {
	case len(parts) == 3 && len(parts[0]) == 4:
		d.year = number(parts[0])
	case len(parts) != 2:
		parts = nil
	}
	if parts != nil {
		parts = parts[len(parts)-2:]
		d.month, d.day = time.Month(number(parts[0])), number(parts[1])
	}
	if d.month < 1 || d.month > 12 || d.day < 1 || d.year < 0 || len(parts[0]) != 2 || len(parts[1]) != 2 {
		return day{}, fmt.Errorf(`%q is no date; write it as 2026-12-25, as 12-25 for every year, or as 2026-12-24..2027-01-02`, text)
	}
	year := d.year
	if year == 0 {
		year = 2000 // a leap year: 02-29 is a day of every year that has it
	}
	if longest := time.Date(year, d.month+1, 0, 0, 0, 0, 0, time.UTC).Day(); d.day > longest {
		return day{}, fmt.Errorf(`%q is no day of the calendar; the last one of that month is %02d-%02d`, text, d.month, longest)
	}
	return d, nil
}

// number is -1 for what is none.
func number(text string) int {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

// String is the date as it is written in a file.
func (d Date) String() string {
	if d.first == d.last {
		return d.first.String()
	}
	return d.first.String() + ".." + d.last.String()
}

func (d day) String() string {
	if d.year == 0 {
		return fmt.Sprintf("%02d-%02d", d.month, d.day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// number orders days.
func (d day) number() int { return d.year*10_000 + int(d.month)*100 + d.day }

// holds reports whether a day, given as its midnight in UTC, is among these.
func (d Date) holds(midnight time.Time) bool {
	year, month, of := midnight.Date()
	if d.first.year == 0 {
		year = 0
	}
	n, first, last := day{year, month, of}.number(), d.first.number(), d.last.number()
	if last < first {
		return n >= first || n <= last
	}
	return n >= first && n <= last
}

// width orders dates by how much they say: the smaller counts first.
func (d Date) width() int {
	w := 0
	if d.first != d.last {
		w = 2
	}
	if d.first.year == 0 {
		w++
	}
	return w
}
