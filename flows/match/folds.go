package match

import (
	"runtime"
	"slices"
	"sync"
)

// held is what is said of an example by a model that has not seen it.
type held struct {
	verdict
	place int     // of its own class among the likeliest: 0 is the first
	rival int     // the likeliest class that is another; -1: there is none
	share float64 // of the rival
	own   float64 // share of its own class
}

// Every example is held out once, in one of so many parts.
const folds = 5

// holdOut asks about every example as if it had not been there. It returns when
// all its goroutines have ended; how many there are changes nothing.
func (m *Model) holdOut(l *lore, j *judge) []held {
	out := make([]held, len(l.examples))
	workers := min(folds, runtime.GOMAXPROCS(0))
	var running sync.WaitGroup
	for first := range workers {
		running.Go(func() {
			w := newWeights(l.classes, l.features, l.size)
			for fold := first; fold < folds; fold += workers {
				m.holdOutPart(l, w, j, out, fold)
			}
		})
	}
	running.Wait()
	return out
}

// holdOutPart writes what is said of one part: every fifth example. They are in
// the order of their classes, so that each class is in each part.
func (m *Model) holdOutPart(l *lore, w weights, j *judge, out []held, fold int) {
	clear(w.rows)
	var rest []int
	for e := range l.examples {
		if e%folds != fold {
			rest = append(rest, e)
		}
	}
	l.fit(w, rest)
	logits := make([]float32, l.classes)
	for e := fold; e < len(l.examples); e += folds {
		clear(logits)
		w.logits(l.examples[e], logits)
		out[e] = m.heldOf(l, j, e, logits)
	}
}

// heldOf reads what logits say of an example. It turns them into shares.
func (m *Model) heldOf(l *lore, j *judge, e int, logits []float32) held {
	own := l.class[e]
	h := held{verdict: j.score(&m.features, l.stems[e], logits, own), rival: -1}
	softmax(logits)
	h.own = float64(logits[own])
	for c, share := range logits {
		if c == own {
			continue
		}
		if h.rival < 0 || float64(share) > h.share {
			h.rival, h.share = c, float64(share)
		}
		if share > logits[own] {
			h.place++
		}
	}
	first := slices.Max(logits)
	logits[slices.Index(logits, first)] = 0
	h.lead = float64(first - slices.Max(logits))
	return h
}

// Fewer examples, or fewer of each lesson, say nothing.
const (
	enoughExamples = 20
	enoughEach     = 3
)

// expect sums up what was said of the examples that were held out.
func (j *judge) expect(asked []held, lessons int) Expectation {
	x := Expectation{Examples: len(asked), Enough: len(asked) >= enoughExamples && len(asked) >= enoughEach*lessons}
	if len(asked) == 0 {
		return x
	}
	var answered, right, offered, within float64
	for _, h := range asked {
		switch j.sureness(h.verdict) {
		case Sure:
			answered++
			if h.place == 0 {
				right++
			}
		case Unsure:
			offered++
		case None:
		}
		if h.place < mostGuesses {
			within++
		}
	}
	n := float64(len(asked))
	x.Answered, x.Offered, x.Within = answered/n, offered/n, within/n
	x.Right = right / max(1, answered)
	return x
}
