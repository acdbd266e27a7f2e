// Package draw draws what the flows of a business can do: Mermaid for a README
// or a review, DOT for graphviz, and SVG for people, laid out here.
//
// A drawing is a function of the graph: the same graph gives the same bytes, and
// everything comes in the order of the file, so that a small change of the flows
// is a small change of the text forms. All that stands in a graph is written by
// the business and may be anything: it is escaped for the form it goes into, and
// control characters are left out.
//
// Graphs whose edges begin at a state that is not among the nodes are drawn
// without these edges. Edges to such a state are drawn with its name.
package draw
