package match

import (
	"slices"
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

// spoken is a lesson's name as somebody would say it: opening_hours and
// openingHours are both "opening hours".
func spoken(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		if r == '_' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// manners are what people write around a question. All are normalised, the
// longest first.
type manners struct {
	before, after []string
}

func mannersOf(languages []string) manners {
	var m manners
	for _, tag := range languages {
		for line := range strings.Lines(greetings(language(tag))) {
			m.before = append(m.before, Normalise(line))
		}
		for line := range strings.Lines(thanks(language(tag))) {
			m.after = append(m.after, Normalise(line))
		}
	}
	longest := func(a, b string) int { return len(b) - len(a) }
	slices.SortStableFunc(m.before, longest)
	slices.SortStableFunc(m.after, longest)
	return m
}

// strip takes greetings from the beginning of a normalised text and thanks from
// its end; before is what stood in front. A text of nothing else stays as it is:
// there may be an answer to it.
func (m manners) strip(text string) (before, rest string) {
	start, end := 0, len(text)
	for again := true; again; {
		again = false
		for _, phrase := range m.before {
			if after, ok := strings.CutPrefix(text[start:end], phrase); ok && strings.HasPrefix(after, " ") {
				start, again = start+len(phrase)+1, true
				break
			}
		}
	}
	for again := true; again; {
		again = false
		for _, phrase := range m.after {
			if kept, ok := strings.CutSuffix(text[start:end], phrase); ok && strings.HasSuffix(kept, " ") {
				end, again = start+len(kept)-1, true
				break
			}
		}
	}
	if rest := text[start:end]; slices.Contains(m.before, rest) || slices.Contains(m.after, rest) {
		return "", text
	}
	return text[:start], text[start:end]
}
