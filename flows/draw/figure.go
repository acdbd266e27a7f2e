package draw

import (
	"strings"

	"frontdesk/flows"
)

// Sizes in pixels.
const (
	textRoom  = 150 // of the text inside a state
	labelRoom = 132 // of a label at an edge
	padX      = 16
	padY      = 10
	nameLine  = 17 // height of a line of a state's name
	textLine  = 15 // height of a line of its text
	labelLine = 14
	loopRoom  = 26 // beside a state that leads to itself
	startRoom = 34 // beside the state in which a flow begins
)

// figure is one flow on its way to being drawn.
type figure struct {
	name          string
	begun         bool    // one of the cells is where it begins
	cells         []*cell // states first, then what leads out of the flow
	links         []*link
	width, height int
	x, y          int // where it is in the picture
	layers        [][]*box
	ends          []int // y behind each layer
}

// cellKind is what a cell looks like: a node's kind, or one of these.
type cellKind = flows.NodeKind

const (
	cellPerson cellKind = "person" // to a person
	cellOver   cellKind = "over"   // the conversation is over
	cellCaller cellKind = "caller" // back to where the flow was called from
	cellBack   cellKind = "back"   // the state before
	cellFlow   cellKind = "flow"   // a state of another flow
)

// cell is a state, or what a state leads to outside its flow. The latter stands
// beside each state that leads there, so that its arrows stay short.
type cell struct {
	id            string // of its element
	kind          cellKind
	start         bool
	name, text    []string // lines
	about         string   // everything it says, for who points at it
	target        string   // the element to go to when it is clicked; may be empty
	width, height int
	loops         []*link
	box           *box
}

// link is an edge between two cells of a figure.
type link struct {
	from, to *cell
	kind     linkKind
	label    []string
	wide     int // the label, in pixels
	about    string
	up       bool   // it leads back up
	chain    []*leg // from the upper cell to the lower one
}

// linkKind is what a link looks like: an edge's kind, or the way on behind a
// flow that was called.
type linkKind = flows.EdgeKind

const linkThen linkKind = "then"

// pen are the fonts of a drawing.
type pen struct{ name, text, label font }

// figures makes a figure of every flow of a graph.
func figures(g flows.Graph) []*figure {
	widths := readWidths()
	p := pen{newFont(widths, 13, true), newFont(widths, 12, false), newFont(widths, 11, false)}
	s := sketch{pen: p, starts: map[string]string{}, states: map[string]*cell{}}
	for _, n := range g.Nodes {
		if n.Start {
			s.starts[n.Name()] = n.Flow
		}
	}
	byFlow := map[string]*figure{}
	var all []*figure
	for _, n := range g.Nodes {
		if byFlow[n.Flow] == nil {
			byFlow[n.Flow] = &figure{name: clean(n.Flow)}
			all = append(all, byFlow[n.Flow])
		}
		if s.states[n.Name()] == nil {
			f := byFlow[n.Flow]
			c := s.state(n)
			c.start = n.Start && !f.begun // a flow has one beginning
			f.begun = f.begun || c.start
			f.cells = append(f.cells, c)
		}
	}
	names := byName(g)
	for _, e := range g.Edges {
		if n, ok := names[e.From]; ok {
			s.edge(byFlow[n.Flow], n.Flow, e, names)
		}
	}
	return all
}

// sketch makes cells and links.
type sketch struct {
	pen    pen
	ids    ids
	starts map[string]string // flows by the names of their first states
	states map[string]*cell
	outs   map[string]*cell // by state and target
}

func (s *sketch) state(n flows.Node) *cell {
	c := &cell{id: s.ids.get("state", n.Name()), kind: n.Kind}
	c.name = s.pen.name.wrap(clean(n.Node), textRoom, 2)
	c.text = s.pen.text.wrap(clean(n.Text), textRoom, 3)
	c.about = strings.TrimSuffix(clean(n.Name())+": "+clean(n.Text), ": ")
	c.width = textRoom + 2*padX
	if n.Kind == flows.NodeBranch || n.Kind == flows.NodeAsk {
		c.width += padX
	}
	c.height = len(c.name)*nameLine + len(c.text)*textLine + 2*padY
	s.states[n.Name()] = c
	return c
}

// edge adds an edge to the figure of the flow that it begins in.
func (s *sketch) edge(f *figure, flow string, e flows.Edge, names map[string]flows.Node) {
	from := s.states[e.From]
	to := s.states[e.To]
	if n, ok := names[e.To]; !ok || n.Flow != flow {
		to = s.out(f, from, e)
	}
	l := &link{from: from, to: to, kind: e.Kind, label: s.pen.label.wrap(clean(e.Label), labelRoom, 2)}
	l.about = strings.TrimSuffix(clean(e.From)+" → "+clean(e.To)+": "+clean(e.Label), ": ")
	for _, line := range l.label {
		l.wide = max(l.wide, s.pen.label.width(line))
	}
	s.add(f, l)
	if then, ok := names[e.Then]; ok && then.Flow == flow && returning(e) {
		s.add(f, &link{from: to, to: s.states[e.Then], kind: linkThen, about: clean(e.To) + " → " + clean(e.Then)})
	}
}

func (s *sketch) add(f *figure, l *link) {
	if l.from == l.to {
		l.from.loops = append(l.from.loops, l)
		return
	}
	f.links = append(f.links, l)
}

// out is the cell for what is outside the flow, one for each state and target.
func (s *sketch) out(f *figure, from *cell, e flows.Edge) *cell {
	key := from.id + "\x00" + e.To + "\x00" + e.Then
	if c := s.outs[key]; c != nil {
		return c
	}
	words, ok := special(e.To)
	c := &cell{about: words}
	switch {
	case ok && e.To == flows.ToPerson:
		c.kind = cellPerson
	case ok && e.To == flows.ToEnd:
		c.kind = cellOver
	case ok && e.To == flows.ToCaller:
		c.kind = cellCaller
	case ok:
		c.kind = cellBack
	default:
		words = clean(e.To)
		if flow, first := s.starts[e.To]; first {
			words = clean(flow)
		}
		c.kind, c.about = cellFlow, clean(e.To)
		if to := s.states[e.To]; to != nil {
			c.target = to.id
		}
	}
	c.name = s.pen.text.wrap(words, textRoom, 2)
	for _, line := range c.name {
		c.width = max(c.width, s.pen.text.width(line))
	}
	c.width += 2*padX + 12 // a sign before the words
	c.height = len(c.name)*textLine + padY + 2
	if s.outs == nil {
		s.outs = map[string]*cell{}
	}
	s.outs[key] = c
	f.cells = append(f.cells, c)
	return c
}
