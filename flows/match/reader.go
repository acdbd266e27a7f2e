package match

import (
	"strings"

	"github.com/blevesearch/snowballstem"
)

// reader makes words and stems of texts as they are written.
type reader struct {
	manners  manners
	stemmers []stemmer
	mender   mender
	encoder  Encoder
}

// reading is a text as its reader understood it. It is used again for the next.
type reading struct {
	words, stems []string
	mended       bool // words were replaced
	stripped     bool // greetings or thanks were left out
	skipped      int  // words of greetings before the first that was kept
	env          *snowballstem.Env
}

func newReader(o Options) reader {
	r := reader{manners: mannersOf(o.Languages), encoder: o.Encoder}
	r.mender.known = map[string]int32{}
	r.mender.without = map[uint64][]int32{}
	for _, tag := range o.Languages {
		if stem := stemmerOf(tag); stem != nil {
			r.stemmers = append(r.stemmers, stem)
		}
	}
	return r
}

// split reads the words of a text, without greetings and thanks.
func (r *reader) split(to *reading, text string) {
	to.words, to.stems, to.mended = to.words[:0], to.stems[:0], false
	whole := Normalise(Prose(cut(text)))
	before, rest := r.manners.strip(whole)
	to.stripped, to.skipped = len(rest) < len(whole), strings.Count(before, " ")
	for word := range strings.SplitSeq(rest, " ") {
		if word == "" || len(to.words) == readWords {
			break
		}
		to.words = append(to.words, word)
		to.stems = append(to.stems, r.stem(to.env, word))
	}
}

// mend replaces words that nobody knows by the examples' words they nearly are.
func (r *reader) mend(to *reading, f *features) {
	for i, word := range to.words {
		h := hashWord(to.stems[i])
		if _, known := f.index[h]; known || f.common[h] || r.mender.known[word] > 0 {
			continue
		}
		if r.encoder != nil && r.encoder.Knows(word) {
			continue
		}
		if mended, ok := r.mender.mend(word); ok {
			to.words[i], to.stems[i], to.mended = mended, r.stem(to.env, mended), true
		}
	}
}

// Longer words keep their endings: stemmers need the time of a word's length
// squared, and nobody's language has such words.
const longestStemmed = 100 // bytes

// stem cuts the endings of all languages of the business off a word, one after
// another: which language it is of nobody knows.
func (r *reader) stem(env *snowballstem.Env, word string) string {
	if len(word) > longestStemmed {
		return word
	}
	for _, stem := range r.stemmers {
		env.SetCurrent(word)
		stem(env)
		word = env.Current()
	}
	return word
}
