package source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Within is the place of the first occurrence of word in the value as it is
// written, searched for after the count-th "{{" of it (0: from its beginning).
// It gives the value's own place when the word is not written there, e.g.
// because of an escape.
func (n Node) Within(count int, word string) Place {
	if n.yaml == nil || word == "" {
		return n.Place()
	}
	t := n.target()
	line, rest := t.Line, n.doc.from(Place{Line: t.Line, Column: t.Column})
	column := t.Column
	for {
		for count > 0 {
			at := strings.Index(rest, "{{")
			if at < 0 {
				break
			}
			column += utf8.RuneCountInString(rest[:at+2])
			rest, count = rest[at+2:], count-1
		}
		if at := strings.Index(rest, word); count == 0 && at >= 0 {
			return Place{Line: line, Column: column + utf8.RuneCountInString(rest[:at]), Width: utf8.RuneCountInString(word)}
		}
		if line++; line > min(len(n.doc.lines), t.Line+1000) {
			return n.Place()
		}
		rest, column = n.doc.lines[line-1], 1
	}
}

// from is the rest of the line at a place.
func (d *Document) from(p Place) string {
	if p.Line < 1 || p.Line > len(d.lines) {
		return ""
	}
	line, column := d.lines[p.Line-1], 1
	if p.Column > stride {
		marks := d.marksOf(p.Line)
		n := min((p.Column-1)/stride, len(marks)-1)
		line, column = line[marks[n]:], n*stride+1
	}
	for ; column < p.Column && line != ""; column++ {
		_, size := utf8.DecodeRuneInString(line)
		line = line[size:]
	}
	return line
}

// stride is how many characters of a line are counted at most to find a place in
// it: programs write files of one line.
const stride = 256

// marksOf are the bytes at which every stride-th character of a line begins.
func (d *Document) marksOf(n int) []int {
	if marks := d.marks[n]; marks != nil {
		return marks
	}
	var marks []int
	count := 0
	for at := range d.lines[n-1] {
		if count%stride == 0 {
			marks = append(marks, at)
		}
		count++
	}
	if marks == nil {
		marks = []int{0}
	}
	d.marks[n] = marks
	return marks
}

// written is how many characters of its line a scalar takes.
func (d *Document) written(y *yaml.Node) int {
	rest := d.from(Place{Line: y.Line, Column: y.Column})
	end := 0
	switch {
	case y.Style&yaml.SingleQuotedStyle != 0:
		end = closing(rest, '\'')
	case y.Style&yaml.DoubleQuotedStyle != 0:
		end = closing(rest, '"')
	case strings.HasPrefix(rest, y.Value):
		end = len(y.Value)
	default: // it goes on in the next line, or has a tag or an anchor before it
		end = len(strings.TrimRight(rest, " \t"))
	}
	return max(utf8.RuneCountInString(rest[:end]), 1)
}

func closing(rest string, quote byte) int {
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == '\\' && quote == '"':
			i++
		case rest[i] == quote && quote == '\'' && i+1 < len(rest) && rest[i+1] == quote:
			i++
		case rest[i] == quote:
			return i + 1
		}
	}
	return len(rest)
}

// ReportAt adds an error about a part of this value, see Within.
func (n Node) ReportAt(at Place, code, summary, hint string) {
	if n.doc != nil {
		n.doc.Report(at, code, summary, hint)
	}
}

// WarnAt is ReportAt for a warning.
func (n Node) WarnAt(at Place, code, summary, hint string) {
	if n.doc != nil {
		n.doc.Warn(at, code, summary, hint)
	}
}

// Crowded reports whether no further error about the document would be told, or
// no further warning, so that finding out more about it is in vain.
func (n Node) Crowded(warning bool) bool {
	if n.doc == nil {
		return false
	}
	severity := SeverityError
	if warning {
		severity = SeverityWarning
	}
	return n.doc.told[severity] > mostFindings
}

// File is the name of the document the value is in; "" when it does not Exist.
func (n Node) File() string {
	if n.doc == nil {
		return ""
	}
	return n.doc.Name
}

// Where names the place of a value to a reader who looks at another one: "line
// 12", or "line 12 of flows/track.yaml" when that is in another file.
func (n Node) Where(from Node) string {
	line := fmt.Sprintf("line %d", n.Place().Line)
	if n.doc == from.doc {
		return line
	}
	return line + " of " + n.File()
}
