package source

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var codes = Codes{
	Syntax: "S1", Unknown: "S2", Refused: "S3", Duplicate: "S4", Missing: "S5", Type: "S6", Value: "S7",
}

func rendered(t *testing.T, src string, diags []Diagnostic) string {
	t.Helper()
	var b bytes.Buffer
	if err := Render(&b, diags, map[string][]byte{"f.yaml": []byte(src)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRenderForm keeps the form that people and editors rely on.
func TestRenderForm(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat("\n", 59) + "        go: lokup\n"
	got := rendered(t, lines, []Diagnostic{
		{Code: "F203", Severity: SeverityError, Summary: `unknown state "lokup" in flow "track"`, Hint: `did you mean "lookup" (line 62)?`, File: "f.yaml", Line: 60, Column: 13, Width: 5},
		{Code: "F402", Severity: SeverityWarning, Summary: "long", File: "f.yaml", Line: 60, Column: 13, Width: 5},
		{Code: "F101", Severity: SeverityError, Summary: "beyond the end", Hint: "a hint", File: "f.yaml", Line: 99, Column: 1, Width: 1},
		{Code: "F101", Severity: SeverityError, Summary: "another file", File: "other.yaml", Line: 1, Column: 1, Width: 1},
	})
	want := `f.yaml:60:13: F203 unknown state "lokup" in flow "track"
   60 |         go: lokup
      |             ^^^^^ did you mean "lookup" (line 62)?
f.yaml:60:13: F402 warning: long
   60 |         go: lokup
      |             ^^^^^
f.yaml:99:1: F101 beyond the end
      | a hint
other.yaml:1:1: F101 another file
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRenderIsHarmless(t *testing.T) {
	t.Parallel()
	src := "a: \x1b[31mred\t\u202ex " + strings.Repeat("ä", 400) + " END\n"
	got := rendered(t, src, []Diagnostic{
		{Code: "X", Summary: "\x1b[2J\nsecond line", File: "f.yaml", Line: 1, Column: 4, Width: 3},
		{Code: "X", Summary: "far to the right", File: "f.yaml", Line: 1, Column: 415, Width: 3},
		{Code: "X", Summary: "beyond", File: "f.yaml", Line: 1, Column: 9999, Width: 9999},
	})
	if strings.ContainsAny(got, "\x1b\t\u202e") {
		t.Errorf("control characters came through: %q", got)
	}
	if strings.Count(got, "\n") != 9 {
		t.Errorf("a summary broke the line: %q", got)
	}
	if !strings.Contains(got, "END\n") {
		t.Error("a long line is not cut around its finding")
	}
	for line := range strings.Lines(got) {
		if len([]rune(line)) > widest+70 {
			t.Errorf("a line of %d characters", len([]rune(line)))
		}
	}
}

// TestReaders reads one document of every kind of value; what is wrong is in
// the findings, in one go.
func TestReaders(t *testing.T) {
	t.Parallel()
	src := strings.Join([]string{
		"text: Hello",
		"quoted: 'yes'",
		"block: |",
		"  two",
		"  lines",
		"wait: 1h30m",
		"zero: 0s",
		"on: true",
		"count: 7",
		"list: [a, b]",
		"alias: &x 42",
		"again: *x",
		"badtext: 42",
		"baddate: 2026-01-02",
		"badwait: 15",
		"badbool: yes",
		"badcount: 70",
		"badint: 1.5",
		"badlist: a",
		"empty:",
		"txt: typo",
		"later: x",
		"text: twice",
		"? [a]",
		": strange",
	}, "\n")
	d := Parse("f.yaml", []byte(src), codes)
	f := d.Root.Fields(Keys{
		Known: []string{
			"text", "quoted", "block", "wait", "zero", "on", "count", "list", "alias", "again", "badtext", "baddate",
			"badwait", "badbool", "badcount", "badint", "badlist", "empty",
		},
		Refused: map[string]string{"later": "not yet"},
	})
	text := func(key string) string { s, _ := f.Get(key).Text(); return s }
	wait, _ := f.Get("wait").Duration()
	zero, okZero := f.Get("zero").Duration()
	on, _ := f.Get("on").Bool()
	count, _ := f.Get("count").Int(1, 10)
	again, _ := f.Get("again").Int(1, 100)
	if text("text") != "Hello" || text("quoted") != "yes" || text("block") != "two\nlines\n" || wait != 90*time.Minute ||
		zero != 0 || !okZero || !on || count != 7 || again != 42 || len(f.Get("list").List()) != 2 {
		t.Error("a good value was not read")
	}
	text("badtext")
	text("baddate")
	text("again")
	text("empty")
	f.Get("badwait").Duration()
	f.Get("badbool").Bool()
	f.Get("badcount").Int(1, 10)
	f.Get("badint").Int(1, 10)
	f.Get("badlist").List()
	f.Get("badlist").Fields(Keys{})
	f.Get("list").Entries()
	f.Need("nowhere")
	if s, ok := f.Get("nowhere").Text(); ok || s != "" || f.Get("nowhere").Exists() || f.Strange() != 2 {
		t.Error("what is not there was read")
	}
	want := []string{
		`1:1 S5 "nowhere" is missing here`,
		`10:7 S6 a list where a mapping is meant`,
		`12:8 S6 a number where a text is meant`,
		`13:10 S6 a number where a text is meant`,
		`14:10 S6 a date where a text is meant`,
		`15:10 S6 a number where a duration is meant`,
		`16:10 S6 "yes" where true or false is meant`,
		`17:11 S7 70 is not between 1 and 10`,
		`18:9 S7 1.5 is not between 1 and 10`,
		`19:10 S6 a text where a list is meant`,
		`19:10 S6 a text where a mapping is meant`,
		`20:7 S6 nothing where a text is meant`,
		`21:1 S2 unknown key "txt"`,
		`22:1 S3 "later" cannot be used here`,
		`23:1 S4 "text" is written twice`,
		`24:3 S6 a list where a name is meant`,
	}
	if diff := cmp.Diff(want, summaries(d)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func summaries(d *Document) []string {
	var s []string
	for _, f := range d.Findings() {
		s = append(s, strings.Join([]string{strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Column), f.Code, f.Summary}, " "))
	}
	return s
}

// TestPlaces ensures that places are those an editor shows.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, src string
		want      Place
	}{
		{"plain", "a: {k: value} # x\n", Place{1, 8, 5}},
		{"with quotes", "a:\n  k: \"va\\\"l\"\n", Place{2, 6, 7}},
		{"single quotes", "a: {k: 'it''s'}\n", Place{1, 8, 7}},
		{"after other scripts", "a: {ключ: 1, k: 值}\n", Place{1, 17, 1}},
		{"windows line ends", "# one\r\n# two\r\na:\r\n  k: v\r\n", Place{4, 6, 1}},
		{"a byte order mark", "\xef\xbb\xbfa: {k: v}\n", Place{1, 8, 1}},
		{"odd line ends", "# one\u2028# two\u0085a:\r  k: v\n", Place{4, 6, 1}},
		{"an alias", "b: &x v\na: {k: *x }\n", Place{2, 8, 2}},
		{"a block", "a:\n  k: |\n    x\n", Place{2, 6, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := Parse("f.yaml", []byte(c.src), codes)
			f := d.Root.Fields(Keys{Known: []string{"a", "b"}})
			var got Place
			for _, e := range f.Get("a").Entries() {
				if e.Name == "k" {
					got = e.Value.Place()
				}
			}
			if got != c.want {
				t.Errorf("the place is %v, want %v; findings %v", got, c.want, summaries(d))
			}
		})
	}
}

func TestNotYAML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, want string }{
		{"nothing", "", `1:1 S1 the file is empty`},
		{"only a comment", "# hello\n", `1:1 S1 the file is empty`},
		{"too large", strings.Repeat("#", MaxSize+1), `1:1 S1 the file is larger than 4 MiB`},
		{"an anchor that holds itself", "a: &a [*a]\n", `1:1 S1 with its aliases written out the file has more than 500000 values, or no end at all`},
		{"control characters", "a: \x01\n", `1:1 S1 this is not YAML: control characters are not allowed`},
		{"an unknown anchor", "c: d\na: *b\n", `2:1 S1 this is not YAML: unknown anchor 'b' referenced`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := Parse("f.yaml", []byte(c.src), codes)
			if got := strings.Join(summaries(d), "; "); got != c.want {
				t.Errorf("findings: %s", got)
			}
			if !Failed(d.Findings()) || d.Root.Exists() {
				t.Error("it was accepted")
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"lookup", "menu", "order_number", "a"}
	for word, want := range map[string]string{
		"lokup": "lookup", "Menu": "menu", "mneu": "menu", "ordernumber": "order_number", "x": "", "b": "", "": "", "completely": "",
	} {
		if got, _ := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) is %q, want %q", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a: {b: [c, 'd'], e: &f \"g\"}\nh: *f\n"))
	f.Add([]byte("a: |\n  {{ b }}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d := Parse("f.yaml", src, codes)
		var walk func(n Node, depth int)
		walk = func(n Node, depth int) {
			if depth > 20 {
				return
			}
			n.Text()
			n.Duration()
			n.Bool()
			n.Int(0, 9)
			n.Within(1, "b")
			for _, e := range n.Entries() {
				walk(e.Key, depth+1)
				walk(e.Value, depth+1)
			}
			for _, item := range n.List() {
				walk(item, depth+1)
			}
		}
		if len(src) < 2000 {
			walk(d.Root, 0)
		}
		if err := Render(&bytes.Buffer{}, d.Findings(), map[string][]byte{"f.yaml": src}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestBreaksIsBounded ensures that the search for a mistake ends soon in a
// large file, too.
func TestBreaksIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		want int // line
		file []string
	}{
		{"in the middle", 4_001, append(slices.Repeat([]string{"- a text"}, 4_000), `- "open`, "- a", "- b")},
		{"at once", 1, append([]string{`- "open`}, slices.Repeat([]string{"- a text"}, 4_000)...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			line, err := breaks(c.file)
			if err != nil && line != c.want {
				t.Errorf("line %d, want %d", line, c.want)
			}
		})
	}
	if line, err := breaks([]string{"a: 1", "b: 2"}); err != nil {
		t.Errorf("a file without mistakes breaks in line %d: %v", line, err)
	}
}
