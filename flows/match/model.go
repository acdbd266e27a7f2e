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
	judge    judge
	words    mind  // by words and letters
	meaning  *mind // by points, too; nil: there is no encoder, or it does not help
	encoder  Encoder
	lessons  []int // the lesson of each class
	scratch  sync.Pool

	contested []Fight
}

// scratch is what one question needs.
type scratch struct {
	reading
	tally
	logits, point, weight, scaled []float32
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
	m.judge.perClass = float64(len(l.examples)) / float64(l.classes)
	m.judge.terms = byWords()
	var out []held
	m.words, out = m.train(l, m.judge)
	if o.Encoder != nil {
		m.judge.terms = byPoints()
		meaning, points := m.train(l.located(o), m.judge)
		if meaning.trust > m.words.trust {
			m.meaning, m.encoder, out = &meaning, o.Encoder, points
		}
	}
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
	v := m.features.finish(&s.tally)
	m.words.answer(m, s, v, &reply)
	if m.meaning == nil || reply.Sureness == Sure && lead(reply.Guesses) >= clearLead {
		return reply
	}
	located := v.beside(s.weight, s.scaled, m.locate(s, text))
	s.weight, s.scaled = located.weight, located.point
	m.meaning.answer(m, s, located, &reply)
	return reply
}

// answer writes what a mind makes of a text.
func (d *mind) answer(m *Model, s *scratch, v vector, to *Reply) {
	s.logits = slices.Grow(s.logits[:0], len(m.lessons))[:len(m.lessons)]
	clear(s.logits)
	d.weights.logits(v, s.logits)
	verdict := d.judge.score(&m.features, s.tally.stems, s.logits, -1)
	to.Guesses = m.guesses(s.logits)
	verdict.lead = lead(to.Guesses)
	to.Score, to.Sureness = verdict.score, d.judge.sureness(verdict)
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
func (m *Model) Expect() Expectation {
	if m.meaning != nil {
		return m.meaning.expects
	}
	return m.words.expects
}

// Fights gives the examples that another answer contests, the hardest first.
func (m *Model) Fights() []Fight { return slices.Clone(m.contested) }
