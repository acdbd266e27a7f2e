package layout

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// author writes random files as people do: indented as they like, with comments
// and blank lines anywhere, texts in every form.
type author struct {
	t        *rapid.T
	b        strings.Builder
	comments int
	keys     int
}

func (a *author) chance(percent int) bool { return rapid.IntRange(0, 99).Draw(a.t, "chance") < percent }

func (a *author) among(texts ...string) string { return rapid.SampledFrom(texts).Draw(a.t, "text") }

// comment is one that is nowhere else in the file.
func (a *author) comment() string {
	a.comments++
	return fmt.Sprintf("# c%d", a.comments)
}

// end ends a line, sometimes with a comment.
func (a *author) end() {
	if a.chance(15) {
		a.b.WriteString(a.among(" ", "  ", "      ", "\t") + a.comment())
	} else if a.chance(10) {
		a.b.WriteString(a.among(" ", "   "))
	}
	a.b.WriteString("\n")
}

// between writes what may stand between two lines.
func (a *author) between(indent int) {
	for a.chance(12) {
		switch {
		case a.chance(50):
			a.b.WriteString(a.among("", "", "  ") + "\n")
		default:
			a.b.WriteString(spaces(rapid.IntRange(0, indent).Draw(a.t, "off")) + a.comment() + "\n")
		}
	}
}

func (a *author) key() string {
	if a.chance(60) {
		return a.among("version", "flows", "states", "main", "start", "say", "ask", "go", "choices", "title", "words", "handoff", "on", "if") + fmt.Sprint(a.unique())
	}
	return fmt.Sprintf(a.among("k%d", `"k %d"`, `'k: %d'`, "key with %d spaces", "ä%d"), a.unique())
}

// unique is empty for a while, so that known keys come, too.
func (a *author) unique() any {
	a.keys++
	return a.keys
}

func (a *author) mapping(depth, indent int, begun bool) {
	known := rapid.Permutation([]string{"version", "flows", "states", "say", "go", "choices", "ask", "main", "on", "title", "words"}).Draw(a.t, "keys")
	for i := range rapid.IntRange(1, 4).Draw(a.t, "pairs") {
		if i > 0 || !begun {
			a.between(indent)
			a.b.WriteString(spaces(indent))
		}
		key := known[i]
		if a.chance(40) {
			key = a.key()
		}
		a.b.WriteString(key + ":")
		a.value(depth, indent, false)
	}
}

func (a *author) list(depth, indent int, begun bool) {
	for i := range rapid.IntRange(1, 4).Draw(a.t, "items") {
		if i > 0 || !begun {
			a.between(indent)
			a.b.WriteString(spaces(indent))
		}
		a.b.WriteString("-")
		a.value(depth, indent, true)
	}
}

// value writes what is behind a key or a dash.
func (a *author) value(depth, indent int, item bool) {
	deeper := indent + rapid.IntRange(1, 5).Draw(a.t, "step")
	switch kind := rapid.IntRange(0, 9).Draw(a.t, "kind"); {
	case kind < 3 && depth > 0:
		compact := item && a.chance(70)
		if compact {
			a.b.WriteString(spaces(deeper - indent - 1))
			if deeper == indent+1 {
				a.b.WriteString(" ")
				deeper++
			}
		} else {
			a.end()
		}
		if a.chance(60) {
			a.mapping(depth-1, deeper, compact)
		} else {
			a.list(depth-1, deeper, compact)
		}
	case kind == 3:
		a.b.WriteString(" " + a.among("|", "|-", "|+", ">", ">-", ">+"))
		a.end()
		for i := range rapid.IntRange(1, 4).Draw(a.t, "lines") {
			a.b.WriteString(a.among("", "\n"))
			if i == 0 {
				a.b.WriteString(spaces(deeper) + "first\n")
				continue
			}
			a.b.WriteString(spaces(deeper) + a.among("text", "  more", "# no comment", "a: b", "- c  ", `"`) + "\n")
		}
	case kind == 4:
		a.b.WriteString(" " + a.inline(2))
		a.end()
	case kind == 5:
		a.b.WriteString(" [")
		for range rapid.IntRange(0, 3).Draw(a.t, "items") {
			a.b.WriteString(a.inline(1) + ",")
			a.end()
			a.between(indent)
			a.b.WriteString(spaces(deeper))
		}
		a.b.WriteString("]")
		a.end()
	case kind == 6:
		a.b.WriteString(" " + a.among("one", `"one`, "'one"))
		text := a.b.String()
		a.b.WriteString("\n" + a.among("", "\n") + spaces(deeper) + "two " + "\n" + spaces(deeper+1) + "three")
		if mark := text[len(text)-4]; mark == '"' || mark == '\'' {
			a.b.WriteByte(mark)
		}
		a.end()
	case kind == 7 && a.chance(30):
		a.end()
	default:
		a.b.WriteString(a.among(" ", "  ") + a.scalar(false))
		a.end()
	}
}

func (a *author) scalar(inside bool) string {
	texts := []string{
		"hello", "1", "1.5", "true", "~", `"yes"`, "'no'", `"hello"`, `'it''s'`, `"a\"b"`, `"a: b"`, `'a # b'`, "a#b", "https://x.example/",
		`"{{ x }}"`, "2026-12-25", `""`, "''", "!!str 1", "09:00-18:00", "ähm 😀", `"\u00e4"`, "a 'b' c", `"- a"`,
	}
	if !inside {
		texts = append(texts, "Hi {{ x }}, you", "a, b", "[]", "{}", strings.Repeat("long text ", 14)+"end")
	}
	return a.among(texts...)
}

func (a *author) inline(depth int) string {
	if depth == 0 || a.chance(40) {
		return a.scalar(true)
	}
	var parts []string
	object := a.chance(50)
	for range rapid.IntRange(0, 4).Draw(a.t, "parts") {
		part := a.inline(depth - 1)
		if object {
			part = a.key() + ": " + part
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, a.among(", ", ",  ", " , "))
	if object {
		return "{" + text + "}"
	}
	return "[" + text + "]"
}

func TestWhateverAPersonWritesKeepsWhatItSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := &author{t: t}
		if a.chance(20) {
			a.b.WriteString("\xef\xbb\xbf")
		}
		a.mapping(4, 0, false)
		a.between(6)
		src := a.b.String()
		if a.chance(20) {
			src = strings.ReplaceAll(src, "\n", "\r\n")
		}
		if a.chance(20) {
			src = strings.TrimRight(src, "\r\n")
		}
		out, found := Format("flows.yaml", []byte(src))
		if len(found) > 0 && strings.HasPrefix(found[0].Summary, "this is not YAML") {
			t.Skip("the author made a mistake")
		}
		if len(found) > 0 {
			t.Fatalf("refused: %+v\n%s", found, src)
		}
		again, _ := Format("flows.yaml", out)
		if string(again) != string(out) {
			t.Fatalf("formatting twice changes more\nfrom:\n%s\nonce:\n%s\ntwice:\n%s", src, out, again)
		}
		for i := range a.comments {
			if c := fmt.Sprintf("# c%d\n", i+1); strings.Count(string(out), c) != 1 {
				t.Fatalf("%q is %d times in the result\nfrom:\n%s\nto:\n%s", c, strings.Count(string(out), c), src, out)
			}
		}
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "\r") {
				t.Fatalf("a carriage return in %q", line)
			}
		}
	})
}
