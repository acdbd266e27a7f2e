package addition

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// widest is how long a line may become, in characters.
const widest = 100

// addExamples is the text with further examples of an answer.
func (d document) addExamples(answer entry, news []string) ([]byte, error) {
	if !answer.value().mapping() {
		return nil, fmt.Errorf("%w: it is no mapping", ErrRefused)
	}
	have, any := answer.get("examples")
	switch {
	case any && have.value().list() && have.value().flow():
		return d.growFlow(have.value(), news)
	case any && have.value().list() && len(have.val.Content) > 0:
		return d.growBlock(have.value(), news), nil
	case any:
		return nil, fmt.Errorf("%w: its examples are no list", ErrRefused)
	case answer.value().flow():
		at := d.bytesAt(answer.val.Line, answer.val.Column) + len("{")
		return d.inserted(answer.val.Line, at, "examples: ["+flowList(news)+"], "), nil
	default:
		return d.beginExamples(answer, news), nil
	}
}

// growBlock adds to examples that stand below each other.
func (d document) growBlock(list node, news []string) []byte {
	indent := strings.Repeat(" ", list.Column-1)
	last := node{list.Content[len(list.Content)-1]}
	return d.with(d.after(last.Line, list.Column, last), items(indent, news)...)
}

func items(indent string, news []string) (lines []string) {
	for _, n := range news {
		lines = append(lines, indent+"- "+quoted(n))
	}
	return lines
}

// growFlow adds to examples in brackets: in the same line while it is short, each in
// a line of its own otherwise.
func (d document) growFlow(list node, news []string) ([]byte, error) {
	line, at, empty, ok := d.closing(list)
	if !ok {
		return nil, fmt.Errorf("%w: its examples do not end", ErrRefused)
	}
	text := flowList(news)
	if !empty {
		text = ", " + text
	}
	if utf8.RuneCountInString(strings.TrimRight(d.lines[line-1], "\r\n"))+utf8.RuneCountInString(text) > widest {
		indent := d.end + strings.Repeat(" ", list.Column)
		text = strings.Join(each(news), ","+indent)
		if !empty {
			text = "," + indent + text
		}
	}
	return d.inserted(line, at, text), nil
}

func flowList(news []string) string { return strings.Join(each(news), ", ") }

func each(news []string) []string {
	out := make([]string, len(news))
	for i, n := range news {
		out[i] = bracketed(n)
	}
	return out
}

// closing is behind the last item of a list in brackets, or before a comma that
// stands there alone.
func (d document) closing(list node) (line, at int, empty, ok bool) {
	line, at = list.Line, d.bytesAt(list.Line, list.Column)+1
	empty = true
	depth, quote := 1, byte(0)
	for n, from := list.Line, at; n <= len(d.lines); n, from = n+1, 0 {
		text := d.lines[n-1]
		for i := from; i < len(text); i++ {
			c := text[i]
			switch {
			case quote == '"' && c == '\\':
				i++
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case (c == '"' || c == '\'') && !inWord(text, i):
				quote = c
			case c == '#' && (i == 0 || text[i-1] == ' '):
				i = len(text)
				continue
			case c == '[' || c == '{':
				depth++
			case c == ']' || c == '}':
				if depth--; depth == 0 {
					return line, at, empty, true
				}
			case c == ',' || c == ' ' || c == '\r' || c == '\n':
				continue // a comma behind the last item stays behind what is added
			}
			line, at, empty = n, min(i+1, len(text)), false
		}
	}
	return 0, 0, false, false
}

// inWord reports whether a sign stands within a bare word, as in don't.
func inWord(text string, i int) bool {
	before := strings.TrimRight(text[:i], " ")
	return before != "" && !strings.ContainsRune("[{,:", rune(before[len(before)-1]))
}

// beginExamples writes the first examples of an answer, behind its words or else
// before everything else.
func (d document) beginExamples(answer entry, news []string) []byte {
	first := answer.value().entries()[0]
	line := first.key.Line - 1
	if words, ok := answer.get("words"); ok {
		line = d.after(words.key.Line, words.key.Column, words.value())
	}
	indent := strings.Repeat(" ", first.key.Column-1)
	return d.with(line, append([]string{indent + "examples:"}, items(indent+"  ", news)...)...)
}

// addAnswer is the text with one more answer.
func (d document) addAnswer(name string, news, languages []string) ([]byte, error) {
	answers := d.answers()
	if answers.val != nil && answers.value().mapping() && answers.value().flow() {
		return nil, fmt.Errorf("%w: the answers stand in { }", ErrRefused)
	}
	indent, line := "  ", len(d.lines)
	var lines []string
	switch all := answers.value().entries(); {
	case len(all) > 0:
		last := all[len(all)-1]
		indent = strings.Repeat(" ", last.key.Column-1)
		line = d.after(last.key.Line, last.key.Column, last.value())
		if len(all) > 1 && strings.TrimSpace(d.lines[last.key.Line-2]) == "" {
			lines = append(lines, "")
		}
	default:
		lines = append(lines, "", "answers:")
	}
	lines = append(lines, indent+name+":", indent+"  examples:")
	lines = append(lines, items(indent+"    ", news)...)
	return d.with(line, append(lines, d.unwritten(indent+"  ", name, languages)...)...), nil
}

// unwritten is the text that the owner of the file has to write, in each language.
func (d document) unwritten(indent, name string, languages []string) []string {
	text := quoted("To be written: the answer to " + strings.ReplaceAll(name, "_", " "))
	if len(languages) < 2 {
		return []string{indent + "say: " + text}
	}
	lines := []string{indent + "say:"}
	for _, tag := range languages {
		lines = append(lines, indent+"  "+tag+": "+text)
	}
	return lines
}
