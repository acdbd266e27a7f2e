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
	for i := 0; i+1 < len(weights); i += 2 {
		w := binary.LittleEndian.Uint32(panel[i*columns:])
		weights[i] = int64(int8(w)) + int64(int8(w>>16))<<32
		weights[i+1] = int64(int8(w>>8)) + int64(int8(w>>24))<<32
	}
}

// four sums the products of weights with each of four rows.
func four(to *sums, column int, weights []int64, x []int16) {
	n := len(weights)
	a, b, c, d := x[:n], x[n:][:n], x[2*n:][:n], x[3*n:][:n]
	var sa, sb, sc, sd int64
	for i := 0; i+1 < len(weights); i += 2 {
		w, v := weights[i], weights[i+1]
		sa += w*int64(a[i]) + v*int64(a[i+1])
		sb += w*int64(b[i]) + v*int64(b[i+1])
		sc += w*int64(c[i]) + v*int64(c[i+1])
		sd += w*int64(d[i]) + v*int64(d[i+1])
	}
	for r, s := range [rows]int64{sa, sb, sc, sd} {
		low := int32(s)
		to[r][column], to[r][column+1] = low, int32((s-int64(low))>>32)
	}
}
