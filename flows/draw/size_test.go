package draw

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"frontdesk/flows"
)

// big makes a graph of so many states in so many flows, with ways as people
// make them: mostly on, sometimes back, sometimes to a person or another flow.
func big(states, inFlows int) flows.Graph {
	r := rand.New(rand.NewPCG(1, 2))
	g := flows.Graph{Business: "Big"}
	size := states / inFlows
	for i := range states {
		g.Nodes = append(g.Nodes, flows.Node{
			Place: flows.Place{Flow: fmt.Sprint("flow_", i/size), Node: fmt.Sprint("state_", i)},
			Kind:  kinds()[i%7], Text: "Something that is said to the customer, and not too short.", Start: i%size == 0,
		})
	}
	for i, n := range g.Nodes {
		first := i / size * size
		link := func(to int, kind flows.EdgeKind) {
			to = min(max(to, 0), states-1)
			g.Edges = append(g.Edges, flows.Edge{From: n.Name(), To: g.Nodes[to].Name(), Kind: kind, Label: "A choice"})
		}
		for range 1 + r.IntN(3) {
			link(min(i+1+r.IntN(6), first+size-1), flows.EdgeChoice)
		}
		switch r.IntN(4) {
		case 0:
			link(first, flows.EdgeGo)
		case 1:
			link(r.IntN(states), flows.EdgeChoice)
		case 2:
			g.Edges = append(g.Edges, flows.Edge{From: n.Name(), To: flows.ToPerson, Kind: flows.EdgeOtherwise})
		}
	}
	return g
}

// BenchmarkSVG draws 500 states, in flows as people part them, and in one.
func BenchmarkSVG(b *testing.B) {
	for _, n := range []int{1, 20} {
		b.Run(fmt.Sprintf("flows=%d", n), func(b *testing.B) {
			g := big(500, n)
			for b.Loop() {
				if err := SVG(io.Discard, g); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
