package encoder

import "golang.org/x/sys/cpu"

// fastest is the best arithmetic of this machine.
func fastest() arithmetic {
	if cpu.X86.HasAVX2 {
		return avx2()
	}
	return portable()
}

// avx2 is arithmetic with vectors of 256 bits. Lengths are multiples of 16 for
// whole numbers and of eight for others, and not zero; the shape's check sees to it.
func avx2() arithmetic {
	return arithmetic{
		name:     "avx2",
		multiply: multiplyAll,
		write: func(dst []float32, sums *[columns]int32, steps, bias []float32, step float32) {
			writeAVX2(&dst[:columns][0], &sums[0], &steps[:columns][0], &bias[:columns][0], step)
		},
		peak: func(x []float32) float32 { return peakAVX2(&x[0], len(x)) },
		fit:  func(dst []int16, x []float32, many float32) { fitAVX2(&dst[0], &x[:len(dst)][0], len(dst), many) },
		dot:  func(a, b []float32) float32 { return dotAVX2(&a[0], &b[:len(a)][0], len(a)) },
		add:  func(dst, x []float32, times float32) { addAVX2(&dst[0], &x[:len(dst)][0], len(dst), times) },
	}
}

func multiplyAll(to []sums, x []int16, panel []byte) {
	width := len(panel) / columns
	for i := range to {
		multiplyAVX2(&to[i], &x[i*rows*width:][:rows*width][0], &panel[0], width)
	}
}

//go:noescape
func multiplyAVX2(to *sums, rows *int16, panel *byte, width int)

//go:noescape
func writeAVX2(dst *float32, sums *int32, steps, bias *float32, step float32)

//go:noescape
func peakAVX2(x *float32, n int) float32

//go:noescape
func fitAVX2(dst *int16, x *float32, n int, many float32)

//go:noescape
func dotAVX2(a, b *float32, n int) float32

//go:noescape
func addAVX2(dst, x *float32, n int, times float32)
