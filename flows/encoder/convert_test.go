package encoder

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestTheSamePackageGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if a, b := converted(t, newTiny()), converted(t, newTiny()); !bytes.Equal(a, b) {
		t.Error("two files differ")
	}
}

func TestAPackageThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(p *tiny)
		says  string
	}{
		{"another package", func(p *tiny) { p.name = "left-pad" }, "it is left-pad 0.2.0, and what is needed is " + Package + " 0.2.0"},
		{"another version", func(p *tiny) { p.version = "0.3.0" }, "it is " + Package + " 0.3.0"},
		{"a table missing", func(p *tiny) { p.drop(waves) }, waves + " is missing"},
		{"no rows of pieces", func(p *tiny) { p.drop(pieceRows) }, pieceRows + " is missing"},
		{"no heads", func(p *tiny) { p.drop(heads) }, heads + " is missing"},
		{"another shape", func(p *tiny) { p.reshape(upName(1), tinyHidden, tinyWidth) }, "shape [48 32], want [32 48]"},
		{"another kind of number", func(p *tiny) { p.retype(upName(1), "float16") }, `numbers of kind "float16", want float32`},
		{"more words than rows", func(p *tiny) { p.vocabulary = slices.Repeat(p.vocabulary, 3) }, "shape [60 16], want"},
		{"no words", func(p *tiny) { p.vocabulary = nil }, "0 pieces"},
		{"a word without text", func(p *tiny) { p.vocabulary[7][0] = 3 }, "dist/vocab.json: entry 7"},
		{"a score of letters", func(p *tiny) { p.vocabulary[7][1] = "x" }, "dist/vocab.json: entry 7"},
		{"a number that is none", func(p *tiny) { p.tables[upName(0)].bits[5] = math.Float32bits(float32(math.Inf(1))) }, "number 5 is not finite"},
		{"a shape below nothing", func(p *tiny) { p.reshape(upName(0), -1, 5) }, "the numbers of " + upName(0) + " are missing"},
		{"a shape beyond everything", func(p *tiny) { p.reshape(upName(0), 1<<20, 1<<20) }, "are missing"},
	} {
		p := newTiny()
		c.spoil(p)
		err := Convert(bytes.NewReader(packed(t, p.files(t))), &bytes.Buffer{})
		if !errors.Is(err, ErrPackage) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func (p *tiny) drop(name string) {
	delete(p.tables, name)
	p.names = slices.DeleteFunc(p.names, func(n string) bool { return n == name })
}

func (p *tiny) reshape(name string, shape ...int) {
	w := p.tables[name]
	w.shape = shape
	p.tables[name] = w
}

func (p *tiny) retype(name, kind string) {
	w := p.tables[name]
	w.kind = kind
	p.tables[name] = w
}

func TestEveryFaultOfAPackageIsTold(t *testing.T) {
	t.Parallel()
	p := newTiny()
	p.drop(waves)
	p.drop(upName(1))
	err := Convert(bytes.NewReader(packed(t, p.files(t))), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), waves) || !strings.Contains(err.Error(), upName(1)) {
		t.Errorf("%v", err)
	}
}

func TestAnArchiveThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	files := newTiny().files(t)
	whole := packed(t, files)
	delete(files, "package/dist/vocab.json")
	incomplete := packed(t, files)
	files = newTiny().files(t)
	files["package/dist/model.json"] = []byte("{")
	for name, src := range map[string][]byte{
		"nothing": nil, "a text": []byte("hello"), "a part": whole[:len(whole)/2], "no vocabulary": incomplete, "a broken list": packed(t, files),
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
	if _, err := readArchive(bytes.NewReader(packed(t, files)), most); !errors.Is(err, ErrPackage) || !strings.Contains(err.Error(), "more than 10000 bytes") {
		t.Errorf("%v", err)
	}
}

func TestAFaultWhileWritingIsTold(t *testing.T) {
	t.Parallel()
	err := Convert(bytes.NewReader(packed(t, newTiny().files(t))), failing{})
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
