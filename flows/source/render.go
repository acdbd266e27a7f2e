package source

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// widest is how many characters of a source line are shown at most, and
// mostCarets how many of them are underlined.
const (
	widest     = 140
	mostCarets = 60
)

// Render writes findings for people, each with its source line and a caret:
//
//	flows.example.yaml:60:13: F203 unknown state "lokup" in flow "track"
//	   60 |         go: lokup
//	      |             ^^^^^ did you mean "lookup" (line 62)?
//
// A warning has "warning: " before its summary. sources holds the files by the
// name they were parsed under; without its file a finding is shown without its
// line. The error is the writer's.
func Render(w io.Writer, diags []Diagnostic, sources map[string][]byte) error {
	lines := make(map[string][]string, len(sources))
	for _, d := range diags {
		if _, done := lines[d.File]; !done {
			lines[d.File] = nil
			if src := sources[d.File]; len(src) > 0 {
				lines[d.File] = split(src)
			}
		}
		if _, err := io.WriteString(w, render(d, lines[d.File])); err != nil {
			return err
		}
	}
	return nil
}

func render(d Diagnostic, lines []string) string {
	var b strings.Builder
	kind := ""
	if d.Severity == SeverityWarning {
		kind = "warning: "
	}
	fmt.Fprintf(&b, "%s:%d:%d: %s %s%s\n", d.File, d.Line, d.Column, d.Code, kind, printable(d.Summary))
	hint := printable(d.Hint)
	if d.Line < 1 || d.Line > len(lines) {
		if hint != "" {
			fmt.Fprintf(&b, "      | %s\n", hint)
		}
		return b.String()
	}
	text, before, width := excerpt(lines[d.Line-1], d.Column, d.Width)
	fmt.Fprintf(&b, "%5d | %s\n", d.Line, text)
	caret := strings.Repeat(" ", before) + strings.Repeat("^", width) + " " + hint
	fmt.Fprintf(&b, "      | %s\n", strings.TrimRight(caret, " "))
	return b.String()
}

// excerpt cuts a long line around the place that is underlined.
func excerpt(line string, column, width int) (text string, before, carets int) {
	runes := []rune(printable(line))
	before = min(max(column-1, 0), len(runes))
	carets = max(width, 1)
	if len(runes) > widest {
		from := max(0, min(before-widest/2, len(runes)-widest))
		runes, before = runes[from:from+widest], before-from
	}
	return string(runes), before, max(1, min(carets, len(runes)-before, mostCarets))
}

// printable keeps what a terminal might obey out of what it is shown. Each
// character stays one character, so that carets stay where they belong.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsPrint(r):
			return r
		default:
			return '·'
		}
	}, s)
}
