package draw

import "frontdesk/flows"

const (
	sampleWidth  = 26
	sampleHeight = 15
	legendLine   = 26
)

// legend explains the shapes and lines that occur in a drawing.
type legend struct {
	items  []sample
	height int
}

// sample is one shape or line with its words.
type sample struct {
	cell  cellKind // or
	edge  linkKind
	words string
	x, y  int
}

// newLegend gathers what occurs, in rows of so many pixels.
func newLegend(all []*figure, width int) legend {
	cells, edges := map[cellKind]bool{}, map[linkKind]bool{}
	for _, f := range all {
		for _, c := range f.cells {
			cells[c.kind] = true
			for _, l := range c.loops {
				edges[l.kind] = true
			}
		}
		for _, l := range f.links {
			edges[l.kind] = true
		}
	}
	var key legend
	words := newFont(readWidths(), 11, false)
	x, y := 0, regionApart
	for _, s := range samples() {
		if !cells[s.cell] && !edges[s.edge] {
			continue
		}
		wide := sampleWidth + 8 + words.width(s.words)
		if x > 0 && x+wide > width {
			x, y = 0, y+legendLine
		}
		s.x, s.y = x, y
		key.items = append(key.items, s)
		x += wide + 22
	}
	if len(key.items) > 0 {
		key.height = y + legendLine
	}
	return key
}

func samples() []sample {
	return []sample{
		{cell: flows.NodeSay, words: "says something"},
		{cell: flows.NodeChoices, words: "waits for a choice"},
		{cell: flows.NodeAsk, words: "waits for an answer"},
		{cell: flows.NodeCall, words: "asks a system"},
		{cell: flows.NodeBranch, words: "decides"},
		{cell: flows.NodeEnd, words: "ends"},
		{cell: flows.NodeReturn, words: "returns"},
		{cell: cellPerson, words: "hands over to a person"},
		{cell: cellFlow, words: "goes on in another flow"},
		{edge: flows.EdgeChoice, words: "chosen"},
		{edge: flows.EdgeAnswer, words: "answered"},
		{edge: flows.EdgeGo, words: "by itself"},
		{edge: flows.EdgeBranch, words: "on a condition"},
		{edge: flows.EdgeOtherwise, words: "wrong too often"},
		{edge: flows.EdgeTimeout, words: "silent too long"},
		{edge: linkThen, words: "and then"},
	}
}

func (s *svg) legend(key legend, x, y int) {
	s.line(`<g class="fd-legend" aria-hidden="true" transform="translate(%d %d)">`, x, y)
	for _, item := range key.items {
		middle := item.y + sampleHeight/2
		if item.edge != "" {
			s.line(`<g class="fd-edge fd-%s"><path d="M%d %dh%d"/>%s</g>`, edgeClass(item.edge), item.x, middle, sampleWidth-3,
				head(point{item.x + sampleWidth, middle}, point{item.x, middle}))
		} else {
			s.line(`<g class="fd-cell fd-%s">%s</g>`, cellClass(item.cell), outline(item.cell, item.x, item.y, sampleWidth, sampleHeight))
		}
		s.text("fd-words", item.x+sampleWidth+8, item.y+12, item.words)
	}
	s.line("</g>")
}
