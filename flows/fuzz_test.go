package flows

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows/source"
)

// FuzzParse ensures that no file makes Parse panic, that findings lie inside
// the file, and that whatever is accepted can be walked through.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"../flows.example.yaml", "testdata/shop.yaml"} {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	files, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no golden files", err)
	}
	for _, name := range files {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ar.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		set, found := Parse("flows.yaml", src)
		if (set == nil) != source.Failed(found) {
			t.Fatalf("set is nil: %t, findings: %+v", set == nil, found)
		}
		for _, d := range found {
			if d.Code == "" || d.Summary == "" || d.Line < 1 || d.Column < 1 || d.Width < 1 {
				t.Fatalf("a finding without a place: %+v", d)
			}
		}
		render(t, "flows.yaml", src, found)
		if set == nil {
			return
		}
		st := State{}
		for _, in := range []Input{Said{Text: "hi"}, Said{Text: "1"}, Said{Text: "2"}, Sent{Kind: "image"}, Said{Text: "x"}, Said{Text: "y"}} {
			r := set.Step(st, in, Env{})
			for _, e := range r.Effects {
				if s, ok := e.(Say); ok && s.Text == "" {
					t.Fatal("an empty text")
				}
			}
			st = r.State
		}
	})
}

// FuzzText ensures that no expression makes Parse panic, and that one that is
// accepted neither fails nor gives nothing, whoever writes what.
func FuzzText(f *testing.F) {
	for _, expression := range []string{
		`contact.first_name ?? "there"`, `upper(trim(number))`, `number matches "^a" ? 1 : 2.5`, `len(number ?? "") % 3`, `1 / 0`,
		`not (number in ["a"])`, `contact?.name`, `"}}"`, `let x = 1; x`, `number[0:2]`, `1..9`, `number == nil or number > "b"`,
	} {
		f.Add(expression, "Ada Lovelace", "a1")
	}
	f.Fuzz(func(t *testing.T, expression, name, number string) {
		src := "version: 1\nbusiness: B\nhandoff: {words: [agent]}\nflows: {main: {start: a, states: {\n" +
			"a: {ask: number, say: Number, go: b},\nb: {end: true, say: " + strconv.Quote("x {{"+expression+"}}") + "}}}}\n"
		set, _ := Parse("flows.yaml", []byte(src))
		if set == nil {
			return
		}
		st := State{Flow: "main", Node: "a"}
		for _, env := range []Env{{}, {ContactName: name}} {
			r := set.Step(st, Said{Text: number}, env)
			if len(r.Effects) == 0 {
				t.Fatalf("nothing came of %q", expression)
			}
			if s, ok := r.Effects[0].(Say); !ok || s.Text == "" {
				t.Fatalf("%q gives %#v", expression, r.Effects[0])
			}
		}
	})
}
