package draw

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"frontdesk/flows"
)

// DOT writes a graph for graphviz: a cluster a flow, a line a state, a line an
// edge. The error is the writer's.
func DOT(w io.Writer, g flows.Graph) error {
	d := dot{Writer: bufio.NewWriter(w)}
	d.line("digraph flows {")
	d.line(`  graph [label=%s, labelloc=t, fontname="Helvetica", fontsize=18, rankdir=TB, nodesep=0.35, ranksep=0.5]`, dotted(g.Business))
	d.line(`  node [fontname="Helvetica", fontsize=11, shape=box, style="rounded,filled", fillcolor="#eaf1ff", color="#4a72cc", margin="0.16,0.09"]`)
	d.line(`  edge [fontname="Helvetica", fontsize=10, color="#5b6577", arrowsize=0.7]`)
	names := byName(g)
	for i, flow := range flowsOf(g) {
		d.line("  subgraph cluster_%d {", i)
		d.line(`    label=%s; labeljust=l; style="rounded,filled"; fillcolor="#f7f8fa"; color="#c6ccd6"; fontsize=14`, dotted(flow))
		for _, n := range g.Nodes {
			if n.Flow == flow {
				d.state(n)
			}
		}
		d.exits(g, names, flow)
		d.line("  }")
	}
	for _, e := range g.Edges {
		if _, ok := names[e.From]; ok {
			d.edge(names, e)
		}
	}
	d.line("}")
	return d.Flush()
}

type dot struct{ *bufio.Writer }

func (d *dot) line(format string, args ...any) {
	_, _ = fmt.Fprintf(d, format+"\n", args...) // a Writer that failed keeps its error for Flush
}

func (d *dot) state(n flows.Node) {
	label := dotted(n.Node)
	if said := clean(n.Text); said != "" {
		label = dotted(append([]string{n.Node}, wrapCharacters(shortened(said, longest), 30)...)...)
	}
	look := ""
	switch n.Kind {
	case flows.NodeSay:
	case flows.NodeChoices:
		look = `, style="filled", peripheries=2, fillcolor="#f1ebff", color="#7a5bd0"`
	case flows.NodeAsk:
		look = `, shape=parallelogram, style="filled", margin="0.02,0.05", fillcolor="#e6f7ee", color="#238a5c"`
	case flows.NodeCall:
		look = `, shape=component, style="filled", fillcolor="#e2f5f9", color="#1d8298"`
	case flows.NodeBranch:
		look = `, shape=hexagon, style="filled", margin="0.02,0.05", fillcolor="#fff4da", color="#b67a0c"`
	case flows.NodeEnd:
		look = `, shape=ellipse, style="filled", margin="0.02,0.02", fillcolor="#eceff3", color="#667085"`
	case flows.NodeReturn:
		look = `, shape=cds, style="filled", fillcolor="#eceff3", color="#667085"`
	default:
	}
	if n.Start {
		look += ", penwidth=2.5"
	}
	d.line("    %s [label=%s%s]", dotted(n.Name()), label, look)
}

// exits are the ways out of a flow that lead to no state, one of each.
func (d *dot) exits(g flows.Graph, names map[string]flows.Node, flow string) {
	seen := map[string]bool{}
	for _, e := range g.Edges {
		words, ok := special(e.To)
		if !ok || seen[e.To] || names[e.From].Flow != flow {
			continue
		}
		seen[e.To] = true
		look := `shape=cds, style="filled", fillcolor="#eceff3", color="#667085"`
		switch e.To {
		case flows.ToPerson:
			look = `shape=ellipse, style="filled", fillcolor="#ffe9e6", color="#cf4a3c"`
		case flows.ToEnd:
			look = `shape=ellipse, peripheries=2, style="filled", fillcolor="#eceff3", color="#667085"`
		}
		d.line("    %s [label=%s, %s]", dotted(flow+" "+e.To), dotted(words), look)
	}
}

func (d *dot) edge(names map[string]flows.Node, e flows.Edge) {
	to := dotted(e.To)
	if _, ok := special(e.To); ok {
		to = dotted(names[e.From].Flow + " " + e.To)
	}
	var look []string
	if label := clean(e.Label); label != "" {
		look = append(look, "label="+dotted(wrapCharacters(label, 30)...))
	}
	switch e.Kind {
	case flows.EdgeOtherwise:
		look = append(look, "style=dashed")
	case flows.EdgeTimeout:
		look = append(look, "style=dotted")
	case flows.EdgeChoice, flows.EdgeAnswer, flows.EdgeGo, flows.EdgeBranch:
	}
	d.line("  %s -> %s%s", dotted(e.From), to, attributes(look))
	if _, ok := names[e.Then]; ok && returning(e) {
		d.line(`  %s -> %s [label="and then", style=dashed]`, dotted(e.From), dotted(e.Then))
	}
}

func attributes(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " [" + strings.Join(list, ", ") + "]"
}

// dotted is a string of one or more lines as graphviz reads it.
func dotted(lines ...string) string {
	mend := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		out = append(out, mend.Replace(clean(l)))
	}
	return `"` + strings.Join(out, `\n`) + `"`
}

// wrapCharacters breaks a text at spaces into lines of about so many characters.
func wrapCharacters(text string, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	return append(lines, line)
}
