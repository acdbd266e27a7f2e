package match

import "math"

// features numbers what occurs in the examples, words and letters in one row,
// and knows how rare each is.
type features struct {
	index map[uint64]int32 // by hash; only asked, never walked: its order is chance
	kinds []kind
	docs  []int32   // in how many examples each is
	idf   []float32 // set by weigh
}

type kind uint8

const (
	ofWords kind = iota
	ofLetters
	kindsOf
)

// vector is a text as the features that it has, each once, and their weights.
type vector struct {
	at     []int32
	weight []float32
}

// tally counts the features of one text. It is used again for the next.
type tally struct {
	vector
	count   []float32 // by feature; all zero between texts
	padded  []byte
	stems   []uint64
	unknown int // words that are in no example
}

// add counts one feature; where learning, a new one gets the next number.
func (f *features) add(t *tally, hash uint64, k kind, learning bool) {
	at, known := f.index[hash]
	if !known {
		if !learning {
			return
		}
		at = int32(len(f.kinds))
		f.index[hash] = at
		f.kinds = append(f.kinds, k)
		f.docs = append(f.docs, 0)
	}
	for int(at) >= len(t.count) {
		t.count = append(t.count, 0)
	}
	if t.count[at] == 0 {
		t.at = append(t.at, at)
	}
	t.count[at]++
}

// gather counts all features of a text's words and their stems.
func (f *features) gather(t *tally, words, stems []string, learning bool) {
	t.at, t.weight, t.stems = t.at[:0], t.weight[:0], t.stems[:0]
	for i, stem := range stems {
		h := hashWord(stem)
		f.add(t, h, ofWords, learning)
		if i > 0 {
			f.add(t, hashPair(t.stems[i-1], h), ofWords, learning)
		}
		t.stems = append(t.stems, h)
	}
	for _, word := range words {
		t.padded = append(append(append(t.padded[:0], ' '), word...), ' ')
		grams(t.padded, func(hash uint64) { f.add(t, hash, ofLetters, learning) })
	}
	if learning {
		for _, at := range t.at {
			f.docs[at]++
		}
	}
}

// weigh sets how rare each feature is among so many examples.
func (f *features) weigh(examples int) {
	f.idf = make([]float32, len(f.docs))
	for i, n := range f.docs {
		f.idf[i] = float32(math.Log(float64(1+examples)/float64(1+n)) + 1)
	}
}

// finish turns counts into weights, words and letters each of half the length,
// and empties the counts.
func (f *features) finish(t *tally) vector {
	var squares [kindsOf]float32
	for _, at := range t.at {
		w := (1 + float32(math.Log(float64(t.count[at])))) * f.idf[at]
		t.count[at] = 0
		t.weight = append(t.weight, w)
		squares[f.kinds[at]] += w * w
	}
	for i, at := range t.at {
		t.weight[i] *= float32(math.Sqrt(0.5 / float64(squares[f.kinds[at]])))
	}
	return t.vector
}
