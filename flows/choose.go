package flows

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/flows/match"
)

// heard is what a customer wrote, in the forms in which it is compared.
type heard struct {
	plain string   // as written, without the spaces around it
	norm  string   // normalised
	forms []string // normalised, without addresses, umlauts also spelled out
}

func hear(words string) heard {
	return heard{plain: strings.TrimSpace(words), norm: match.Normalise(words), forms: match.Forms(match.Prose(words))}
}

// longest gives the length of the longest of the phrases that was said.
func (h heard) longest(phrases []string) (phrase string, length int) {
	for _, form := range h.forms {
		for _, p := range phrases {
			if n := utf8.RuneCountInString(p); n > length && match.Contains(form, p) {
				phrase, length = p, n
			}
		}
	}
	return phrase, length
}

// number finds the choice whose number is all that was written.
func (s *state) number(h heard) *choice {
	return s.numbered(h.norm)
}

// leading finds the choice whose number begins what was written, with at most
// two words and no other number after it: "1, please".
func (s *state) leading(h heard) *choice {
	const mostAfter = 2
	first, rest, _ := strings.Cut(h.norm, " ")
	if len(strings.Fields(rest)) > mostAfter || strings.ContainsFunc(rest, unicode.IsDigit) {
		return nil
	}
	return s.numbered(first)
}

func (s *state) numbered(word string) *choice {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(s.choices) && len(word) <= 3 {
		return &s.choices[n-1]
	}
	return nil
}

// typed finds the choice that a customer wrote out and nothing else: its title,
// nearly its title, or one of its own words.
func (s *state) typed(h heard) *choice {
	for i := range s.choices {
		c := &s.choices[i]
		if h.norm != "" && h.norm == c.norm || strings.EqualFold(h.plain, c.title) {
			return c
		}
	}
	for i := range s.choices {
		c := &s.choices[i]
		if slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(c.words, f) || slices.Contains(c.forms, f) }) {
			return c
		}
	}
	if i, ok := match.Nearest(h.norm, s.titles); ok {
		return &s.choices[i]
	}
	return nil
}

// mostAround is how many words may stand around a title, so that a sentence
// which speaks of something else does not choose what it happens to mention.
const mostAround = 5

// within finds the one choice that a sentence speaks of, and how long the phrase
// is that tells: one of its own words, or in a short sentence its title. When
// there are two it is neither, unless the phrase of the one holds that of the
// other, as "city bikes" holds "bikes".
func (s *state) within(h heard) (found *choice, length int) {
	best, all := "", make([]string, 0, len(s.choices))
	for i := range s.choices {
		c := &s.choices[i]
		phrase, n := h.longest(c.words)
		if title, m := h.longest(c.forms); m > n && wordsIn(h.norm)-wordsIn(title) <= mostAround {
			phrase, n = title, m
		}
		if n == 0 {
			continue
		}
		all = append(all, phrase)
		if n > length {
			found, best, length = c, phrase, n
		}
	}
	for _, phrase := range all {
		if !match.Contains(best, phrase) {
			return nil, 0
		}
	}
	return found, length
}

func wordsIn(norm string) int { return strings.Count(norm, " ") + 1 }

// answer finds the common answer whose longest phrase is in the text; of equally
// long ones the first in the file.
func (s *Set) answer(h heard) (best *answer, length int) {
	for i := range s.answers {
		if _, n := h.longest(s.answers[i].words); n > length {
			best, length = &s.answers[i], n
		}
	}
	return best, length
}
