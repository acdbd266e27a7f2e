package encoder

// fastest is the best arithmetic of this machine: every arm64 has vectors of
// 128 bits. What is not products takes little time and is left in plain Go.
func fastest() arithmetic {
	a := portable()
	a.name, a.multiply = "neon", multiplyAll
	return a
}

func multiplyAll(to []sums, x []int16, panel []byte) {
	width := len(panel) / columns
	for i := range to {
		multiplyNEON(&to[i], &x[i*rows*width:][:rows*width][0], &panel[0], width)
	}
}

//go:noescape
func multiplyNEON(to *sums, rows *int16, panel *byte, width int)
