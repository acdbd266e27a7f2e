package draw

const (
	regionPad   = 22
	regionTitle = 30
	regionApart = 26
	pagePad     = 28
	pageTitle   = 58
)

// layOut finds a place for everything in a figure.
func (f *figure) layOut() {
	f.layer()
	f.uncross()
	f.spread()
	f.route()
	widths := readWidths()
	title := newFont(widths, 15, true).width(f.name)
	f.width = max(f.width, title) + 2*regionPad
	f.height += regionTitle + 2*regionPad
}

// pack puts the figures beside and below one another so that the picture is
// neither long nor wide, each as high up as it can be, the first in the corner.
func pack(all []*figure) (width, height int) {
	widest, sum := 0, 0
	for _, f := range all {
		widest, sum = max(widest, f.width), sum+f.width+regionApart
	}
	tries := 96
	if len(all) > 20 {
		tries = 24
	}
	best, room := -1, widest
	for try := widest; try <= sum; try += max((sum-widest)/tries, 1) {
		w, h := stack(all, try)
		if badness := bad(w, h); best < 0 || badness < best {
			best, room = badness, try
		}
	}
	return stack(all, room)
}

// bad grows with the size of a picture, and as it gets longer or wider than a screen.
func bad(width, height int) int {
	long, short := max(3*width, 4*height), min(3*width, 4*height)
	return width * height / 100 * (300 + 100*long/max(short, 1)) / 100
}

// stack puts the figures where they are as high as possible, then as far left,
// within so many pixels.
func stack(all []*figure, room int) (width, height int) {
	for i, f := range all {
		f.x, f.y = 0, below(all[:i], 0, f.width)
		for _, left := range all[:i] {
			x := left.x + left.width + regionApart
			if x+f.width > room {
				continue
			}
			if y := below(all[:i], x, x+f.width); y < f.y || y == f.y && x < f.x {
				f.x, f.y = x, y
			}
		}
		width, height = max(width, f.x+f.width), max(height, f.y+f.height)
	}
	return width, height
}

// below is the first y at which nothing is in the way between two x.
func below(all []*figure, from, to int) int {
	y := 0
	for _, f := range all {
		if f.x < to+regionApart && from < f.x+f.width+regionApart {
			y = max(y, f.y+f.height+regionApart)
		}
	}
	return y
}
