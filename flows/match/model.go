package match

import (
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
)

// Model knows a business's answers by its examples. It never changes after
// Learn; many goroutines may ask it.
type Model struct {
	reader   reader
	features features
	weights  weights
	judge    judge
	lessons  []int // the lesson of each class
	scratch  sync.Pool

	expectation Expectation
	contested   []Fight
}

// scratch is what one question needs.
type scratch struct {
	reading
	tally
	logits []float32
}

// Learn trains a model. Lessons whose names and examples have no words are
// never guessed. The same lessons and options give the same model.
func Learn(lessons []Lesson, o Options) *Model {
	m := &Model{reader: newReader(o)}
	m.scratch.New = func() any { return &scratch{reading: reading{env: snowballstem.NewEnv("")}} }
	m.features = features{index: map[uint64]int32{}, common: m.common(o.Languages)}
	l := m.gather(lessons)
	if len(l.examples) == 0 {
		return m
	}
	m.weights = newWeights(l.classes, l.features)
	all := make([]int, len(l.examples))
	for i := range all {
		all[i] = i
	}
	l.fit(m.weights, all)
	m.judge.each = float64(len(l.examples)) / float64(l.classes)
	out := m.holdOut(l)
	asked := l.asked(out)
	m.judge.settle(asked)
	m.expectation = m.judge.expect(asked, l.classes)
	m.contested = m.fights(l, out)
	return m
}

// common are the hashes of the stems of the words that tell little.
func (m *Model) common(languages []string) map[uint64]bool {
	env := snowballstem.NewEnv("")
	common := map[uint64]bool{}
	for _, tag := range languages {
		for word := range strings.FieldsSeq(Normalise(commonWords(language(tag)))) {
			common[hashWord(m.reader.stem(env, word))] = true
		}
	}
	return common
}

// Ask says which lesson a message asks for. It reads the first 1,000 characters
// and 200 words; any bytes will do.
func (m *Model) Ask(text string) Reply {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	m.reader.split(&s.reading, text)
	m.reader.mend(&s.reading, &m.features)
	reply := Reply{Heard: strings.Join(s.words, " ")}
	if len(s.words) == 0 || len(m.lessons) == 0 {
		return reply
	}
	m.features.gather(&s.tally, s.words, s.reading.stems, false)
	s.logits = slices.Grow(s.logits[:0], len(m.lessons))[:len(m.lessons)]
	clear(s.logits)
	m.weights.logits(m.features.finish(&s.tally), s.logits)
	reply.Score = m.judge.score(&m.features, s.tally.stems, s.logits, -1)
	reply.Guesses = m.guesses(s.logits)
	reply.Sureness = m.judge.sureness(reply.Score, lead(reply.Guesses))
	return reply
}

// lead is what the first guess has over the second.
func lead(guesses []Guess) float64 {
	if len(guesses) < 2 {
		return guesses[0].Share
	}
	return guesses[0].Share - guesses[1].Share
}

const mostGuesses = 3

// guesses are the likeliest classes of logits, which it turns into shares.
func (m *Model) guesses(logits []float32) []Guess {
	softmax(logits)
	guesses := make([]Guess, 0, mostGuesses+1)
	for c, share := range logits {
		at := len(guesses)
		for at > 0 && guesses[at-1].Share < float64(share) {
			at--
		}
		if at < mostGuesses {
			guesses = slices.Insert(guesses, at, Guess{m.lessons[c], float64(share)})
			guesses = guesses[:min(len(guesses), mostGuesses)]
		}
	}
	return guesses
}

// Expect says what the examples tell of messages to come.
func (m *Model) Expect() Expectation { return m.expectation }

// Fights gives the examples that another answer contests, the hardest first.
func (m *Model) Fights() []Fight { return slices.Clone(m.contested) }
