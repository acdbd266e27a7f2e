package value

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Weekday is the name of the day of the week of a date as ISO gives it:
// "Thursday", "Donnerstag". It is empty for what is no date, and for a language
// that we do not know.
func Weekday(iso, lang string) string {
	base, _ := locale(lang)
	day, err := time.Parse(time.DateOnly, iso)
	t, known := tongues[base]
	if err != nil || !known {
		return ""
	}
	return t.weekdays[monday(day)-1]
}

// DayText is a date as ISO gives it in words: "Thursday, 24 December 2026",
// "Donnerstag, 24. Dezember 2026", and for "en-US" "Thursday, December 24, 2026".
// What is no date, and every date in a language that we do not know, comes back
// as it is.
func DayText(iso, lang string) string {
	base, region := locale(lang)
	day, err := time.Parse(time.DateOnly, iso)
	t, known := tongues[base]
	if err != nil || !known {
		return iso
	}
	form := t.dated
	switch {
	case base == "en" && region == "US":
		form = "{w}, {m} {d}, {y}"
	case day.Day() == 1 && t.first != "":
		form = t.first
	}
	return strings.NewReplacer(
		"{w}", t.weekdays[monday(day)-1], "{d}", strconv.Itoa(day.Day()),
		"{m}", t.months[day.Month()-1], "{y}", fmt.Sprintf("%04d", day.Year()),
	).Replace(form)
}

// monday counts the days of the week from Monday, which is 1.
func monday(day time.Time) int { return (int(day.Weekday())+6)%7 + 1 }
