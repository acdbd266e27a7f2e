package encoder

import "math"

// sums are what four rows come to with the columns of a panel.
type sums [rows][columns]int32

// arithmetic are the parts that take the time. All kinds come to the same bits:
// whole numbers are exact, and others are summed in the same order, without
// multiplications that keep more digits when a sum follows.
type arithmetic struct {
	name string
	// multiply sums the products of rows, four for each of to, and a panel.
	multiply func(to []sums, rows []int16, panel []byte)
	// write makes numbers of the sums of one row and a panel.
	write func(dst []float32, sums *[columns]int32, steps, bias []float32, step float32)
	// peak is the largest number, whatever its sign.
	peak func(x []float32) float32
	// fit rounds x, multiplied, to whole numbers, the even one in between.
	fit func(dst []int16, x []float32, many float32)
	// dot sums products.
	dot func(a, b []float32) float32
	// add adds x, multiplied, to dst.
	add func(dst, x []float32, times float32)
}

// portable is arithmetic in plain Go.
func portable() arithmetic {
	return arithmetic{
		name: "portable", multiply: multiplyPortable, write: writePortable,
		peak: peakPortable, fit: fitPortable, dot: dotPortable, add: addPortable,
	}
}

func writePortable(dst []float32, sums *[columns]int32, steps, bias []float32, step float32) {
	dst, steps, bias = dst[:columns], steps[:columns], bias[:columns]
	for i, sum := range sums {
		dst[i] = float32(float32(sum)*float32(step*steps[i])) + bias[i]
	}
}

func peakPortable(x []float32) float32 {
	var most float32
	for _, v := range x {
		most = max(most, v, -v)
	}
	return most
}

// fitPortable adds a number of which the last bit is worth 1: so the sum is
// rounded, and its lowest bits are the whole number.
func fitPortable(dst []int16, x []float32, many float32) {
	const one = 1<<23 + 1<<22
	for i, v := range x[:len(dst)] {
		dst[i] = int16(math.Float32bits(float32(v*many)+one) - math.Float32bits(one))
	}
}

// dotPortable has eight sums, as a vector has.
func dotPortable(a, b []float32) float32 {
	var s [lanes]float32
	for ; len(a) >= lanes && len(b) >= lanes; a, b = a[lanes:], b[lanes:] {
		x, y := (*[lanes]float32)(a), (*[lanes]float32)(b)
		for i := range s {
			s[i] += float32(x[i] * y[i])
		}
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

func addPortable(dst, x []float32, times float32) {
	for i, v := range x[:len(dst)] {
		dst[i] += float32(v * times)
	}
}
