package encoder

import "math"

const (
	columns = 16 // of a panel
	rows    = 4  // that are multiplied with a panel at once
	lanes   = 8  // of a vector of numbers
	// top is the highest level of an activation: as many products of it and a
	// weight as a row is wide at most fit into 32 bits.
	top    = 8191
	widest = 2048
	// toInteger is added to a number below 2^22 to have it rounded to an integer,
	// the even one in between, in the lowest bits of the sum.
	toInteger = 1<<23 + 1<<22
)

// levels are rows of activations as whole numbers, each row with its own step.
// There are zero rows up to a multiple of four.
type levels struct {
	width  int
	values []int16
	steps  []float32 // a row's; as many as there are rows
}

// take makes levels of the rows of x.
func (l *levels) take(x []float32, width int, a arithmetic) {
	count := len(x) / width
	full := (count + rows - 1) / rows * rows
	l.width = width
	l.values = grow(l.values, full*width)
	l.steps = grow(l.steps, count)
	for r := range count {
		l.steps[r] = a.level(l.values[r*width:][:width], x[r*width:][:width])
	}
	clear(l.values[count*width:])
}

// levelPortable writes the levels of x to dst and tells what one is worth.
func levelPortable(dst []int16, x []float32) float32 {
	var most float32
	for _, v := range x {
		most = max(most, float32(math.Abs(float64(v))))
	}
	if most == 0 {
		clear(dst)
		return 0
	}
	many := top / most
	for i, v := range x[:len(dst)] {
		dst[i] = int16(math.Float32bits(float32(v*many)+toInteger) - math.Float32bits(toInteger))
	}
	return most / top
}

// grow gives a slice of n places; what is in them is not known.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
