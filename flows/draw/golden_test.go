package draw

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows"
)

var update = flag.Bool("update", false, "rewrite the golden files with what comes out")

// parseGraph reads the graphs of the golden files:
//
//	business NAME
//	FLOW.STATE KIND [start] | TEXT
//	FLOW.STATE -> TARGET KIND [then FLOW.STATE] | LABEL
func parseGraph(t testing.TB, src string) flows.Graph {
	t.Helper()
	var g flows.Graph
	for line := range strings.Lines(src) {
		left, text, _ := strings.Cut(strings.TrimSpace(line), "|")
		fields, text := strings.Fields(left), strings.TrimSpace(text)
		switch {
		case len(fields) == 0:
		case fields[0] == "business":
			g.Business = strings.TrimSpace(strings.TrimPrefix(left, "business"))
		case len(fields) >= 4 && fields[1] == "->":
			e := flows.Edge{From: fields[0], To: fields[2], Kind: flows.EdgeKind(fields[3]), Label: text, Event: fmt.Sprint(len(g.Edges))}
			if len(fields) == 6 {
				e.Then = fields[5]
			}
			g.Edges = append(g.Edges, e)
		case len(fields) >= 2:
			flow, name, ok := strings.Cut(fields[0], ".")
			if !ok {
				t.Fatalf("no state: %s", line)
			}
			g.Nodes = append(g.Nodes, flows.Node{
				Place: flows.Place{Flow: flow, Node: name}, Kind: flows.NodeKind(fields[1]), Text: text, Start: len(fields) > 2,
			})
		default:
			t.Fatalf("neither state nor edge: %s", line)
		}
	}
	return g
}

type form struct {
	name string
	draw func(io.Writer, flows.Graph) error
}

func forms() []form {
	return []form{{"flows.mmd", Mermaid}, {"flows.dot", DOT}, {"flows.svg", SVG}}
}

func drawn(t testing.TB, f form, g flows.Graph) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.draw(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 3 {
		t.Fatal("the golden files are missing", files, err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range ar.Files {
				parts[f.Name] = string(f.Data)
			}
			g := parseGraph(t, parts["graph"])
			ar.Files = ar.Files[:1]
			for _, f := range forms() {
				got := drawn(t, f, g)
				if diff := cmp.Diff(parts[f.name], got); diff != "" && !*update {
					t.Errorf("%s (-want +got):\n%s", f.name, diff)
				}
				ar.Files = append(ar.Files, txtar.File{Name: f.name, Data: []byte(got)})
			}
			if !*update {
				return
			}
			if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
