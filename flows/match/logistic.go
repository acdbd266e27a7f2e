package match

import (
	"math"
	"math/rand/v2"
)

// weights of a multinomial logistic regression: a row of classes for each feature.
type weights struct {
	classes int
	rows    []float32
	bias    []float32
}

const (
	rounds    = 30
	firstStep = 4.0
)

// fit trains weights by stochastic gradient descent. The order is shuffled the
// same way each time.
func fit(examples []vector, class []int, features, classes int) weights {
	w := weights{classes, make([]float32, features*classes), make([]float32, classes)}
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a fixed order, no secret
	p := make([]float32, classes)
	for round := range rounds {
		step := float32(firstStep * (1 - float64(round)/rounds))
		chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, e := range order {
			w.logits(examples[e], p)
			softmax(p)
			p[class[e]]--
			w.descend(examples[e], p, step)
		}
	}
	return w
}

// logits writes what each class scores for a text.
func (w weights) logits(v vector, to []float32) {
	copy(to, w.bias)
	for i, at := range v.at {
		x := v.weight[i]
		row := w.rows[int(at)*w.classes:][:len(to)]
		for c := range to {
			to[c] += x * row[c]
		}
	}
}

// descend moves the weights against a gradient.
func (w weights) descend(v vector, gradient []float32, step float32) {
	for i, at := range v.at {
		x := v.weight[i] * step
		row := w.rows[int(at)*w.classes:][:len(gradient)]
		for c := range gradient {
			row[c] -= x * gradient[c]
		}
	}
}

// softmax turns logits into probabilities, in place.
func softmax(p []float32) {
	most := p[0]
	for _, x := range p {
		most = max(most, x)
	}
	var sum float32
	for i, x := range p {
		p[i] = float32(math.Exp(float64(x - most)))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}
