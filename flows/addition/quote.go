package addition

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// bare is what YAML reads as the same text without quotes. It is narrower than YAML: what is not certain stands in quotes.
var bare = regexp.MustCompile(`^\p{L}[\p{L}\p{M}\p{N} '’?!.()/+%€$-]*$`)

// quoted is a text as it stands in a flow file, with quotes where it needs them.
func quoted(text string) string {
	if bare.MatchString(text) && !strings.HasSuffix(text, " ") && !meansElse(text) {
		return text
	}
	return doubled(text)
}

// bracketed is a text as it stands in a list in brackets, where some readers of YAML
// take a question mark for a sign of theirs.
func bracketed(text string) string {
	if strings.Contains(text, "?") {
		return doubled(text)
	}
	return quoted(text)
}

// meansElse reports whether YAML, or an older reader of it, takes a word for something
// else than a text.
func meansElse(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null", "inf", "nan":
		return true
	}
	return false
}

// doubled puts a text in double quotes. What cannot be seen is written by its number.
func doubled(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r) && r != unicode.ReplacementChar:
			b.WriteRune(r)
		case r > 0xffff:
			b.WriteString(`\U` + hex(r, 8))
		default:
			b.WriteString(`\u` + hex(r, 4))
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex(r rune, digits int) string {
	h := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", max(digits-len(h), 0)) + h
}
