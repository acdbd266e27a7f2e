package value

import "time"

// Date is the one date in a text, as the first moment of that day in today's
// location: "2026-12-24", "24.12.2026", "24.12.", "24/12" (in the United States
// and the few countries that write so, 12/24), "24 December", "Dec 24th",
// "monday", "next friday", "tomorrow", in the language.
//
// country is an ISO 3166 code such as "US"; when it is empty the region of the
// language tag takes its place. A date without a year and a day of the week are
// the next such day from today on, today included; "next friday" said on a
// Friday is a week later. A year of two digits is at most 20 years ahead. ok is
// false without a date, with two different ones, with one that is not in the
// calendar, and when a day of the week beside it is not the date's.
func Date(text, lang, country string, today time.Time) (date time.Time, ok bool) {
	return time.Time{}, false
}

// ISO is a date as it is kept: "2026-12-24".
func ISO(date time.Time) string { return date.Format(time.DateOnly) }
