package draw

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"frontdesk/flows"
)

// SVG draws a graph for people: a region a flow, its states from top to bottom
// in the order in which one comes to them, and beside each state what it leads
// to outside its flow. The drawing needs no script and no font of its own, is
// light or dark as its reader prefers, and says everything to screen readers,
// too. The error is the writer's.
func SVG(w io.Writer, g flows.Graph) error {
	all := figures(g)
	for _, f := range all {
		f.layOut()
	}
	width, height := pack(all)
	width = max(width, 420)
	key := newLegend(all, width)
	s := svg{Writer: bufio.NewWriter(w)}
	total := height + pageTitle + 2*pagePad + key.height
	s.line(`<svg xmlns="http://www.w3.org/2000/svg" class="fd" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="fd-title fd-about">`,
		width+2*pagePad, total, width+2*pagePad, total)
	s.line(`<title id="fd-title">%s</title>`, escaped(headline(g)))
	s.line(`<desc id="fd-about">%s</desc>`, escaped(summary(g)))
	s.line("<style>%s</style>", style)
	s.line(`<rect class="fd-page" width="%d" height="%d"/>`, width+2*pagePad, total)
	s.text("fd-headline", pagePad, pagePad+20, headline(g))
	s.text("fd-byline", pagePad, pagePad+40, summary(g))
	for _, f := range all {
		s.figure(f)
	}
	s.legend(key, pagePad, pagePad+pageTitle+height)
	s.line("</svg>")
	return s.Flush()
}

func headline(g flows.Graph) string {
	if name := clean(g.Business); name != "" {
		return name
	}
	return "Flows"
}

// summary says in a sentence what is drawn.
func summary(g flows.Graph) string {
	names := flowsOf(g)
	states := count(len(g.Nodes), "state")
	if len(names) == 1 {
		return fmt.Sprintf("%s of the flow %s", states, clean(names[0]))
	}
	return fmt.Sprintf("%s in %s", states, count(len(names), "flow"))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// svg writes elements. Its errors are kept for Flush.
type svg struct{ *bufio.Writer }

func (s *svg) line(format string, args ...any) {
	_, _ = fmt.Fprintf(s, format+"\n", args...)
}

// escaped is a text as it may stand in an element or an attribute.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(text)
}

func (s *svg) text(class string, x, y int, text string) {
	s.line(`<text class="%s" x="%d" y="%d">%s</text>`, class, x, y, escaped(text))
}

// figure draws a flow: its region, then edges, states, and the labels on top.
func (s *svg) figure(f *figure) {
	x, y := f.x+pagePad, f.y+pagePad+pageTitle
	s.line(`<g class="fd-group" transform="translate(%d %d)">`, x, y)
	s.line(`<title>%s</title>`, escaped("flow "+f.name))
	s.line(`<rect class="fd-region" width="%d" height="%d" rx="14"/>`, f.width, f.height)
	s.text("fd-name", regionPad, 30, f.name)
	s.line(`<g transform="translate(%d %d)">`, regionPad, regionPad+regionTitle)
	for _, l := range f.links {
		s.link(l, f.points(l))
	}
	for _, c := range f.cells {
		for i := range c.loops {
			s.loop(c, i)
		}
		s.cell(c)
	}
	for _, l := range f.links {
		s.label(l)
	}
	s.line("</g>\n</g>")
}

// link draws an edge with its head.
func (s *svg) link(l *link, points []point) {
	end, last := points[len(points)-1], points[len(points)-2]
	s.line(`<g class="fd-edge fd-%s"><title>%s</title><path d="%s"/>%s</g>`, edgeClass(l.kind), escaped(l.about), rounded(points), head(end, last))
}

func edgeClass(k linkKind) string {
	switch k {
	case flows.EdgeChoice, flows.EdgeAnswer, flows.EdgeOtherwise, flows.EdgeTimeout, flows.EdgeBranch, linkThen:
		return "e-" + string(k)
	default:
		return "e-go"
	}
}

// head is the head of an arrow that comes from from.
func head(at, from point) string {
	dx, dy := sign(at.x-from.x), sign(at.y-from.y)
	return fmt.Sprintf(`<path class="fd-head" d="M%d %dL%d %dL%d %dz"/>`, at.x, at.y,
		at.x-8*dx+4*dy, at.y-8*dy+4*dx, at.x-8*dx-4*dy, at.y-8*dy-4*dx)
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	default:
		return 0
	}
}

// label writes what stands at an edge, over the line.
func (s *svg) label(l *link) {
	for _, leg := range l.chain {
		b := leg.bottom
		if b.label != l {
			continue
		}
		for i, line := range l.label {
			s.text("fd-label", b.x, b.y+11+i*labelLine, line)
		}
	}
}

// loop draws the i-th edge of a state to itself, on its right.
func (s *svg) loop(c *cell, i int) {
	l := c.loops[i]
	x, y := c.box.x-c.width/2+c.width, c.box.y+padY+loopsHeight(c.loops[:i])
	height := loopsHeight(c.loops[i:i+1]) - 4
	s.line(`<g class="fd-edge fd-%s"><title>%s</title><path d="M%d %dh11q7 0 7 7v%dq0 7 -7 7h-15"/>%s</g>`, edgeClass(l.kind), escaped(l.about),
		x-4, y, max(height-14, 0), head(point{x, y + max(height, 14)}, point{x + 9, y + max(height, 14)}))
	for j, line := range l.label {
		s.text("fd-label fd-beside", x+loopRoom-4, y+11+j*labelLine, line)
	}
}
