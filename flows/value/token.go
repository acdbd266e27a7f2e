package value

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/flows/match"
)

// token is a piece of a text: a word, a number in digits, or a mark.
type token struct {
	kind   rune // word, digits, or the mark itself
	word   string
	means  *meaning // never nil
	number int
	size   int  // digits
	glued  bool // nothing stands between it and the token before
}

const (
	word   = 'w'
	digits = 'd'
)

// longestWord is how many bytes a word may have to mean something.
const longestWord = 24

// tokens takes a text apart. Apostrophes between letters separate words, and
// those before digits are marks.
func (l *tongue) tokens(s string) []token {
	found := make([]token, 0, min(len(s)/3+4, mostTokens))
	glued := false
	for at := 0; at < len(s) && len(found) < cap(found); {
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
			t.kind, t.size, t.number = digits, end-at, small(s[at:end])
		case letter(r):
			end = lettersEnd(s, end)
			t.kind, t.word = word, folded(s[at:end])
			t.means = l.of(t.word)
		default:
			t.kind = r
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

// folded is a word as the tables have it. All of their words are Latin.
func folded(s string) string {
	if len(s) > longestWord {
		return ""
	}
	if ascii(s) {
		return strings.ToLower(s)
	}
	if r, _ := utf8.DecodeRuneInString(s); !unicode.Is(unicode.Latin, r) {
		return ""
	}
	if n := match.Normalise(s); n != "" {
		return n
	}
	return s
}

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
