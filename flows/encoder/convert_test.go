package encoder

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"frontdesk/flows/encoder/encodertest"
)

func TestTheSamePackageGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if a, b := converted(t, encodertest.New()), converted(t, encodertest.New()); !bytes.Equal(a, b) {
		t.Error("two files differ")
	}
}

func TestAPackageThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(p *encodertest.Package)
		says  string
	}{
		{"another package", func(p *encodertest.Package) { p.Name = "left-pad" }, "it is left-pad 0.2.0, and what is needed is " + Package + " 0.2.0"},
		{"another version", func(p *encodertest.Package) { p.Version = "0.3.0" }, "it is " + Package + " 0.3.0"},
		{"a table missing", func(p *encodertest.Package) { drop(p, waves) }, waves + " is missing"},
		{"no rows of pieces", func(p *encodertest.Package) { drop(p, pieceRows) }, pieceRows + " is missing"},
		{"no heads", func(p *encodertest.Package) { drop(p, heads) }, heads + " is missing"},
		{"another shape", func(p *encodertest.Package) { p.Tables[upName(1)].Shape = []int{encodertest.Hidden, encodertest.Width} }, "shape [48 32], want [32 48]"},
		{"another kind of number", func(p *encodertest.Package) { p.Tables[upName(1)].Kind = "float16" }, `numbers of kind "float16", want float32`},
		{"more words than rows", func(p *encodertest.Package) { p.Vocabulary = slices.Repeat(p.Vocabulary, 3) }, "shape [60 16], want"},
		{"no words", func(p *encodertest.Package) { p.Vocabulary = nil }, "0 pieces"},
		{"a word without text", func(p *encodertest.Package) { p.Vocabulary[7][0] = 3 }, "dist/vocab.json: entry 7"},
		{"a score of letters", func(p *encodertest.Package) { p.Vocabulary[7][1] = "x" }, "dist/vocab.json: entry 7"},
		{"a number that is none", func(p *encodertest.Package) { p.Tables[upName(0)].Bits[5] = math.Float32bits(float32(math.Inf(1))) }, "number 5 is not finite"},
		{"a shape below nothing", func(p *encodertest.Package) { p.Tables[upName(0)].Shape = []int{-1, 5} }, "the numbers of " + upName(0) + " are missing"},
		{"more numbers than there are", func(p *encodertest.Package) { p.Tables[tables+"hidden_layers/tanh_layer_0/bias"].Shape = []int{33} }, "bias are missing"},
		{"a shape beyond everything", func(p *encodertest.Package) { p.Tables[upName(0)].Shape = []int{1 << 20, 1 << 20} }, "are missing"},
	} {
		p := encodertest.New()
		c.spoil(p)
		err := Convert(bytes.NewReader(encodertest.Pack(t, p.Files(t))), &bytes.Buffer{})
		if !errors.Is(err, ErrPackage) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// drop leaves a table out.
func drop(p *encodertest.Package, name string) {
	p.Names = slices.DeleteFunc(p.Names, func(n string) bool { return n == name })
}

func TestEveryFaultOfAPackageIsTold(t *testing.T) {
	t.Parallel()
	p := encodertest.New()
	drop(p, waves)
	drop(p, upName(1))
	err := Convert(bytes.NewReader(encodertest.Pack(t, p.Files(t))), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), waves) || !strings.Contains(err.Error(), upName(1)) {
		t.Errorf("%v", err)
	}
}

func TestAnArchiveThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	files := encodertest.New().Files(t)
	whole := encodertest.Pack(t, files)
	delete(files, "package/dist/vocab.json")
	incomplete := encodertest.Pack(t, files)
	files = encodertest.New().Files(t)
	files["package/dist/model.json"] = []byte("{")
	for name, src := range map[string][]byte{
		"nothing": nil, "a text": []byte("hello"), "a part": whole[:len(whole)/2], "no vocabulary": incomplete, "a broken list": encodertest.Pack(t, files),
	} {
		if err := Convert(bytes.NewReader(src), &bytes.Buffer{}); !errors.Is(err, ErrPackage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnArchiveWithoutEndIsNotReadToIt(t *testing.T) {
	t.Parallel()
	const most = 10_000
	files := map[string][]byte{"package/package.json": make([]byte, 2*most)}
	if _, err := readArchive(bytes.NewReader(encodertest.Pack(t, files)), most); !errors.Is(err, ErrPackage) || !strings.Contains(err.Error(), "more than 10000 bytes") {
		t.Errorf("%v", err)
	}
}

func TestAFaultWhileWritingIsTold(t *testing.T) {
	t.Parallel()
	err := Convert(bytes.NewReader(encodertest.Pack(t, encodertest.New().Files(t))), failing{})
	if err == nil || !strings.Contains(err.Error(), "writing the encoder file") || errors.Is(err, ErrPackage) {
		t.Errorf("%v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, iotest.ErrTimeout }

func TestWeightsMissByHalfALevelAtMost(t *testing.T) {
	t.Parallel()
	numbers := []float32{1, -127, 0.49, 126.51, 63.5, -0.51}
	got := make([]int8, len(numbers))
	step := weighRow(numbers, func(i int, level int8) { got[i] = level })
	if want := []int8{1, -127, 0, 127, 64, -1}; step != 1 || !slices.Equal(got, want) {
		t.Errorf("step %v, levels %v, want %v", step, got, want)
	}
}
