package match

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// How much of a text's square length is its point, and how much its words and
// letters; nothing much changes between 0.5 and 0.7.
const pointShare = 0.55

// Words and letters that lead by so much need no encoder.
const clearLead = 0.8

// located gives what there is to learn from with points beside the words and
// letters. Points are made on all processors.
func (l *lore) located(o Options) *lore {
	with := *l
	with.size = o.Encoder.Size()
	with.examples = make([]vector, len(l.examples))
	workers := runtime.GOMAXPROCS(0)
	var running sync.WaitGroup
	for first := range workers {
		running.Go(func() {
			for e := first; e < len(l.examples); e += workers {
				text := lowered(l.texts[e])
				encode := func(dst []float32) { o.Encoder.Encode(dst, text) }
				var point []float32
				if o.Points != nil {
					point = o.Points(text, encode)
				} else {
					point = make([]float32, with.size)
					encode(point)
				}
				with.examples[e] = l.examples[e].beside(nil, nil, point)
			}
		})
	}
	running.Wait()
	return &with
}

// beside gives a vector with a point, each with its share of the length. The
// slices are used when they are long enough.
func (v vector) beside(weight, scaled, point []float32) vector {
	out := vector{v.at, append(weight[:0], v.weight...), append(scaled[:0], point...)}
	for i := range out.weight {
		out.weight[i] *= float32(math.Sqrt(1 - pointShare))
	}
	for i := range out.point {
		out.point[i] *= float32(math.Sqrt(pointShare))
	}
	return out
}

// lowered is a text as an encoder should see it: somebody who shouts in capitals
// means the same.
func lowered(text string) string {
	text = strings.TrimSpace(cut(text))
	if strings.ContainsFunc(text, unicode.IsLower) {
		return text
	}
	return strings.ToLower(text)
}

// locate writes the point of a text that was read.
func (m *Model) locate(s *scratch, text string) []float32 {
	s.point = slices.Grow(s.point[:0], m.encoder.Size())[:m.encoder.Size()]
	m.encoder.Encode(s.point, s.reading.told(lowered(Prose(cut(text)))))
	return s.point
}

// told is a text as it was written but for the mended words, and without the
// greetings and thanks that were left out: an encoder was taught sentences as
// people write them.
func (r *reading) told(text string) string {
	if !r.mended && !r.stripped {
		return text
	}
	var out []string
	read := 0 // words of the text so far
	for field := range strings.FieldsSeq(text) {
		n := len(strings.Fields(Normalise(field)))
		at := read - r.skipped
		read += n
		switch {
		case at < 0 || at+n > len(r.words):
		case n == 1 && Normalise(field) != r.words[at]:
			out = append(out, r.words[at]+field[len(strings.TrimRight(field, ".,;:!?")):])
		default:
			out = append(out, field)
		}
	}
	return strings.Join(out, " ")
}
