package draw

import (
	"strings"
	"unicode"
)

// Widths of the printable ASCII characters of Helvetica, in thousandths of the
// size of the font, from Adobe's font metrics. Arial and Liberation Sans have
// the same.
const asciiWidths = "" +
	"278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 " +
	"1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 " +
	"333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"

// font measures texts of one size.
type font struct {
	widths []int // of ASCII from the space on, in thousandths
	size   int   // in pixels
	bold   bool
}

// newFont makes a font; widths is asciiWidths, read once for all sizes.
func newFont(widths []int, size int, bold bool) font { return font{widths, size, bold} }

func readWidths() []int {
	var widths []int
	for field := range strings.FieldsSeq(asciiWidths) {
		n := 0
		for _, digit := range field {
			n = 10*n + int(digit-'0')
		}
		widths = append(widths, n)
	}
	return widths
}

// width is about how wide a text is, in pixels, rounded up.
func (f font) width(text string) int {
	sum := 0
	for _, r := range text {
		sum += f.runeWidth(r)
	}
	if f.bold {
		sum = sum * 107 / 100
	}
	return (sum*f.size + 999) / 1000
}

// runeWidth is the width of a character in thousandths. Beyond ASCII it is a
// guess by kind, rather too wide: other fonts take over there.
func (f font) runeWidth(r rune) int {
	switch {
	case r >= ' ' && int(r-' ') < len(f.widths):
		return f.widths[r-' ']
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0x1F000, unicode.In(r, unicode.So):
		return 1200
	case unicode.IsUpper(r):
		return 750
	default:
		return 620
	}
}

// wrap breaks a text into lines of at most most pixels. Where there are more
// than lines of them the last one ends with dots.
func (f font) wrap(text string, most, lines int) []string {
	var out []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		for {
			joined := strings.TrimLeft(line+" "+word, " ")
			if f.width(joined) <= most {
				line = joined
				break
			}
			if line != "" {
				out, line = append(out, line), ""
				continue
			}
			head := f.head(word, most)
			out, word = append(out, head), word[len(head):]
			if word == "" {
				break
			}
		}
	}
	if line != "" {
		out = append(out, line)
	}
	if len(out) > lines {
		out = append(out[:lines-1], f.dots(out[lines-1], most))
	}
	return out
}

// head is as much of a long word as fits, at least one character; it ends
// behind a mark that parts words where there is one.
func (f font) head(word string, most int) string {
	end, mark := 0, 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && f.width(word[:next]) > most {
			break
		}
		end = next
		if strings.ContainsRune("_-./,;:", r) {
			mark = next
		}
	}
	if end < len(word) && mark > end/2 {
		end = mark
	}
	return word[:end]
}

// dots cuts a line so that dots find place behind it.
func (f font) dots(line string, most int) string {
	runes := []rune(line)
	for len(runes) > 0 && f.width(string(runes)+"…") > most {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}
