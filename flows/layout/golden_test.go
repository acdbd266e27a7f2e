package layout

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows/source"
)

var update = flag.Bool("update", false, "rewrite the golden files with what comes out")

func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 6 {
		t.Fatal("the golden files are missing", files, err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Files) != 2 {
				t.Fatalf("%d files, want flows.yaml and after.yaml", len(ar.Files))
			}
			src := ar.Files[0].Data
			got, found := Format("flows.yaml", src)
			if len(found) > 0 {
				var b bytes.Buffer
				if err := source.Render(&b, found, map[string][]byte{"flows.yaml": src}); err != nil {
					t.Fatal(err)
				}
				got = b.Bytes()
			} else {
				holds(t, src)
			}
			if !*update {
				if diff := cmp.Diff(string(ar.Files[1].Data), string(got)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				return
			}
			ar.Files[1].Data = got
			if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
