package encoder

import "encoding/binary"

// times writes the rows of x, multiplied with m, to dst.
func (m *matrix) times(dst []float32, x *levels, to *sums, a arithmetic) {
	for column := 0; column < m.out; column += columns {
		panel, steps, bias := m.panel(column), m.steps[column:], m.bias[column:]
		for row := 0; row < len(x.steps); row += rows {
			a.multiply(to, x.values[row*x.width:(row+rows)*x.width], panel)
			for r, step := range x.steps[row:min(row+rows, len(x.steps))] {
				a.write(dst[(row+r)*m.out+column:], &to[r], steps, bias, step)
			}
		}
	}
}

// multiplyPortable computes two columns with one multiplication: one column's
// weight in the upper half of a word, the other's in the lower. The sum of the
// lower half fits into it with its sign, so it can be taken out of the upper.
func multiplyPortable(to *sums, x []int16, panel []byte) {
	width := len(x) / rows
	a, b, c, d := x[:width], x[width:][:width], x[2*width:][:width], x[3*width:][:width]
	for column := 0; column < columns; column += 2 {
		var sa, sb, sc, sd int64
		weights := panel[2*column:]
		for i := 0; i+1 < width; i += 2 {
			w := binary.LittleEndian.Uint32(weights[i*columns:])
			even := int64(int8(w)) + int64(int8(w>>16))<<32
			odd := int64(int8(w>>8)) + int64(int8(w>>24))<<32
			sa += even*int64(a[i]) + odd*int64(a[i+1])
			sb += even*int64(b[i]) + odd*int64(b[i+1])
			sc += even*int64(c[i]) + odd*int64(c[i+1])
			sd += even*int64(d[i]) + odd*int64(d[i+1])
		}
		for r, s := range [rows]int64{sa, sb, sc, sd} {
			low := int32(s)
			to[r][column], to[r][column+1] = low, int32((s-int64(low))>>32)
		}
	}
}
