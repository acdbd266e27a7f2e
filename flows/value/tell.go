package value

// Weekday is the name of the day of the week of a date as ISO gives it:
// "Thursday", "Donnerstag". It is empty for what is no date, and for a language
// that we do not know.
func Weekday(iso, lang string) string { return "" }

// DayText is a date as ISO gives it in words: "Thursday, 24 December 2026",
// "Donnerstag, 24. Dezember 2026". What is no date, and every date in a language
// that we do not know, comes back as it is.
func DayText(iso, lang string) string { return iso }
