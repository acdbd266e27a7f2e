package layout

import (
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// node reads the value at the cursor, or behind white space and comments.
// column is where the block around it begins, -1 for none.
func (r *reader) node(y *yaml.Node, owner *entry, column int) *node {
	n := &node{}
	absent := y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0
	if absent && y.Anchor == "" && y.Style == 0 {
		return n
	}
	r.last = owner
	from := r.pos
	r.skip()
	n.below = r.pos > from && strings.ContainsRune(string(r.src[from:r.pos]), '\n')
	if y.Kind == yaml.ScalarNode || y.Anchor != "" || y.Style&yaml.TaggedStyle != 0 { // else they are those of the first key
		n.props = r.props()
	}
	if absent {
		return n
	}
	r.skip()
	block := (y.Kind == yaml.MappingNode || y.Kind == yaml.SequenceNode) && r.isBlock(y)
	if !block && len(r.pending) > 0 {
		owner.raise()
		owner.above = append(owner.above, r.pending...)
		r.pending = nil
	}
	switch {
	case r.fault != nil:
	case y.Kind == yaml.AliasNode:
		n.shape = alias
		r.literally(n, "*"+y.Value)
	case y.Kind == yaml.ScalarNode:
		r.scalar(n, y, column)
	case block:
		r.block(n, y)
	default:
		r.inline(n, y, owner)
	}
	if !block {
		r.blank = false
	}
	return n
}

// isBlock reports whether the collection at the cursor is written in lines.
func (r *reader) isBlock(y *yaml.Node) bool { return y.Style&yaml.FlowStyle == 0 && len(y.Content) > 0 }

// props reads an anchor and a tag.
func (r *reader) props() string {
	var all []string
	for r.at() == '&' || r.at() == '!' {
		from := r.pos
		anchor, verbatim := r.at() == '&', r.at() == '!' && r.peek(1) == '<'
		for r.pos++; r.pos < len(r.src) && !unicode.IsSpace(r.at()); r.pos++ {
			if anchor && !named(r.at()) || len(r.open) > 0 && !verbatim && strings.ContainsRune(",[]{}", r.at()) {
				break
			}
		}
		all = append(all, string(r.src[from:r.pos]))
		ahead := r.pos
		for ahead < len(r.src) && (r.src[ahead] == ' ' || r.src[ahead] == '\t') {
			ahead++
		}
		if ahead < len(r.src) && (r.src[ahead] == '&' || r.src[ahead] == '!') {
			r.pos = ahead
		}
	}
	return strings.Join(all, " ")
}

// named reports whether a character may be in the name of an anchor, as the library has it.
func named(c rune) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// literally reads what must be written here exactly so.
func (r *reader) literally(n *node, text string) {
	want := []rune(text)
	if r.pos+len(want) > len(r.src) || string(r.src[r.pos:r.pos+len(want)]) != text {
		r.refuse("")
		return
	}
	r.pos += len(want)
	n.lines = []string{text}
}

// block reads a mapping or list that is written in lines.
func (r *reader) block(n *node, y *yaml.Node) {
	n.shape, n.column = kindOf(y), r.column()
	step := 1
	if n.shape == mapping {
		step = 2
	}
	for i := 0; i+step <= len(y.Content) && r.fault == nil; i += step {
		r.skip()
		e := &entry{value: &node{}}
		r.begin(e)
		n.entries = append(n.entries, e)
		switch {
		case n.shape == mapping:
			r.key(e, y.Content[i], n.column)
			if r.at() != ':' {
				r.refuse("")
				return
			}
			r.pos++
			e.value = r.node(y.Content[i+1], e, n.column)
		case r.at() == '-':
			r.pos++
			e.value = r.node(y.Content[i], e, n.column)
		default:
			r.refuse("")
			return
		}
		r.last = lastOf(e)
	}
	r.closed = append(r.closed, n)
}

// lastOf is the entry in whose last line an entry ends.
func lastOf(e *entry) *entry {
	for e.value.collection() && !e.value.inline && len(e.value.entries) > 0 {
		e = e.value.entries[len(e.value.entries)-1]
	}
	return e
}

func kindOf(y *yaml.Node) shape {
	if y.Kind == yaml.MappingNode {
		return mapping
	}
	return list
}

// key reads a key up to its colon.
func (r *reader) key(e *entry, y *yaml.Node, column int) {
	explicit := r.at() == '?' && (unicode.IsSpace(r.peek(1)) || r.peek(1) == 0)
	empty := y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
	if explicit || empty || y.Kind != yaml.ScalarNode && y.Kind != yaml.AliasNode {
		r.fault = &fault{at: r.pos, code: codeType, summary: "a key that is no plain name", hint: "write it as name: value"}
		return
	}
	above := e.above
	e.key = r.node(y, e, column)
	if r.fault == nil && (len(e.key.lines) != 1 || e.key.shape == blockText || len(e.above) != len(above)) {
		r.refuse("a key over several lines")
	}
	for r.at() == ' ' || r.at() == '\t' {
		r.pos++
	}
}

// inline reads a mapping or list in brackets, or the one pair in [a: b].
func (r *reader) inline(n *node, y *yaml.Node, owner *entry) {
	n.shape, n.inline = kindOf(y), true
	ends := ']'
	if n.shape == mapping {
		ends = '}'
	}
	n.braces = n.shape == list || r.at() == '{'
	if n.braces {
		r.pos++
	}
	r.last = owner
	r.open = append(r.open, opened{n, owner})
	for i := 0; i < len(y.Content) && r.fault == nil; i++ {
		r.skip()
		e := &entry{value: &node{}}
		r.begin(e)
		n.entries = append(n.entries, e)
		if n.shape == mapping {
			r.key(e, y.Content[i], -1)
			r.skip()
			i++
		}
		if n.shape == mapping && r.at() == ':' {
			r.pos++
		}
		e.value = r.node(y.Content[i], e, -1)
		if !n.braces {
			break
		}
		r.last = e
		r.skip()
		if r.at() == ',' {
			r.pos++
		}
	}
	if n.braces {
		r.skip()
		n.foot = r.pending
		r.pending = nil
		if r.at() != ends {
			r.refuse("")
		}
		r.pos++
	}
	r.open = r.open[:len(r.open)-1]
	r.last = owner
}
