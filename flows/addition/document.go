package addition

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// document is a file as its text and what it says.
type document struct {
	lines []string // each with its end
	end   string   // of a line
	root  node
}

// node is a value; the zero node is none.
type node struct{ *yaml.Node }

// entry is a key with its value.
type entry struct{ key, val *yaml.Node }

func (e entry) value() node { return node{e.val} }

func read(src []byte) (document, error) {
	d := document{end: "\n"}
	if bytes.Contains(src, []byte("\r\n")) {
		d.end = "\r\n"
	}
	for line := range strings.Lines(string(src)) {
		d.lines = append(d.lines, line)
	}
	var top yaml.Node
	if err := yaml.Unmarshal(src, &top); err != nil {
		return d, err
	}
	if len(top.Content) > 0 {
		d.root = node{top.Content[0]}
	}
	return d, nil
}

func (n node) mapping() bool { return n.Node != nil && n.Kind == yaml.MappingNode }
func (n node) list() bool    { return n.Node != nil && n.Kind == yaml.SequenceNode }
func (n node) flow() bool    { return n.Style&yaml.FlowStyle != 0 }

func (n node) entries() (all []entry) {
	if !n.mapping() {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		all = append(all, entry{n.Content[i], n.Content[i+1]})
	}
	return all
}

func (n node) get(name string) (entry, bool) {
	for _, e := range n.entries() {
		if e.key.Value == name {
			return e, true
		}
	}
	return entry{}, false
}

func (e entry) get(name string) (entry, bool) { return e.value().get(name) }

// answers is the file's list of them; the zero entry: it has none.
func (d document) answers() entry {
	e, _ := d.root.get("answers")
	return e
}

// written are the words and examples of an answer.
func (d document) written(answer entry) (all []string) {
	for _, name := range []string{"words", "examples"} {
		if e, ok := answer.get(name); ok && e.value().list() {
			for _, item := range e.val.Content {
				all = append(all, item.Value)
			}
		}
	}
	return all
}

// bytesAt is the place of a column of a line, which counts characters, in bytes.
func (d document) bytesAt(line, column int) int {
	at := 0
	for i := range d.lines[line-1] {
		if column--; column == 0 {
			return i
		}
		at = i + 1
	}
	return at
}

// after gives the number of the last line of a value whose key, or dash, stands in a
// column of a line: those below it that are indented further, and a list's items.
func (d document) after(line, column int, value node) int {
	last, text := line, value.endsInText()
	for n := line + 1; n <= len(d.lines); n++ {
		bare := strings.TrimLeft(d.lines[n-1], " ")
		if strings.TrimSpace(bare) == "" {
			continue
		}
		indent := len(d.lines[n-1]) - len(bare)
		if item := indent == column-1 && strings.HasPrefix(bare, "- "); indent < column && !item {
			break
		}
		if text || !strings.HasPrefix(bare, "#") { // in a text over many lines it is no comment
			last = n
		}
	}
	return last
}

// endsInText reports whether the last of a value is a text over many lines.
func (n node) endsInText() bool {
	for len(n.Content) > 0 {
		n = node{n.Content[len(n.Content)-1]}
	}
	return n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// with is the text with lines behind a line; 0: before the first.
func (d document) with(line int, added ...string) []byte {
	var b strings.Builder
	for i, text := range d.lines {
		if i == line {
			d.write(&b, added)
		}
		b.WriteString(text)
		if i == len(d.lines)-1 && !strings.HasSuffix(text, "\n") && line == len(d.lines) {
			b.WriteString(d.end)
		}
	}
	if line >= len(d.lines) {
		d.write(&b, added)
	}
	return []byte(b.String())
}

func (d document) write(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString(line + d.end)
	}
}

// inserted is the text with something in the middle of a line.
func (d document) inserted(line, at int, text string) []byte {
	var b strings.Builder
	for i, l := range d.lines {
		if i == line-1 {
			l = l[:at] + text + l[at:]
		}
		b.WriteString(l)
	}
	return []byte(b.String())
}
