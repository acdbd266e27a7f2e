package layout

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"

	"frontdesk/flows/source"
)

// repository gives every YAML text of the flows of this repository.
func repository(t testing.TB) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, name := range []string{"../../flows.example.yaml", "../testdata/shop.yaml"} {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = src
	}
	archives, err := filepath.Glob("../testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(archives, own...) {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				texts[name+"/"+f.Name] = f.Data
			}
		}
	}
	if len(texts) < 50 {
		t.Fatalf("only %d files of the repository were found", len(texts))
	}
	return texts
}

// holds ensures what is promised of every text.
func holds(t testing.TB, src []byte) (laidOut bool) {
	t.Helper()
	out, found := Format("flows.yaml", src)
	if (out == nil) != source.Failed(found) {
		t.Fatalf("%q\nfindings %+v with the result %q", src, found, out)
	}
	if source.Failed(found) {
		return false
	}
	again, found := Format("flows.yaml", out)
	if len(found) > 0 || string(again) != string(out) {
		t.Fatalf("formatting twice changes more: %+v\nfrom:\n%s\nonce:\n%s\n%s", found, src, out, cmp.Diff(string(out), string(again)))
	}
	before, after := value(t, src), value(t, out)
	if !reflect.DeepEqual(before, after) {
		t.Fatalf("the value changed\nfrom:\n%s\nto:\n%s\n%s", src, out, cmp.Diff(before, after))
	}
	if diff := cmp.Diff(libraryComments(t, src), libraryComments(t, out)); diff != "" {
		t.Logf("the library sees other comments\nfrom:\n%s\nto:\n%s\n%s", src, out, diff)
	}
	return true
}

func value(t testing.TB, src []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(src, &v); err != nil {
		return err.Error() // a key twice, a tag that means nothing
	}
	return v
}

// libraryComments are the comments as the library finds them, line by line.
func libraryComments(t testing.TB, src []byte) []string {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, c := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for line := range strings.Lines(c) {
				if line = strings.TrimSpace(line); line != "" {
					lines = append(lines, line)
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(&doc)
	slices.Sort(lines)
	return lines
}

func TestEveryFileOfTheRepositoryKeepsWhatItSays(t *testing.T) {
	t.Parallel()
	laidOut := 0
	for name, src := range repository(t) {
		t.Log(name)
		if holds(t, src) {
			laidOut++
		}
	}
	if laidOut < 40 {
		t.Errorf("only %d files could be laid out", laidOut)
	}
}

// FuzzFormat ensures that no text makes Format panic or lose something.
func FuzzFormat(f *testing.F) {
	for _, src := range repository(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) { holds(t, src) })
}
