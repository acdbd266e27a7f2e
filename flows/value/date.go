package value

import (
	"slices"
	"strings"
	"time"
)

// Date is the one date in a text, as the first moment of that day in today's
// location: "2026-12-24", "24.12.2026", "24.12.", "24/12" (in the United States
// and the few countries that write so, 12/24), "24 December", "Dec 24th",
// "monday", "next friday", "tomorrow", in the language.
//
// country is an ISO 3166 code such as "US"; when it is empty the region of the
// language tag takes its place. A date without a year and a day of the week are
// the next such day from today on, today included; "next friday" said on a
// Friday is a week later. A year of two digits is at most 20 years ahead. ok is
// false without a date, with two different ones or a range, with one that is not
// in the calendar, when a day of the week beside it is not the date's, and with
// what moves a day: "not", "last", "in a week".
func Date(text, lang, country string, today time.Time) (date time.Time, ok bool) {
	if len(text) > longest {
		return time.Time{}, false
	}
	base, region := locale(lang)
	if country = strings.ToUpper(strings.TrimSpace(country)); country != "" {
		region = country
	}
	from, _ := on(today.Year(), int(today.Month()), today.Day())
	r := reader{tongue: tongueOf(base), lang: base, monthFirst: monthFirst(region), today: from}
	r.tokens = r.tongue.tokens(plain(text))
	day, ok := r.one()
	if !ok {
		return time.Time{}, false
	}
	return begins(day, today.Location())
}

// ISO is a date as it is kept: "2026-12-24".
func ISO(date time.Time) string { return date.Format(time.DateOnly) }

// reader looks for dates in the tokens of a text.
type reader struct {
	tongue     *tongue
	lang       string
	monthFirst bool
	today      time.Time // its midnight in UTC
	tokens     []token

	hits  []hit
	moved bool // a word was there that moves a relative day: "last", "week"
	wrong bool // there is no telling which day is meant
}

// hit is a date that was found.
type hit struct {
	day      time.Time
	from, to int // tokens
	kind     kind
}

type kind int

const (
	calendar kind = iota // a day of the calendar
	relative             // tomorrow
	weekly               // monday
)

// mostHits bounds the work: who names as many days does not answer a question.
const mostHits = 8

// one is the only day that the text names.
func (r *reader) one() (time.Time, bool) {
	for i := 0; i < len(r.tokens) && !r.wrong; {
		n := r.read(i)
		if n == 0 {
			r.moved = r.moved || r.at(i).means.other
			n = 1
		}
		i += n
	}
	hits := r.settle()
	if r.wrong || len(hits) == 0 {
		return time.Time{}, false
	}
	for _, h := range hits {
		if !h.day.Equal(hits[0].day) || h.kind != calendar && r.moved {
			return time.Time{}, false
		}
	}
	return hits[0].day, true
}

// read reads the date that begins at a token, and how many tokens it takes.
func (r *reader) read(i int) int {
	switch t := r.at(i); {
	case t.kind == digits:
		if t.glued && r.at(i-1).latin { // A4
			return 0
		}
		if n := r.numeric(i); n > 0 {
			return n
		}
		return r.dayMonth(i)
	case t.means.begins:
		if n := r.phrase(i); n > 0 {
			return n
		}
	case t.means.month > 0:
		if n := r.monthDay(i); n > 0 {
			return n
		}
	}
	return r.weekday(i)
}

// settle leaves out the days of the week that only go with a date beside them,
// and finds fault with those that contradict it.
func (r *reader) settle() []hit {
	var hits []hit
	for i, h := range r.hits {
		if h.kind == weekly {
			if beside, ok := r.beside(i); ok {
				r.wrong = r.wrong || beside.day.Weekday() != h.day.Weekday()
				continue
			}
		}
		hits = append(hits, h)
	}
	return hits
}

// beside is the date that a day of the week stands next to.
func (r *reader) beside(i int) (hit, bool) {
	if i+1 < len(r.hits) && r.hits[i+1].kind != weekly && r.light(r.hits[i].to, r.hits[i+1].from) {
		return r.hits[i+1], true
	}
	if i > 0 && r.hits[i-1].kind != weekly && r.light(r.hits[i-1].to, r.hits[i].from) {
		return r.hits[i-1], true
	}
	return hit{}, false
}

// light reports whether there is nothing of weight between two places.
func (r *reader) light(from, to int) bool {
	return !slices.ContainsFunc(r.tokens[from:to], func(t token) bool {
		return !t.means.filler && !strings.ContainsRune(",.()-", t.kind)
	})
}

// add keeps a date that was found, unless the words around it change it.
func (r *reader) add(h hit) int {
	r.hits = append(r.hits, h)
	r.wrong = r.wrong || len(r.hits) > mostHits || r.refused(h.from) || h.kind == calendar && (r.ranged(h.from) || r.goesOn(h.to))
	return h.to - h.from
}

// at is a token, or none, outside of the text.
func (r *reader) at(i int) *token {
	if i < 0 || i >= len(r.tokens) {
		return &outside
	}
	return &r.tokens[i]
}

var outside = token{means: &nothing}

// back goes over words without weight.
func (r *reader) back(i int) int {
	for i >= 0 && (r.tokens[i].means.filler || r.tokens[i].means.next) && !r.tokens[i].means.joiner {
		i--
	}
	return i
}

// refused reports whether a "not" stands before a date.
func (r *reader) refused(from int) bool { return r.at(r.back(from - 1)).means.never }

// ranged reports whether a date is the second of two that share its month:
// "24-27 December", "24. oder 25. Dezember".
func (r *reader) ranged(from int) bool {
	i := r.back(from - 1)
	if t := r.at(i); t.kind == 0 || !t.means.joiner && !strings.ContainsRune("-/&+,", t.kind) {
		// "a" joins only in Romance languages, and is light in them, too
		if i+1 >= from || r.at(i+1).means.word != "a" {
			return false
		}
		i++
	}
	i--
	for r.at(i).kind == '.' || r.at(i).kind == '°' || r.at(i).glued && r.at(i).means.ending {
		i--
	}
	t := r.at(i)
	known := len(r.hits) > 1 && i < r.hits[len(r.hits)-2].to // of another date
	return t.kind == digits && t.size <= 2 && t.number >= 1 && t.number <= 31 && !known
}

// goesOn reports whether a second day of the same month follows a date: "Dec
// 24-27", "December 24 or 25th".
func (r *reader) goesOn(to int) bool {
	if t := r.at(to); t.kind == 0 || !t.means.joiner && t.kind != '-' && t.kind != '/' {
		return false
	}
	to++
	for r.at(to).means.filler {
		to++
	}
	t, behind := r.at(to), r.at(to+1)
	if t.kind != digits || t.size > 2 || t.number < 1 || t.number > 31 {
		return false
	}
	return behind.kind != word && behind.kind != ':' && behind.kind != digits || behind.glued && behind.means.ending
}
