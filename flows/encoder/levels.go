package encoder

const (
	columns = 16 // of a panel
	rows    = 4  // that are multiplied with a panel at once
	lanes   = 8  // of a vector of numbers
	// top is the highest level of an activation: as many products of it and a
	// weight as a row is wide at most fit into 32 bits.
	top    = 8191
	widest = 2048
	// least is the largest activation of a row at least: below it all is zero.
	least = 1e-20
)

// levels are rows of activations as whole numbers, each row with its own step.
// There is room up to a multiple of four rows; what is in it does not matter.
type levels struct {
	width  int
	values []int16
	steps  []float32 // a row's; as many as there are rows
	sums   []sums    // room for what the rows come to
}

// take makes levels of the rows of x.
func (l *levels) take(x []float32, width int, a arithmetic) {
	count := len(x) / width
	full := (count + rows - 1) / rows * rows
	l.width = width
	l.values = grow(l.values, full*width)
	l.steps = grow(l.steps, count)
	for r := range count {
		from, to := x[r*width:][:width], l.values[r*width:][:width]
		most := max(a.peak(from), least)
		a.fit(to, from, top/most)
		l.steps[r] = most / top
	}
	l.sums = grow(l.sums, full/rows)
}

// grow gives a slice of n places; what is in them is not known.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
