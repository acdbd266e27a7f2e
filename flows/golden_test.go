package flows

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows/explain"
	"frontdesk/flows/source"
)

var update = flag.Bool("update", false, "rewrite the golden files with what comes out")

// atLeastChecked is how many golden files of findings there are, so that none is
// lost without a word.
const atLeastChecked = 193

// archives gives the golden files of a folder; there must be at least some.
func archives(t *testing.T, pattern string, atLeast int) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < atLeast {
		t.Fatalf("%s: %d files, want at least %d", pattern, len(files), atLeast)
	}
	return files
}

// golden compares a part of an archive with what came out, or rewrites it.
func golden(t *testing.T, path string, ar *txtar.Archive, name, got string) {
	t.Helper()
	for i, f := range ar.Files {
		if f.Name != name {
			continue
		}
		if diff := cmp.Diff(string(f.Data), got); diff != "" && !*update {
			t.Errorf("%s: %s (-want +got):\n%s", path, name, diff)
		}
		ar.Files[i].Data = []byte(got)
		write(t, path, ar)
		return
	}
	if !*update {
		t.Fatalf("%s: no part %q; run with -update and read what it wrote", path, name)
	}
	ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(got)})
	write(t, path, ar)
}

func write(t *testing.T, path string, ar *txtar.Archive) {
	t.Helper()
	if !*update {
		return
	}
	if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}

func section(t *testing.T, ar *txtar.Archive, name string) []byte {
	t.Helper()
	for _, f := range ar.Files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatalf("no part %q", name)
	return nil
}

func render(t *testing.T, name string, src []byte, found []Diagnostic) string {
	t.Helper()
	return rendered(t, found, map[string][]byte{name: src})
}

func rendered(t *testing.T, found []Diagnostic, sources map[string][]byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := source.Render(&b, found, sources); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestCheck compares what the check finds in the files of testdata/check. The
// part "flows.yaml" is the flow file, every other one that ends in .yaml lies
// beside it, to be included.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, path := range archives(t, "testdata/check/*.txtar", atLeastChecked) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := findings(t, ar)
			if got == "" {
				got = "clean\n"
			}
			golden(t, path, ar, "findings", got)
		})
	}
}

// findings are what the check finds in the files of an archive.
func findings(t *testing.T, ar *txtar.Archive) string {
	t.Helper()
	fsys, sources := fstest.MapFS{}, map[string][]byte{}
	for _, f := range ar.Files {
		if strings.HasSuffix(f.Name, ".yaml") {
			fsys[f.Name], sources[f.Name] = &fstest.MapFile{Data: f.Data}, f.Data
		}
	}
	set, files, found, err := Load(fsys, "flows.yaml", "flows.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if (set == nil) != source.Failed(found) {
		t.Errorf("set is nil: %t, findings hold an error: %t", set == nil, source.Failed(found))
	}
	if set == nil {
		return rendered(t, found, sources)
	}
	// What was read can be read again from what is stored of it.
	again, twice := files.Set()
	if diff := cmp.Diff(found, twice); diff != "" || again.Version != set.Version {
		t.Errorf("the stored files have version %s, want %s, and other findings (-want +got):\n%s", again.Version, set.Version, diff)
	}
	found = append(found, set.Fights()...)
	return rendered(t, found, sources)
}

var codeInSource = regexp.MustCompile(`= "(F\d{3})"`)

// TestCodesAreProven keeps the list of codes, the golden files, the explanations
// and the table in the documentation together.
func TestCodesAreProven(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("codes.go")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile("../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	var proven []byte
	for _, path := range archives(t, "testdata/check/*.txtar", atLeastChecked) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		proven = append(proven, data...)
	}
	for _, m := range codeInSource.FindAllSubmatch(src, -1) {
		code := string(m[1])
		if !bytes.Contains(proven, []byte(": "+code+" ")) {
			t.Errorf("no golden file shows %s", code)
		}
		if _, ok := explain.Text(code); !ok {
			t.Errorf("flows/explain does not explain %s", code)
		}
		if !bytes.Contains(docs, []byte("| "+code+" |")) {
			t.Errorf("docs/flows.md has no row for %s", code)
		}
	}
}
