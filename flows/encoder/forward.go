package encoder

import "math"

// scratch is what one sentence needs while it is encoded.
type scratch struct {
	ways []way
	ids  []int32
	// rows, one for each piece
	x, normed, asked, found, kept, thought []float32
	levels                                 levels
	shares                                 []float32 // of attention, one for each piece
}

// point writes where the sentence of these pieces is.
func (m *model) point(dst []float32, ids []int32, s *scratch, a arithmetic) {
	m.begin(s, ids)
	for i := range m.layers {
		m.layers[i].run(s, len(ids), m.shape, a)
	}
	s.found = grow(s.found, m.shape.width)
	mean(s.found, s.x)
	s.levels.take(s.found, m.shape.width, a)
	m.last.times(dst, &s.levels, a)
	var square float64
	for i, v := range dst {
		t := math.Tanh(float64(v))
		dst[i] = float32(t)
		square += float64(t * t)
	}
	for i := range dst {
		dst[i] = float32(float64(dst[i]) / math.Sqrt(max(square, 1e-12)))
	}
}

// begin writes to x what goes into the first layer: the numbers of each piece,
// twice as the model was trained so, and waves that tell its place.
func (m *model) begin(s *scratch, ids []int32) {
	width, half := m.shape.embed, m.shape.embed/2
	s.x = grow(s.x, len(ids)*width)
	for place, id := range ids {
		row := s.x[place*width:][:width]
		step := 2 * m.embedding.steps[id]
		for i, level := range m.embedding.levels[int(id)*width:][:width] {
			row[i] = step * float32(int8(level))
		}
		for i, wave := range m.waves {
			sin, cos := math.Sincos(float64(float32(place) * wave))
			row[i] += float32(sin)
			row[half+i] += float32(cos)
		}
	}
}

// run makes what goes out of a layer of what goes in, in x.
func (l *layer) run(s *scratch, count int, size shape, a arithmetic) {
	l.attendNorm.apply(&s.normed, s.x)
	s.levels.take(s.normed, l.ask.in, a)
	s.asked = grow(s.asked, count*l.ask.out)
	l.ask.times(s.asked, &s.levels, a)

	s.found = grow(s.found, count*l.join.in)
	s.shares = grow(s.shares, count)
	attend(s.found, s.asked, s.shares, attention{count: count, width: l.join.in, heads: size.heads}, a)

	s.kept = grow(s.kept, count*size.width)
	l.keep(s, a)
	s.levels.take(s.found, l.join.in, a)
	s.x = grow(s.x, count*size.width)
	l.join.times(s.x, &s.levels, a)
	sum(s.x, s.kept)
	l.think(s, count, a)
}

// keep writes to kept what is added to what attention finds.
func (l *layer) keep(s *scratch, a arithmetic) {
	if l.widen.in == 0 {
		copy(s.kept, s.x)
		return
	}
	s.levels.take(s.x, l.widen.in, a)
	l.widen.times(s.kept, &s.levels, a)
}

// think is the second half of a layer.
func (l *layer) think(s *scratch, count int, a arithmetic) {
	l.thinkNorm.apply(&s.normed, s.x)
	s.levels.take(s.normed, l.up.in, a)
	s.thought = grow(s.thought, count*l.up.out)
	l.up.times(s.thought, &s.levels, a)
	for i, v := range s.thought {
		s.thought[i] = max(v, 0)
	}
	s.levels.take(s.thought, l.down.in, a)
	l.down.times(s.normed, &s.levels, a)
	sum(s.x, s.normed)
}

// apply writes the rows of x, normed, to *dst.
func (n layerNorm) apply(dst *[]float32, x []float32) {
	*dst = grow(*dst, len(x))
	width := len(n.scale)
	for at := 0; at < len(x); at += width {
		n.row((*dst)[at:][:width], x[at:][:width])
	}
}

func (n layerNorm) row(dst, x []float32) {
	var total, squares float64
	for _, v := range x {
		total += float64(v)
	}
	mean := total / float64(len(x))
	for _, v := range x {
		d := float64(v) - mean
		squares += float64(d * d)
	}
	scale := 1 / math.Sqrt(squares/float64(len(x))+1e-6)
	for i, v := range x {
		dst[i] = float32(float32((float64(v)-mean)*scale)*n.scale[i]) + n.bias[i]
	}
}

func sum(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] += v
	}
}

// mean writes the mean of the rows of x; of none it is zero.
func mean(dst, x []float32) {
	clear(dst)
	for at := 0; at < len(x); at += len(dst) {
		sum(dst, x[at:][:len(dst)])
	}
	for i := range dst {
		dst[i] /= float32(max(len(x)/len(dst), 1))
	}
}
