package layout

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestADiffShowsWhatChanges(t *testing.T) {
	t.Parallel()
	before := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n"
	after := strings.Replace(strings.Replace(before, "2\n", "two\n", 1), "16\n", "16\n17", 1)
	want := `--- flows.yaml
+++ flows.yaml
@@ -1,5 +1,5 @@
 1
-2
+two
 3
 4
 5
@@ -14,3 +14,4 @@
 14
 15
 16
+17
\ No newline at end of file
`
	if got := Diff("flows.yaml", before, after); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := Diff("flows.yaml", before, before); got != "" {
		t.Errorf("the same text differs:\n%s", got)
	}
}

// TestADiffLeadsFromOneToTheOther applies the diff as the program patch would.
func TestADiffLeadsFromOneToTheOther(t *testing.T) {
	t.Parallel()
	lines := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\n", "e\n", "f\n", "g\n", "\n"}), 0, 30).Draw(t, "lines"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := lines.Draw(t, "before"), lines.Draw(t, "after")
		all := edits(linesOf(before), linesOf(after))
		var a, b strings.Builder
		for _, e := range all {
			if e.mark != '+' {
				a.WriteString(e.line)
			}
			if e.mark != '-' {
				b.WriteString(e.line)
			}
		}
		if a.String() != before || b.String() != after {
			t.Fatalf("%q to %q: %v", before, after, all)
		}
		if before != after && Diff("f", before, after) == "" {
			t.Fatal("no diff")
		}
	})
}

func TestPatchReadsADiff(t *testing.T) {
	t.Parallel()
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("there is no patch here")
	}
	for name, src := range repository(t) {
		out, _ := Format("flows.yaml", src)
		if out == nil || string(out) == string(src) {
			continue
		}
		file := filepath.Join(t.TempDir(), "flows.yaml")
		if err := os.WriteFile(file, src, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), patch, "--binary", file)
		cmd.Stdin = strings.NewReader(Diff("flows.yaml", string(src), string(out)))
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, said)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != string(out) {
			t.Errorf("%s: patched to %q, %v", name, got, err)
		}
	}
}
