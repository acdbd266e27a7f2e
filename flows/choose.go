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
	prose := match.Prose(words)
	h := heard{plain: strings.TrimSpace(words), forms: match.Forms(prose)}
	if h.norm = h.forms[0]; prose != words {
		h.norm = match.Normalise(words)
	}
	return h
}

// longest gives the longest of the phrases that were said; "" when none was.
func (h heard) longest(phrases []string) (phrase string) {
	for _, form := range h.forms {
		for _, p := range phrases {
			if match.Contains(form, p) && longer(p, phrase) { // nearly none is: look first, then measure
				phrase = p
			}
		}
	}
	return phrase
}

func longer(a, b string) bool { return utf8.RuneCountInString(a) > utf8.RuneCountInString(b) }

// mostAfter is how many words may follow what was chosen: "1, please", "no thank you".
const mostAfter = 2

// opens reports whether the text is a phrase with hardly anything after it.
func (h heard) opens(phrase string) bool {
	return slices.ContainsFunc(h.forms, func(form string) bool {
		rest, ok := strings.CutPrefix(form, phrase+" ")
		return ok && len(strings.Fields(rest)) <= mostAfter
	})
}

// number finds the choice whose number is all that was written.
func (s *state) number(h heard) *choice {
	return s.numbered(h.norm)
}

// leading finds the choice whose number begins what was written, with at most
// two words and no other number after it: "1, please".
func (s *state) leading(h heard) *choice {
	first, rest, _ := strings.Cut(h.norm, " ")
	if len(strings.Fields(rest)) > mostAfter || strings.ContainsFunc(rest, unicode.IsDigit) {
		return nil
	}
	return s.numbered(first)
}

func (s *state) numbered(word string) *choice {
	if word == "" || len(word) > 3 || word[0] < '0' || word[0] > '9' { // nearly always: the error would cost more
		return nil
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(s.choices) {
		return &s.choices[n-1]
	}
	return nil
}

// typed finds the choice that a customer wrote out and nothing else: its title,
// nearly its title, or one of its own words.
func (s *state) typed(h heard) *choice {
	for i := range s.choices {
		c := &s.choices[i]
		for t, title := range c.titles {
			if h.norm != "" && h.norm == c.norms[t] || strings.EqualFold(h.plain, title) {
				return c
			}
		}
	}
	for i := range s.choices {
		c := &s.choices[i]
		if slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(c.words, f) || slices.Contains(c.forms, f) }) {
			return c
		}
	}
	if i, ok := match.Nearest(h.norm, s.titles); ok {
		return &s.choices[s.titled[i]]
	}
	return nil
}

// mostAround is how many words may stand around a title, so that a sentence
// which speaks of something else does not choose what it happens to mention.
const mostAround = 5

// within finds the one choice that a sentence speaks of, and the phrase that
// tells: one of its own words, or in a short sentence its title. When
// there are two it is neither, unless the phrase of the one holds that of the
// other, as "city bikes" holds "bikes".
func (s *state) within(h heard) (found *choice, best string) {
	var all []string
	for i := range s.choices {
		c := &s.choices[i]
		phrase := h.longest(c.words)
		if title := h.longest(c.forms); longer(title, phrase) && wordsIn(h.norm)-wordsIn(title) <= mostAround {
			phrase = title
		}
		if phrase == "" {
			continue
		}
		all = append(all, phrase)
		if longer(phrase, best) {
			found, best = c, phrase
		}
	}
	for _, phrase := range all {
		if !match.Contains(best, phrase) {
			return nil, ""
		}
	}
	return found, best
}

// spoken is the choice that a sentence speaks of, unless the phrase of a common
// answer tells more of what is meant: it is longer. But "no thank you" is no, and
// not the answer to thanks.
func (s *state) spoken(h heard, answer string) *choice {
	c, phrase := s.within(h)
	if c == nil || longer(answer, phrase) && (match.Contains(answer, phrase) || !h.opens(phrase)) {
		return nil
	}
	return c
}

func wordsIn(norm string) int { return strings.Count(norm, " ") + 1 }

// answer finds the common answer whose longest phrase is in the text, or of which
// an example is the text; of equally long ones the first in the file.
func (s *Set) answer(h heard) (best *answer, phrase string) {
	for i := range s.answers {
		if p := h.longest(s.answers[i].words); longer(p, phrase) {
			best, phrase = &s.answers[i], p
		}
	}
	for _, form := range h.forms {
		if n, ok := s.exact[form]; ok && n != shared && longer(form, phrase) {
			best, phrase = &s.answers[n], form
		}
	}
	return best, phrase
}

// shared stands in Set.exact for the answer of an example that several have.
const shared = -1

// example finds the answer that a text most likely asks for, if one of its examples
// is in the text or nearly is the text, and how much of the text that is.
func (s *Set) example(h heard) (best *answer, phrase string) {
	a := s.likeliest(h)
	if a == nil {
		return nil, ""
	}
	phrase = h.longest(a.examples)
	if _, near := match.Nearest(h.norm, a.examples); near {
		phrase = h.norm
	}
	if phrase == "" {
		return nil, ""
	}
	return a, phrase
}

// mentioned is the choice that a sentence speaks of, or the answer that it asks for
// and of which the choice's title is only a part.
func (w *walk) mentioned(s *state, h heard, a *answer, asked string) (*choice, *answer) {
	c := s.spoken(h, asked)
	if c == nil || a != nil {
		return c, a
	}
	if a, asked = w.set.example(h); a != nil {
		if c = s.spoken(h, asked); c != nil {
			a = nil
		}
	}
	return c, a
}
