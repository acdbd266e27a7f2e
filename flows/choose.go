package flows

import (
	"strconv"
	"strings"

	"frontdesk/flows/match"
)

// typed finds the choice that a customer wrote out: its number, its title,
// nearly its title, or one of its own words.
func (s *state) typed(words, norm string) *choice {
	if len(s.choices) == 0 {
		return nil
	}
	if n, err := strconv.Atoi(norm); err == nil && n >= 1 && n <= len(s.choices) && len(norm) <= 3 {
		return &s.choices[n-1]
	}
	plain := strings.TrimSpace(words)
	for i := range s.choices {
		c := &s.choices[i]
		if norm != "" && norm == c.norm || strings.EqualFold(plain, c.title) {
			return c
		}
	}
	if i, ok := match.Nearest(norm, s.titles); ok {
		return &s.choices[i]
	}
	var best *choice
	longest := 0
	for i := range s.choices {
		if n, ok := match.Longest(norm, s.choices[i].words); ok && n > longest {
			best, longest = &s.choices[i], n
		}
	}
	return best
}

// answer finds the common answer whose longest phrase is in the text; of equally
// long ones the first in the file.
func (s *Set) answer(norm string) *answer {
	var best *answer
	longest := 0
	for i := range s.answers {
		if n, ok := match.Longest(norm, s.answers[i].words); ok && n > longest {
			best, longest = &s.answers[i], n
		}
	}
	return best
}
