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
	if s.question != nil && s.question.takesAll() && !s.fields.Has("pattern") && s.fields.Has("choices") {
		s.fields.Key("choices").Report(codeTakesAll, "choices under a question that takes every text",
			"typed choices would count as the answer; give the question a pattern")
	}
	titles, taken := map[string]int{}, map[string]int{}
	for i, c := range s.state.choices {
		for t, title := range c.titles {
			if slices.Contains(c.titles[:t], title) {
				continue
			}
			key := c.norms[t]
			if key == "" {
				key = strings.ToLower(title)
			}
			if first, twice := titles[key]; twice && first != i {
				l.inTongue(s.built[i].title, t).Report(codeTitles, fmt.Sprintf("two choices are called %q", title),
					fmt.Sprintf("the first is in %s; capitals and punctuation make no difference", s.built[first].title.Where(s.built[i].title)))
				continue
			}
			titles[key] = i
			l.checkNumber(s, s.built[i].title, i, title, c.norms[t])
			l.checkShadow(s.built[i].title, c, c.norms[t])
			l.checkLed(s.built[i].title, c, c.norms[t])
		}
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
				w.Report(codeTitles, fmt.Sprintf("%q means the choice %q already", w.Raw(), s.state.choices[other].titles[0]), "")
			}
			taken[norm] = i
			l.checkNumber(s, s.built[i].words[j], i, w.Raw(), norm)
			l.checkShadow(w, c, norm)
			l.checkLed(w, c, norm)
		}
	}
}

// inTongue is where a title is written in a language, as far as it is by language.
func (l *loader) inTongue(n source.Node, tongue int) source.Node {
	if !n.IsMapping() {
		return n
	}
	for _, e := range n.Entries() {
		if e.Name == l.set.Languages[tongue] {
			return e.Value
		}
	}
	return n
}

// checkNumber reports a text that is the number of another choice.
func (l *loader) checkNumber(s *rawState, at source.Node, i int, written, norm string) {
	n, err := strconv.Atoi(norm)
	if err == nil && n >= 1 && n <= len(s.state.choices) && n != i+1 {
		at.Report(codeTitles, fmt.Sprintf("%q is also the number of the choice %q", written, s.state.choices[n-1].titles[0]),
			"customers may type a choice's number; add a word, or move it to that place")
	}
}

// checkShadow warns of a choice that cannot be typed, because the words of
// handoff are asked first.
func (l *loader) checkShadow(at source.Node, c choice, norm string) {
	to := ""
	if c.exit != nil {
		if to = c.exit.to; to == pseudoHandoff && c.exit.queue == l.set.queue {
			return
		}
	}
	if word, ok := contained(norm, l.set.words); ok {
		where := "leads to a person"
		if to == pseudoHandoff {
			where = fmt.Sprintf("leads to the queue %q", l.set.queue)
		}
		at.Warn(codeShadowed, fmt.Sprintf("typed, this choice %s: it holds the handoff word %q", where, word),
			"change the title, or remove the word")
	}
}

// checkLed warns of a choice that cannot be typed, because the words of back or
// start_again are asked first and lead elsewhere.
func (l *loader) checkLed(at source.Node, c choice, norm string) {
	to := ""
	if c.exit != nil {
		to = c.exit.to
	}
	home := l.flows[mainFlow] != nil && l.flows[mainFlow].first != nil && to == l.flows[mainFlow].first.name
	switch {
	case norm == "":
	case l.opted(norm):
		at.Warn(codeShadowed, "typed, this choice opts out: it is one of the words of opt_out", "change the title, or remove the word")
	case slices.Contains(l.set.back, norm) && to != pseudoBack:
		at.Warn(codeShadowed, "typed, this choice leads back: it is one of the words of back", "change the title, or remove the word")
	case slices.Contains(l.set.again, norm) && to != pseudoAgain && !home:
		at.Warn(codeShadowed, "typed, this choice leads to the beginning: it is one of the words of start_again", "change the title, or remove the word")
	}
}

// checkWays reports words of back and start_again that can never be used.
func (l *loader) checkWays() {
	for _, key := range []string{"back", "start_again"} {
		for _, n := range l.top.Get(key).List() {
			norm := match.Normalise(n.Raw())
			if word, ok := contained(norm, l.set.words); ok && norm != "" {
				n.Report(codeWords, fmt.Sprintf("%q fetches a person: it holds the handoff word %q", n.Raw(), word), "the words of handoff are asked first; change one of them")
			}
			if key == "start_again" && slices.Contains(l.set.back, norm) {
				n.Report(codeWords, fmt.Sprintf("%q is one of the words of back already", n.Raw()), "keep one of them")
			}
		}
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
// the words of handoff take first. Of examples it warns: the others of the same
// answer still tell what asks for it.
func (l *loader) checkWords() {
	first := map[string]owner{}
	for _, a := range l.answers {
		for _, w := range a.words {
			l.checkPhrase(a, w, first, w.Report)
		}
		for _, w := range a.fields.Get("examples").List() {
			l.checkPhrase(a, w, first, w.Warn)
		}
	}
}

// owner is the answer to which a phrase belongs, and where it is written.
type owner struct {
	name string
	at   source.Node
}

func (l *loader) checkPhrase(a *rawAnswer, w source.Node, first map[string]owner, tell func(code, summary, hint string)) {
	norm := match.Normalise(w.Raw())
	if norm == "" {
		return
	}
	if before, twice := first[norm]; twice {
		tell(codeWords, fmt.Sprintf("%q is written for the answer %q already", w.Raw(), before.name),
			fmt.Sprintf("it is in %s; keep one of them", before.at.Where(w)))
		return
	}
	first[norm] = owner{a.name, w}
	if slices.Contains(l.set.back, norm) || slices.Contains(l.set.again, norm) {
		w.Warn(codeShadowed, fmt.Sprintf("%q alone never gets this answer: it is one of the words of back or start_again", w.Raw()),
			"change one of them")
	}
	if word, ok := contained(norm, l.set.words); ok {
		tell(codeWords, fmt.Sprintf("%q never gets this answer: it holds the handoff word %q", w.Raw(), word),
			"the words of handoff are asked first; change one of them")
	}
}
