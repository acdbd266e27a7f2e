package encoder

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tiny is a package of the real one's form, small and with random numbers.
type tiny struct {
	name, version string
	vocabulary    [][2]any
	names         []string // of tables, in the order of the file
	tables        map[string]table
}

type table struct {
	shape []int
	kind  string
	bits  []uint32
}

const (
	tinyEmbed, tinyWidth, tinyHidden, tinyHeads = 16, 32, 48, 2
	tinyRows                                    = 60
)

func newTiny() *tiny {
	p := &tiny{name: Package, version: PackageVersion, tables: map[string]table{}}
	p.vocabulary = [][2]any{{"\uFFFD", 0}, {"<s>", 0}, {"</s>", 0}, {"a", 0}, {"b", 0}, {"c", 0}, {mark, -5.5}, {":", nil}}
	for i, text := range []string{"the", mark + "the", "an", "in", mark + "card", mark + "Paris", mark + "PIN", "ing", mark + "wh", "ere", "é"} {
		p.vocabulary = append(p.vocabulary, [2]any{text, -4 - float64(i)/8})
	}
	for r := 'a'; r <= 'z'; r++ {
		p.vocabulary = append(p.vocabulary, [2]any{string(r), -6 - float64(r-'a')/100})
	}
	random := rand.New(rand.NewPCG(1, 2))
	p.random(random, pieceRows, 0.3, tinyRows, tinyEmbed)
	p.random(random, waves, 1, 1, tinyEmbed/2)
	p.whole(heads, tinyHeads)
	for i, in := range []int{tinyEmbed, tinyWidth} {
		p.layer(random, i, in)
	}
	p.random(random, tables+"hidden_layers/tanh_layer_0/weights", 0.3, tinyWidth, tinyWidth)
	p.random(random, tables+"hidden_layers/tanh_layer_0/bias", 0.3, tinyWidth)
	return p
}

func (p *tiny) layer(random *rand.Rand, i, in int) {
	at := fmt.Sprintf("%sLayer_%d/TransformerLayer/", trained, i)
	p.random(random, folded+at+"dense/kernel"+together, 0.3, in, tinyWidth) // the second layer's is not used
	p.random(random, folded+at+"dense/bias"+together, 0.3, tinyWidth)
	for _, part := range []struct {
		name  string
		width int
	}{{"", in}, {"FFN/", tinyWidth}} {
		p.random(random, folded+at+part.name+"layer_prepostprocess/layer_norm/layer_norm_scale"+together, 1, part.width)
		p.random(random, folded+at+part.name+"layer_prepostprocess/layer_norm/layer_norm_bias"+together, 0.3, part.width)
	}
	p.random(random, tables+at+"MultiheadAttention/qkv_transform_single/kernel/part_0", 0.4, 1, 1, in, 3*in)
	p.random(random, folded+at+"MultiheadAttention/qkv_transform_single/bias"+together, 0.3, 3*in)
	p.random(random, tables+at+"MultiheadAttention/output_transform_single/kernel/part_0", 0.3, 1, 1, in, tinyWidth)
	p.random(random, folded+at+"MultiheadAttention/output_transform_single/bias"+together, 0.3, tinyWidth)
	p.random(random, upName(i), 0.3, tinyWidth, tinyHidden)
	p.random(random, folded+at+"FFN/conv1/bias"+together, 0.3, tinyHidden)
	p.random(random, fmt.Sprintf("%s%sLayer_%d/TransformerLayer/FFN/conv2/Tensordot/Reshape_1", folded, stack, i), 0.3, tinyHidden, tinyWidth)
	p.random(random, folded+at+"FFN/conv2/bias"+together, 0.3, tinyWidth)
}

func (p *tiny) random(random *rand.Rand, name string, deviation float64, shape ...int) {
	bits := make([]uint32, size(shape))
	for i := range bits {
		bits[i] = math.Float32bits(float32(random.NormFloat64() * deviation))
	}
	p.names = append(p.names, name)
	p.tables[name] = table{shape: shape, kind: "float32", bits: bits}
}

func (p *tiny) whole(name string, n int) {
	p.names = append(p.names, name)
	p.tables[name] = table{shape: []int{}, kind: "int32", bits: []uint32{uint32(n)}}
}

// files gives the package's files; the numbers are in two.
func (p *tiny) files(t testing.TB) map[string][]byte {
	t.Helper()
	var numbers []byte
	var weights []map[string]any
	for _, name := range p.names {
		w := p.tables[name]
		weights = append(weights, map[string]any{"name": name, "shape": w.shape, "dtype": w.kind})
		for _, bits := range w.bits {
			numbers = binary.LittleEndian.AppendUint32(numbers, bits)
		}
	}
	half := len(numbers)/2 + 1
	manifest := map[string]any{"weightsManifest": []any{map[string]any{"paths": []string{"one", "two"}, "weights": weights}}}
	return map[string][]byte{
		"package/package.json":    encoded(t, map[string]string{"name": p.name, "version": p.version}),
		"package/dist/vocab.json": encoded(t, p.vocabulary),
		"package/dist/model.json": encoded(t, manifest),
		"package/dist/one":        numbers[:half],
		"package/dist/two":        numbers[half:],
	}
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packed makes a .tgz.
func packed(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, content := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// converted is the file of a package.
func converted(t testing.TB, p *tiny) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Convert(bytes.NewReader(packed(t, p.files(t))), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t testing.TB, file []byte) *Encoder {
	t.Helper()
	e, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func pointOf(e *Encoder, text string) []float32 {
	dst := make([]float32, e.Size())
	e.Encode(dst, text)
	return dst
}
