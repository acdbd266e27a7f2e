package encoder

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFastAndPortableArithmeticGiveTheSameBits(t *testing.T) {
	t.Parallel()
	fast, slow := fastest(), portable()
	rapid.Check(t, func(t *rapid.T) {
		n := columns * rapid.IntRange(1, 8).Draw(t, "width")
		a, b := drawFloats(t, n), drawFloats(t, n)
		times := rapid.Float32Range(-9, 9).Draw(t, "times")
		if x, y := fast.dot(a, b), slow.dot(a, b); x != y {
			t.Errorf("dot: %v, %v", x, y)
		}
		x, y := slices.Clone(a), slices.Clone(a)
		fast.add(x, b, times)
		slow.add(y, b, times)
		if !slices.Equal(x, y) {
			t.Errorf("add: %v, %v", x, y)
		}
		most := fast.peak(a)
		if want := slow.peak(a); most != want {
			t.Errorf("peak: %v, %v", most, want)
		}
		p, q := make([]int16, n), make([]int16, n)
		fast.fit(p, a, top/max(most, least))
		slow.fit(q, a, top/max(most, least))
		if !slices.Equal(p, q) {
			t.Errorf("fit of %v: %v, %v", a, p, q)
		}
	})
}

func drawFloats(t *rapid.T, n int) []float32 {
	return rapid.SliceOfN(rapid.Float32Range(-1000, 1000), n, n).Draw(t, "numbers")
}

func TestProductsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := columns * rapid.SampledFrom([]int{1, 2, 5, widest / columns}).Draw(t, "width")
		seed := rapid.Uint64().Draw(t, "seed")
		groups := rapid.IntRange(1, 3).Draw(t, "groups")
		extreme := rapid.Bool().Draw(t, "extreme")
		x, panel := make([]int16, groups*rows*width), make([]byte, width*columns)
		for i := range x {
			x[i] = int16(mix(&seed)%(2*top+1)) - top
			if extreme {
				x[i] = top * int16(1-2*(i/width%2)) // rows of the highest levels, every other negative
			}
		}
		for i := range panel {
			panel[i] = byte(mix(&seed))
			if extreme {
				panel[i] = byte(127 + i/2%2) // 127 or -128 in a column
			}
		}
		for _, a := range []arithmetic{fastest(), portable()} {
			to := make([]sums, groups)
			a.multiply(to, x, panel)
			checkSums(t, a.name, to, x, panel)
		}
	})
}

// checkSums compares with sums that cannot overflow.
func checkSums(t *rapid.T, name string, to []sums, x []int16, panel []byte) {
	width := len(panel) / columns
	for r := range len(to) * rows {
		for c := range columns {
			var want int64
			for i := range width {
				want += int64(x[r*width+i]) * int64(int8(panel[(i/2*columns+c)*2+i%2]))
			}
			if got := int64(to[r/rows][r%rows][c]); got != want {
				t.Fatalf("%s: row %d, column %d: %d, want %d", name, r, c, got, want)
			}
		}
	}
}

// mix is a small source of bits; rapid would be too slow for as many.
func mix(seed *uint64) uint64 {
	*seed = *seed*6364136223846793005 + 1442695040888963407
	return *seed >> 33
}

func TestNumbersOfSumsAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var from [columns]int32
		for i := range from {
			from[i] = rapid.Int32().Draw(t, "sum")
		}
		steps, bias := drawFloats(t, columns), drawFloats(t, columns)
		step := rapid.Float32Range(0, 2).Draw(t, "step")
		a, b := make([]float32, columns), make([]float32, columns)
		fastest().write(a, &from, steps, bias, step)
		portable().write(b, &from, steps, bias, step)
		if !slices.Equal(a, b) {
			t.Errorf("%v, %v", a, b)
		}
	})
}

func TestLevelsOfHugeAndTinyNumbersStayInBounds(t *testing.T) {
	t.Parallel()
	for _, a := range []arithmetic{fastest(), portable()} {
		for _, v := range []float32{0, 1e-45, 1e-38, 1e-30, 1, 3e38, math.MaxFloat32} {
			var l levels
			x := slices.Repeat([]float32{v, -v}, columns/2)
			l.take(x, columns, a)
			for i, level := range l.values[:columns] {
				if level < -top || level > top {
					t.Fatalf("%s: %v became level %d", a.name, x[i], level)
				}
				if got := float64(level) * float64(l.steps[0]); math.Abs(got-float64(x[i])) > max(float64(v)/1000, 1e-20) {
					t.Fatalf("%s: %v became %v", a.name, x[i], got)
				}
			}
		}
	}
}
