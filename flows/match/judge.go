package match

import (
	"math"
	"slices"
)

// judge says how sure a guess is: of a message that is one of ours at all, and
// of the first guess against the second.
type judge struct {
	owners     map[owner]int32 // in how many examples of a class a word is
	each       float64         // examples a class, on average
	sure, none float64         // scores: below sure people are asked, below none it is none of ours
}

// owner is a class that has a word in its examples.
type owner struct {
	stem  uint64
	class int32
}

const (
	// What a common word counts as evidence; the rarest count 3 to 7.
	commonEvidence = 0.5

	// A score of 0 is as likely one of ours as not. Files of two answers and of
	// a hundred have been measured: these hold for all of them.
	surely = -0.25
	hardly = -1.0

	// A first guess that leads by less is a tie with the second.
	leads = 0.1

	// Where a business's own examples score higher than that when held out, so
	// do its customers' questions, and the thresholds rise to what these shares
	// of them fall short of.
	sureShare = 0.15
	noneShare = 0.04
)

// count notes the words of one example of a class.
func (j *judge) count(stems []uint64, class int) {
	if j.owners == nil {
		j.owners = map[owner]int32{}
	}
	for i, stem := range stems {
		if !slices.Contains(stems[:i], stem) {
			j.owners[owner{stem, int32(class)}]++
		}
	}
}

// settle sets the thresholds by what is said of examples that were held out.
func (j *judge) settle(asked []held) {
	j.sure, j.none = surely, hardly
	if len(asked) == 0 {
		return
	}
	scores := make([]float64, len(asked))
	for i, h := range asked {
		scores[i] = h.score
	}
	slices.Sort(scores)
	j.sure = max(j.sure, scores[int(sureShare*float64(len(scores)))])
	j.none = max(j.none, scores[int(noneShare*float64(len(scores)))])
}

// score is about the logarithm of the odds that a text is one of ours: how
// strongly its class wants it, how many of its words the business uses, and how
// many that class does. The constants are a logistic regression's over small
// and large files; docs/answers.md tells which. own is the class of an example
// that is judged as if it had not been there; -1: none.
func (j *judge) score(f *features, stems []uint64, logits []float32, own int) float64 {
	top := slices.Index(logits, slices.Max(logits))
	var total, known, cover float64
	for _, stem := range stems {
		weight := float64(f.rarityOf(stem))
		if f.common[stem] {
			weight = commonEvidence
		}
		docs, mine := f.holders(stem), j.owners[owner{stem, int32(top)}]
		if own >= 0 {
			docs--
		}
		if own == top {
			mine--
		}
		total += weight
		if docs > 0 {
			known += weight
		}
		if mine > 0 {
			cover += weight
		}
	}
	score := -0.33 + 1.15*float64(logits[top]) + (2.21*known+5.02*cover)/total
	score -= 1.03*math.Log(float64(len(logits))) + 1.20*math.Log(j.each)
	if len(logits) == 1 {
		score -= 0.23
	}
	return score
}

// sureness is what a score and the lead of the first guess come to.
func (j *judge) sureness(score, lead float64) Sureness {
	switch {
	case score < j.none:
		return None
	case score < j.sure || lead < leads:
		return Unsure
	}
	return Sure
}
