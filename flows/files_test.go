package flows

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const including = `version: 1
business: B
handoff: {words: [agent]}
include: [parts/*.yaml]
flows:
  main:
    start: a
    states:
      a: {say: Hello, end: true}
`

// TestFilesAreBounded ensures that neither many files nor large ones are read.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	many := fstest.MapFS{"flows.yaml": &fstest.MapFile{Data: []byte(including)}}
	for i := range mostFiles + 10 {
		many[fmt.Sprintf("parts/%04d.yaml", i)] = &fstest.MapFile{Data: []byte("moved: {}\n")}
	}
	large := fstest.MapFS{"flows.yaml": &fstest.MapFile{Data: []byte(including)}}
	for i := range 6 {
		large[fmt.Sprintf("parts/%d.yaml", i)] = &fstest.MapFile{Data: []byte("moved: {}\n#" + strings.Repeat("x", 4<<20-20) + "\n")}
	}
	for _, c := range []struct {
		name string
		fsys fs.FS
		read int
	}{
		{"many files", many, mostFiles},
		{"large files", large, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			set, files, found, err := Load(c.fsys, "flows.yaml", "flows.yaml")
			if set != nil || err != nil || len(found) != 1 || found[0].Code != codeFile || found[0].Line != 4 {
				t.Errorf("findings %+v, error %v", found, err)
			}
			if len(files.Content) != c.read {
				t.Errorf("%d files were read, want %d", len(files.Content), c.read)
			}
		})
	}
}

// TestLoadFails ensures that only the flow file itself can make an error: what is
// wrong with others is a finding.
func TestLoadFails(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"folder/a.yaml": &fstest.MapFile{Data: []byte("x")}}
	if _, _, _, err := Load(fsys, "flows.yaml", "flows.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there gives %v", err)
	}
	if _, _, _, err := Load(fsys, "folder", "folder"); err == nil {
		t.Error("a folder gives no error")
	}
	_, found := Files{Root: "flows.yaml"}.Set()
	want := []Diagnostic{{Code: codeFile, Severity: SeverityError, Summary: "the flow file is missing", File: "flows.yaml", Line: 1, Column: 1, Width: 1}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("stored files without the flow file (-want +got):\n%s", diff)
	}
}

// TestVersionIsOfAllFiles ensures that a change in any file is another version.
func TestVersionIsOfAllFiles(t *testing.T) {
	t.Parallel()
	version := func(part string) string {
		set, _, found, err := Load(fstest.MapFS{
			"flows.yaml":   &fstest.MapFile{Data: []byte(including)},
			"parts/a.yaml": &fstest.MapFile{Data: []byte(part)},
		}, "flows.yaml", "x/flows.yaml")
		if err != nil || set == nil {
			t.Fatalf("findings %+v, error %v", found, err)
		}
		return set.Version
	}
	first, second := version("moved: {}\n"), version("moved: {} # another\n")
	if first == second || first != version("moved: {}\n") {
		t.Errorf("the versions are %s and %s", first, second)
	}
}

// TestTheNameOfTheFlowFileIsNoVersion ensures that a plan of a copy tells the
// version that will be running.
func TestTheNameOfTheFlowFileIsNoVersion(t *testing.T) {
	t.Parallel()
	src := []byte(strings.Replace(including, "include: [parts/*.yaml]\n", "", 1))
	first, _ := Parse("flows.yaml", src)
	second, _ := Parse("flows.new.yaml", src)
	if first.Version != second.Version {
		t.Errorf("the versions are %s and %s", first.Version, second.Version)
	}
}
