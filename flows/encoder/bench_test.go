package encoder

import (
	"fmt"
	"slices"
	"testing"
)

// lifeSize is a model of the published one's size with weights of no meaning.
func lifeSize() *model {
	m := &model{shape: shape{pieces: 8000, embed: 256, width: 512, hidden: 1536, heads: 4, layers: 2}, layers: make([]layer, 2)}
	m.each(&meaningless{seed: 1})
	return m
}

// meaningless fills a model.
type meaningless struct{ seed uint64 }

func (*meaningless) number(*int) {}

func (*meaningless) pieces(to *pieces, n int) {
	to.texts, to.scores = slices.Repeat([]string{"x"}, n), make([]float64, n)
}

func (f *meaningless) floats(to *[]float32, n int) {
	*to = make([]float32, n)
	for i := range *to {
		(*to)[i] = float32(mix(&f.seed)%1000) / 1e5
	}
}

func (f *meaningless) levels(to *[]byte, n int) {
	*to = make([]byte, n)
	for i := range *to {
		(*to)[i] = byte(mix(&f.seed))
	}
}

// BenchmarkPoint is one sentence of as many pieces; of BANKING77's messages half
// have 14 at most, and one of a hundred more than 50.
func BenchmarkPoint(b *testing.B) {
	m := lifeSize()
	kinds := []arithmetic{fastest()}
	if slow := portable(); kinds[0].name != slow.name {
		kinds = append(kinds, slow)
	}
	for _, a := range kinds {
		for _, n := range []int{14, 50, MaxPieces} {
			b.Run(fmt.Sprintf("%s/%d", a.name, n), func(b *testing.B) {
				dst, s, ids := make([]float32, m.shape.width), new(scratch), make([]int32, n)
				for i := range ids {
					ids[i] = int32(i)
				}
				for b.Loop() {
					m.point(dst, ids, s, a)
				}
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	file := seal(lifeSize().body())
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Open(file); err != nil {
			b.Fatal(err)
		}
	}
}
