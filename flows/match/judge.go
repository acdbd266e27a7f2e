package match

import (
	"math"
	"slices"
)

// judge says how sure a guess is: of a message that is one of ours at all, and
// of the first guess against the second.
type judge struct {
	terms
	said       map[uint64]bool // hashes of examples as they are
	owners     map[owner]int32 // in how many examples of a class a word is
	perClass   float64         // examples a class, on average
	leading    float64         // of the first share over the second: with less people are asked
	sure, none float64         // scores: below sure people are asked, below none it is none of ours
}

// terms are the constants of a kind of score.
type terms struct {
	one, logit, known, cover float64
	classes, each, alone     float64

	tie float64 // in large files a first guess that leads by less is as good as the second
}

// lead is by how much a first guess must lead the second. Of a few answers one
// always leads: of five that do not fit one fits the least badly.
func (t terms) lead(classes int) float64 {
	return max(t.tie, fewLead-eachLead*math.Log(float64(classes)))
}

func byWords() terms {
	return terms{one: -0.28, logit: 1.12, known: 2.39, cover: 5.71, classes: -1.05, each: -1.24, alone: -0.23, tie: 0.12}
}

func byPoints() terms {
	return terms{one: 0.17, logit: 1.93, known: 3.39, cover: 4.42, classes: -1.88, each: -1.77, alone: 0.02, tie: 0.05}
}

// owner is a class that has a word in its examples.
type owner struct {
	stem  uint64
	class int32
}

const (
	// What a common word counts as evidence; the rarest count 3 to 7.
	commonEvidence = 0.5

	// What every text counts as having besides that nobody knows: one word that is
	// known does not make a question.
	doubt = 1.0

	// A score of 0 is as likely one of ours as not. Files of two answers and of
	// a hundred have been measured: these hold for all of them.
	surely = -0.25
	hardly = -1.0

	fewLead, eachLead = 0.40, 0.07

	// A vague text is offered answers only from so far above sure.
	vagueness = 1.5

	// Where a business's own examples score higher than that when held out, so
	// do its customers' questions, and the thresholds rise to what these shares
	// of them fall short of.
	sureShare = 0.10
	noneShare = 0.04
)

// count notes the words of one example of a class.
func (j *judge) count(stems []uint64, class int) {
	if j.owners == nil {
		j.owners, j.said = map[owner]int32{}, map[uint64]bool{}
	}
	j.said[hashAll(stems)] = true
	for i, stem := range stems {
		if !slices.Contains(stems[:i], stem) {
			j.owners[owner{stem, int32(class)}]++
		}
	}
}

// settle sets the thresholds by what is said of examples that were held out.
func (j *judge) settle(asked []held, classes int) {
	j.leading = j.lead(classes)
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

// verdict is how much speaks for the first guess of a text.
type verdict struct {
	score float64 // about the logarithm of the odds that the text is one of ours
	lead  float64 // of the first share over the second
	vague bool    // only common words of it are used: "do you" is in every other example
}

// score weighs how strongly its class wants a text, how many of its words the
// business uses, and how many that class does. The constants are a logistic
// regression's over small and large files; docs/answers.md tells which. own is
// the class of an example that is judged as if it had not been there; -1: none.
func (j *judge) score(f *features, stems []uint64, logits []float32, own int) verdict {
	top := slices.Index(logits, slices.Max(logits))
	total, known, cover, clear := doubt, 0.0, 0.0, false
	for _, stem := range stems {
		weight, common := float64(f.rarityOf(stem)), f.common[stem]
		used := f.holders(stem) > one(own >= 0)
		switch {
		case common && !used: // "I would like to know" speaks for nothing, and against nothing
			continue
		case common:
			weight = commonEvidence
		}
		total += weight
		if used {
			known += weight
			clear = clear || !common
		}
		if j.owners[owner{stem, int32(top)}] > one(own == top) {
			cover += weight
		}
	}
	t := j.terms
	score := t.one + t.logit*float64(logits[top]) + (t.known*known+t.cover*cover)/total
	score += t.classes*math.Log(float64(len(logits))) + t.each*math.Log(j.perClass)
	if len(logits) == 1 {
		score += t.alone
	}
	return verdict{score: score, vague: !clear && (own >= 0 || !j.said[hashAll(stems)])}
}

// sureness is what a verdict comes to.
func (j *judge) sureness(v verdict) Sureness {
	switch {
	case v.score < j.none, v.vague && v.score < j.sure+vagueness:
		return None
	case v.score < j.sure || v.lead < j.leading || v.vague:
		return Unsure
	}
	return Sure
}

func one(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}
