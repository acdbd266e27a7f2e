package flows

// Graph is what the machine of a Set can do, for drawings and comparisons: its
// states and every transition between them, in the order of the file.
type Graph struct {
	Business string
	Nodes    []Node
	Edges    []Edge
}

// Node is a state.
type Node struct {
	Place
	Kind  NodeKind
	Text  string // what it says or does, in the first language, as it is written; may be empty
	Start bool   // the flow begins in it
	File  string // where it is written
	Line  int
}

// Name is the node's full name, "flow.state".
func (n Node) Name() string { return n.String() }

// NodeKind says what a state does.
type NodeKind string

// The kinds of nodes.
const (
	NodeSay     NodeKind = "say"     // says something and goes on by itself
	NodeChoices NodeKind = "choices" // waits for a choice
	NodeAsk     NodeKind = "ask"     // waits for an answer
	NodeCall    NodeKind = "call"    // waits for a system of the business
	NodeBranch  NodeKind = "branch"  // goes on by conditions, says nothing
	NodeEnd     NodeKind = "end"     // the flow is over
	NodeReturn  NodeKind = "return"  // goes back to where the flow was called from
)

// The targets of edges that are no states.
const (
	ToPerson = pseudoHandoff // a person
	ToEnd    = pseudoEnd     // the conversation is over
	ToCaller = "return"      // where the flow was called from
	ToBack   = "back"        // the state in which the customer was waited for before
)

// Edge is one transition of a state.
type Edge struct {
	From  string // a node's Name
	To    string // a node's Name, or one of the targets above
	Event string // the transition's name in the machine
	Label string // for people: a choice's title, a condition, "after 1h"; may be empty
	Kind  EdgeKind
	Then  string // with a flow that is called: the node's Name to which it returns; otherwise empty
}

// EdgeKind says what makes a conversation take an edge.
type EdgeKind string

// The kinds of edges.
const (
	EdgeChoice    EdgeKind = "choice"    // the customer chooses
	EdgeAnswer    EdgeKind = "answer"    // the customer answers the question
	EdgeOtherwise EdgeKind = "otherwise" // the customer answered wrongly too often
	EdgeTimeout   EdgeKind = "timeout"   // the customer stayed silent
	EdgeGo        EdgeKind = "go"        // by itself
	EdgeBranch    EdgeKind = "branch"    // by itself, on a condition
)

// Graph is the set as it is drawn: the same transitions that the machine makes.
func (s *Set) Graph() Graph {
	g := Graph{Business: s.Business}
	for _, st := range s.order {
		g.Nodes = append(g.Nodes, Node{
			Place: st.Place, Kind: st.kind, Text: st.summary, Start: st.first, File: st.file, Line: st.line,
		})
		for _, e := range st.exits {
			edge := Edge{From: st.name, To: e.to, Event: e.event, Label: e.label, Kind: e.kind, Then: e.then}
			if e.to == pseudoAgain {
				edge.To = s.start.name
			}
			g.Edges = append(g.Edges, edge)
		}
	}
	return g
}
