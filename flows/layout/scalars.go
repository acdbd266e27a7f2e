package layout

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// scalar reads a single value. column is where the block around it begins.
func (r *reader) scalar(n *node, y *yaml.Node, column int) {
	n.shape, n.value = scalar, y.Value
	switch {
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		n.shape = blockText
		r.text(n, column)
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.quoted = true
		r.quote(n, '"')
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.quoted = true
		r.quote(n, '\'')
	default:
		r.plain(n)
	}
}

func (r *reader) quote(n *node, mark rune) {
	from := r.pos
	if r.at() != mark {
		r.refuse("")
		return
	}
	for r.pos++; r.pos < len(r.src); r.pos++ {
		switch {
		case r.at() == '\\' && mark == '"':
			r.pos++
		case r.at() == mark && mark == '\'' && r.peek(1) == mark:
			r.pos++
		case r.at() == mark:
			r.pos++
			n.lines = folded(string(r.src[from:r.pos]))
			return
		}
	}
	r.refuse("")
}

// folded cuts a text over several lines, which YAML joins with spaces, and takes
// away the white space around the line breaks, which means nothing.
func folded(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i > 0 {
			line = strings.TrimLeft(line, " \t")
		}
		if i < len(lines)-1 {
			cut := strings.TrimRight(line, " \t")
			if slashes := len(cut) - len(strings.TrimRight(cut, `\`)); slashes%2 == 1 && len(cut) < len(line) {
				cut = line[:len(cut)+1] // a white space that is escaped means something
			}
			line = cut
		}
		lines[i] = line
	}
	return lines
}

// plain reads a text without quotes. It ends where its value ends: only there
// is known what of the line is a comment.
func (r *reader) plain(n *node) {
	from := r.pos
	value := []rune(n.value)
	for k := 0; k < len(value); {
		if value[k] == ' ' || value[k] == '\n' {
			if taken, breaks := r.fold(); breaks > 0 {
				r.pos += taken
				k += max(breaks-1, 1)
				continue
			}
		}
		if r.at() != value[k] {
			r.refuse("")
			return
		}
		r.pos++
		k++
	}
	n.lines = folded(string(r.src[from:r.pos]))
}

// fold measures white space with line breaks at the cursor.
func (r *reader) fold() (taken, breaks int) {
	for i := r.pos; i < len(r.src); i++ {
		switch r.src[i] {
		case '\n':
			breaks++
		case ' ', '\t':
		default:
			return i - r.pos, breaks
		}
	}
	return len(r.src) - r.pos, breaks
}

// text reads a block text. Its lines are kept without their indentation, and
// without the blank lines behind it unless they mean something.
func (r *reader) text(n *node, column int) {
	style := r.at()
	r.pos++
	chomp, digit := "", 0
	for ; r.at() == '+' || r.at() == '-' || r.at() >= '1' && r.at() <= '9'; r.pos++ {
		if r.at() == '+' || r.at() == '-' {
			chomp = string(r.at())
		} else {
			digit = int(r.at() - '0')
		}
	}
	for r.at() == ' ' || r.at() == '\t' {
		r.pos++
	}
	if r.at() == '#' {
		r.comment()
	}
	indent := max(column, 0) + digit
	if digit == 0 {
		indent = r.indentation(max(column+1, 1))
	}
	n.keep = chomp == "+"
	ended := r.textLines(n, indent)
	if !ended && chomp != "-" && n.value != "" && !strings.HasSuffix(n.value, "\n") {
		chomp, n.keep = "-", false // the file ends in it, and gets the line feed that is missing
	}
	r.ended = r.pos
	n.header = string(style) + hint(n.lines) + chomp
}

// hint is the digit that a block text needs whose first line begins with a space.
func hint(lines []string) string {
	for _, l := range lines {
		if strings.HasPrefix(l, " ") {
			return "2"
		}
		if l != "" {
			break
		}
	}
	return ""
}

// indentation is how far the block text in the next lines is indented.
func (r *reader) indentation(least int) int {
	deepest := least
	for i := r.pos; i < len(r.src); {
		i++ // the line feed
		spaces := 0
		for i < len(r.src) && r.src[i] == ' ' {
			i, spaces = i+1, spaces+1
		}
		if i < len(r.src) && r.src[i] != '\n' {
			return max(least, spaces)
		}
		deepest = max(deepest, spaces)
	}
	return deepest
}

// textLines reads the lines of a block text. It reports whether a line feed is
// behind the last one.
func (r *reader) textLines(n *node, indent int) (ended bool) {
	good, lines := 0, []string(nil) // up to good they belong to the text
	ended = true
	for at := r.pos; at < len(r.src); {
		end := at + 1
		for end < len(r.src) && r.src[end] != '\n' {
			end++
		}
		line := string(r.src[at+1 : end])
		if at+1 == len(r.src) {
			break // behind the last line feed
		}
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if spaces < indent && spaces < len(line) {
			break
		}
		line = line[min(indent, spaces):]
		if line == "" && end == len(r.src) {
			break // white space in which the file ends
		}
		lines = append(lines, line)
		if line != "" || n.keep {
			good, r.pos = len(lines), end
			ended = end < len(r.src)
		}
		at = end
	}
	n.lines = lines[:good]
	return ended
}
