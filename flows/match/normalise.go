package match

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalise brings a text into the form in which texts are compared: lower case,
// Latin letters without their marks (é is e, ß is ss), full-width letters and
// digits as ordinary ones, everything that is no
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
		if r >= firstWide && r <= lastWide {
			r -= firstWide - '!'
		}
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
		case r < firstUnspaced && r != tatweel && unicode.IsLetter(r): // most letters, without asking further
			r = unicode.ToLower(r)
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			if plain, ok := folded[r]; ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
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

// The full-width forms of ASCII, as keyboards for Chinese and Japanese write them.
const (
	firstWide = '！'
	lastWide  = '～'
)

// Forms gives a text in the forms in which it may have been written: normalised,
// and where it has ä, ö or ü also with ae, oe and ue for them. Phrases are in a
// text when a form of the one is in a form of the other.
func Forms(s string) []string {
	forms := []string{Normalise(s)}
	if strings.ContainsAny(s, "äöüÄÖÜ\u0308") {
		if spelled := Normalise(umlauts.Replace(s)); spelled != forms[0] {
			forms = append(forms, spelled)
		}
	}
	return forms
}

var umlauts = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue",
	"a\u0308", "ae", "o\u0308", "oe", "u\u0308", "ue", "A\u0308", "Ae", "O\u0308", "Oe", "U\u0308", "Ue",
)

// address is an e-mail address or what a browser opens.
var address = regexp.MustCompile(`(?i)[^\s<>(),;]+@[^\s<>(),;]+\.[^\s<>(),;]+|\b(?:https?://|www\.)\S+|\b[\pL\d-]+(?:\.[\pL\d-]+)*\.\pL{2,}/\S*`)

// Prose is a text without the e-mail addresses and web addresses in it. What
// stands inside of those was not said: "agent@shop.example" asks for no agent.
func Prose(s string) string {
	if !strings.ContainsAny(s, "@/") && !strings.Contains(strings.ToLower(s), "www.") { // nearly always
		return s
	}
	return address.ReplaceAllString(s, " ")
}

const (
	firstUnspaced = '\u0E00' // nothing of unspaced is below
	tatweel       = '\u0640' // a letter to Unicode, and none to readers
)

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
		r >= 0x064B && r <= 0x065F, r == tatweel, r == 0x0670, r >= 0xFE00 && r <= 0xFE0F, r == 0x20E3: // the last: a keycap around a digit
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
