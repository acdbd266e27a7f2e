package flows

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/flows/source"
)

// target resolves what stands after go: a state of the same flow, a flow, a
// "flow.state", handoff or end. It gives the state's full name or the
// pseudo-state, and "" when it names nothing, which is reported.
func (l *loader) target(from *rawFlow, n source.Node) string {
	name, ok := n.Text()
	if !ok {
		return ""
	}
	switch name {
	case pseudoHandoff, pseudoEnd:
		return name
	case "back":
		n.Report(codeLaterKey, "go: back cannot be used here", notYet)
		return ""
	}
	if flow, node, dotted := strings.Cut(name, "."); dotted {
		return l.dotted(n, flow, node)
	}
	var own *rawState
	if from != nil {
		own = l.states[from.name+"."+name]
	}
	flow := l.flows[name]
	switch {
	case own != nil && flow != nil:
		n.Report(codeAmbiguous, fmt.Sprintf("%q is both a state of the flow %q and a flow", name, from.name),
			fmt.Sprintf("write %q, or %q", own.name, name+"."+firstName(flow)))
		return ""
	case own != nil:
		return own.name
	case flow != nil && flow.first != nil:
		return flow.first.name
	case flow != nil: // its start is reported there
		return ""
	}
	l.unknown(from, n, name)
	return ""
}

func firstName(f *rawFlow) string {
	if f.first == nil {
		return "state"
	}
	return f.first.node
}

func (l *loader) dotted(n source.Node, flow, node string) string {
	f := l.flows[flow]
	if f == nil {
		hint := "flows are: " + strings.Join(l.flowNames(), ", ")
		if meant, ok := source.Nearest(flow, l.flowNames()); ok {
			hint = fmt.Sprintf("did you mean %q (line %d)?", meant, l.flows[meant].key.Place().Line)
		}
		l.doc.Report(n.Within(0, flow), codeFlow, fmt.Sprintf("unknown flow %q", flow), hint)
		return ""
	}
	if s := l.states[flow+"."+node]; s != nil {
		return s.name
	}
	l.missing(f, n.Within(0, node), node)
	return ""
}

// ownState finds a state of a flow by its bare name.
func (l *loader) ownState(f *rawFlow, n source.Node, name string) *rawState {
	if s := l.states[f.name+"."+name]; s != nil {
		return s
	}
	if len(f.nodes) > 0 {
		l.missing(f, n.Place(), name)
	}
	return nil
}

// unknown reports a bare name that is neither a state nor a flow.
func (l *loader) unknown(from *rawFlow, n source.Node, name string) {
	if from == nil {
		n.Report(codeFlow, fmt.Sprintf("unknown flow %q", name), "")
		return
	}
	lines := map[string]int{pseudoHandoff: 0, pseudoEnd: 0}
	var names []string
	for _, s := range from.nodes {
		names, lines[s.node] = append(names, s.node), s.key.Place().Line
	}
	for _, f := range l.flowOrder {
		names, lines[f.name] = append(names, f.name), f.key.Place().Line
	}
	names = append(names, pseudoHandoff, pseudoEnd)
	l.doc.Report(n.Place(), codeState, fmt.Sprintf("unknown state %q in flow %q", name, from.name), l.meant(name, names, lines))
}

// missing reports a state that a flow does not have.
func (l *loader) missing(f *rawFlow, at source.Place, name string) {
	lines := map[string]int{}
	var names []string
	for _, s := range f.nodes {
		names, lines[s.node] = append(names, s.node), s.key.Place().Line
	}
	l.doc.Report(at, codeState, fmt.Sprintf("unknown state %q in flow %q", name, f.name), l.meant(name, names, lines))
}

// meant is the hint for a name that was not found: one that is nearly the same,
// or a state of that name in another flow.
func (l *loader) meant(name string, names []string, lines map[string]int) string {
	if near, ok := source.Nearest(name, names); ok {
		if lines[near] == 0 {
			return fmt.Sprintf("did you mean %q?", near)
		}
		return fmt.Sprintf("did you mean %q (line %d)?", near, lines[near])
	}
	at := slices.IndexFunc(l.order, func(s *rawState) bool { return s.node == name })
	if at >= 0 {
		return fmt.Sprintf("did you mean %q (line %d)?", l.order[at].name, l.order[at].key.Place().Line)
	}
	return ""
}
