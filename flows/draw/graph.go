package draw

import (
	"fmt"
	"strings"
	"unicode"

	"frontdesk/flows"
)

// Only is the part of a graph that belongs to one flow, with what leads out of
// it. The error names the flows that there are.
func Only(g flows.Graph, flow string) (flows.Graph, error) {
	part := flows.Graph{Business: g.Business}
	for _, n := range g.Nodes {
		if n.Flow == flow {
			part.Nodes = append(part.Nodes, n)
		}
	}
	if len(part.Nodes) == 0 {
		return flows.Graph{}, fmt.Errorf("there is no flow %q; the flows are %s", flow, strings.Join(flowsOf(g), ", "))
	}
	names := byName(part)
	for _, e := range g.Edges {
		if _, ok := names[e.From]; ok {
			part.Edges = append(part.Edges, e)
		}
	}
	return part, nil
}

// flowsOf are the names of the flows, in the order of their first states.
func flowsOf(g flows.Graph) []string {
	var names []string
	seen := map[string]bool{}
	for _, n := range g.Nodes {
		if !seen[n.Flow] {
			seen[n.Flow] = true
			names = append(names, n.Flow)
		}
	}
	return names
}

func byName(g flows.Graph) map[string]flows.Node {
	nodes := make(map[string]flows.Node, len(g.Nodes))
	for _, n := range g.Nodes {
		nodes[n.Name()] = n
	}
	return nodes
}

// special reports whether an edge's target is no state, and what people read there.
func special(to string) (words string, ok bool) {
	switch to {
	case flows.ToPerson:
		return "a person", true
	case flows.ToEnd:
		return "the end", true
	case flows.ToCaller:
		return "return", true
	case flows.ToBack:
		return "back", true
	default:
		return "", false
	}
}

// clean is a text in one line without what XML and terminals do not take.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\uFFFE' || r == '\uFFFF':
			return -1
		default:
			return r
		}
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// shortened cuts a text to so many characters.
func shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + "…"
}

// returning reports whether an edge calls a flow that comes back to another state.
func returning(e flows.Edge) bool { return e.Then != "" && e.Then != e.From }

// ids gives every name an identifier of letters, digits and underscores. They
// are handed out in order, so that a name at the end changes none before it.
type ids struct {
	of    map[string]string
	taken map[string]bool
}

func (i *ids) get(prefix, name string) string {
	key := prefix + "\x00" + name
	if id, ok := i.of[key]; ok {
		return id
	}
	plain := prefix + "_" + strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, name)
	id := plain
	for n := 2; i.taken[id]; n++ {
		id = fmt.Sprintf("%s_%d", plain, n)
	}
	if i.of == nil {
		i.of, i.taken = map[string]string{}, map[string]bool{}
	}
	i.of[key], i.taken[id] = id, true
	return id
}
