package encoder

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Bounds of a text: what is longer is cut, as the model itself does it.
const (
	// MaxCharacters is how much of a text is read.
	MaxCharacters = 2048
	// MaxPieces is how many sentence pieces are encoded: some eighty English words.
	MaxPieces = 128
)

// Encoder turns sentences into points. It is safe for many goroutines; each
// that encodes at the same time takes up to 3 MB for as long, beside the 8 MB of
// the model.
type Encoder struct {
	model   model
	version string
	using   arithmetic
	pool    sync.Pool // of *scratch
}

// Encode writes the point of text to dst, which has Size places. The point's
// length is one. The empty text has a point, too.
//
// Case matters to the model, and it was taught sentences as people write them:
// a text all in capitals is better lowered first.
func (e *Encoder) Encode(dst []float32, text string) {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	e.model.point(dst[:e.Size()], e.model.pieces.split(s, text), s, e.using)
}

// Size is how many numbers a point has.
func (e *Encoder) Size() int { return e.model.shape.width }

// Version names the points: those of two versions must not be compared.
func (e *Encoder) Version() string { return e.version }

// Kernel names the instructions in use: avx2, neon, or portable.
func (e *Encoder) Kernel() string { return e.using.name }

// Knows tells whether word is one whole piece of the vocabulary, as it is
// written or with capitals, as names have them. Such a word is not misspelt.
func (e *Encoder) Knows(word string) bool {
	if word == "" {
		return false
	}
	first, n := utf8.DecodeRuneInString(word)
	title := string(unicode.ToUpper(first)) + word[n:]
	return e.model.pieces.has(mark+word) || e.model.pieces.has(mark+title) || e.model.pieces.has(mark+strings.ToUpper(word))
}
