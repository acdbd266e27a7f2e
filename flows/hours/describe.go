package hours

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Describe is the week in words for customers, a line for the days that have the
// same hours: "Mon-Fri 09:00-18:00\nSat 10:00-14:00". Days on which the business
// is closed are left out, as are closed dates and special hours. lang is a
// language tag of which the language counts ("de-AT" is German), and of the
// region only whether it is the United States, which has a clock of twelve
// hours. Known are en, de, fr, es, it, pt, nl, pl and tr, and "" is English; any
// other language gets digits, days of the week counted from Monday, 1.
func (w Week) Describe(lang string) string {
	words := language(lang)
	if w.loc == nil {
		return words.always
	}
	var lines []string
	seen := [7]bool{}
	for i := range 7 {
		spans := w.days[weekday(i)]
		if seen[i] || len(spans) == 0 {
			continue
		}
		var same [7]bool
		for j := i; j < 7; j++ {
			same[j] = slices.Equal(w.days[weekday(j)], spans)
			seen[j] = seen[j] || same[j]
		}
		lines = append(lines, words.days(same)+" "+words.hours(spans))
	}
	if lines == nil {
		return words.closed
	}
	return strings.Join(lines, "\n")
}

// DescribeDay is the hours of the day on which t is in the week's time zone, in
// words as in Describe: "09:00-18:00", "closed". Special hours and closed dates
// count.
func (w Week) DescribeDay(t time.Time, lang string) string {
	words := language(lang)
	if w.loc == nil {
		return words.allDay
	}
	return words.hours(w.on(date(t.In(w.loc))))
}

// DescribeNext is when the business is open next, seen from t: "now", "today at
// 13:00", "tomorrow at 09:00", "on Monday at 09:00" within six days, "on 27
// December at 09:00" after that; empty when it is not within 400 days. Another
// language than Describe's gets "2026-12-27 09:00", and "" for now.
func (w Week) DescribeNext(t time.Time, lang string) string {
	words := language(lang)
	opening, ok := w.Opens(t)
	switch {
	case !ok:
		return ""
	case opening.Equal(t):
		return words.now
	}
	return words.relative(opening, date(t.In(w.loc)))
}

// weekday is the i-th day of a week that begins on Monday.
func weekday(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

// days names days of a week from Monday on: neighbours as a range.
func (l words) days(which [7]bool) string {
	var parts []string
	for i := 0; i < 7; i++ {
		if !which[i] {
			continue
		}
		first := i
		for i < 6 && which[i+1] {
			i++
		}
		part := l.short[first]
		if i > first {
			part += "-" + l.short[i]
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func (l words) hours(spans []Span) string {
	if len(spans) == 0 {
		return l.closed
	}
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = l.clock(s.From) + "-" + l.clock(s.To)
		if s == (Span{0, wholeDay}) {
			parts[i] = l.allDay
		}
	}
	return strings.Join(parts, ", ")
}

func (l words) clock(minute int) string {
	if minute > wholeDay {
		minute -= wholeDay
	}
	h, m := minute/60, minute%60
	if !l.twelve {
		return pad(h) + l.colon + pad(m)
	}
	half := " am"
	if h%24 >= 12 {
		half = " pm"
	}
	return strconv.Itoa((h+11)%12+1) + ":" + pad(m) + half
}

func pad(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }
