package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalise brings a text into the form in which texts are compared: lower case,
// Latin letters without their marks (é is e, ß is ss), everything that is no
// letter, digit or symbol a space, one space between words and none around
// them. A symbol such as an emoji is a word of its own, and so is every
// character of a script that puts no spaces between words, so that phrases are
// found in those too. Normalising twice changes nothing.
func Normalise(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false // one is due before the next word
	word := func(part string) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(part)
	}
	for _, r := range s {
		switch {
		case r < 0x80:
			switch {
			case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			case r >= 'A' && r <= 'Z':
				r += 'a' - 'A'
			default:
				space = true
				continue
			}
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteByte(byte(r))
		case r == utf8.RuneError: // Unicode counts it as a symbol
			space = true
		case unicode.In(r, unspaced...) || unicode.Is(unicode.So, r):
			space = true
			word(string(r))
			space = true
		case ignored(r):
		default:
			r = unicode.ToLower(r)
			if plain, ok := folded[r]; ok {
				word(plain)
			} else if unicode.In(r, unicode.L, unicode.M, unicode.N) {
				word(string(r))
			} else {
				space = true
			}
		}
	}
	return b.String()
}

// unspaced are the scripts that are written without spaces between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// ignored reports whether a character is only a mark on, or an instruction for,
// the one before: accents written apart, Arabic and Hebrew vowels, joiners,
// emoji variations. Vowel signs of Indic scripts are not among them.
func ignored(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, r >= 0x0591 && r <= 0x05C7 && unicode.Is(unicode.Mn, r),
		r >= 0x064B && r <= 0x065F, r == 0x0640, r == 0x0670, r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// folded are lower-case letters and what they are compared as.
var folded = fold(
	"a àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "ae æ", "c çćĉċč", "d ďđð", "e èéêëēĕėęěẹẻẽếềểễệ", "g ĝğġģ", "h ĥħ",
	"i ìíîïĩīĭįıǐịỉ", "j ĵ", "k ķ", "l ĺļľŀł", "n ñńņňŉ", "o òóôõöøōŏőơǒọỏốồổỗộớờởỡợ", "oe œ", "r ŕŗř",
	"s śŝşšș", "ss ß", "t ţťŧț", "th þ", "u ùúûüũūŭůűųưǔụủứừửữự", "w ŵ", "y ýÿŷỳỵỷỹ", "z źżž",
	"е ё", "и й", "σ ς", "α ά", "ε έ", "η ή", "ι ίϊΐ", "ο ό", "υ ύϋΰ", "ω ώ", "ا أإآ", "ه ة", "ي ى",
)

func fold(groups ...string) map[rune]string {
	m := make(map[rune]string)
	for _, g := range groups {
		plain, letters, _ := strings.Cut(g, " ")
		for _, r := range letters {
			m[r] = plain
		}
	}
	return m
}
