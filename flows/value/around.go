package value

import (
	"slices"
	"strings"
)

// light reports whether there is nothing of weight between two places.
func (r *reader) light(from, to int) bool {
	return !slices.ContainsFunc(r.tokens[from:to], func(t token) bool {
		return !t.means.filler && !strings.ContainsRune(",.()-", t.kind)
	})
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
