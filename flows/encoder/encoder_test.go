package encoder

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"frontdesk/flows/encoder/encodertest"
	"frontdesk/flows/match"
)

var _ match.Encoder = (*Encoder)(nil)

var sentences = []string{
	"where is the card", "a", "the", "  two  spaces ", "Paris: the PIN", "wherever anything is", "§§ unknown § ones", "été",
	strings.Repeat("the card is in there ", 40), "x",
}

func TestAPointIsWhatThePlainModelSays(t *testing.T) {
	t.Parallel()
	p := encodertest.New()
	e := opened(t, converted(t, p))
	all, err := archiveOf(t, p).tensors()
	if err != nil {
		t.Fatal(err)
	}
	want := plain{t: all, size: e.model.shape}
	for _, text := range sentences {
		ids := e.model.pieces.split(new(scratch), text)
		if got := cosine(pointOf(e, text), want.point(ids)); got < 0.9995 {
			t.Errorf("%q: cosine %.6f", text, got)
		}
	}
}

// archiveOf is what is read of a package.
func archiveOf(t *testing.T, p *encodertest.Package) archive {
	t.Helper()
	a := archive{}
	for name, content := range p.Files(t) {
		a[strings.TrimPrefix(name, "package/")] = content
	}
	return a
}

func TestEveryArithmeticComesToTheSamePoints(t *testing.T) {
	t.Parallel()
	file := converted(t, encodertest.New())
	fast, slow := opened(t, file), opened(t, file)
	slow.using = portable()
	for _, text := range append(sentences, "") {
		if a, b := pointOf(fast, text), pointOf(slow, text); !slices.Equal(a, b) {
			t.Errorf("%q: %s and %s differ", text, fast.Kernel(), slow.Kernel())
		}
	}
}

func TestAPointHasLengthOneEvenOfNothing(t *testing.T) {
	t.Parallel()
	e := opened(t, converted(t, encodertest.New()))
	for _, text := range []string{"", " ", "\xff\xfe", "\n", strings.Repeat("word ", 10_000), "😀", strings.Repeat("ﷺ", 500)} {
		var square float64
		for _, v := range pointOf(e, text) {
			square += float64(v) * float64(v)
		}
		if math.Abs(square-1) > 1e-5 {
			t.Errorf("%.20q: length %v", text, math.Sqrt(square))
		}
	}
}

func TestManyMayEncodeAtOnce(t *testing.T) {
	t.Parallel()
	e := opened(t, converted(t, encodertest.New()))
	want := make([][]float32, len(sentences))
	for i, text := range sentences {
		want[i] = pointOf(e, text)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i, text := range sentences {
				if !slices.Equal(pointOf(e, text), want[i]) {
					t.Errorf("%q: another point when many encode", text)
				}
			}
		})
	}
	group.Wait()
}

func TestEncodingTakesNoMemoryOnceWarm(t *testing.T) {
	e := opened(t, converted(t, encodertest.New()))
	dst, s := make([]float32, e.Size()), new(scratch)
	encode := func() { e.model.point(dst, e.model.pieces.split(s, sentences[0]), s, e.using) }
	encode()
	if n := testing.AllocsPerRun(100, encode); n > 3 { // the prepared text
		t.Errorf("%v allocations", n)
	}
}

func TestKnowsWholeWordsHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	e := opened(t, converted(t, encodertest.New()))
	for word, want := range map[string]bool{
		"the": true, "card": true, "Paris": true, "paris": true, "pin": true, "Pin": true,
		"crad": false, "wh": true, "ing": false, "": false, "<s>": false, "a": false, "thé": false,
	} {
		if got := e.Knows(word); got != want {
			t.Errorf("Knows(%q) = %v", word, got)
		}
	}
}

func TestAVersionIsOfOneFile(t *testing.T) {
	t.Parallel()
	p := encodertest.New()
	a, again := opened(t, converted(t, p)).Version(), opened(t, converted(t, p)).Version()
	p.Vocabulary[8][1] = -4.1
	if b := opened(t, converted(t, p)).Version(); a != again || a == b {
		t.Errorf("versions %q, %q of the same file, %q of another", a, again, b)
	}
}
