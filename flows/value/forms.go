package value

import (
	"strings"
	"time"
)

// numeric reads dates in digits: 2026-12-24, 24.12.2026, 24.12., 24/12.
func (r *reader) numeric(i int) int {
	a, mark, b := r.at(i), r.at(i+1), r.at(i+2)
	sep := mark.kind
	if sep == 0 || !strings.ContainsRune("./-", sep) || !mark.glued || b.kind != digits || b.size > 2 {
		return 0
	}
	third := r.at(i + 4)
	more := r.at(i+3).kind == sep && r.at(i+3).glued && third.kind == digits
	if a.size == 4 {
		if !more || !b.glued || !third.glued || third.size > 2 {
			return 0
		}
		return r.full(a.number, b.number, third.number, i, i+5)
	}
	if a.size > 2 || !b.glued && sep != '.' {
		return 0
	}
	day, month := a.number, b.number
	if r.monthFirst && sep != '.' {
		day, month = month, day
	}
	if more && r.isYear(i+4) && (third.glued || third.size == 4 && sep == '.') {
		year := third.number
		if third.size == 2 {
			year = century(year, r.today)
		}
		return r.full(year, month, day, i, i+5)
	}
	return r.short(day, month, i, more && third.glued)
}

// full adds a date with its year. One that is not in the calendar makes an end of
// it: the customer meant a date, and we do not know which.
func (r *reader) full(year, month, day, from, to int) int {
	t, ok := on(year, month, day)
	if !ok || year < firstYear || year > lastYear || r.at(to).glued && strings.ContainsRune("./-", r.at(to).kind) && r.at(to+1).glued && r.at(to+1).kind == digits {
		r.wrong = true
	}
	return r.add(hit{t, from, to, calendar})
}

// Years that customers speak of: birthdays and bookings. The rest are prices and
// times.
const (
	firstYear = 1900
	lastYear  = 2199
)

// short adds a date in digits without its year.
func (r *reader) short(day, month, i int, more bool) int {
	sep, to := r.at(i+1).kind, i+3
	closed := r.at(to).kind == '.' && r.at(to).glued
	if r.at(to).means.month > 0 { // 24/25 December
		return 0
	}
	switch sep {
	case '.':
		if closed {
			to++
		}
		if more {
			return r.series(i)
		}
		// a time, a price
		if month > 12 || month < 1 || !closed && !r.at(i+2).glued || r.at(i-1).means.at || r.at(to).means.clock {
			return 3
		}
	case '-':
		// elsewhere two numbers with a hyphen are a range
		if r.lang != "nl" || month > 12 || more {
			return 0
		}
	}
	t, ok := coming(month, day, r.today)
	if !ok || more {
		r.wrong = true
	}
	return r.add(hit{t, i, to, calendar})
}

// series goes over numbers with points in between, of which none is a year: a
// version, an address of a machine.
func (r *reader) series(i int) int {
	to := i + 1
	for r.at(to).kind == '.' && r.at(to+1).kind == digits && r.at(to+1).glued {
		to += 2
	}
	return to - i
}

// dayMonth reads "24 December", "24th of December 2026", "24. Dez.".
func (r *reader) dayMonth(i int) int {
	if r.at(i).size > 2 {
		return 0
	}
	at := r.ordinal(i + 1)
	if r.at(at).kind == '.' {
		at++
	}
	for range 2 {
		if r.at(at).means.filler && r.at(at).means.month == 0 {
			at++
		}
	}
	month := r.at(at).means.month
	if month == 0 {
		return 0
	}
	return r.named(r.at(i).number, month, i, at+1)
}

// monthDay reads "Dec 24th", "December 24, 2026". Only English and Spanish write
// so; elsewhere a number behind a month is something else.
func (r *reader) monthDay(i int) int {
	at := i + 1
	for r.at(at).kind == '.' || r.at(at).means.filler && r.at(at).kind == word {
		at++
	}
	day, behind := r.at(at), r.at(at+1)
	before := r.at(i - 1).means.word
	switch {
	case r.lang != "en" && r.lang != "es", before == "in" || before == "en":
		return 0
	case day.kind != digits || day.size > 2 || behind.means.clock || behind.kind == ':' && r.at(at+2).kind == digits:
		return 0
	}
	return r.named(day.number, r.at(i).means.month, i, r.ordinal(at+1))
}

// ordinal goes over what makes a number an ordinal: 24th, 1er, 1º.
func (r *reader) ordinal(at int) int {
	if t := r.at(at); t.glued && (t.means.ending && t.kind == word || t.kind == '°') {
		return at + 1
	}
	return at
}

// named adds a date with the name of its month, with the year that may stand at
// a token, and may be written '26 or, at the end of the text, 26.
func (r *reader) named(day int, month time.Month, from, to int) int {
	at := to
	for r.at(at).kind == '.' || r.at(at).kind == ',' || r.at(at).kind == '\'' || r.at(at).kind == word && r.at(at).means.filler {
		at++
	}
	year := r.at(at)
	last := r.at(at+1).kind == 0 || r.at(at+1).kind == '.' && r.at(at+2).kind == 0
	if r.isYear(at) && (year.size == 4 || r.at(at-1).kind == '\'' || last && at == to) {
		y := year.number
		if year.size == 2 {
			y = century(y, r.today)
		}
		return r.full(y, int(month), day, from, at+1)
	}
	t, ok := coming(int(month), day, r.today)
	r.wrong = r.wrong || !ok
	return r.add(hit{t, from, to, calendar})
}

// isYear reports whether a token can be a year and is not the hour of a time.
func (r *reader) isYear(i int) bool {
	t := r.at(i)
	if t.kind != digits || r.at(i+1).kind == ':' && r.at(i+1).glued && r.at(i+2).kind == digits {
		return false
	}
	return t.size == 2 || t.size == 4 && t.number >= firstYear && t.number <= lastYear
}

// phrase reads a day counted from today, and goes over what only looks like one.
func (r *reader) phrase(i int) int {
	for _, p := range r.tongue.phrases {
		to := r.says(p, i)
		switch {
		case to == 0:
		case p.none:
			return to - i
		default:
			return r.add(hit{r.today.AddDate(0, 0, p.days), i, to, relative})
		}
	}
	return 0
}

// says is where a phrase ends that begins at a token, or 0. Marks may join its
// words: aujourd'hui, après-demain.
func (r *reader) says(p phrase, at int) int {
	for n, w := range p.words {
		if n > 0 && (r.at(at).kind == '\'' || r.at(at).kind == '-') {
			at++
		}
		if r.at(at).means.word != w {
			return 0
		}
		at++
	}
	return at
}

// weekday reads a day of the week. Its short forms are ordinary words in some
// languages ("so", "sat"), so they count only as the whole answer.
func (r *reader) weekday(i int) int {
	t := r.at(i)
	day, next := t.means.day, r.at(r.before(i)).means.next
	if day == 0 && (len(r.tokens) == 1 || len(r.tokens) == 2 && (next || r.at(i+1).kind == '.')) {
		day = t.means.short
	}
	if day == 0 {
		return 0
	}
	to := i + 1
	if r.at(to).means.morning {
		to++
	}
	for n := to; n < to+4 && r.at(n).kind != ',' && r.at(n).kind != '.'; n++ { // vendredi prochain, sexta-feira que vem
		next = next || r.at(n).means.next
	}
	ahead := (day - monday(r.today) + 7) % 7
	if ahead == 0 && next {
		ahead = 7
	}
	return r.add(hit{r.today.AddDate(0, 0, ahead), i, to, weekly})
}

// before is the place of the word before, over those without weight.
func (r *reader) before(i int) int {
	i--
	for i >= 0 && r.tokens[i].means.filler && !r.tokens[i].means.next {
		i--
	}
	return i
}
