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
	features features
	weights  weights
	lessons  []int // the lesson of each class
	stem     stemmer
	sure     float64 // a Score below is not sure
	none     float64 // a Score below is none
	scratch  sync.Pool
}

// scratch is what one question needs.
type scratch struct {
	tally
	words, stems []string
	env          *snowballstem.Env
	logits       []float32
}

// Learn trains a model. Lessons whose names and examples have no words are
// never guessed. The same lessons and options give the same model.
func Learn(lessons []Lesson, o Options) *Model {
	m := &Model{features: features{index: map[uint64]int32{}}}
	if len(o.Languages) > 0 {
		m.stem = stemmerOf(o.Languages[0])
	}
	m.scratch.New = func() any { return &scratch{env: snowballstem.NewEnv("")} }
	s := m.scratch.Get().(*scratch)
	var class []int
	var texts [][]string
	for i, lesson := range lessons {
		before := len(texts)
		for _, example := range append([]string{spoken(lesson.Name)}, lesson.Examples...) {
			if words := read(nil, example); len(words) > 0 {
				texts = append(texts, words)
				class = append(class, len(m.lessons))
			}
		}
		if len(texts) > before {
			m.lessons = append(m.lessons, i)
		}
	}
	for _, words := range texts {
		s.stemmed(m.stem, words)
		m.features.gather(&s.tally, words, s.stems, true)
		for _, at := range s.at {
			s.count[at] = 0
		}
	}
	m.features.weigh(len(texts))
	examples := make([]vector, len(texts))
	for i, words := range texts {
		v := m.vector(s, words)
		examples[i] = vector{slices.Clone(v.at), slices.Clone(v.weight)}
	}
	if len(examples) > 0 {
		m.weights = fit(examples, class, len(m.features.kinds), len(m.lessons))
	}
	m.sure, m.none = 2, 1
	return m
}

func (m *Model) vector(s *scratch, words []string) vector {
	s.stemmed(m.stem, words)
	m.features.gather(&s.tally, words, s.stems, false)
	return m.features.finish(&s.tally)
}

func (s *scratch) stemmed(stem stemmer, words []string) {
	s.stems = s.stems[:0]
	for _, word := range words {
		if stem != nil {
			s.env.SetCurrent(word)
			stem(s.env)
			word = s.env.Current()
		}
		s.stems = append(s.stems, word)
	}
}

// Ask says which lesson a message asks for. It reads the first 1,000 characters
// and 200 words; any bytes will do.
func (m *Model) Ask(text string) Reply {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.words = read(s.words[:0], text)
	reply := Reply{Heard: strings.Join(s.words, " ")}
	if len(s.words) == 0 || len(m.lessons) == 0 {
		return reply
	}
	v := m.vector(s, s.words)
	s.logits = slices.Grow(s.logits[:0], len(m.lessons))[:len(m.lessons)]
	m.weights.logits(v, s.logits)
	reply.Score = float64(slices.Max(s.logits))
	reply.Guesses = m.guesses(s.logits)
	switch {
	case reply.Score >= m.sure:
		reply.Sureness = Sure
	case reply.Score >= m.none:
		reply.Sureness = Unsure
	}
	return reply
}

const mostGuesses = 3

// guesses are the likeliest classes of logits, which it turns into shares.
func (m *Model) guesses(logits []float32) []Guess {
	softmax(logits)
	guesses := make([]Guess, 0, mostGuesses+1)
	for c, share := range logits {
		g := Guess{m.lessons[c], float64(share)}
		at := len(guesses)
		for at > 0 && guesses[at-1].Share < g.Share {
			at--
		}
		if at < mostGuesses {
			guesses = slices.Insert(guesses, at, g)
			guesses = guesses[:min(len(guesses), mostGuesses)]
		}
	}
	return guesses
}

// Expect says what the examples tell of messages to come.
func (m *Model) Expect() Expectation { return Expectation{} }

// Fights gives the examples that another answer contests, the hardest first.
func (m *Model) Fights() []Fight { return nil }
