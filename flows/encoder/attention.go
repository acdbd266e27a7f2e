package encoder

import "math"

// attention is how large a layer's attention is.
type attention struct {
	count int // rows
	width int // of all heads together
	heads int
}

// attend writes to dst, for each row and head, the mean of all rows' values;
// each counts by how well its key fits the row's query.
// asked has the rows of queries, keys and values side by side.
func attend(dst, asked, shares []float32, by attention, a arithmetic) {
	size := by.width / by.heads
	scale := float32(1 / math.Sqrt(float64(size)))
	part := func(row, kind, head int) []float32 {
		return asked[(3*row+kind)*by.width+head*size:][:size]
	}
	for head := range by.heads {
		for row := range by.count {
			query := part(row, 0, head)
			for other := range shares {
				shares[other] = scale * a.dot(query, part(other, 1, head))
			}
			softmax(shares)
			to := dst[row*by.width+head*size:][:size]
			clear(to)
			for other, share := range shares {
				a.add(to, part(other, 2, head), share)
			}
		}
	}
}

// softmax makes shares of scores: positive, of the sum 1.
func softmax(x []float32) {
	most := x[0]
	for _, v := range x {
		most = max(most, v)
	}
	var total float32
	for i, v := range x {
		x[i] = float32(math.Exp(float64(v - most)))
		total += x[i]
	}
	for i := range x {
		x[i] /= total
	}
}

// dotPortable sums the products of a and b in eight sums, as vector instructions do.
// Their length is a multiple of eight.
func dotPortable(a, b []float32) float32 {
	var s [8]float32
	for ; len(a) >= 8 && len(b) >= 8; a, b = a[8:], b[8:] {
		for i := range s {
			s[i] += float32(a[i] * b[i])
		}
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// addPortable adds x, multiplied, to dst.
func addPortable(dst, x []float32, times float32) {
	for i, v := range x[:len(dst)] {
		dst[i] += float32(v * times)
	}
}
