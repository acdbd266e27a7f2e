package layout

import (
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// reader walks through a text along the library's tree. It trusts the tree for
// what comes next, and looks only at how that is written.
type reader struct {
	src     []rune
	pos     int
	line    int // where the line of the cursor begins, as far as scanned
	scanned int
	tree    *tree
	pending []comment // lines of their own, not yet anybody's
	ended   int       // where the last block text ended, in a line that may look blank
	blank   bool      // a blank line came since the last comment or value
	last    *entry    // to which a comment at the end of this line belongs
	closed  []*node   // blocks that ended since the last entry, the innermost first
	open    []opened  // inline collections around, the outermost first
	fault   *fault
}

// opened is an inline collection that is being read, and the entry it is in.
type opened struct {
	node  *node
	owner *entry
}

// read finds out how a file is written. The tree is nil when it meets what it
// does not know, and fault says what.
func read(text string, root *yaml.Node) (*tree, fault) {
	r := &reader{src: []rune(text), tree: &tree{owner: &entry{}}}
	r.skip()
	if r.begins("---") {
		r.pos += 3
	}
	r.tree.root = r.node(root, r.tree.owner, -1)
	r.skip()
	if r.begins("...") {
		r.pos += 3
		r.skip()
	}
	if r.pos < len(r.src) {
		r.refuse("")
	}
	if r.fault != nil {
		return nil, *r.fault
	}
	r.tree.root.foot = append(r.tree.root.foot, r.settle(-1)...)
	r.tree.splitHead()
	return r.tree, fault{}
}

// splitHead parts what is said of the whole file from what is said of its
// first entry: everything before the last blank line, and the line by which
// editors find the schema.
func (t *tree) splitHead() {
	first := t.owner
	if !t.root.inline && len(t.root.entries) > 0 {
		first = t.root.entries[0]
	}
	cut := 0
	for i, c := range first.above {
		if strings.HasPrefix(c.text, "# yaml-language-server:") {
			cut = i + 1
		}
		if i > 0 && c.blank {
			cut = i
		}
	}
	if first.blank {
		cut = len(first.above)
	}
	t.head = first.above[:cut:cut]
	first.above = first.above[cut:]
}

func (r *reader) refuse(what string) {
	if r.fault != nil {
		return
	}
	if what == "" {
		what = "what is written here cannot be laid out"
	}
	r.fault = &fault{at: r.pos, code: codeSyntax, summary: what, hint: "write it more simply, one value a line"}
}

// at is the character at the cursor; 0 at the end.
func (r *reader) at() rune { return r.peek(0) }

func (r *reader) peek(n int) rune {
	if r.pos+n < len(r.src) {
		return r.src[r.pos+n]
	}
	return 0
}

// begins reports whether a line begins here with a marker of a document.
func (r *reader) begins(marker string) bool {
	end := r.pos + len(marker)
	return r.column() == 0 && end <= len(r.src) && string(r.src[r.pos:end]) == marker &&
		(end == len(r.src) || unicode.IsSpace(r.src[end]))
}

// column is where the cursor is in its line, from 0.
func (r *reader) column() int {
	for ; r.scanned < r.pos; r.scanned++ {
		if r.src[r.scanned] == '\n' {
			r.line = r.scanned + 1
		}
	}
	return r.pos - r.line
}

// fresh reports whether only white space is before the cursor in its line.
func (r *reader) fresh() bool {
	for i := r.pos - 1; i >= 0 && r.src[i] != '\n'; i-- {
		if r.src[i] != ' ' && r.src[i] != '\t' {
			return false
		}
	}
	return true
}

// skip goes on to the next character that is neither white space nor part of a
// comment, and gathers the comments.
func (r *reader) skip() {
	for r.pos < len(r.src) {
		switch r.at() {
		case ' ', '\t':
			r.pos++
		case '\n':
			r.blank = r.blank || r.fresh() && r.pos != r.ended
			r.pos++
		case '#':
			r.comment()
		default:
			return
		}
	}
}

// comment takes the comment at the cursor. It belongs to what is before it in
// its line, or waits for what comes next.
func (r *reader) comment() {
	c := comment{column: r.column(), blank: r.blank}
	own := r.fresh()
	from := r.pos
	for r.pos < len(r.src) && r.at() != '\n' {
		r.pos++
	}
	c.text = strings.TrimRightFunc(string(r.src[from:r.pos]), unicode.IsSpace)
	for from > 0 && (r.src[from-1] == ' ' || r.src[from-1] == '\t') {
		from, c.gap = from-1, c.gap+1
	}
	r.blank = false
	r.tree.comments = append(r.tree.comments, c)
	if own || r.last == nil {
		r.spread()
		r.pending = append(r.pending, c)
		return
	}
	if len(r.open) > 0 && r.last != r.open[0].owner {
		r.spread()
	}
	r.last.remark(c)
}

// spread makes the inline collections around be written in lines, as a comment
// inside needs the end of one.
func (r *reader) spread() {
	for i := len(r.open) - 1; i >= 0 && !r.open[i].node.spread; i-- {
		r.open[i].node.spread = true
	}
}

// begin starts an entry at the cursor and gives it the comments before it,
// except those that belong to what ended before it.
func (r *reader) begin(e *entry) {
	e.above, e.blank = r.settle(r.column()), r.blank
	r.blank, r.last, r.closed = false, e, nil
}

// settle gives the comments that wait to the blocks that have ended: each to the
// innermost one that it is not indented less than, if that is indented more than
// what comes next. Those of nobody are the rest.
func (r *reader) settle(next int) (rest []comment) {
	waiting := r.pending
	r.pending = nil
	ended := r.closed
	for i, c := range waiting {
		for len(ended) > 0 && (ended[0].column > c.column || len(ended) > 1 && ended[1].column == ended[0].column) {
			ended = ended[1:]
		}
		if len(ended) == 0 || ended[0].column <= next {
			return waiting[i:]
		}
		ended[0].foot = append(ended[0].foot, c)
	}
	return nil
}
