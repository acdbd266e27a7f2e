package draw

// nearby is how far a state is moved at most to take a corner out of an edge.
const nearby = 40

// snap moves edges and states a little where that takes corners out of edges.
func (f *figure) snap(runs [][]*box) {
	f.allPorts()
	for _, run := range runs {
		f.snapRun(run)
	}
	f.allPorts()
	for _, layer := range f.layers {
		for _, b := range layer {
			if b.cell != nil {
				f.snapCell(b)
			}
		}
	}
}

// allPorts finds where every edge would leave every box as things stand.
func (f *figure) allPorts() {
	for _, layer := range f.layers {
		for _, b := range layer {
			b.ports()
		}
	}
}

func (b *box) ports() {
	ports(b.down, b, func(l *leg) *box { return l.bottom }, func(l *leg, x int) { l.x1 = x })
	ports(b.up, b, func(l *leg) *box { return l.top }, func(l *leg, x int) { l.x2 = x })
}

// snapRun moves the part of a run that is in one line below where its edge comes
// from, or above where it goes, if it has fewer corners there.
func (f *figure) snapRun(run []*box) {
	for from := 0; from < len(run); {
		to, low, high := from, -1<<30, 1<<30
		for ; to < len(run) && run[to].x == run[from].x; to++ {
			l, h := f.room(run[to])
			low, high = max(low, l), min(high, h)
		}
		first, last := run[from], run[to-1]
		if len(first.up) == 1 && len(last.down) == 1 {
			up, down := first.up[0], last.down[0]
			best, fewest := first.x, corners(up, down, first.x)
			for _, x := range []int{up.x1, down.x2} {
				if n := corners(up, down, x); x >= low && x <= high && n < fewest {
					best, fewest = x, n
				}
			}
			for _, b := range run[from:to] {
				b.x = best
			}
		}
		from = to
	}
}

// corners is how many times an edge goes aside that passes at x.
func corners(up, down *leg, x int) int {
	n := 0
	if up.x1 != x {
		n++
	}
	if b := down.bottom; b.cell == nil && b.x != x || b.cell != nil && (x < b.x-b.cell.width/2+portRoom || x > b.x+b.cell.width/2-portRoom) {
		n++
	}
	return n
}

// snapCell moves a state to where more of its edges are straight.
func (f *figure) snapCell(b *box) {
	low, high := f.room(b)
	home := b.x
	best, most := home, b.straight()
	for _, l := range b.up {
		if by := l.top.x - l.x2; by != 0 && by <= nearby && by >= -nearby {
			best, most = b.try(home+by, low, high, best, most)
		}
	}
	for _, l := range b.down {
		if by := l.bottom.x - l.x1; by != 0 && by <= nearby && by >= -nearby {
			best, most = b.try(home+by, low, high, best, most)
		}
	}
	b.x = best
	b.ports()
}

// try moves a state to x, if there is room, and keeps the better of both places.
func (b *box) try(x, low, high, best, most int) (better, straight int) {
	if x < low || x > high {
		return best, most
	}
	b.x = x
	b.ports()
	if n := b.straight(); n > most {
		return x, n
	}
	return best, most
}

// straight is how many edges leave a state without a corner.
func (b *box) straight() int {
	n := 0
	for _, l := range b.up {
		if l.x2 == l.top.x {
			n++
		}
	}
	for _, l := range b.down {
		if l.x1 == l.bottom.x {
			n++
		}
	}
	return n
}
