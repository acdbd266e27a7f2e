package draw

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/flows"
)

// anyGraph makes a graph with states, ways between them and texts of any kind.
func anyGraph() *rapid.Generator[flows.Graph] {
	return rapid.Custom(func(t *rapid.T) flows.Graph {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "Prices", `"<&>'`, "]]>", "a\nb", "{{ x }}", "%%", "end", "😀", "\x00\x1b"}))
		g := flows.Graph{Business: text.Draw(t, "business")}
		for i := range rapid.IntRange(0, 40).Draw(t, "states") {
			g.Nodes = append(g.Nodes, flows.Node{
				Place: flows.Place{Flow: fmt.Sprint("flow", i*rapid.IntRange(1, 4).Draw(t, "flows")/40), Node: fmt.Sprint("state", i)},
				Kind:  rapid.SampledFrom(append(kinds(), "unheard of")).Draw(t, "kind"),
				Text:  text.Draw(t, "text"),
				Start: rapid.IntRange(0, 4).Draw(t, "start") == 0,
			})
		}
		targets := []string{flows.ToPerson, flows.ToEnd, flows.ToCaller, flows.ToBack, "nowhere.at_all", ""}
		for _, n := range g.Nodes {
			targets = append(targets, n.Name(), n.Name(), n.Name())
		}
		for range rapid.IntRange(0, 80).Draw(t, "edges") {
			g.Edges = append(g.Edges, flows.Edge{
				From: rapid.SampledFrom(targets).Draw(t, "from"), To: rapid.SampledFrom(targets).Draw(t, "to"),
				Then: rapid.SampledFrom(append(targets, "", "", "")).Draw(t, "then"), Label: text.Draw(t, "label"),
				Kind: rapid.SampledFrom([]flows.EdgeKind{
					flows.EdgeChoice, flows.EdgeAnswer, flows.EdgeOtherwise, flows.EdgeTimeout, flows.EdgeGo, flows.EdgeBranch, "unheard of",
				}).Draw(t, "kind"),
			})
		}
		return g
	})
}

func kinds() []flows.NodeKind {
	return []flows.NodeKind{
		flows.NodeSay, flows.NodeChoices, flows.NodeAsk, flows.NodeCall, flows.NodeBranch, flows.NodeEnd, flows.NodeReturn,
	}
}

// titles are the texts of every title element, and the number of paths with an edge.
func titles(t *rapid.T, src string) (texts []string, edges int) {
	in := ""
	d := xml.NewDecoder(strings.NewReader(src))
	for {
		switch token, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return texts, edges
		case err != nil:
			t.Fatalf("no XML: %v\n%s", err, src)
		default:
			switch token := token.(type) {
			case xml.StartElement:
				in = token.Name.Local
				if in == "script" || slices.ContainsFunc(token.Attr, func(a xml.Attr) bool { return strings.HasPrefix(a.Name.Local, "on") }) {
					t.Fatalf("a script: %v", token)
				}
				if slices.ContainsFunc(token.Attr, func(a xml.Attr) bool { return strings.HasPrefix(a.Value, "fd-edge") }) {
					edges++
				}
			case xml.CharData:
				if in == "title" {
					texts = append(texts, string(token))
				}
			case xml.EndElement:
				in = ""
			}
		}
	}
}

func TestWhateverTheGraphEverythingIsInTheDrawing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph().Draw(t, "graph")
		var b strings.Builder
		if err := SVG(&b, g); err != nil {
			t.Fatal(err)
		}
		texts, edges := titles(t, b.String())
		names := byName(g)
		for _, n := range g.Nodes {
			if want := strings.TrimSuffix(clean(n.Name())+": "+clean(n.Text), ": "); !slices.Contains(texts, want) {
				t.Fatalf("%q is not drawn", want)
			}
		}
		drawn := 0
		for _, e := range g.Edges {
			if _, ok := names[e.From]; !ok {
				continue
			}
			drawn++
			if want := strings.TrimSuffix(clean(e.From)+" → "+clean(e.To)+": "+clean(e.Label), ": "); !slices.Contains(texts, want) {
				t.Fatalf("the edge %q is not drawn", want)
			}
		}
		if edges < drawn {
			t.Fatalf("%d edges are drawn of %d", edges, drawn)
		}
		again := strings.Builder{}
		if err := SVG(&again, g); err != nil || again.String() != b.String() {
			t.Fatal("drawn twice, it is another drawing", err)
		}
	})
}

func TestNothingOverlaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := figures(anyGraph().Draw(t, "graph"))
		for _, f := range all {
			f.layOut()
			apart(t, f)
		}
		pack(all)
		for i, a := range all {
			for _, b := range all[:i] {
				if a.x < b.x+b.width && b.x < a.x+a.width && a.y < b.y+b.height && b.y < a.y+a.height {
					t.Fatalf("the flows %s and %s overlap", a.name, b.name)
				}
			}
		}
	})
}

// apart ensures that states and labels do not touch, edges stay out of the
// states they do not belong to, and everything is inside the figure.
func apart(t *rapid.T, f *figure) {
	y := 0
	for _, layer := range f.layers {
		for i, b := range layer {
			if i > 0 && layer[i-1].x+layer[i-1].right+least(layer[i-1], b) > b.x-b.left {
				t.Fatalf("two boxes of a layer touch: %+v %+v", layer[i-1], b)
			}
			if b.x-b.left < 0 || b.x+b.right > f.width-2*regionPad || b.y < y {
				t.Fatalf("a box is outside of its place: %+v", b)
			}
			if c := b.cell; c != nil && (c.width > b.left+b.right || c.height > b.height) {
				t.Fatalf("a state is larger than its box: %+v", b)
			}
		}
		for _, b := range layer {
			y = max(y, b.y+b.height)
		}
	}
	for _, l := range f.links {
		points := f.points(l)
		for i := 1; i < len(points); i++ {
			if points[i-1].x != points[i].x && points[i-1].y != points[i].y {
				t.Fatalf("an edge goes askew: %v", points)
			}
			for _, c := range f.cells {
				if c != l.from && c != l.to && crosses(points[i-1], points[i], c) {
					t.Fatalf("an edge goes through %v: %v", c.name, points)
				}
			}
		}
	}
}

func crosses(a, b point, c *cell) bool {
	left, top := c.box.x-c.width/2, c.box.y
	return min(a.x, b.x) < left+c.width && max(a.x, b.x) > left && min(a.y, b.y) < top+c.height && max(a.y, b.y) > top
}

func TestAStateAtTheEndChangesLittle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph().Draw(t, "graph")
		more := g
		more.Nodes = append(slices.Clone(g.Nodes), flows.Node{Place: flows.Place{Flow: "flow9", Node: "new"}, Kind: flows.NodeSay})
		for _, f := range forms()[:2] {
			var before, after strings.Builder
			if err := errors.Join(f.draw(&before, g), f.draw(&after, more)); err != nil {
				t.Fatal(err)
			}
			rest := strings.SplitAfter(after.String(), "\n")
			for line := range strings.Lines(before.String()) {
				at := slices.Index(rest, line)
				if at < 0 {
					t.Fatalf("%s: the line %q is gone or elsewhere", f.name, line)
				}
				rest = rest[at+1:]
			}
		}
	})
}

// TestMermaidHasOneEntityForEveryMark ensures that nothing a business writes
// ends a label or begins a directive.
func TestMermaidHasOneEntityForEveryMark(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		label := quoted(rapid.String().Draw(t, "text"))
		inside := label[1 : len(label)-1]
		if strings.ContainsAny(inside, "\"<>&`\n\r{}[]()|%$") {
			t.Fatalf("%s", label)
		}
	})
}
