package encoder

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"frontdesk/flows/encoder/encodertest"
)

// A file is right or refused. The checksum is put right, so that what is
// behind it is tried, too.
func FuzzOpen(f *testing.F) {
	file := converted(f, encodertest.New())
	body, _, err := unseal(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file, uint16(0), uint32(0))
	f.Add(body, uint16(0), uint32(encodertest.Rows))
	f.Add(body[:len(body)/2], uint16(5), uint32(1))
	f.Fuzz(func(t *testing.T, src []byte, at uint16, n uint32) {
		if int(at)+4 <= len(src) {
			src = slices.Clone(src)
			binary.LittleEndian.PutUint32(src[at:], n)
		}
		for _, file := range [][]byte{src, seal(src)} {
			e, err := Open(file)
			if err != nil {
				if !errors.Is(err, ErrForeign) && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrDamaged) {
					t.Fatal(err)
				}
				continue
			}
			pointOf(e, "where is the card")
			e.Knows("card")
		}
	})
}

func FuzzEncode(f *testing.F) {
	file := converted(f, encodertest.New())
	fast, slow := opened(f, file), opened(f, file)
	slow.using = portable()
	for _, text := range sentences {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		point := pointOf(fast, text)
		var square float64
		for _, v := range point {
			square += float64(v) * float64(v)
		}
		if !(math.Abs(square-1) < 1e-5) {
			t.Errorf("length %v", math.Sqrt(square))
		}
		if !slices.Equal(point, pointOf(slow, text)) {
			t.Error("two kinds of arithmetic give two points")
		}
	})
}
