package draw

import "slices"

// box is a place in a layer: of a cell, of a label, or of an edge that goes
// through. Layers of cells and layers of labels take turns.
type box struct {
	cell        *cell
	label       *link // whose label it holds
	left, right int   // how far it reaches from x
	height      int
	layer, at   int // at is its place in the layer
	middle      int // of its neighbours' places, while the layer is sorted
	x, y        int // x of its middle, y of its top
	up, down    []*leg
}

// leg is the part of an edge, or of several with one way, between two layers.
type leg struct {
	top, bottom *box
	pull        int // see there
	x1, x2      int // where it leaves top and comes to bottom
	track       int // in which track between the layers it goes sideways; -1: it does not
}

// ranks orders the cells from top to bottom: each below those that lead to it,
// but for the ways back, which are those that close a circle when one follows
// the edges in the order of the file, and all to the state in which the flow
// begins, which is above everything. met are the cells in the order in which one
// comes to them.
func (f *figure) ranks() (rank map[*cell]int, met []*cell) {
	out := map[*cell][]*link{}
	for _, l := range f.links {
		out[l.from] = append(out[l.from], l)
	}
	state := map[*cell]int{} // 1: on the way, 2: done
	var done []*cell
	var visit func(c *cell)
	visit = func(c *cell) {
		state[c] = 1
		met = append(met, c)
		for _, l := range out[c] {
			switch state[l.to] {
			case 0:
				visit(l.to)
			case 1:
				l.up = true
			}
		}
		state[c] = 2
		done = append(done, c)
	}
	for _, first := range []bool{true, false} {
		for _, c := range f.cells {
			if c.start == first && state[c] == 0 {
				visit(c)
			}
		}
	}
	rank = map[*cell]int{}
	for _, l := range f.links {
		if l.to.start && !l.up {
			l.up, rank[l.from] = true, 1
		}
	}
	for _, c := range slices.Backward(done) {
		for _, l := range out[c] {
			if !l.up {
				rank[l.to] = max(rank[l.to], rank[c]+1)
			}
		}
	}
	f.lower(rank, out, done)
	return rank, met
}

// lower brings cells that nothing leads to down to what they lead to.
func (f *figure) lower(rank map[*cell]int, out map[*cell][]*link, done []*cell) {
	led := map[*cell]bool{}
	for _, l := range f.links {
		if !l.up {
			led[l.to] = true
		}
	}
	for _, c := range done {
		nearest := -1
		for _, l := range out[c] {
			if !l.up && (nearest < 0 || rank[l.to] < nearest) {
				nearest = rank[l.to]
			}
		}
		if !led[c] && !c.start && nearest > 0 {
			rank[c] = max(rank[c], nearest-1)
		}
	}
}

const (
	throughRoom = 5  // how far an edge that goes through keeps others away
	portRoom    = 14 // between two edges at a cell
)

// layer puts the cells into layers, with a box for every label and every edge
// that goes through a layer.
func (f *figure) layer() {
	rank, met := f.ranks()
	deepest := 0
	for _, r := range rank {
		deepest = max(deepest, r)
	}
	f.layers = make([][]*box, 2*deepest+1)
	for _, c := range met {
		c.box = &box{cell: c, left: c.width / 2, right: c.width - c.width/2, height: c.height}
		if c.start {
			c.box.left += startRoom
		}
		if len(c.loops) > 0 {
			c.box.right += loopRoom
			for _, l := range c.loops {
				c.box.right = max(c.box.right, c.width/2+loopRoom+l.wide)
			}
			c.height = max(c.height, loopsHeight(c.loops)+2*padY)
			c.box.height = c.height
		}
		f.put(c.box, 2*rank[c])
	}
	trunks := map[*cell]map[int]*box{}
	for _, l := range f.links {
		f.chain(l, trunks)
	}
	for _, c := range f.cells { // wide enough for its edges
		if room := (max(len(c.box.up), len(c.box.down)) + 1) * portRoom; room > c.width {
			c.box.left += room/2 - c.width/2
			c.box.right += room - room/2 - (c.width - c.width/2)
			c.width = room
		}
	}
}

func (f *figure) put(b *box, layer int) *box {
	b.layer, b.at = layer, len(f.layers[layer])
	f.layers[layer] = append(f.layers[layer], b)
	return b
}

func join(top, bottom *box) *leg {
	for _, l := range top.down {
		if l.bottom == bottom && bottom.cell == nil {
			return l
		}
	}
	l := &leg{top: top, bottom: bottom, pull: pull(top, bottom), track: -1}
	top.down, bottom.up = append(top.down, l), append(bottom.up, l)
	return l
}

// chain leads a link through the layers. Ways back to one state share their way.
func (f *figure) chain(l *link, trunks map[*cell]map[int]*box) {
	upper, lower := l.from.box, l.to.box
	if l.up {
		upper, lower = lower, upper
	}
	named := upper.layer + 1 // where its label is: near the state in which one chooses
	if l.up {
		named = lower.layer - 1
	}
	last := upper
	for layer := upper.layer + 1; layer < lower.layer; layer++ {
		var b *box
		switch {
		case layer == named:
			b = f.put(f.named(l), layer)
		case l.up:
			if trunks[l.to] == nil {
				trunks[l.to] = map[int]*box{}
			}
			if b = trunks[l.to][layer]; b == nil {
				b = f.put(&box{left: throughRoom, right: throughRoom}, layer)
				trunks[l.to][layer] = b
			}
		default:
			b = f.put(&box{left: throughRoom, right: throughRoom}, layer)
		}
		l.chain = append(l.chain, join(last, b))
		last = b
	}
	l.chain = append(l.chain, join(last, lower))
}

// named is the box of a link's label.
func (f *figure) named(l *link) *box {
	half := throughRoom
	if len(l.label) > 0 {
		half = l.wide/2 + 3
	}
	return &box{label: l, left: half, right: half, height: len(l.label) * labelLine}
}

func loopsHeight(links []*link) int {
	height := 0
	for _, l := range links {
		height += max(len(l.label), 1)*labelLine + 4
	}
	return height
}
