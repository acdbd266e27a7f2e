package match

import (
	"math"
	"math/rand/v2"
	"slices"
)

// weights of a multinomial logistic regression: a row of classes for each feature.
type weights struct {
	classes int
	rows    []float32
}

// More rounds and other steps change nothing much; fewer are worse.
const (
	rounds    = 10
	firstStep = 4.0
)

func newWeights(classes, features int) weights {
	return weights{classes, make([]float32, features*classes)}
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
		x := v.weight[i]
		row := w.rows[int(at)*w.classes:][:len(to)]
		for c := range to {
			to[c] += x * row[c]
		}
	}
}

// add moves the weights along a text by so much for each class.
func (w weights) add(v vector, by []float32) {
	for i, at := range v.at {
		x := v.weight[i]
		row := w.rows[int(at)*w.classes:][:len(by)]
		for c := range by {
			row[c] += x * by[c]
		}
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
