package encoder

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// fields goes over the parts of a model in the order of the file: to write
// them, or to read them.
type fields interface {
	number(*int)
	pieces(*pieces, int)
	floats(*[]float32, int)
	levels(*[]byte, int)
}

// each names all parts after the shape.
func (m *model) each(f fields) {
	size := m.shape
	f.pieces(&m.pieces, size.pieces)
	f.floats(&m.embedding.steps, size.pieces)
	f.levels(&m.embedding.levels, size.pieces*size.embed)
	f.floats(&m.waves, size.embed/2)
	for i := range m.layers {
		m.layers[i].each(f, size, i == 0)
	}
	m.last.each(f, size.width, size.width)
}

func (l *layer) each(f fields, size shape, first bool) {
	in := size.width
	if first {
		in = size.embed
		l.widen.each(f, in, size.width)
	}
	l.attendNorm.each(f, in)
	l.ask.each(f, in, 3*in)
	l.join.each(f, in, size.width)
	l.thinkNorm.each(f, size.width)
	l.up.each(f, size.width, size.hidden)
	l.down.each(f, size.hidden, size.width)
}

func (n *layerNorm) each(f fields, width int) {
	f.floats(&n.scale, width)
	f.floats(&n.bias, width)
}

func (m *matrix) each(f fields, in, out int) {
	m.in, m.out = in, out
	f.floats(&m.steps, out)
	f.floats(&m.bias, out)
	f.levels(&m.levels, in*out)
}

func (s *shape) each(f fields) {
	for _, n := range []*int{&s.pieces, &s.embed, &s.width, &s.hidden, &s.heads, &s.layers} {
		f.number(n)
	}
}

// read takes a model from a file's body. Levels stay where they are.
func (m *model) read(body []byte) error {
	r := &reader{rest: body}
	m.shape.each(r)
	if err := errors.Join(r.err, m.shape.check()); err != nil {
		return err
	}
	m.layers = make([]layer, m.shape.layers)
	m.each(r)
	if r.err == nil && len(r.rest) > 0 {
		r.err = fmt.Errorf("%d bytes too many", len(r.rest))
	}
	m.pieces.index()
	return r.err
}

// body is a model as a file has it.
func (m *model) body() []byte {
	w := &writer{}
	m.shape.each(w)
	m.each(w)
	return w.b
}

// reader takes parts from rest until the first fault.
type reader struct {
	rest []byte
	err  error
}

// take gives the next n bytes, or nil when there are not as many.
func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.rest) {
		r.err = errors.New("a part is missing")
	}
	if r.err != nil {
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) number(n *int) {
	if b := r.take(4); b != nil {
		*n = int(binary.LittleEndian.Uint32(b))
	}
}

func (r *reader) levels(to *[]byte, n int) { *to = r.take(n) }

func (r *reader) floats(to *[]float32, n int) {
	b := r.take(4 * n)
	if b == nil {
		return
	}
	*to = make([]float32, n)
	for i := range *to {
		v := math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		if v-v != 0 {
			r.err = errors.New("a number is not finite")
		}
		(*to)[i] = v
	}
}

func (r *reader) pieces(to *pieces, n int) {
	for range n {
		head := r.take(8 + 1)
		if head == nil {
			return
		}
		score := math.Float64frombits(binary.LittleEndian.Uint64(head))
		if score-score != 0 {
			r.err = errors.New("a score is not finite")
		}
		to.scores = append(to.scores, score)
		to.texts = append(to.texts, string(r.take(int(head[8]))))
	}
}

// writer appends parts.
type writer struct{ b []byte }

func (w *writer) number(n *int) { w.b = binary.LittleEndian.AppendUint32(w.b, uint32(*n)) }

func (w *writer) levels(from *[]byte, _ int) { w.b = append(w.b, *from...) }

func (w *writer) floats(from *[]float32, _ int) {
	for _, v := range *from {
		w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(v))
	}
}

func (w *writer) pieces(from *pieces, _ int) {
	for i, text := range from.texts {
		w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(from.scores[i]))
		w.b = append(append(w.b, byte(len(text))), text...)
	}
}
