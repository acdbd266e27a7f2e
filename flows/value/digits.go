package value

import "strings"

// numeric reads dates in digits: 2026-12-24, 24.12.2026, 24.12., 24/12.
func (r *reader) numeric(i int) int {
	a, mark, b := r.at(i), r.at(i+1), r.at(i+2)
	sep := mark.kind
	if sep == 0 || !strings.ContainsRune("./-", sep) || !mark.glued || b.kind != digits || b.size > 2 {
		return 0
	}
	third := r.at(i + 4)
	more := r.at(i+3).kind == sep && r.at(i+3).glued && third.kind == digits
	if a.size == 4 {
		if !more || !b.glued || !third.glued || third.size > 2 {
			return 0
		}
		return r.full(a.number, b.number, third.number, i, i+5)
	}
	if a.size > 2 || !b.glued && sep != '.' {
		return 0
	}
	day, month := a.number, b.number
	if r.monthFirst && sep != '.' {
		day, month = month, day
	}
	if more && r.isYear(i+4) && (third.glued || third.size == 4 && sep == '.') {
		year := third.number
		if third.size == 2 {
			year = century(year, r.today)
		}
		return r.full(year, month, day, i, i+5)
	}
	return r.short(day, month, i, more && third.glued)
}

// full adds a date with its year. One that is not in the calendar makes an end of
// it: the customer meant a date, and we do not know which.
func (r *reader) full(year, month, day, from, to int) int {
	t, ok := on(year, month, day)
	if !ok || year < firstYear || year > lastYear || r.at(to).glued && strings.ContainsRune("./-", r.at(to).kind) && r.at(to+1).glued && r.at(to+1).kind == digits {
		r.wrong = true
	}
	return r.add(hit{t, from, to, calendar})
}

// Years that customers speak of: birthdays and bookings. The rest are prices and
// times.
const (
	firstYear = 1900
	lastYear  = 2199
)

// short adds a date in digits without its year.
func (r *reader) short(day, month, i int, more bool) int {
	sep, to := r.at(i+1).kind, i+3
	closed := r.at(to).kind == '.' && r.at(to).glued
	if r.at(to).means.month > 0 { // 24/25 December
		return 0
	}
	switch sep {
	case '.':
		if closed {
			to++
		}
		if more {
			return r.series(i)
		}
		// a time, a price
		if month > 12 || month < 1 || !closed && !r.at(i+2).glued || r.at(i-1).means.at || r.at(to).means.clock {
			return 3
		}
	case '-':
		// elsewhere two numbers with a hyphen are a range
		if r.lang != "nl" || month > 12 || more {
			return 0
		}
	}
	t, ok := coming(month, day, r.today)
	if !ok || more {
		r.wrong = true
	}
	return r.add(hit{t, i, to, calendar})
}

// series goes over numbers with points in between, of which none is a year: a
// version, an address of a machine.
func (r *reader) series(i int) int {
	to := i + 1
	for r.at(to).kind == '.' && r.at(to+1).kind == digits && r.at(to+1).glued {
		to += 2
	}
	return to - i
}
