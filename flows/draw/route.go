package draw

import (
	"cmp"
	"slices"
)

// route leads the edges between the layers, and finds y for every box: where
// edges go sideways there are as many tracks as they need.
func (f *figure) route() {
	y := 0
	for i, layer := range f.layers {
		height := 0
		for _, b := range layer {
			b.y = y
			height = max(height, b.height)
		}
		y += height
		f.ends = append(f.ends, y)
		if i+1 == len(f.layers) {
			break
		}
		y += f.between(i)
	}
	f.height = y
}

// between gives the edges below a layer their tracks, and says how high they are.
func (f *figure) between(i int) int {
	for _, b := range f.layers[i] {
		ports(b.down, b, func(l *leg) *box { return l.bottom }, func(l *leg, x int) { l.x1 = x })
	}
	var legs []*leg
	for _, b := range f.layers[i+1] {
		ports(b.up, b, func(l *leg) *box { return l.top }, func(l *leg, x int) { l.x2 = x })
		legs = append(legs, b.up...)
	}
	tracks := assign(legs)
	if tracks == 0 {
		return apartY
	}
	return 2*apartY - 4 + (tracks-1)*trackY
}

// ports finds where edges leave a box: straight above what they go to, when
// they can, in order and apart.
func ports(legs []*leg, b *box, other func(*leg) *box, set func(*leg, int)) {
	if b.cell == nil {
		for _, l := range legs {
			set(l, b.x)
		}
		return
	}
	slices.SortStableFunc(legs, func(p, q *leg) int { return cmp.Compare(other(p).at, other(q).at) })
	half := b.cell.width/2 - portRoom
	apart := portRoom
	if n := len(legs) - 1; n > 0 {
		apart = min(apart, 2*half/n)
	}
	xs := make([]int, len(legs))
	for i, l := range legs {
		low, high := b.x-half+i*apart, b.x+half-(len(legs)-1-i)*apart
		xs[i] = min(max(other(l).x, low), high)
		if i > 0 {
			xs[i] = max(xs[i], xs[i-1]+apart)
		}
	}
	for i, l := range legs {
		set(l, xs[i])
	}
}

// assign gives every edge that goes sideways its track, counted from above, and
// says how many there are. Edges that overlap have different tracks, in the
// order in which they cross each other least.
func assign(legs []*leg) int {
	var aside []*leg
	for _, l := range legs {
		l.track = -1
		if l.x1 != l.x2 {
			aside = append(aside, l)
		}
	}
	slices.SortStableFunc(aside, func(a, b *leg) int { return cmp.Compare(first(a), first(b)) })
	for range min(len(aside), 40) {
		moved := false
		for i := 0; i+1 < len(aside); i++ {
			if cost(aside[i+1], aside[i]) < cost(aside[i], aside[i+1]) {
				aside[i], aside[i+1], moved = aside[i+1], aside[i], true
			}
		}
		if !moved {
			break
		}
	}
	tracks := 0
	for i, l := range aside {
		l.track = 0
		for _, above := range aside[:i] {
			if overlap(above, l) {
				l.track = max(l.track, above.track+1)
			}
		}
		tracks = max(tracks, l.track+1)
	}
	return tracks
}

// first sorts edges to the right from the right, and edges to the left from the
// left, so that edges of one cell do not cross.
func first(l *leg) int {
	if l.x2 > l.x1 {
		return -l.x1
	}
	return l.x1
}

func span(l *leg) (low, high int) { return min(l.x1, l.x2), max(l.x1, l.x2) }

// overlap reports whether two edges would touch in one track.
func overlap(a, b *leg) bool {
	al, ah := span(a)
	bl, bh := span(b)
	return al <= bh+throughRoom && bl <= ah+throughRoom
}

// cost is how often two edges cross, with upper in a track above lower. To run
// along in one line is worst; edges that share their way do not cross.
func cost(upper, lower *leg) int {
	n := 0
	if l, h := span(upper); lower.x1 >= l && lower.x1 <= h && (upper.top != lower.top || upper.x1 != lower.x1) {
		n++ // what comes down to lower crosses upper
	}
	if l, h := span(lower); upper.x2 >= l && upper.x2 <= h && (upper.bottom != lower.bottom || upper.x2 != lower.x2) {
		n++ // what goes down from upper crosses lower
	}
	if upper.x2 == lower.x1 {
		n += 100
	}
	return n
}
