//go:build model

// The published model is not in the repository; make encoder fetches it and runs this.

package encoder

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// original is what the published model made of a text, run by TensorFlow.js.
type original struct {
	Text   string
	Pieces []int32
	Point  string // base64 of 16-bit numbers, little endian, 32767 is one
}

func originals(t *testing.T) []original {
	t.Helper()
	src, err := os.ReadFile("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []original
	if err := json.Unmarshal(src, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (o original) point(t *testing.T) []float64 {
	t.Helper()
	src, err := base64.StdEncoding.DecodeString(o.Point)
	if err != nil {
		t.Fatal(err)
	}
	point := make([]float64, len(src)/2)
	for i := range point {
		point[i] = float64(int16(binary.LittleEndian.Uint16(src[2*i:])))
	}
	return point
}

func published(t *testing.T) *Encoder {
	t.Helper()
	src, err := os.ReadFile(os.Getenv("FRONTDESK_ENCODER_PACKAGE"))
	if err != nil {
		t.Fatalf("FRONTDESK_ENCODER_PACKAGE names no package: %v", err)
	}
	var file bytes.Buffer
	if err := Convert(bytes.NewReader(src), &file); err != nil {
		t.Fatal(err)
	}
	return opened(t, file.Bytes())
}

func TestThePublishedModelGivesThePointsOfItsOriginal(t *testing.T) {
	t.Parallel()
	e := published(t)
	var mean float64
	all := originals(t)
	for _, o := range all {
		if got := e.model.pieces.split(new(scratch), o.Text); !slices.Equal(got, o.Pieces) {
			t.Errorf("%q: pieces %v, want %v", o.Text, got, o.Pieces)
		}
		got := cosine(pointOf(e, o.Text), o.point(t))
		if got < 0.999 {
			t.Errorf("%q: cosine %.5f", o.Text, got)
		}
		mean += got / float64(len(all))
	}
	if mean < 0.9995 {
		t.Errorf("the mean of the cosines is %.5f", mean)
	}
}

func TestThePublishedModelTellsMeaningsApart(t *testing.T) {
	t.Parallel()
	e := published(t)
	like := func(a, b string) float64 { return cosineOf(pointOf(e, a), pointOf(e, b)) }
	same := like("Somebody took my bank card", "My card was stolen yesterday evening")
	other := like("Somebody took my bank card", "When do you open on Sundays?")
	if same < other+0.2 {
		t.Errorf("the same in other words: %.3f, something else: %.3f", same, other)
	}
	for word, want := range map[string]bool{"card": true, "london": true, "pakcage": false} {
		if e.Knows(word) != want {
			t.Errorf("Knows(%q) is not %v", word, want)
		}
	}
}

func cosineOf(a, b []float32) float64 {
	wide := make([]float64, len(b))
	for i, v := range b {
		wide[i] = float64(v)
	}
	return cosine(a, wide)
}
