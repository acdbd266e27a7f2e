package value

import (
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
		if n := r.dayMonth(i); n > 0 {
			return n
		}
		return r.dayOf(i)
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

// add keeps a date that was found, unless the words around it change it.
func (r *reader) add(h hit) int {
	r.hits = append(r.hits, h)
	r.wrong = r.wrong || len(r.hits) > mostHits || r.refused(h.from) || h.kind == calendar && (r.ranged(h.from) || r.goesOn(h.to))
	return h.to - h.from
}
