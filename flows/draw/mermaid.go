package draw

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"frontdesk/flows"
)

// longest is how many characters of a state's text the text forms show.
const longest = 80

// Mermaid writes a graph as a flow chart for Mermaid, as GitHub shows it in a
// block marked mermaid: a subgraph a flow, a line a state, a line an edge. The
// error is the writer's.
func Mermaid(w io.Writer, g flows.Graph) error {
	m := mermaid{Writer: bufio.NewWriter(w)}
	m.line("flowchart TD")
	names := byName(g)
	for _, flow := range flowsOf(g) {
		m.line("  subgraph %s[%s]", m.ids.get("flow", flow), quoted(flow))
		m.line("    direction TB")
		for _, n := range g.Nodes {
			if n.Flow == flow {
				m.line("    %s", m.state(n))
			}
		}
		m.exits(g, names, flow)
		m.line("  end")
		m.line("  class %s region", m.ids.get("flow", flow))
	}
	m.elsewhere(g, names)
	for _, e := range g.Edges {
		if _, ok := names[e.From]; ok {
			m.edge(names, e)
		}
	}
	for _, class := range mermaidClasses() {
		m.line("  classDef %s", class)
	}
	return m.Flush()
}

type mermaid struct {
	*bufio.Writer
	ids ids
}

// line writes one; a Writer that failed keeps its error for Flush.
func (m *mermaid) line(format string, args ...any) {
	_, _ = fmt.Fprintf(m, format+"\n", args...)
}

// mermaidClasses colour the shapes, in light and in dark. Their names are none of
// Mermaid's words: a class "call" is an error of syntax.
func mermaidClasses() []string {
	return []string{
		"speech fill:#eaf1ff,stroke:#4a72cc,color:#14213d",
		"menu fill:#f1ebff,stroke:#7a5bd0,color:#21143d",
		"question fill:#e6f7ee,stroke:#238a5c,color:#0d2b1d",
		"system fill:#e2f5f9,stroke:#1d8298,color:#0a2a31",
		"fork fill:#fff4da,stroke:#b67a0c,color:#33240a",
		"over fill:#eceff3,stroke:#667085,color:#1c222d",
		"person fill:#ffe9e6,stroke:#cf4a3c,color:#3d110b",
		"first stroke-width:3px",
		"region fill:none,stroke:#98a5b6",
	}
}

// state is the line of a state: its identifier, shape, text and class.
func (m *mermaid) state(n flows.Node) string {
	text := quoted(n.Node)
	if said := clean(n.Text); said != "" {
		text = quoted(n.Node, shortened(said, longest))
	}
	open, end, class := "(", ")", "speech"
	switch n.Kind {
	case flows.NodeSay:
	case flows.NodeChoices:
		open, end, class = "[", "]", "menu"
	case flows.NodeAsk:
		open, end, class = "[/", "/]", "question"
	case flows.NodeCall:
		open, end, class = "[[", "]]", "system"
	case flows.NodeBranch:
		open, end, class = "{{", "}}", "fork"
	case flows.NodeEnd:
		open, end, class = "([", "])", "over"
	case flows.NodeReturn:
		open, end, class = ">", "]", "over"
	default:
	}
	line := m.ids.get("state", n.Name()) + open + text + end + ":::" + class
	if n.Start {
		line += "\n    class " + m.ids.get("state", n.Name()) + " first"
	}
	return line
}

// exits are the ways out of a flow that lead to no state, one of each.
func (m *mermaid) exits(g flows.Graph, names map[string]flows.Node, flow string) {
	seen := map[string]bool{}
	for _, e := range g.Edges {
		words, ok := special(e.To)
		if !ok || seen[e.To] || names[e.From].Flow != flow {
			continue
		}
		seen[e.To] = true
		id := m.ids.get("to", flow+" "+e.To)
		switch e.To {
		case flows.ToPerson:
			m.line("    %s((%s)):::person", id, quoted(words))
		case flows.ToEnd:
			m.line("    %s(((%s))):::over", id, quoted(words))
		default:
			m.line("    %s>%s]:::over", id, quoted(words))
		}
	}
}

// elsewhere are the states that are led to and not among the nodes.
func (m *mermaid) elsewhere(g flows.Graph, names map[string]flows.Node) {
	seen := map[string]bool{}
	for _, e := range g.Edges {
		_, from := names[e.From]
		_, to := names[e.To]
		if _, exit := special(e.To); !from || to || exit || seen[e.To] {
			continue
		}
		seen[e.To] = true
		m.line("  %s[%s]:::over", m.ids.get("state", e.To), quoted(e.To))
	}
}

func (m *mermaid) edge(names map[string]flows.Node, e flows.Edge) {
	from, to := m.ids.get("state", e.From), m.ids.get("state", e.To)
	if _, ok := special(e.To); ok {
		to = m.ids.get("to", names[e.From].Flow+" "+e.To)
	}
	arrow := "-->"
	switch e.Kind {
	case flows.EdgeOtherwise, flows.EdgeTimeout:
		arrow = "-.->"
	case flows.EdgeChoice, flows.EdgeAnswer, flows.EdgeGo, flows.EdgeBranch:
	}
	if label := clean(e.Label); label != "" {
		arrow += "|" + quoted(label) + "|"
	}
	m.line("  %s %s %s", from, arrow, to)
	if _, ok := names[e.Then]; ok && returning(e) {
		m.line("  %s -.->|%s| %s", from, quoted("and then"), m.ids.get("state", e.Then))
	}
}

// quoted is a label of one or more lines. Mermaid reads markdown and HTML in
// labels, so that everything but letters and digits that means something to it
// is written as an entity.
func quoted(lines ...string) string {
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		out = append(out, entities(clean(l)))
	}
	return `"` + strings.Join(out, "<br/>") + `"`
}

func entities(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case strings.ContainsRune("\"#<>&`*_~$%\\[](){}|;=@^", r), i == 0 && strings.ContainsRune("-+/", r),
			(r == '.' || r == ')') && strings.TrimFunc(text[:i], unicode.IsDigit) == "": // 1. begins a list
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
