package value

import (
	"strconv"
	"strings"
)

// numeral is a number in digits as it was written: groups of digits and what
// stands between them. Nothing written by hand has more than eight groups.
type numeral struct {
	groups [8]string
	marks  [8]byte // behind the group of the same place: one of . , ' and space
	n      int     // groups
	broken bool    // there were more
}

// scanNumeral reads the numeral that begins at a digit, and where it ends.
func scanNumeral(s string, at int) (numeral, int) {
	var n numeral
	for {
		end := at
		for end < len(s) && digit(s[end]) {
			end++
		}
		if n.n == len(n.groups) {
			n.broken = true
		} else {
			n.groups[n.n] = s[at:end]
			n.n++
		}
		if end+1 >= len(s) || !digit(s[end+1]) || !strings.ContainsRune(".,' ", rune(s[end])) || s[end] == ' ' && !n.spaced(s[end+1:]) {
			return n, end
		}
		n.marks[n.n-1] = s[end]
		at = end + 1
	}
}

// spaced reports whether a space goes on with the number: only groups of three
// digits do, behind one to three digits with nothing but spaces in between.
// Anything else is another number.
func (n *numeral) spaced(rest string) bool {
	if n.broken || len(rest) < 3 || !digit(rest[1]) || !digit(rest[2]) || len(rest) > 3 && digit(rest[3]) {
		return false
	}
	for _, m := range n.marks[:n.n-1] {
		if m != ' ' {
			return false
		}
	}
	return n.first()
}

// first reports whether the first group can be one of a number in groups.
func (n *numeral) first() bool {
	g := n.groups[0]
	return len(g) <= 3 && g[0] != '0'
}

// value is the number, if it is one. decimal is the mark before the decimals in
// the customer's language; 0 is not known.
func (n *numeral) value(decimal byte) (float64, bool) {
	last := n.n - 1
	if n.broken {
		return 0, false
	}
	if last == 0 {
		return parse(n.groups[0], "")
	}
	mark, single := n.marks[last-1], last == 1
	switch {
	case single && n.first() && len(n.groups[1]) == 3 && (mark == '.' || mark == ','):
		// 1.500: thousands or decimals, and only the language can tell
		if decimal == 0 {
			return 0, false
		}
		if mark == decimal {
			return parse(n.groups[0], n.groups[1])
		}
		return parse(n.groups[0]+n.groups[1], "")
	case single && (mark == '.' || mark == ','):
		return parse(n.groups[0], n.groups[1])
	case n.marks[0] == mark:
		return n.grouped(last+1, "")
	case mark == '.' || mark == ',':
		return n.grouped(last, n.groups[last])
	}
	return 0, false
}

// grouped is the number whose first so many groups are its whole part.
func (n *numeral) grouped(groups int, decimals string) (float64, bool) {
	if !n.first() {
		return 0, false
	}
	for i := 1; i < groups; i++ {
		size := len(n.groups[i])
		// India writes 12,34,567
		indian := size == 2 && i < groups-1 && n.marks[0] == ','
		if n.marks[i-1] != n.marks[0] || size != 3 && !indian {
			return 0, false
		}
	}
	return parse(strings.Join(n.groups[:groups], ""), decimals)
}

// parse refuses what a float64 does not hold exactly as it was written.
func parse(whole, decimals string) (float64, bool) {
	if len(whole)+len(decimals) > 15 {
		return 0, false
	}
	f, err := strconv.ParseFloat(whole+"."+decimals, 64)
	return f, err == nil
}
