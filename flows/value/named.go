package value

import "time"

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
	to := r.ordinal(at + 1)
	if to == at+1 && behind.means.counted { // "may 5 people come?"
		return 0
	}
	return r.named(day.number, r.at(i).means.month, i, to)
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
