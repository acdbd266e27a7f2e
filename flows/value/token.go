package value

import (
	"unicode/utf8"

	"frontdesk/flows/match"
)

// token is a piece of a text: a word, a number in digits, or a mark.
type token struct {
	kind   rune     // word, digits, or the mark itself
	size   int32    // digits
	means  *meaning // never nil
	number int
	latin  bool // a word in Latin letters
	glued  bool // nothing stands between it and the token before
}

const (
	word   = 'w'
	digits = 'd'
)

// longestWord is how many bytes a word may have to mean something.
const longestWord = 24

// mostTokens bounds the work: who writes as much does not name a day.
const mostTokens = 400

// tokens takes a text apart; nil when it has too many. Apostrophes between
// letters separate words, and those before digits are marks.
func (l *tongue) tokens(s string) []token {
	found := make([]token, 0, min(len(s), mostTokens))
	glued := false
	for at := 0; at < len(s); {
		t := token{glued: glued, means: &nothing}
		r, size := utf8.DecodeRuneInString(s[at:])
		end := at + size
		glued = true
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '_' || r == '*': // the last two: bold and italics
			glued, at = false, end
			continue
		case r < 0x80 && digit(byte(r)):
			for end < len(s) && digit(s[end]) {
				end++
			}
			t.kind, t.size, t.number = digits, int32(end-at), small(s[at:end])
		case letter(r):
			end = lettersEnd(s, end)
			t.kind, t.latin = word, r < 0x0250
			t.means = l.of(s[at:end])
		default:
			t.kind = r
		}
		if len(found) == mostTokens {
			return nil
		}
		found = append(found, t)
		at = end
	}
	return found
}

func lettersEnd(s string, at int) int {
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !letter(r) {
			break
		}
		at += size
	}
	return at
}

// of is what a word means in the language, never nil. All of the words that are
// known are in Latin letters, and short.
func (l *tongue) of(s string) *meaning {
	var buffer [longestWord]byte
	n := 0
	for _, r := range s {
		c := byte(0)
		if r < rune(len(folded)) {
			c = folded[r]
		}
		if n == len(buffer) || c == 0 && r > '\u036f' {
			return &nothing
		}
		if c == 0 { // ß, or an accent written apart
			return l.known([]byte(match.Normalise(s)))
		}
		buffer[n] = c
		n++
	}
	return l.known(buffer[:n])
}

func (l *tongue) known(word []byte) *meaning {
	if m, ok := l.words[string(word)]; ok {
		return m
	}
	return &nothing
}

// folded are the Latin letters as match.Normalise has them, where that is a
// single one: to ask it for every word would take most of the time.
var folded = func() (table [0x0250]byte) {
	for r := range table {
		if n := match.Normalise(string(rune(r))); len(n) == 1 && n[0] >= 'a' {
			table[r] = n[0]
		}
	}
	return table
}()

// small is a number of up to four digits, and 0 for longer ones.
func small(s string) int {
	if len(s) > 4 {
		return 0
	}
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
