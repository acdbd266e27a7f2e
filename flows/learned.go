package flows

import (
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

// Encode makes the set compare texts with an encoder, too. It must be called
// before the set is used; Learn takes the longer then.
func (s *Set) Encode(o match.Options) {
	o.Languages = s.Languages
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

// Compare asks the examples of the common answers for a text, and nothing else of
// what Step looks at before. Guesses tell answers by name.
func (s *Set) Compare(text string) (match.Reply, []Guess) {
	r := s.compare(text)
	return r, s.guesses(r)
}

// compare is the zero Reply where no answer has examples.
func (s *Set) compare(text string) match.Reply {
	if s.Learn(); s.learner.model == nil {
		return match.Reply{}
	}
	return s.learner.model.Ask(text)
}

// Expect is what the examples themselves let one expect: each is asked of what was
// learned from the others. false: too few to say.
func (s *Set) Expect() (match.Expectation, bool) {
	if s.Learn(); s.learner.model == nil {
		return match.Expectation{}, false
	}
	e := s.learner.model.Expect()
	return e, e.Enough
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
