package value

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Number is the one number in a text, in digits ("about 12 please", "-3",
// "1 234,50", full-width and Arabic ones too) or as a word up to twelve. What a
// single point or comma with three digits behind it means is told by the
// language: "1.500" is 1500 in German and 1.5 in English. ok is false without a
// number, with two different ones, and where words or signs beside it change it
// ("2 million", "1/2", "10:30").
//
// An article that is also the number one ("ein", "una") gives way to another
// number, and alone counts in two words at most. Digits inside of a word ("A4",
// "Covid-19") are no number.
func Number(text, lang string) (number float64, ok bool) {
	if len(text) > longest {
		return 0, false
	}
	base, region := locale(lang)
	text = plain(text)
	var one single
	one.digits(text, decimalMark(base, region))
	if t, known := tongues[base]; known && !one.wrong {
		one.words(text, t)
	}
	return one.number, one.found && !one.wrong
}

// single gathers what must be one number.
type single struct {
	number       float64
	found, wrong bool
}

func (o *single) add(f float64) {
	o.wrong = o.wrong || o.found && f != o.number
	o.number, o.found = f, true
}

func (o *single) digits(s string, decimal byte) {
	for at := 0; at < len(s) && !o.wrong; {
		if !digit(s[at]) {
			r, size := utf8.DecodeRuneInString(s[at:])
			o.wrong = r >= 0x80 && fraction(r)
			at += size
			continue
		}
		if inWord(s[:at]) {
			_, at = scanNumeral(s, at) // EUR12,50: neither 12 nor 50
			at = wordEnd(s, at)
			continue
		}
		written, end := scanNumeral(s, at)
		f, fine := written.value(decimal)
		if fine && at > 0 && (s[at-1] == '.' || s[at-1] == ',') && (at == 1 || s[at-2] == ' ' || s[at-2] == '-') {
			f, fine = parse("0", written.groups[0])
			fine = fine && written.n == 1
			at--
		}
		if !fine || changed(s[end:]) {
			o.wrong = true
			return
		}
		if at > 0 && s[at-1] == '-' && !follows(s[:at-1]) {
			f = -f
		}
		o.add(f)
		at = end
	}
}

// inWord reports whether what comes next is a part of the word before it.
func inWord(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(before, "-"))
	return r >= 'A' && unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
}

// fraction reports whether a character is a number that is no digit: ½, 3².
func fraction(r rune) bool {
	return r >= '²' && r <= '¾' && unicode.IsNumber(r) || r >= 0x2070 && r <= 0x2089 || r >= 0x2150 && r <= 0x218f || r >= 0x2460 && r <= 0x24ff
}

// follows reports whether a hyphen behind this text is a range and no sign.
func follows(before string) bool {
	return before != "" && (digit(before[len(before)-1]) || strings.ContainsRune(".,)", rune(before[len(before)-1])))
}

func wordEnd(s string, at int) int {
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !letter(r) && (r >= 0x80 || !digit(byte(r))) {
			break
		}
		at += size
	}
	return at
}

// changed reports whether what stands directly behind a number makes another one
// of it: 10:30, 1/2, 5k, 2x4.
func changed(rest string) bool {
	if len(rest) > 1 && (rest[0] == ':' || rest[0] == '/' || rest[0] == '^') && digit(rest[1]) {
		return true
	}
	word := rest[:wordEnd(rest, 0)]
	return word == "k" || word == "K" || word == "M" || strings.ContainsAny(word, "0123456789")
}

// words looks for numbers in words, each with the one behind it.
func (o *single) words(s string, t *tongue) {
	m, count, article := &nothing, 0, false
	for at := 0; at < len(s) && !o.wrong; {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !letter(r) {
			at += size
			continue
		}
		end := lettersEnd(s, at+size)
		next := t.of(s[at:end])
		article = article || next.article
		m = o.word(m, next, t.teens)
		at = end
		count++
	}
	o.word(m, &nothing, t.teens)
	if article && !o.found && count <= 2 {
		o.add(1)
	}
}

// word takes in a word, and gives the one that is looked at next.
func (o *single) word(m, next *meaning, teens bool) *meaning {
	switch {
	case m.large:
		o.wrong = true
	case m.article && (next.or || next.number > 0):
		o.add(1) // "eine oder zwei", "bir iki": then it is counted
	case teens && m.number-1 == 10 && (next.article || next.number > 1):
		o.add(float64(10 + max(next.number-1, 1))) // on bir, on iki
		return &nothing
	case m.number > 0:
		o.add(float64(m.number - 1))
	}
	return next
}

// decimalMark is what stands before decimals; 0 where we do not know.
func decimalMark(lang, region string) byte {
	switch {
	case strings.Contains(" MX US PR GT HN NI SV PA DO PE CH LI ", " "+region+" ") && region != "":
		return '.' // Central America and Switzerland, whatever they speak
	case strings.Contains(" en zh ja ko th hi he bn ur ms ", " "+lang+" "):
		return '.'
	case strings.Contains(" de fr es it pt nl pl tr ru uk cs sk sv da nb no fi hu ro bg el hr sl sr lt lv et id vi ca ", " "+lang+" "):
		return ','
	}
	return 0
}
