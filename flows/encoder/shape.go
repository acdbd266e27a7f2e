package encoder

import "fmt"

// shape is how large a model is.
type shape struct {
	pieces int // of the vocabulary
	embed  int // numbers of a piece
	width  int // numbers of a piece within the layers, and of a point
	hidden int // numbers between the two steps of a layer's second half
	heads  int // of attention
	layers int
}

// check refuses what the arithmetic is not made for.
func (s shape) check() error {
	for _, one := range []struct {
		what        string
		n, from, to int
		multiple    int
	}{
		{"pieces", s.pieces, reserved + 1, 1 << 16, 1},
		{"numbers of a piece", s.embed, columns, widest, columns},
		{"numbers of a point", s.width, columns, widest, columns},
		{"hidden numbers", s.hidden, columns, widest, columns},
		{"heads", s.heads, 1, s.embed / lanes, 1},
		{"layers", s.layers, 1, 8, 1},
	} {
		if one.n < one.from || one.n > one.to || one.n%one.multiple != 0 {
			return fmt.Errorf("%d %s: want %d to %d, a multiple of %d", one.n, one.what, one.from, one.to, one.multiple)
		}
	}
	if s.embed%(s.heads*lanes) != 0 || s.width%(s.heads*lanes) != 0 {
		return fmt.Errorf("%d heads: each needs a multiple of %d of the %d and %d numbers", s.heads, lanes, s.embed, s.width)
	}
	return nil
}
