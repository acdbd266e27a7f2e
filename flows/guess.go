package flows

import (
	"slices"
	"strings"
	"unicode"

	"frontdesk/flows/match"
)

// Outcome is what came of a text that was compared with the examples of the
// common answers.
type Outcome string

// The outcomes.
const (
	OutcomeAnswered Outcome = "answered" // surely one of them: answered at once
	OutcomeOffered  Outcome = "offered"  // perhaps: the likeliest were shown to choose from
	OutcomePicked   Outcome = "picked"   // one of those was chosen
	OutcomeRefused  Outcome = "refused"  // none of those was meant
	OutcomeNone     Outcome = "none"     // none of them
)

// Heard is what the examples of the common answers made of a text. The zero
// Heard: they were not asked, as something else took the input.
type Heard struct {
	Words   string // the customer's, as they are kept; with picked and refused those that were offered for, empty when that was earlier
	Outcome Outcome
	Answer  string  // that was given: with answered and picked
	Guesses []Guess // at most three, the likeliest first; with picked and refused what was offered
}

// Guess is a common answer that a text may ask for.
type Guess struct {
	Answer string  // its name
	Share  float64 // how likely, from 0 to 1; 0: not known
}

// Offer is what a customer may choose from because it is not certain what they
// asked. The zero Offer: nothing was offered.
type Offer struct {
	Words   string   // what they wrote
	Answers []string // names of common answers, as they were shown
}

func (o Offer) pending() bool { return len(o.Answers) > 0 }

// surelyTwo is how likely two answers must be together for no third to be shown:
// with a way to say "neither" they are buttons everywhere.
const surelyTwo = 0.9

// fewestTelling is how many words a text has that asks something where another
// thing is expected: what is shorter is a greeting at the beginning, and what does
// not fit under a question.
const fewestTelling = 3

// guess takes what no rule before it understood.
func (w *walk) guess(h heard) Rule {
	asked := w.cur.question != nil
	if asked && wordsIn(h.norm) < fewestTelling {
		w.retry()
		return RuleRetry
	}
	r := w.set.compare(h.plain)
	switch {
	case r.Sureness == match.Sure:
		return w.certain(h, r)
	case asked: // for something else: asked once more, not another thing
		w.retry()
		return RuleRetry
	}
	if w.offered.pending() { // and nothing of it was taken
		w.missed(w.offered.Words)
	}
	if r.Sureness == match.Unsure && w.st.Misses < w.set.afterMisses {
		w.offer(h, r)
		return RuleUnsure
	}
	w.unheard(h, r)
	return w.miss(h.plain)
}

// guessFirst takes the first words of a conversation that no rule understood. Who
// greets, or asks what nobody can tell, is met by the beginning.
func (w *walk) guessFirst(h heard) Rule {
	r := w.set.compare(h.plain)
	switch {
	case r.Sureness == match.Sure:
		return w.certain(h, r)
	case r.Sureness == match.Unsure && w.beginQuietly():
		w.offer(h, r)
		return RuleUnsure
	}
	if wordsIn(h.norm) >= fewestTelling {
		w.unheard(h, r)
	}
	return w.start()
}

// beginQuietly comes to where everybody begins without a word, if the customer may
// say anything there.
func (w *walk) beginQuietly() bool {
	start := w.set.start
	if !start.hears() || start.question != nil {
		return false
	}
	if to, ok := w.transition(eventBegin, start.name); !ok || to != start.name {
		return false
	}
	w.come(start)
	w.assign(start.set)
	return true
}

func (w *walk) certain(h heard, r match.Reply) Rule {
	a := w.set.lesson(r.Guesses[0].Lesson)
	w.heard = Heard{Words: kept(h.plain), Outcome: OutcomeAnswered, Answer: a.name, Guesses: w.set.guesses(r)}
	w.answer(a)
	return RuleAnswer
}

// offer shows what may have been asked.
func (w *walk) offer(h heard, r match.Reply) {
	o := Offer{Words: kept(h.plain)}
	for i, g := range r.Guesses {
		if i == 2 && r.Guesses[0].Share+r.Guesses[1].Share >= surelyTwo {
			break
		}
		o.Answers = append(o.Answers, w.set.lesson(g.Lesson).name)
	}
	w.st.Offer = o
	w.heard = Heard{Words: o.Words, Outcome: OutcomeOffered, Guesses: w.set.guesses(r)}
	w.say(Say{Text: w.write(w.set.unsure.say), Choices: w.set.offers(o, w.tongue())})
}

// unheard notes a text that none of the answers is for. What holds no letter asks
// nothing.
func (w *walk) unheard(h heard, r match.Reply) {
	if w.set.unsure != nil && strings.ContainsFunc(h.plain, unicode.IsLetter) {
		w.heard = Heard{Words: kept(h.plain), Outcome: OutcomeNone, Guesses: w.set.guesses(r)}
	}
}

// picks takes an answer to an offer that was typed: its number, its title, nearly
// its title, or that none of them was meant.
func (w *walk) picks(h heard) (Rule, bool) {
	if !w.offered.pending() {
		return "", false
	}
	choices := w.set.offers(w.offered, w.tongue())
	norms := make([]string, len(choices))
	for i, c := range choices {
		if norms[i] = match.Normalise(c.Title); norms[i] == h.norm {
			return w.pick(c.ID), true
		}
	}
	if c := listed(choices).number(h); c != nil {
		return w.pick(c.id), true
	}
	if i, ok := match.Nearest(h.norm, norms); ok {
		return w.pick(choices[i].ID), true
	}
	return "", false
}

// picksLeading takes an answer to an offer by the number that begins what was typed:
// "1, please" is of the list that was shown last.
func (w *walk) picksLeading(h heard) (Rule, bool) {
	if !w.offered.pending() {
		return "", false
	}
	c := listed(w.set.offers(w.offered, w.tongue())).leading(h)
	if c == nil {
		return "", false
	}
	return w.pick(c.id), true
}

// listed is a state of which only the numbers of its choices are asked.
func listed(choices []Choice) *state {
	s := &state{choices: make([]choice, len(choices))}
	for i, c := range choices {
		s.choices[i].id = c.ID
	}
	return s
}

// pick takes one of what was offered, now or earlier, by the id of its choice.
func (w *walk) pick(id string) Rule {
	if id == w.set.unsure.id {
		return w.refuse()
	}
	a := &w.set.answers[w.set.offerable[id]]
	w.heard = Heard{Outcome: OutcomePicked, Answer: a.name}
	if slices.Contains(w.offered.Answers, a.name) {
		w.heard = Heard{Words: w.offered.Words, Outcome: OutcomePicked, Answer: a.name, Guesses: offeredGuesses(w.offered)}
	}
	w.answer(a)
	return RuleTap
}

// refuse takes that nothing that was offered is meant: what was asked was not
// understood then.
func (w *walk) refuse() Rule {
	if !w.offered.pending() { // tapped later: by now they may have been understood
		w.repeat()
		return RuleTap
	}
	w.heard = Heard{Words: w.offered.Words, Outcome: OutcomeRefused, Guesses: offeredGuesses(w.offered)}
	if w.cur == nil {
		return w.start()
	}
	return w.miss(w.offered.Words)
}

func offeredGuesses(o Offer) []Guess {
	out := make([]Guess, len(o.Answers))
	for i, name := range o.Answers {
		out[i].Answer = name
	}
	return out
}
