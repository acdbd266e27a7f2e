package match

// mind is one way to judge a text: by its words and letters, or by its point
// beside them.
type mind struct {
	weights weights
	judge   judge
	expects Expectation
	trust   float64 // the share that held out examples give their own answer, on average
}

// train makes a mind of what there is to learn from, and says what it makes of
// every example when it has not seen that.
func (m *Model) train(l *lore, j judge) (mind, []held) {
	mind := mind{weights: newWeights(l.classes, l.features, l.size), judge: j}
	all := make([]int, len(l.examples))
	for e := range all {
		all[e] = e
	}
	l.fit(mind.weights, all)
	out := m.holdOut(l, &mind.judge)
	asked := l.asked(out)
	mind.judge.settle(asked, l.classes)
	mind.expects = mind.judge.expect(asked, l.classes)
	for _, h := range asked {
		mind.trust += h.own / float64(len(asked))
	}
	return mind, out
}
