package flows

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// checkChoices reports choices of one state that a typed text could not tell
// apart, or that could not be typed at all.
func (l *loader) checkChoices(s *rawState) {
	if s.question != nil && s.question.pattern == nil && !s.fields.Has("pattern") && s.fields.Has("choices") {
		s.fields.Key("choices").Report(codeTakesAll, "choices under a question that takes every text",
			"typed choices would count as the answer; give the question a pattern")
	}
	titles, taken := map[string]int{}, map[string]int{}
	for i, c := range s.state.choices {
		key := c.norm
		if key == "" {
			key = strings.ToLower(c.title)
		}
		if first, twice := titles[key]; twice {
			s.built[i].title.Report(codeTitles, fmt.Sprintf("two choices are called %q", c.title),
				fmt.Sprintf("the first is in line %d; capitals and punctuation make no difference", s.built[first].title.Place().Line))
			continue
		}
		titles[key] = i
		l.checkNumber(s, s.built[i].title, i, c.norm)
		l.checkShadow(s.built[i].title, c, c.norm)
	}
	for i, c := range s.state.choices {
		for j, w := range s.built[i].words {
			norm := match.Normalise(w.Raw())
			if norm == "" {
				continue
			}
			other, found := titles[norm]
			if !found {
				other, found = taken[norm]
			}
			if found && other != i {
				w.Report(codeTitles, fmt.Sprintf("%q means the choice %q already", w.Raw(), s.state.choices[other].title), "")
			}
			taken[norm] = i
			l.checkNumber(s, s.built[i].words[j], i, norm)
			l.checkShadow(w, c, norm)
		}
	}
}

// checkNumber reports a text that is the number of another choice.
func (l *loader) checkNumber(s *rawState, at source.Node, i int, norm string) {
	n, err := strconv.Atoi(norm)
	if err == nil && n >= 1 && n <= len(s.state.choices) && n != i+1 {
		at.Report(codeTitles, fmt.Sprintf("%q is also the number of the choice %q", at.Raw(), s.state.choices[n-1].title),
			"customers may type a choice's number; add a word, or move it to that place")
	}
}

// checkShadow warns of a choice that cannot be typed, because the words of
// handoff are asked first.
func (l *loader) checkShadow(at source.Node, c choice, norm string) {
	if c.exit.to == pseudoHandoff && c.exit.queue == l.set.queue {
		return
	}
	if word, ok := contained(norm, l.set.words); ok {
		where := "leads to a person"
		if c.exit.to == pseudoHandoff {
			where = fmt.Sprintf("leads to the queue %q", l.set.queue)
		}
		at.Warn(codeShadowed, fmt.Sprintf("typed, this choice %s: it holds the handoff word %q", where, word),
			"change the title, or remove the word")
	}
}

func contained(norm string, phrases []string) (string, bool) {
	i := slices.IndexFunc(phrases, func(p string) bool { return match.Contains(norm, p) })
	if i < 0 {
		return "", false
	}
	return phrases[i], true
}

// commonWords are words with which customers speak of other things, as in "someone
// stole my wheel".
var commonWords = []string{
	"someone", "somebody", "anyone", "anybody", "people", "staff", "man", "woman", "help", "call", "talk", "speak", "contact",
	"question", "problem", "you", "me", "please", "hello", "hi", "yes", "no", "ok",
}

// checkCommon warns of words of handoff that will fetch a person for those who
// asked for none.
func (l *loader) checkCommon() {
	for _, n := range l.asking {
		if norm := match.Normalise(n.Raw()); slices.Contains(commonWords, norm) {
			n.Warn(codeCommonWord, fmt.Sprintf("%q is in many sentences that ask for nobody", n.Raw()),
				`it is found anywhere in a text; write a phrase, such as "talk to someone"`)
		}
	}
}

// checkWords reports phrases of common answers that two answers share or that
// the words of handoff take first.
func (l *loader) checkWords() {
	type owner struct {
		name string
		line int
	}
	first := map[string]owner{}
	for _, a := range l.answers {
		for _, w := range a.words {
			norm := match.Normalise(w.Raw())
			if norm == "" {
				continue
			}
			if before, twice := first[norm]; twice {
				w.Report(codeWords, fmt.Sprintf("%q is written for the answer %q already", w.Raw(), before.name),
					fmt.Sprintf("it is in line %d; keep one of them", before.line))
				continue
			}
			first[norm] = owner{a.name, w.Place().Line}
			if word, ok := contained(norm, l.set.words); ok {
				w.Report(codeWords, fmt.Sprintf("%q never gets this answer: it holds the handoff word %q", w.Raw(), word),
					"the words of handoff are asked first; change one of them")
			}
		}
	}
}
