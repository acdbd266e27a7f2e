package flows

import (
	"math"
	"slices"
	"sync"

	"frontdesk/flows/carry"
	"frontdesk/flows/match"
)

// learner trains the matcher of a set when it is first needed.
type learner struct {
	once    sync.Once
	options match.Options
	model   *match.Model // nil: no answer has examples
}

// Encode makes the set compare texts with an encoder, too; the languages are its
// own. It must be called before the set is used; Learn takes the longer then.
func (s *Set) Encode(o match.Options) {
	s.learner.options = o
}

// Learn trains the matcher over the examples of the common answers, once; the
// first Step that needs it does so otherwise. With hundreds of examples it takes
// some tenths of a second. Safe for many goroutines.
func (s *Set) Learn() {
	s.learner.once.Do(func() {
		if len(s.lessons) == 0 {
			return
		}
		s.learner.options.Languages = s.Languages
		s.learner.model = match.Learn(s.lessons, s.learner.options)
	})
}

// Compare asks the common answers for a text, as Step does where the customer is
// asked nothing and chooses nothing. Guesses tell answers by name; Reply.Guesses
// does not hold what only its words told.
func (s *Set) Compare(text string) (match.Reply, []Guess) {
	h := hear(text)
	r := s.compare(h.plain)
	if len(r.Guesses) == 0 { // nothing that could be an answer's is further from one than any words
		r.Score = math.Inf(-1)
	}
	guesses := s.guesses(r)
	a, _ := s.answer(h)
	if a == nil {
		return r, guesses
	}
	guesses = slices.DeleteFunc(guesses, func(g Guess) bool { return g.Answer == a.name })
	r.Sureness, r.Score = match.Sure, math.Inf(1)
	return r, append([]Guess{{Answer: a.name, Share: 1}}, guesses[:min(2, len(guesses))]...)
}

// likeliest is the answer that was learned to be the likeliest for a text; nil:
// nothing was learned.
func (s *Set) likeliest(h heard) *answer {
	r := s.compare(h.plain)
	if len(r.Guesses) == 0 {
		return nil
	}
	return s.lesson(r.Guesses[0].Lesson)
}

// compare is the zero Reply where no answer has examples.
func (s *Set) compare(text string) match.Reply {
	if s.Learn(); s.learner.model == nil {
		return match.Reply{}
	}
	return s.learner.model.Ask(text)
}

// Expect is what the examples themselves let one expect: each is asked of what was
// learned from the others. false: there is nothing to learn from.
func (s *Set) Expect() (match.Expectation, bool) {
	if s.Learn(); s.learner.model == nil {
		return match.Expectation{}, false
	}
	return s.learner.model.Expect(), true
}

// lesson is the answer of a lesson of the model.
func (s *Set) lesson(n int) *answer { return &s.answers[s.taught[n]] }

func (s *Set) guesses(r match.Reply) []Guess {
	if len(r.Guesses) == 0 {
		return nil
	}
	out := make([]Guess, len(r.Guesses))
	for i, g := range r.Guesses {
		out[i] = Guess{Answer: s.lesson(g.Lesson).name, Share: g.Share}
	}
	return out
}

// offers are the choices of an offer in a language, the last of them that none is
// meant.
func (s *Set) offers(o Offer, tongue int) []carry.Choice {
	var out []carry.Choice
	for _, name := range o.Answers {
		if i, ok := s.offerable[offerID(name)]; ok {
			out = append(out, carry.Choice{ID: offerID(name), Title: s.answers[i].titles[tongue]})
		}
	}
	return append(out, carry.Choice{ID: s.unsure.id, Title: s.unsure.neither[tongue]})
}

func offerID(name string) string { return "answers." + name + ":" }

// stillOffered is what of an offer this version still has: a conversation may stand on
// what an older one offered.
func (s *Set) stillOffered(o Offer) Offer {
	var names []string
	for _, name := range o.Answers {
		if _, ok := s.offerable[offerID(name)]; ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return Offer{}
	}
	return Offer{Words: o.Words, Answers: names}
}

// Answers are the names of the common answers, in the order of the file.
func (s *Set) Answers() []string {
	names := make([]string, len(s.answers))
	for i := range s.answers {
		names[i] = s.answers[i].name
	}
	return names
}

// Title is what a common answer is called on a button in the first language; without
// a title it is its name in words.
func (s *Set) Title(answer string) string {
	for i := range s.answers {
		if a := &s.answers[i]; a.name == answer && len(a.titles) > 0 {
			return a.titles[0]
		}
	}
	return inWords(answer)
}
