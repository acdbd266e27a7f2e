package encoder

import "encoding/binary"

// sums are what four rows come to with the columns of a panel.
type sums [rows][columns]int32

// arithmetic are the parts that take the time. All kinds come to the same bits.
type arithmetic struct {
	name string
	// multiply sums the products of four rows, one after the other, and a panel.
	multiply func(to *sums, rows []int16, panel []byte)
	level    func(dst []int16, x []float32) float32
	dot      func(a, b []float32) float32
	add      func(dst, x []float32, times float32)
}

// portable is arithmetic without any instructions of its own.
var portable = arithmetic{name: "portable", multiply: multiplyPortable, level: levelPortable, dot: dotPortable, add: addPortable}

// times writes the rows of x, multiplied with m, to dst.
func (m *matrix) times(dst []float32, x *levels, to *sums, a arithmetic) {
	for column := 0; column < m.out; column += columns {
		panel := m.panel(column)
		for row := 0; row < len(x.steps); row += rows {
			a.multiply(to, x.values[row*x.width:(row+rows)*x.width], panel)
			for r, step := range x.steps[row:min(row+rows, len(x.steps))] {
				m.write(dst[(row+r)*m.out+column:][:columns], &to[r], column, step)
			}
		}
	}
}

// write makes numbers of a row's sums.
func (m *matrix) write(dst []float32, sums *[columns]int32, column int, step float32) {
	steps, bias := m.steps[column:][:columns], m.bias[column:][:columns]
	for i, sum := range sums {
		dst[i] = float32(float32(sum)*float32(step*steps[i])) + bias[i]
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
