package likeness

import (
	"math"
	"strings"
	"unicode"

	"frontdesk/flows/match"
)

const (
	// mostHolders is in how many texts a word may be that is looked at: what nearly
	// all have tells little, and looking at all of them takes long.
	mostHolders = 1000
	// mostCompared is how many characters of a text are looked at: what somebody asks
	// stands at the beginning, and ten thousand long texts would take a minute.
	mostCompared = 200
	// lettersInRun is how many letters are compared at once.
	lettersInRun = 4
	// tellingLength is from how many letters on a word counts whole: shorter ones are
	// mostly "how", "do" and "I" of some language.
	tellingLength = 5
	// wordShare is how much of a text's weight its whole words have; the rest is of letters.
	wordShare = 0.5
	// fewTexts is how many more texts there might be: among a handful, what they are
	// about would be taken for a word that all have.
	fewTexts = 150
)

// plain is a text with everything that does not tell it from its like taken away,
// as far as it is compared.
func plain(words string) string {
	var b strings.Builder
	digit, room := false, mostCompared
	for _, r := range match.Normalise(words) {
		if room--; room < 0 {
			break
		}
		if unicode.IsDigit(r) {
			if !digit {
				b.WriteByte('0')
			}
			digit = true
			continue
		}
		digit = false
		b.WriteRune(r)
	}
	return b.String()
}

// index finds the texts that are like one of them.
type index struct {
	texts   []Text
	vectors [][]weight
	holders [][]weight // by feature: the texts that have it
	scores  []float32  // room, all zero between calls
	found   []neighbour
}

// weight is how much of a text is one feature.
type weight struct {
	at    int32 // the feature, or the text that has it
	share float32
}

type neighbour struct {
	n        int
	likeness float32
}

func newIndex(texts []Text) *index {
	x := &index{texts: texts, vectors: make([][]weight, len(texts)), scores: make([]float32, len(texts))}
	f := features{at: map[string]int32{}}
	for n, t := range texts {
		x.vectors[n] = f.count(t.Words)
	}
	x.holders = make([][]weight, len(f.docs))
	for n, v := range x.vectors {
		f.finish(v, len(texts))
		for _, w := range v {
			if f.docs[w.at] <= mostHolders {
				x.holders[w.at] = append(x.holders[w.at], weight{int32(n), w.share})
			}
		}
	}
	return x
}

// near gives the texts that are like one, itself among them, in their order. What it
// gives is good until the next call.
func (x *index) near(n int) []neighbour {
	var touched []int32
	for _, w := range x.vectors[n] {
		for _, h := range x.holders[w.at] {
			if x.scores[h.at] == 0 {
				touched = append(touched, h.at)
			}
			x.scores[h.at] += w.share * h.share
		}
	}
	x.found = append(x.found[:0], neighbour{n, 1})
	for _, other := range touched {
		if s := x.scores[other]; s >= alike && int(other) != n {
			x.found = append(x.found, neighbour{int(other), s})
		}
		x.scores[other] = 0
	}
	return x.found
}

// features numbers what occurs in the texts: words, and runs of letters.
type features struct {
	at      map[string]int32
	docs    []int32   // in how many texts each is
	letters []bool    // a run, not a word
	telling []float32 // how much a word of its length tells
}

// count gives how often each feature is in a text, as weights that finish completes.
func (f *features) count(words string) []weight {
	var v []weight
	place := map[int32]int{}
	add := func(feature string, letters bool, telling float32) {
		at, known := f.at[feature]
		if !known {
			at = int32(len(f.docs))
			f.at[feature] = at
			f.docs, f.letters, f.telling = append(f.docs, 0), append(f.letters, letters), append(f.telling, telling)
		}
		i, twice := place[at]
		if !twice {
			i = len(v)
			place[at] = i
			v = append(v, weight{at: at})
			f.docs[at]++
		}
		v[i].share++
	}
	for word := range strings.FieldsSeq(words) {
		runes := []rune(word)
		telling := min(float32(len(runes))/tellingLength, 1)
		if runes[0] >= '\u2e80' { // scripts that write no spaces between words, or say more with fewer signs
			telling = 1
		}
		add(word, false, telling)
		edged := []rune(" " + word + " ")
		for i := 0; i+lettersInRun <= len(edged); i++ {
			add("\x00"+string(edged[i:i+lettersInRun]), true, telling)
		}
	}
	return v
}

// finish makes weights of counts: what is rare among n texts weighs more, words and
// letters have their shares, and the whole has length one.
func (f *features) finish(v []weight, n int) {
	var squares [2]float64
	kind := func(w weight) int {
		if f.letters[w.at] {
			return 1
		}
		return 0
	}
	for i, w := range v {
		rarity := math.Log(float64(1+fewTexts+n)/float64(1+f.docs[w.at])) + 1
		v[i].share = float32(rarity*(1+math.Log(float64(w.share)))) * f.telling[w.at]
		squares[kind(w)] += float64(v[i].share) * float64(v[i].share)
	}
	shares := [2]float64{wordShare, 1 - wordShare}
	if squares[1] == 0 { // too short for runs
		shares[0] = 1
	}
	for i, w := range v {
		if k := kind(w); squares[k] > 0 {
			v[i].share *= float32(math.Sqrt(shares[k] / squares[k]))
		}
	}
}
