package encoder

import "encoding/binary"

// times writes the rows of x, multiplied with m, to dst.
func (m *matrix) times(dst []float32, x *levels, a arithmetic) {
	for column := 0; column < m.out; column += columns {
		steps, bias := m.steps[column:], m.bias[column:]
		a.multiply(x.sums, x.values, m.panel(column))
		for r, step := range x.steps {
			a.write(dst[r*m.out+column:], &x.sums[r/rows][r%rows], steps, bias, step)
		}
	}
}

// multiplyPortable computes two columns with one multiplication: one column's
// weight is in the upper half of a word, the other's in the lower. The sum of the
// lower half fits into it with its sign, so it can be taken out of the upper.
func multiplyPortable(to []sums, x []int16, panel []byte) {
	var space [widest]int64
	weights := space[:len(panel)/columns]
	for column := 0; column < columns; column += 2 {
		pair(weights, panel[2*column:])
		for i := range to {
			four(&to[i], column, weights, x[i*rows*len(weights):])
		}
	}
}

// pair writes the weights of a panel's first two columns to the halves of words.
func pair(weights []int64, panel []byte) {
	for ; len(weights) >= 2 && len(panel) >= 4; weights = weights[2:] {
		w := binary.LittleEndian.Uint32(panel)
		weights[0] = int64(int8(w)) + int64(int8(w>>16))<<32
		weights[1] = int64(int8(w>>8)) + int64(int8(w>>24))<<32
		panel = panel[min(2*columns, len(panel)):]
	}
}

// four sums the products of weights with each of four rows.
func four(to *sums, column int, weights []int64, x []int16) {
	n := len(weights)
	a, b, c, d := products(weights, x, x[n:], x[2*n:], x[3*n:])
	for r, s := range [rows]int64{a, b, c, d} {
		low := int32(s)
		to[r][column], to[r][column+1] = low, int32((s-int64(low))>>32)
	}
}

// products is by itself because it fills the registers.
func products(weights []int64, a, b, c, d []int16) (x, y, z, v int64) {
	a, b, c, d = a[:len(weights)], b[:len(weights)], c[:len(weights)], d[:len(weights)]
	for i, w := range weights {
		x += w * int64(a[i])
		y += w * int64(b[i])
		z += w * int64(c[i])
		v += w * int64(d[i])
	}
	return x, y, z, v
}
