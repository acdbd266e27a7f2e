package flows

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/flows/source"
)

// target resolves what stands after go: a state of the same flow, a flow, a
// "flow.state", or one of the words for a pseudo-state. It gives the state's
// full name or the pseudo-state, and the state's flow; "" when it names nothing,
// which is reported.
func (l *loader) target(from *rawFlow, n source.Node) (string, *rawFlow) {
	name, ok := n.Text()
	if !ok {
		return "", nil
	}
	switch name {
	case pseudoHandoff, pseudoEnd, pseudoBack, pseudoAgain:
		return name, nil
	case pseudoReturn:
		n.Report(codeMisplaced, "go: return cannot be used here", `write "return: true" in a state of its own`)
		return "", nil
	}
	if flow, node, dotted := strings.Cut(name, "."); dotted {
		return l.dotted(n, flow, node), l.flows[flow]
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
		return "", nil
	case own != nil:
		return own.name, from
	case flow != nil && flow.first != nil:
		return flow.first.name, flow
	case flow != nil: // its start is reported there
		return "", nil
	}
	l.unknown(from, n, name)
	return "", nil
}

func firstName(f *rawFlow) string {
	if f.first == nil {
		return "state"
	}
	return f.first.Node
}

func (l *loader) dotted(n source.Node, flow, node string) string {
	f := l.flows[flow]
	if f == nil && l.opaque {
		return ""
	}
	if f == nil {
		hint := "flows are: " + strings.Join(l.flowNames(), ", ")
		if meant, ok := source.Nearest(flow, l.flowNames()); ok {
			hint = fmt.Sprintf("did you mean %q (%s)?", meant, l.flows[meant].key.Where(n))
		}
		n.ReportAt(n.Within(0, flow), codeFlow, fmt.Sprintf("unknown flow %q", flow), hint)
		return ""
	}
	if s := l.states[flow+"."+node]; s != nil {
		return s.name
	}
	l.missing(f, n, n.Within(0, node), node)
	return ""
}

// ownState finds a state of a flow by its bare name.
func (l *loader) ownState(f *rawFlow, n source.Node, name string) *rawState {
	if s := l.states[f.name+"."+name]; s != nil {
		return s
	}
	if len(f.nodes) > 0 {
		l.missing(f, n, n.Place(), name)
	}
	return nil
}

// unknown reports a bare name that is neither a state nor a flow.
func (l *loader) unknown(from *rawFlow, n source.Node, name string) {
	if l.opaque || n.Crowded(false) {
		return // it may be in the file that could not be read
	}
	if from == nil {
		n.Report(codeFlow, fmt.Sprintf("unknown flow %q", name), "")
		return
	}
	at := map[string]source.Node{}
	var names []string
	for _, s := range from.nodes {
		names, at[s.Node] = append(names, s.Node), s.key
	}
	for _, f := range l.flowOrder {
		names, at[f.name] = append(names, f.name), f.key
	}
	names = append(names, pseudoHandoff, pseudoEnd, pseudoBack, pseudoAgain)
	n.Report(codeState, fmt.Sprintf("unknown state %q in flow %q", name, from.name), l.meant(n, name, names, at))
}

// missing reports a state that a flow does not have.
func (l *loader) missing(f *rawFlow, n source.Node, place source.Place, name string) {
	if n.Crowded(false) {
		return
	}
	at := map[string]source.Node{}
	var names []string
	for _, s := range f.nodes {
		names, at[s.Node] = append(names, s.Node), s.key
	}
	n.ReportAt(place, codeState, fmt.Sprintf("unknown state %q in flow %q", name, f.name), l.meant(n, name, names, at))
}

// meant is the hint for a name that was not found: one that is nearly the same,
// or a state of that name in another flow.
func (l *loader) meant(n source.Node, name string, names []string, at map[string]source.Node) string {
	if near, ok := source.Nearest(name, names); ok {
		if !at[near].Exists() {
			return fmt.Sprintf("did you mean %q?", near)
		}
		return fmt.Sprintf("did you mean %q (%s)?", near, at[near].Where(n))
	}
	elsewhere := make([]string, 0, len(l.order))
	for _, s := range l.order {
		elsewhere = append(elsewhere, s.Node)
	}
	if near, ok := source.Nearest(name, elsewhere); ok {
		s := l.order[slices.Index(elsewhere, near)]
		return fmt.Sprintf("did you mean %q (%s)?", s.name, s.key.Where(n))
	}
	own := slices.DeleteFunc(names, func(s string) bool { return !at[s].Exists() })
	if len(own) > mostNamed {
		return ""
	}
	return "known are " + strings.Join(own, ", ")
}

// mostNamed is how many names a hint lists at most.
const mostNamed = 12
