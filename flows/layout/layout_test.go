package layout

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/flows/source"
)

func TestTheExampleFileIsInItsLayout(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../flows.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, found := Format("flows.example.yaml", src)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if diff := cmp.Diff(string(src), string(out)); diff != "" {
		t.Errorf("flows.example.yaml is not in its layout (-is +should be):\n%s", diff)
	}
}

func TestWhatCannotBeLaidOutIsRefusedWithAPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, src, want string }{
		{"no YAML", "a: b\n c: d\n", "flows.yaml:2:2: F101 this is not YAML: mapping values are not allowed in this context"},
		{"nothing", "# only a comment\n", "flows.yaml:1:1: F101 the file is empty"},
		{"two documents", "a: b\n---\nc: d\n", "flows.yaml:2:1: F101 a second document begins here"},
		{"a directive", "# a\n%YAML 1.1\n---\na: b\n", "flows.yaml:2:1: F101 a YAML directive"},
		{"a separator that nobody sees", "a: \"b\u2028c\"\n", "flows.yaml:1:6: F101 an invisible line separator"},
		{"a list as a key", "a:\n  [b, c]: d\n", "flows.yaml:2:3: F106 a key that is no plain name"},
		{"a question mark before a key", "? a\n: b\n", "flows.yaml:1:1: F106 a key that is no plain name"},
		{"an empty key", "&a : b\n", "flows.yaml:1:1: F106 a key that is no plain name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, found := Format("flows.yaml", []byte(tt.src))
			if out != nil || len(found) == 0 {
				t.Fatalf("laid out: %q, %+v", out, found)
			}
			d := found[0]
			if got := fmt.Sprintf("%s:%d:%d: %s %s", d.File, d.Line, d.Column, d.Code, d.Summary); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if d.Severity != source.SeverityError {
				t.Errorf("%s does not stop anything", d.Severity)
			}
		})
	}
}

func TestAwkwardFilesAreLaidOutInTime(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"deep brackets": "a: " + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + "\n",
		"a long line":   "a: [" + strings.Repeat("ab, ", 20000) + "]\n",
		"deep dashes":   strings.Repeat("- ", 2000) + "a\n",
		"many comments": "a: [\n" + strings.Repeat("# c\n", 20000) + "b]\n",
		"many quotes":   strings.Repeat("- {a: b, c: 'd e'}\n", 2000),
		"one word":      "hello",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, found := Format("flows.yaml", []byte(src)); len(found) > 0 || len(out) == 0 {
				t.Errorf("refused: %+v", found)
			}
		})
	}
}

// BenchmarkFormat lays the example file out.
func BenchmarkFormat(b *testing.B) {
	src, err := os.ReadFile("../../flows.example.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if out, _ := Format("flows.example.yaml", src); out == nil {
			b.Fatal("refused")
		}
	}
}
