package value

import (
	"strings"
	"unicode/utf8"
)

// longest is how many bytes of a text are read. No answer is longer than what a
// platform carries in one message; a longer text has none.
const longest = 4096

// plain writes digits, spaces, hyphens and apostrophes as ASCII has them,
// full-width characters as ordinary ones, and leaves out marks that are not
// seen: keyboards and address books put those into what they paste.
func plain(text string) string {
	if ascii(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		switch {
		case r < 0x2000 || r >= '\u3000' && r < '！':
			return plainLetter(r)
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r <= '\u200a' || r == '\u202f' || r == '\u3000':
			return ' '
		case r >= '\u2010' && r <= '\u2015' || r == '\u2212':
			return '-'
		case r == '‘' || r == '’':
			return '\''
		case r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u2069', r == '\u20e3':
			return -1
		}
		return r
	}, text)
}

// plainLetter is plain for what is no mark, as nearly everything is.
func plainLetter(r rune) rune {
	switch {
	case r == '\u00a0' || r == '\u3000':
		return ' '
	case r == 'ʼ':
		return '\''
	case r == '\ufe0f', r == '\ufeff', r == '\u00ad':
		return -1
	case r < zeros[0] || r > zeros[len(zeros)-1]+9:
		return r
	}
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

// zeros are the digits 0 of the scripts that customers write numbers in: Arabic,
// Persian, Hindi, Bengali, Thai.
var zeros = [...]rune{0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// letter reports whether a character is a part of a word. It is much faster than
// unicode.IsLetter, and takes every character of a script we know no words of as
// a letter, except for the marks that end sentences there.
func letter(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	case r < 0x0250:
		return r >= 'À' && r != '×' && r != '÷' || r == 'ª' || r == 'º'
	case r >= 0x2000 && r < 0x2c00, r >= '\u3000' && r <= '〿', r >= 0x1f000 && r < 0x20000, r == utf8.RuneError:
		return false
	}
	return r > 0x0965 || r < 0x060c || !strings.ContainsRune("،؛؟۔।॥", r)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// locale takes a tag such as "de-AT" or "pt_BR" apart, the language in lower
// case and the region in upper case. No tag is English.
func locale(tag string) (lang, region string) {
	lang, rest, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	for part := range strings.SplitSeq(rest, "-") { // a script may stand in between: zh-Hant-TW
		if len(part) == 2 {
			region = strings.ToUpper(part)
			break
		}
	}
	if lang == "" {
		lang = "en"
	}
	return strings.ToLower(lang), region
}
