package layout

import "slices"

// tree is a file as it is written: its values with their comments.
type tree struct {
	head     []comment // the first lines of the file, which speak of all of it
	root     *node
	owner    *entry    // holds root, and what is written behind it
	comments []comment // all of them, wherever they are
}

// texts are all comments of the file, sorted.
func (t *tree) texts() []string {
	all := make([]string, 0, len(t.comments))
	for _, c := range t.comments {
		all = append(all, c.text)
	}
	slices.Sort(all)
	return all
}

// comment is a comment from its # to the end of its line.
type comment struct {
	text   string
	column int  // of the #, from 0, in characters
	gap    int  // characters between what is before it in its line and the #
	blank  bool // a blank line is before it
}

// shape is what a node is.
type shape int

const (
	nothing   shape = iota // a null that is not written
	scalar                 // written in one line or several
	blockText              // | or >
	alias                  // *name
	mapping
	list
)

// node is a value as it is written.
type node struct {
	shape  shape
	props  string // its anchor and tag; may be empty
	column int    // of a mapping or list: where its entries begin, from 0

	value  string   // of a scalar: what it says
	quoted bool     // of a scalar
	lines  []string // of a scalar or alias: as it is written; of a block text: its lines without their indentation
	header string   // of a block text: | or > and what is behind it
	keep   bool     // of a block text: blank lines behind it belong to it
	below  bool     // it begins in the line below its key

	inline  bool // of a mapping or list: written in brackets
	braces  bool // of an inline mapping: false for the one pair in [a: b]
	spread  bool // inline, and has to be written in lines: it holds comments
	entries []*entry
	foot    []comment // behind the last entry
}

func (n *node) collection() bool { return n.shape == mapping || n.shape == list }

// entry is a pair of a mapping, or an item of a list.
type entry struct {
	above []comment
	blank bool // a blank line is right before it, behind what is above
	key   *node
	value *node
	note  *comment // at the end of its line
}

// lead reports whether a blank line is before everything that belongs to the entry.
func (e *entry) lead() *bool {
	if len(e.above) > 0 {
		return &e.above[0].blank
	}
	return &e.blank
}

// remark keeps a comment that stands behind the entry. There is place for one;
// those before it go above.
func (e *entry) remark(c comment) {
	e.raise()
	e.note = &c
}

// raise moves the comment behind the entry above it.
func (e *entry) raise() {
	if e.note != nil {
		e.above, e.note = append(e.above, comment{text: e.note.text}), nil
	}
}

// hoist moves the comments above the first entry of an item to above the item,
// as both begin in one line.
func hoist(n *node) {
	for _, e := range n.entries {
		hoist(e.value)
		v := e.value
		if e.key != nil || e.note != nil || v.props != "" || len(v.entries) == 0 || len(v.entries[0].above) == 0 {
			continue
		}
		first := v.entries[0]
		first.above[0].blank = first.above[0].blank || e.blank
		e.above, e.blank = append(e.above, first.above...), first.blank
		first.above = nil
	}
}
