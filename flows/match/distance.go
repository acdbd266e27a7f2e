package match

import "unicode/utf8"

// Distance is how many edits make b of a: a character inserted, removed,
// replaced, or two neighbours exchanged (Damerau-Levenshtein in its optimal
// string alignment form, where no part is edited twice). Characters are runes.
// It stops counting at limit: any larger distance is limit+1.
func Distance(a, b string, limit int) int {
	if far := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); limit < 0 || abs(far) > limit {
		return max(limit, -1) + 1
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	// three rows of the table: two above, one above, this one
	var buffer [3 * 32]int // enough for a title; no allocation then
	width, rows := len(x)+1, buffer[:]
	if 3*width > len(rows) {
		rows = make([]int, 3*width)
	}
	above2, above, row := rows[:width], rows[width:2*width], rows[2*width:3*width]
	for i := range above {
		above[i] = i
	}
	for j := 1; j <= len(y); j++ {
		row[0] = j
		least := j
		for i := 1; i <= len(x); i++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(row[i-1]+1, above[i]+1, above[i-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, above2[i-2]+1)
			}
			row[i] = d
			least = min(least, d)
		}
		// an exchange reaches back two rows, so both must be beyond the limit
		if least > limit && rowMin(above) > limit {
			return limit + 1
		}
		above2, above, row = above, row, above2
	}
	return min(above[len(x)], limit+1)
}

func rowMin(row []int) int {
	least := row[0]
	for _, d := range row[1:] {
		least = min(least, d)
	}
	return least
}
