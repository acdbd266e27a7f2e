package match

import "math"

// features numbers what occurs in the examples and knows how rare each is.
type features struct {
	index  map[uint64]int32 // by hash; only asked, never walked: its order is chance
	common map[uint64]bool  // hashes of words that tell little, whatever the examples say
	kinds  []kind
	docs   []int32   // in how many examples each is
	rarity []float32 // set by weigh
	unseen float32   // how rare is what no example has
}

// kind is what a feature is of. Each kind has its share of a text's weight.
type kind uint8

const (
	ofWords kind = iota
	ofLetters
	kinds
)

// What a common word weighs at most; the rarest words weigh 3 to 7.
const commonRarity = 2

// vector is a text as the features that it has, each once, and their weights.
type vector struct {
	at     []int32
	weight []float32
	point  []float32 // where the encoder puts it; nil: nobody asked
}

// tally counts the features of one text. It is used again for the next.
type tally struct {
	vector
	count []float32      // by feature; all zero between texts
	lost  [kinds]float32 // the squares of what no example has
	idle  bool           // what is counted now is of a common word: it is no loss
	stems []uint64       // hashes of the text's stems, in order
	run   []byte
}

// gather counts all features of a text's words and their stems. Where learning,
// new features get the next numbers.
func (f *features) gather(t *tally, words, stems []string, learning bool) {
	t.at, t.weight, t.stems, t.lost = t.at[:0], t.weight[:0], t.stems[:0], [kinds]float32{}
	for i, stem := range stems {
		h := hashWord(stem)
		t.idle = f.common[h]
		f.add(t, h, ofWords, learning)
		if i > 0 {
			t.idle = t.idle || f.common[t.stems[i-1]]
			f.add(t, hashPair(t.stems[i-1], h), ofWords, learning)
		}
		t.stems = append(t.stems, h)
	}
	letters := func(hash uint64) { f.add(t, hash, ofLetters, learning) }
	for n := 0; n < len(words); {
		run, taken := appendRun(t.run[:0], words[n:])
		t.idle = f.common[t.stems[n]]
		grams(run, letters)
		t.run = run
		n += taken
	}
}

// add counts one feature.
func (f *features) add(t *tally, hash uint64, k kind, learning bool) {
	at, known := f.index[hash]
	if !known {
		if !learning && !t.idle {
			t.lost[k] += f.unseen * f.unseen
		}
		if !learning {
			return
		}
		at = int32(len(f.kinds))
		f.index[hash] = at
		f.kinds = append(f.kinds, k)
		f.docs = append(f.docs, 0)
		f.rarity = append(f.rarity, 0)
	}
	for int(at) >= len(t.count) {
		t.count = append(t.count, 0)
	}
	if t.count[at] == 0 {
		t.at = append(t.at, at)
		if learning {
			f.docs[at]++
		}
	}
	t.count[at]++
}

// weigh sets how rare each feature is among so many examples.
func (f *features) weigh(examples int) {
	rarity := func(docs int32) float32 {
		return float32(math.Log(float64(1+examples)/float64(1+docs)) + 1)
	}
	f.unseen = rarity(1)
	for i, n := range f.docs {
		f.rarity[i] = rarity(n)
	}
	for hash := range f.common {
		if at, ok := f.index[hash]; ok {
			f.rarity[at] = min(f.rarity[at], commonRarity)
		}
	}
}

// rarityOf is how rare a word is, also one that no example has.
func (f *features) rarityOf(hash uint64) float32 {
	if f.common[hash] {
		return min(f.unseen, commonRarity)
	}
	if at, ok := f.index[hash]; ok {
		return f.rarity[at]
	}
	return f.unseen
}

// finish turns counts into weights and empties the counts. Words and letters
// have each half of the length; what no example has takes its part of it.
func (f *features) finish(t *tally) vector {
	squares := t.lost
	for _, at := range t.at {
		w := f.rarity[at]
		if n := t.count[at]; n > 1 {
			w *= 1 + float32(math.Log(float64(n)))
		}
		t.count[at] = 0
		t.weight = append(t.weight, w)
		squares[f.kinds[at]] += w * w
	}
	var scale [kinds]float32
	for k, sum := range squares {
		if sum > 0 {
			scale[k] = float32(math.Sqrt(0.5 / float64(sum)))
		}
	}
	for i, at := range t.at {
		t.weight[i] *= scale[f.kinds[at]]
	}
	return t.vector
}

// holders is in how many examples a feature is.
func (f *features) holders(hash uint64) int32 {
	if at, ok := f.index[hash]; ok {
		return f.docs[at]
	}
	return 0
}
