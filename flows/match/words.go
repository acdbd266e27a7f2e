package match

import (
	"strings"
	"unicode"
)

// What of a message is read: nobody asks a common question with more, and what
// a stranger sends must not cost more.
const (
	readBytes = 4000
	readRunes = 1000
	readWords = 200
)

// cut gives the beginning of a text, as much as is read of it.
func cut(text string) string {
	if len(text) > readBytes {
		text = text[:readBytes]
	}
	n := 0
	for i := range text {
		if n++; n > readRunes {
			return text[:i]
		}
	}
	return text
}

// read appends the words of a text to words: normalised, without addresses.
func read(words []string, text string) []string {
	for word := range strings.FieldsSeq(Normalise(Prose(cut(text)))) {
		if len(words) == readWords {
			break
		}
		words = append(words, word)
	}
	return words
}

// spoken is a lesson's name as somebody would say it: opening_hours and
// openingHours are both "opening Hours".
func spoken(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return b.String()
}
