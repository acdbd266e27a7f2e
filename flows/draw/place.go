package draw

import "slices"

const (
	apartX   = 22 // between two cells
	apartWay = 9  // between what goes through, and labels
	apartY   = 18 // above and below what is between two layers
	trackY   = 9  // between two tracks
)

// gap is how far two neighbours stay apart.
func gap(a, b *box) int {
	if a.cell != nil && b.cell != nil {
		return apartX
	}
	return apartWay
}

// least is how near neighbours may come where that makes an edge straight.
func least(a, b *box) int { return gap(a, b) - 5 }

// spread finds x for every box: near the middle of its neighbours above and
// below, in its order, and apart from those beside it.
func (f *figure) spread() {
	for _, layer := range f.layers {
		x := 0
		for i, b := range layer {
			if i > 0 {
				x += gap(layer[i-1], b)
			}
			b.x = x + b.left
			x = b.x + b.right
		}
	}
	rounds := 12
	if f.size() > 4000 { // large figures are not looked at so closely
		rounds = 5
	}
	for round := range rounds {
		for i := 1; i < len(f.layers); i++ {
			settle(f.layers[i], true, round >= rounds-3)
		}
		for i := len(f.layers) - 2; i >= 0; i-- {
			settle(f.layers[i], round >= rounds-3, true)
		}
	}
	runs := f.runs()
	for range 4 {
		f.straighten(runs)
	}
	for range 4 {
		f.snap(runs)
	}
	f.align()
}

// pull is how strongly an edge holds two boxes below one another: what only
// goes through is to be straight.
func pull(top, bottom *box) int {
	switch {
	case top.through() && bottom.through():
		return 16
	case top.cell == nil && bottom.cell == nil:
		return 8
	case top.cell == nil || bottom.cell == nil:
		return 2
	default:
		return 1
	}
}

// settle moves the boxes of a layer to where their neighbours want them, as far
// as they find place: a box that would be too near to the one before it makes a
// block with it, and blocks stand at the mean of their wishes.
func settle(layer []*box, above, below bool) {
	type block struct{ sum, weight, from int }
	var blocks []block
	offset := make([]int, len(layer)) // of each box from the first, when all stand close
	for i, b := range layer {
		if i > 0 {
			offset[i] = offset[i-1] + layer[i-1].right + gap(layer[i-1], b) + b.left
		}
		sum, weight := wish(b, above, below)
		blocks = append(blocks, block{sum - weight*offset[i], weight, i})
		for n := len(blocks); n > 1; n = len(blocks) {
			last, before := blocks[n-1], blocks[n-2]
			if mean(before.sum, before.weight) <= mean(last.sum, last.weight) {
				break
			}
			blocks = append(blocks[:n-2], block{before.sum + last.sum, before.weight + last.weight, before.from})
		}
	}
	for n, bl := range blocks {
		to := len(layer)
		if n+1 < len(blocks) {
			to = blocks[n+1].from
		}
		for i := bl.from; i < to; i++ {
			layer[i].x = mean(bl.sum, bl.weight) + offset[i]
		}
	}
}

func mean(sum, weight int) int {
	if sum < 0 {
		return -((-sum + weight/2) / weight)
	}
	return (sum + weight/2) / weight
}

// wish is where the neighbours of a box want it, times the weight of the wish.
func wish(b *box, above, below bool) (sum, weight int) {
	if above {
		for _, l := range b.up {
			sum, weight = sum+l.pull*l.top.x, weight+l.pull
		}
	}
	if below {
		for _, l := range b.down {
			sum, weight = sum+l.pull*l.bottom.x, weight+l.pull
		}
	}
	if weight == 0 {
		return b.x, 1
	}
	return sum, weight
}

// through reports whether edges only go through a box.
func (b *box) through() bool { return b.cell == nil && b.label == nil }

// next is the box below with which a box is to be in line: the one way on, or of
// several the one that only goes through. nil: there is none.
func (b *box) next() *box {
	if b.cell != nil {
		return nil
	}
	var on *box
	for _, l := range b.down {
		if l.bottom.cell == nil && (len(b.down) == 1 || b.through() && l.bottom.through()) {
			on = l.bottom
		}
	}
	return on
}

// runs are the boxes on edges, each with those that are to be in line below it.
func (f *figure) runs() [][]*box {
	var all [][]*box
	in := map[*box]bool{}
	for _, layer := range f.layers {
		for _, b := range layer {
			if b.cell != nil || in[b] {
				continue
			}
			var run []*box
			for ; b != nil && !in[b]; b = b.next() {
				in[b] = true
				run = append(run, b)
			}
			all = append(all, run)
		}
	}
	return all
}

// straighten makes runs of boxes stand below one another, as far as their
// neighbours leave them the place.
func (f *figure) straighten(runs [][]*box) {
	for _, run := range runs {
		from, low, high := 0, -1<<30, 1<<30
		for i, b := range run {
			l, h := f.room(b)
			if max(low, l) > min(high, h) {
				inLine(run[from:i], low, high)
				from, low, high = i, -1<<30, 1<<30
			}
			low, high = max(low, l), min(high, h)
		}
		inLine(run[from:], low, high)
	}
}

// inLine gives some boxes one x, in the middle of those that they have.
func inLine(run []*box, low, high int) {
	all := make([]int, 0, len(run))
	for _, b := range run {
		all = append(all, b.x)
	}
	slices.Sort(all)
	x := min(max(all[len(all)/2], low), high)
	for _, b := range run {
		b.x = x
	}
}

// room is between which places a box can move without touching its neighbours.
func (f *figure) room(b *box) (low, high int) {
	layer := f.layers[b.layer]
	low, high = -1<<30, 1<<30
	if b.at > 0 {
		n := layer[b.at-1]
		low = n.x + n.right + least(n, b) + b.left
	}
	if b.at+1 < len(layer) {
		n := layer[b.at+1]
		high = n.x - n.left - least(b, n) - b.right
	}
	return low, high
}

// align moves the whole figure so that it begins at 0, and says how wide it is.
func (f *figure) align() {
	left, right := 1<<30, -1<<30
	for _, layer := range f.layers {
		for _, b := range layer {
			left, right = min(left, b.x-b.left), max(right, b.x+b.right)
		}
	}
	for _, layer := range f.layers {
		for _, b := range layer {
			b.x -= left
		}
	}
	f.width = right - left
}
