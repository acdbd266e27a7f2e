package value

import "time"

// on is a day of the calendar as its midnight in UTC, where days can be counted.
func on(year, month, day int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == day && int(t.Month()) == month && t.Year() == year
}

// coming is the next such day from another on, that one included. 29 February
// may be eight years ahead.
func coming(month, day int, from time.Time) (time.Time, bool) {
	for year := from.Year(); year <= from.Year()+8; year++ {
		if t, ok := on(year, month, day); ok && !t.Before(from) {
			return t, true
		}
	}
	return time.Time{}, false
}

// begins is the first moment of a day in a place, where midnight may be left out
// when the clock goes forward. ok is false for a day that was left out there.
func begins(day time.Time, loc *time.Location) (moment time.Time, ok bool) {
	y, m, d := day.Date()
	t := time.Date(y, m, d, 0, 0, 0, 0, loc)
	if t.Day() == d {
		return t, true
	}
	start, _ := time.Date(y, m, d, 12, 0, 0, 0, loc).ZoneBounds()
	return start, start.Day() == d
}

// century is the year that two digits mean: at most 20 years ahead.
func century(year int, today time.Time) int {
	full := today.Year()/100*100 + year
	switch {
	case full > today.Year()+20:
		return full - 100
	case full <= today.Year()-80:
		return full + 100
	}
	return full
}

// monthFirst are the countries that write the month before the day: the United
// States, what belongs to them, and those that they shaped.
func monthFirst(country string) bool {
	switch country {
	case "US", "UM", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW", "PH":
		return true
	}
	return false
}
