package layout

import (
	"strings"
	"unicode/utf8"
)

const (
	step   = 2   // spaces a level
	widest = 120 // columns of a line with brackets; longer ones are written in lines
)

// writer gathers the lines of a file.
type writer struct {
	lines []line
	keep  bool // the last line ends a text to which blank lines would belong
}

// line is one line and the comment at its end.
type line struct {
	text string
	note *comment
}

// write gives a file its layout.
func write(t *tree) string {
	w := &writer{}
	w.comments(t.head, 0)
	w.comments(t.owner.above, 0)
	root := t.root
	switch {
	case root.inline && root.props != "":
		w.line(root.props, nil)
		fallthrough
	case root.inline:
		w.gap(t.owner.blank)
		if text, ok := root.bracketed(widest); ok {
			w.line(text, t.owner.note)
			break
		}
		if t.owner.note != nil {
			w.line(t.owner.note.text, nil)
		}
		w.block(root, 0, "")
	case root.props != "":
		w.line(root.props, nil)
		fallthrough
	default:
		w.block(root, 0, "")
	}
	if root.inline && !root.spread {
		w.comments(root.foot, 0)
	}
	return join(w.lines)
}

func (w *writer) line(text string, note *comment) {
	w.lines, w.keep = append(w.lines, line{text, note}), false
}

// gap is a blank line, if there is to be one.
func (w *writer) gap(wanted bool) {
	if wanted && !w.keep && len(w.lines) > 0 && w.lines[len(w.lines)-1].text != "" {
		w.line("", nil)
	}
}

func (w *writer) comments(all []comment, indent int) {
	for _, c := range all {
		w.gap(c.blank)
		w.line(spaces(indent)+c.text, nil)
	}
}

// block writes the entries of a mapping or list. first stands before the first
// one when that goes on in a line that has begun.
func (w *writer) block(n *node, indent int, first string) {
	for i, e := range n.entries {
		lead := spaces(indent)
		if i == 0 && first != "" {
			lead = first
		} else {
			w.comments(e.above, indent)
			w.gap(e.blank)
		}
		if n.shape == list {
			w.entry(e, lead+"-", indent)
			continue
		}
		w.entry(e, lead+keyed(e.key), indent)
	}
	w.comments(n.foot, indent)
}

// keyed is a key with its colon.
func keyed(key *node) string {
	text, _ := key.written(asKey)
	if key.shape == alias {
		text += " "
	}
	return text + ":"
}

// entry writes an item or a pair, of which head is the dash or the key.
func (w *writer) entry(e *entry, head string, indent int) {
	v := e.value
	if v.props != "" && (v.collection() || v.shape == blockText) {
		head += " " + v.props
	}
	switch {
	case v.collection():
		w.collection(e, head, indent)
	case v.shape == blockText:
		w.line(head+" "+v.header, e.note)
		for _, l := range v.lines {
			w.line(indented(l, indent+step), nil)
		}
		w.keep = v.keep
	case v.shape == nothing:
		w.line(strings.TrimRight(head+" "+v.props, " "), e.note)
	default:
		w.scalar(e, head, indent)
	}
}

// indented is a line of a longer text; an empty one has no indentation.
func indented(text string, indent int) string {
	if text == "" {
		return ""
	}
	return spaces(indent) + text
}

func (w *writer) scalar(e *entry, head string, indent int) {
	lines := e.value.lines
	if text, ok := e.value.written(inLine); ok && len(lines) == 1 {
		lines = []string{text}
	} else if e.value.props != "" {
		head += " " + e.value.props
	}
	from := 0
	if !e.value.below || utf8.RuneCountInString(head+" "+lines[0]) <= widest {
		head, from = head+" "+lines[0], 1
	}
	w.line(head, nil)
	for _, l := range lines[from:] {
		w.line(indented(l, indent+step), nil)
	}
	w.lines[len(w.lines)-1].note = e.note
}

// collection writes a mapping or list: in brackets where the author did and it
// fits, else an entry a line, the first behind the dash.
func (w *writer) collection(e *entry, head string, indent int) {
	v := e.value
	if v.inline {
		if text, ok := v.bracketed(widest - utf8.RuneCountInString(head+" ")); ok {
			w.line(head+" "+text, e.note)
			return
		}
	}
	if e.key == nil && e.note == nil && v.props == "" {
		w.block(v, indent+step, head+" ")
		return
	}
	w.line(head, e.note)
	w.block(v, indent+step, "")
}

// bracketed is an inline mapping or list in one line of so many characters;
// false when it takes more. An empty one fits everywhere.
func (n *node) bracketed(room int) (string, bool) {
	if n.spread {
		return "", false
	}
	var b strings.Builder
	braced := n.shape == mapping && (n.braces || n.entries[0].value.shape == nothing)
	if n.shape == list || braced {
		room -= 2
	}
	for i, e := range n.entries {
		if i > 0 {
			b.WriteString(", ")
			room -= 2
		}
		part, ok := e.bracketed(room)
		if room -= utf8.RuneCountInString(part); !ok || room < 0 {
			return "", false
		}
		b.WriteString(part)
	}
	switch {
	case n.shape == list:
		return "[" + b.String() + "]", true
	case braced:
		return "{" + b.String() + "}", true
	default:
		return b.String(), true
	}
}

func (e *entry) bracketed(room int) (string, bool) {
	key, ok := "", true
	if e.key != nil {
		if key, ok = e.key.written(inBraces); e.key.shape == alias {
			key += " "
		}
	}
	if !ok || room < 0 {
		return "", false
	}
	v := e.value
	var text string
	if v.collection() {
		text, ok = v.bracketed(room - utf8.RuneCountInString(key))
		text = strings.TrimLeft(v.props+" "+text, " ")
	} else {
		text, ok = v.written(inBraces)
	}
	switch {
	case e.key == nil:
		return text, ok
	case text == "":
		return key, ok
	default:
		return key + ": " + text, ok
	}
}

func spaces(n int) string { return strings.Repeat(" ", n) }
