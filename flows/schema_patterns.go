package flows

import "strings"

// The patterns of the schema. They are read by editors, so they keep to what the
// regular expressions of JavaScript (with the flag u) and of Go have in common.
const (
	wordPattern     = `^[\p{L}\p{M}\p{Nd}_]{1,40}$`
	variablePattern = `^[\p{L}_][\p{L}\p{Nd}_]{0,39}$`
	headerPattern   = `^[A-Za-z0-9-]+$`

	// languageTag is what a BCP 47 tag looks like; whether there is such a language
	// is for the check.
	languageTag = `^([a-z]{2,3}|x)(-[A-Za-z0-9]{1,8})*$`

	// templateTag is how WhatsApp writes languages.
	templateTag = `^[a-z]{2,3}(_[A-Z]{2,3})?$`

	// flowState is a state with its flow.
	flowState = `\.`
)

const (
	datePattern = `([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`
	dayPattern  = `^\s*` + datePattern + `(\s*\.\.\s*` + datePattern + `)?\s*$`
	dash        = `\s*[-–—]\s*`

	// spansPattern is the hours of a day. Editors show it where it does not match.
	spansPattern = `^((\s*\d?\d:\d\d` + dash + `\d?\d:\d\d\s*(,|$))+|\s*([Cc]losed|CLOSED|24[hH])\s*)$`

	// boundPattern is the earliest or the latest date of an answer.
	boundPattern = `^(today(\s*[+-]\s*[0-9]{1,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2})$`
)

// daysPattern is days of the week, and ranges of them.
func daysPattern() string {
	var days []string
	for _, d := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		days = append(days, caseless(d[:3])+"("+caseless(d[3:])+")?")
	}
	day := "(" + strings.Join(days, "|") + ")"
	some := day + "(" + dash + day + ")?"
	return `^\s*(` + some + `(\s*,\s*` + some + `)*|` + caseless("daily") + `)\s*$`
}

// caseless is a pattern for a word of small letters in any case.
func caseless(word string) string {
	var b strings.Builder
	for _, r := range word {
		b.WriteString("[" + strings.ToUpper(string(r)) + string(r) + "]")
	}
	return b.String()
}
