package flows

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var fence = regexp.MustCompile("(?ms)^```(yaml|text)\n(.*?)^```$")

// example is a flow file of the documentation, with what is shown of it.
type example struct {
	line  int
	files fstest.MapFS // flows.yaml, and what it includes
	shown []string     // text blocks: findings, then conversations
}

// examples are all of a document. Of the blocks that follow an example, one whose
// first line is a comment with a name is a further file of it.
func examples(doc string) []example {
	var all []example
	for _, at := range fence.FindAllStringSubmatchIndex(doc, -1) {
		kind, body := doc[at[2]:at[3]], doc[at[4]:at[5]]
		name := fileName.FindStringSubmatch(body)
		switch n := len(all) - 1; {
		case kind == "text" && n >= 0:
			all[n].shown = append(all[n].shown, body)
		case name != nil && name[1] != "flows.yaml" && n >= 0:
			all[n].files[name[1]] = &fstest.MapFile{Data: []byte(body)}
		case kind == "yaml":
			line := strings.Count(doc[:at[0]], "\n") + 1
			all = append(all, example{line: line, files: fstest.MapFS{"flows.yaml": {Data: []byte(whole(body))}}})
		}
	}
	return all
}

var fileName = regexp.MustCompile(`^# (\S+\.yaml)\n`)

// TestDocs ensures that every example of the documentation is clean, or has the
// findings that the text block after it shows, and that the conversations shown
// after it are those that customers have.
func TestDocs(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	all := examples(string(docs))
	if len(all) < 25 {
		t.Fatalf("%d examples found", len(all))
	}
	for _, e := range all {
		t.Run(fmt.Sprintf("line %d", e.line), func(t *testing.T) {
			t.Parallel()
			set, _, found, err := Load(e.files, "flows.yaml", "flows.yaml")
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if len(e.shown) > 0 && strings.HasPrefix(e.shown[0], "flows.yaml:") {
				want, e.shown = e.shown[0], e.shown[1:]
			}
			src := e.files["flows.yaml"].Data
			if diff := cmp.Diff(want, render(t, "flows.yaml", src, found)); diff != "" {
				t.Fatalf("the findings (-want +got):\n%s\n%s", diff, src)
			}
			for _, talk := range e.shown {
				if diff := cmp.Diff(talk, playChat(t, set, talk)); diff != "" {
					t.Errorf("the conversation (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// whole makes a file of an example that is a part of one: top-level keys, or
// states of main of which the first is where it begins.
func whole(part string) string {
	const states = "flows:\n  main:\n    start: "
	first, _, _ := strings.Cut(part, ":")
	head := "version: 1\nbusiness: Bella Bikes\n"
	if !strings.Contains("\n"+part, "\nhandoff:") {
		head += "handoff: {words: [agent]}\n"
	}
	switch {
	case strings.Contains("\n"+part, "\nversion:"):
		return part
	case !syntax.top.knows(first) && first[0] != '#':
		return head + states + first + "\n    states:\n      " + strings.ReplaceAll(strings.TrimRight(part, "\n"), "\n", "\n      ") + "\n"
	case strings.Contains("\n"+part, "\nflows:"):
		return head + part
	default:
		return head + part + states + "hello\n    states:\n      hello: {say: Hello, end: true}\n"
	}
}

// TestReadme runs README's flow, and the mistake that it shows.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(string(readme), -1)
	i := slices.IndexFunc(blocks, func(b []string) bool { return b[1] == "yaml" })
	if i < 0 || i+1 >= len(blocks) || blocks[i+1][1] != "text" {
		t.Fatal("README shows no flow followed by a finding")
	}
	src := []byte(blocks[i][2])
	if set, found := Parse("flows.yaml", src); set == nil || len(found) > 0 {
		t.Errorf("README's flow has findings:\n%s", render(t, "flows.yaml", src, found))
	}
	wrong := []byte(strings.Replace(string(src), "go: menu\n", "go: menue\n", 1))
	_, found := Parse("flows.yaml", wrong)
	if diff := cmp.Diff(blocks[i+1][2], render(t, "flows.yaml", wrong, found)); diff != "" {
		t.Errorf("README's finding (-want +got):\n%s", diff)
	}
}
