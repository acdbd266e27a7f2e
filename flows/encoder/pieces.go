package encoder

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	mark     = "▁" // stands where a word begins
	unknown  = 0   // the piece of what no piece fits
	reserved = 6   // pieces below are the model's own marks and never in a text
)

// pieces is the vocabulary. It is read only.
type pieces struct {
	texts   []string
	scores  []float64 // logarithms of how usual they are
	byText  map[string]int32
	longest int // bytes
}

// index makes the pieces to be found by their text.
func (p *pieces) index() {
	p.byText = make(map[string]int32, len(p.texts))
	for id := reserved; id < len(p.texts); id++ {
		p.byText[p.texts[id]] = int32(id)
		p.longest = max(p.longest, len(p.texts[id]))
	}
}

func (p *pieces) has(text string) bool {
	_, ok := p.byText[text]
	return ok
}

// way is the best way to cut a text up to some place: the sum of its scores, and
// its last piece.
type way struct {
	score float64
	id    int32
	size  int32 // of the last piece in bytes
}

// offer takes another way when it is as good. As the model was trained, a sum
// of nothing counts as no way at all.
func (w *way) offer(other way) {
	if w.score == 0 || other.score >= w.score {
		*w = other
	}
}

// split cuts text into the pieces whose scores have the largest sum, at most
// MaxPieces of them. The result is valid until s is used again.
func (p *pieces) split(s *scratch, text string) []int32 {
	text = prepare(text)
	s.ways = append(s.ways[:0], make([]way, len(text)+1)...)
	for at, r := range text {
		p.extend(s.ways, text, at, utf8.RuneLen(r))
	}
	s.ids = trace(s.ids[:0], s.ways, text)
	return s.ids[:min(len(s.ids), MaxPieces)]
}

// prepare writes a text as the vocabulary does: compatible characters are one,
// and a mark stands before each word.
func prepare(text string) string {
	text = norm.NFKC.String(strings.ToValidUTF8(first(text, MaxCharacters), "\uFFFD"))
	if text == "" {
		return ""
	}
	return mark + strings.ReplaceAll(first(text, MaxCharacters), " ", mark)
}

// first gives the first n characters of text.
func first(text string, n int) string {
	for at := range text {
		if n--; n < 0 {
			return text[:at]
		}
	}
	return text
}

// extend goes on from the place at with every piece that begins there, or, when
// there is none, with one unknown character of that size.
func (p *pieces) extend(ways []way, text string, at, size int) {
	found := false
	for end := at + size; end <= min(len(text), at+p.longest); end++ {
		if end < len(text) && !utf8.RuneStart(text[end]) {
			continue
		}
		if id, ok := p.byText[text[at:end]]; ok {
			found = true
			ways[end].offer(way{score: p.scores[id] + ways[at].score, id: id, size: int32(end - at)})
		}
	}
	if !found {
		ways[at+size].offer(way{score: ways[at].score, id: unknown, size: int32(size)})
	}
}

// trace follows the ways from the end of text to its beginning. Unknown pieces
// side by side are one. A place that no piece ends at is passed as unknown.
func trace(ids []int32, ways []way, text string) []int32 {
	for end := len(text); end > 0; {
		w := ways[end]
		if w.id != unknown || len(ids) == 0 || ids[len(ids)-1] != unknown {
			ids = append(ids, w.id)
		}
		if w.id == unknown {
			_, size := utf8.DecodeLastRuneInString(text[:end])
			end -= size
		} else {
			end -= int(w.size)
		}
	}
	slices.Reverse(ids)
	return ids
}
