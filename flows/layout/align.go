package layout

import (
	"strings"
	"unicode/utf8"
)

// apart is how many spaces are at least between a line and the comment behind it.
const apart = 2

// join makes the text of a file. Comments at the ends of lines stay in the column
// in which they are, so that those which the author aligned stay aligned: lines
// one below the other with comments in one column are a group and move together.
func join(lines []line) string {
	var b strings.Builder
	for from := 0; from < len(lines); {
		to := from + 1
		for lines[from].note != nil && to < len(lines) && lines[to].note != nil && lines[to].note.column == lines[from].note.column {
			to++
		}
		column := behind(lines[from:to])
		for _, l := range lines[from:to] {
			b.WriteString(l.text)
			if l.note != nil {
				b.WriteString(spaces(column - utf8.RuneCountInString(l.text)))
				b.WriteString(l.note.text)
			}
			b.WriteByte('\n')
		}
		from = to
	}
	return b.String()
}

// behind is the column of the comments of a group: right behind its longest line
// where it was so, or where it was when there is place.
func behind(group []line) int {
	if group[0].note == nil {
		return 0
	}
	longest, narrowest := 0, group[0].note.gap
	for _, l := range group {
		longest, narrowest = max(longest, utf8.RuneCountInString(l.text)), min(narrowest, l.note.gap)
	}
	if narrowest <= apart {
		return longest + apart
	}
	return max(longest+apart, group[0].note.column)
}
