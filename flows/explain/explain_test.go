package explain

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"frontdesk/flows"
	"frontdesk/flows/source"
)

// TestEveryCodeIsExplained ensures that there is a document for each code of the
// check, and none for another.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../codes.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, m := range regexp.MustCompile(`= "(F\d{3})"`).FindAllStringSubmatch(string(src), -1) {
		want = append(want, m[1])
	}
	slices.Sort(want)
	if got := Codes(); !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("explained are %v, want %v", got, want)
	}
}

// TestExamplesAreTrue ensures that the wrong example of a code has that finding
// and no other, and that the right one has none at all.
func TestExamplesAreTrue(t *testing.T) {
	t.Parallel()
	for _, code := range Codes() {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			e, ok := Of(code)
			if !ok {
				t.Fatal("there is no explanation")
			}
			found := check(t, e, e.Wrong)
			if len(found) == 0 || slices.ContainsFunc(found, func(d flows.Diagnostic) bool { return d.Code != code }) {
				t.Errorf("the wrong example has other findings than %s:\n%s", code, rendered(t, found))
			}
			if found := check(t, e, e.Right); len(found) > 0 {
				t.Errorf("the right example has findings:\n%s", rendered(t, found))
			}
		})
	}
}

func check(t *testing.T, e Explanation, example string) []flows.Diagnostic {
	t.Helper()
	fsys := fstest.MapFS{"flows.yaml": &fstest.MapFile{Data: []byte(whole(example))}}
	for _, f := range e.Beside {
		fsys[f.Name] = &fstest.MapFile{Data: []byte(f.YAML)}
	}
	set, _, found, err := flows.Load(fsys, "flows.yaml", "flows.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if set != nil { // as frontdesk check does
		found = append(found, set.Fights()...)
	}
	return found
}

func rendered(t *testing.T, found []flows.Diagnostic) string {
	t.Helper()
	var b strings.Builder
	if err := source.Render(&b, found, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// whole makes a file of an example, which is one already, some keys of one, or
// some states of main.
func whole(example string) string {
	if strings.HasPrefix(example, "version:") {
		return example
	}
	first, _, _ := strings.Cut(example, ":")
	head := "version: 1\nbusiness: Bella Bikes\n"
	if !strings.Contains("\n"+example, "\nhandoff:") {
		head += "handoff: {words: [agent]}\n"
	}
	switch {
	case strings.Contains("\n"+example, "\nflows:"):
		return head + example
	case slices.Contains([]string{"queues", "handoff", "answers", "languages", "channels", "timezone", "include"}, first):
		return head + example + "flows:\n  main:\n    start: hello\n    states:\n      hello: {say: Hello, end: true}\n"
	default:
		states := "      " + strings.ReplaceAll(strings.TrimRight(example, "\n"), "\n", "\n      ") + "\n"
		return head + "flows:\n  main:\n    start: " + first + "\n    states:\n" + states
	}
}

// TestTextIsForPeople ensures that what is printed fits a narrow terminal, and
// holds everything that there is to say.
func TestTextIsForPeople(t *testing.T) {
	t.Parallel()
	for _, code := range Codes() {
		text, ok := Text(code)
		e, _ := Of(code)
		for _, part := range []string{e.Title, e.Prose, e.Wrong, e.Right} {
			if first, _, _ := strings.Cut(part, "\n"); strings.TrimSpace(first) == "" || !strings.Contains(text, first) {
				t.Errorf("%s has no %q in:\n%s", code, first, text)
			}
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > 91 {
				t.Errorf("%s has a long line: %s", code, line)
			}
		}
		if !ok || strings.HasSuffix(e.Title, ".") || len(e.Title) > 60 {
			t.Errorf("%s is called %q", code, e.Title)
		}
	}
}

func TestAnUnknownCodeIsNotExplained(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "F999", "f203", "../codes/F203", "F203.txt"} {
		if text, ok := Text(code); ok || text != "" {
			t.Errorf("%q is explained: %s", code, text)
		}
	}
}
