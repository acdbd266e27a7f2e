package draw

import (
	"cmp"
	"slices"
)

// uncross orders the boxes of each layer so that few edges cross: each goes to
// the middle of its neighbours above, then below, again and again, and the best
// order that was met is kept.
func (f *figure) uncross() {
	rounds := min(max(60_000/max(f.size(), 1), 3), 24)
	best, fewest := f.order(), f.crossings()
	for round := 0; round < rounds && fewest > 0; round++ {
		for i := 1; i < len(f.layers); i++ {
			byMiddle(f.layers[i], func(b *box) []*leg { return b.up }, func(l *leg) *box { return l.top })
		}
		best, fewest = f.better(best, fewest)
		for i := len(f.layers) - 2; i >= 0; i-- {
			byMiddle(f.layers[i], func(b *box) []*leg { return b.down }, func(l *leg) *box { return l.bottom })
		}
		best, fewest = f.better(best, fewest)
	}
	for i, layer := range best {
		f.layers[i] = layer
		number(layer)
	}
	f.swap()
}

// size is how many boxes there are.
func (f *figure) size() int {
	n := 0
	for _, layer := range f.layers {
		n += len(layer)
	}
	return n
}

func (f *figure) order() [][]*box {
	order := make([][]*box, 0, len(f.layers))
	for _, layer := range f.layers {
		order = append(order, slices.Clone(layer))
	}
	return order
}

func (f *figure) better(best [][]*box, fewest int) (order [][]*box, crossings int) {
	if n := f.crossings(); n < fewest {
		return f.order(), n
	}
	return best, fewest
}

func number(layer []*box) {
	for i, b := range layer {
		b.at = i
	}
}

// byMiddle sorts a layer by the middles of the boxes' neighbours. Whoever has
// none stays where it is.
func byMiddle(layer []*box, legs func(*box) []*leg, other func(*leg) *box) {
	const fine = 1 << 16
	for _, b := range layer {
		b.middle = b.at * fine
		if all := legs(b); len(all) > 0 {
			sum := 0
			for _, l := range all {
				sum += other(l).at * fine
			}
			b.middle = sum / len(all)
		}
	}
	slices.SortStableFunc(layer, func(a, b *box) int { return cmp.Compare(a.middle, b.middle) })
	number(layer)
}

// crossings counts how often two edges cross between layers.
func (f *figure) crossings() int {
	n := 0
	for i := 0; i+1 < len(f.layers); i++ {
		n += crossingsBelow(f.layers[i], len(f.layers[i+1]))
	}
	return n
}

func crossingsBelow(layer []*box, below int) int {
	var ends []int
	for _, b := range layer {
		from := len(ends)
		for _, l := range b.down {
			ends = append(ends, l.bottom.at)
		}
		slices.Sort(ends[from:])
	}
	// A tree of sums tells for each end how many that came before are to its right.
	sums := make([]int, below+1)
	n := 0
	for i, end := range ends {
		left := 0
		for at := end + 1; at > 0; at -= at & -at {
			left += sums[at]
		}
		n += i - left
		for at := end + 1; at <= below; at += at & -at {
			sums[at]++
		}
	}
	return n
}

// swap exchanges neighbours where that saves crossings.
func (f *figure) swap() {
	for range 4 {
		saved := false
		for _, layer := range f.layers {
			for i := 0; i+1 < len(layer); i++ {
				a, b := layer[i], layer[i+1]
				if between(b, a) < between(a, b) {
					layer[i], layer[i+1] = b, a
					a.at, b.at = i+1, i
					saved = true
				}
			}
		}
		if !saved {
			return
		}
	}
}

// between counts the crossings of the edges of two boxes of which left is left.
func between(left, right *box) int {
	n := 0
	for _, a := range left.up {
		for _, b := range right.up {
			if a.top.at > b.top.at {
				n++
			}
		}
	}
	for _, a := range left.down {
		for _, b := range right.down {
			if a.bottom.at > b.bottom.at {
				n++
			}
		}
	}
	return n
}
