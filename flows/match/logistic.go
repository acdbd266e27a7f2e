package match

import (
	"math"
	"math/rand/v2"
	"slices"
)

// weights of a multinomial logistic regression: a row of classes for each feature.
type weights struct {
	classes  int
	features int
	rows     []float32 // those of the places of a point come last
}

// More rounds and other steps change nothing much; fewer are worse.
const (
	rounds    = 10
	firstStep = 4.0
)

func newWeights(classes, features, size int) weights {
	return weights{classes, features, make([]float32, (features+size)*classes)}
}

// fit trains by stochastic gradient descent over the examples whose indices are
// given, in an order that is shuffled the same way each time.
func (l *lore) fit(w weights, who []int) {
	order := slices.Clone(who)
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a fixed order, no secret
	p := make([]float32, l.classes)
	for round := range rounds {
		now := float32(firstStep * (1 - float64(round)/float64(rounds)))
		chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, e := range order {
			clear(p)
			w.logits(l.examples[e], p)
			softmax(p)
			p[l.class[e]]--
			for c := range p {
				p[c] *= -now
			}
			w.add(l.examples[e], p)
		}
	}
}

// logits adds what each class scores for a text.
func (w weights) logits(v vector, to []float32) {
	for i, at := range v.at {
		accumulate(to, w.rows[int(at)*w.classes:], v.weight[i])
	}
	for i, x := range v.point {
		accumulate(to, w.rows[(w.features+i)*w.classes:], x)
	}
}

// add moves the weights along a text by so much for each class.
func (w weights) add(v vector, by []float32) {
	for i, at := range v.at {
		accumulate(w.rows[int(at)*w.classes:][:w.classes], by, v.weight[i])
	}
	for i, x := range v.point {
		accumulate(w.rows[(w.features+i)*w.classes:][:w.classes], by, x)
	}
}

// accumulate adds x times what to: nearly all the time of learning and asking is
// spent here. Eight at a time take half as long as one.
func accumulate(to, what []float32, x float32) {
	what = what[:len(to)]
	for len(to) >= 8 {
		t, w := (*[8]float32)(to), (*[8]float32)(what)
		t[0] += x * w[0]
		t[1] += x * w[1]
		t[2] += x * w[2]
		t[3] += x * w[3]
		t[4] += x * w[4]
		t[5] += x * w[5]
		t[6] += x * w[6]
		t[7] += x * w[7]
		to, what = to[8:], what[8:]
	}
	for i := range to {
		to[i] += x * what[i]
	}
}

// softmax turns logits into probabilities, in place.
func softmax(p []float32) {
	most := slices.Max(p)
	var sum float32
	for i, x := range p {
		p[i] = float32(math.Exp(float64(x - most)))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}
