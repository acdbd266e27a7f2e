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
