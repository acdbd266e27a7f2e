package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Contains reports whether all words of phrase are in text, next to one another
// and in order. Both must be normalised; an empty phrase is in nothing.
func Contains(text, phrase string) bool {
	if phrase == "" {
		return false
	}
	for from := 0; from <= len(text)-len(phrase); {
		at := strings.Index(text[from:], phrase)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(phrase)
		if (at == 0 || text[at-1] == ' ') && (end == len(text) || text[end] == ' ') {
			return true
		}
		from = at + 1
	}
	return false
}

// Nearest finds the title that a text nearly is: of a title of up to 3
// characters none may differ, of up to 7 one, of longer ones two (see Distance).
// Digits must be the same: "10 euro" is not a mistyped "20 euro". When two
// titles are equally near it is neither. All must be normalised.
func Nearest(text string, titles []string) (index int, ok bool) {
	index, best := -1, 3
	for i, title := range titles {
		limit := tolerance(utf8.RuneCountInString(title))
		if text == "" || title == "" || abs(len(text)-len(title)) > 4*limit {
			continue
		}
		d := Distance(text, title, limit)
		switch {
		case d > limit || d > best || digits(text) != digits(title):
		case d == best:
			index = -1
		default:
			index, best = i, d
		}
	}
	return index, index >= 0
}

func tolerance(length int) int {
	switch {
	case length <= 3:
		return 0
	case length <= 7:
		return 1
	default:
		return 2
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func abs(n int) int { return max(n, -n) }
