package flows

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows/carry"
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
		if (set == nil) != source.Failed(found) || len(found) > 1002 {
			t.Fatalf("set is nil: %t, %d findings: %+v", set == nil, len(found), found)
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
			sound(t, set, r)
			st = r.State
		}
	})
}

// FuzzLoad ensures the same of a file that includes another and has a file of
// translations, and that what was read makes the same set again.
func FuzzLoad(f *testing.F) {
	const top = "version: 1\nbusiness: B\nlanguages: [en, de]\nhandoff: {words: [agent]}\ninclude: [more.yaml]\ntexts: [de.yaml]\n"
	f.Add([]byte(top+"flows: {main: {start: a, states: {a: {say: Hello, choices: [On: more]}}}}"),
		[]byte("flows: {more: {start: b, states: {b: {say: x, end: true}}}}"), []byte("main.a.say: Hallo\nmain.a.choices.On: Weiter\n"))
	f.Add([]byte(top+"flows: {main: {start: a, states: {a: {end: true, say: x}}}}"), []byte("answers: {a: {words: [x], say: y}}"), []byte("main.a.say: {plural: n, one: x}\n"))
	f.Add([]byte("include: [flows.yaml, \"*.yaml\", ../x]"), []byte("a: &a [*a]"), []byte("&x [*x]"))
	f.Fuzz(func(t *testing.T, root, more, texts []byte) {
		fsys := fstest.MapFS{"flows.yaml": {Data: root}, "more.yaml": {Data: more}, "de.yaml": {Data: texts}}
		set, files, found, err := Load(fsys, "flows.yaml", "flows.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if (set == nil) != source.Failed(found) || len(found) > 3*1002 {
			t.Fatalf("set is nil: %t, %d findings: %+v", set == nil, len(found), found)
		}
		again, _ := files.Set()
		if (again == nil) != (set == nil) || set != nil && again.Version != set.Version {
			t.Fatal("what was read does not make the same set")
		}
		if set != nil {
			sound(t, set, set.Step(State{}, Said{Text: "hi"}, Env{}))
		}
	})
}

// expressionFile is a file with a variable of every kind, whose values are stored.
func expressionFile(said, condition string) []byte {
	return []byte("version: 1\nbusiness: B\ntimezone: Europe/Berlin\nhours: {mon-fri: 09:00-18:00}\nhandoff: {words: [agent]}\nflows:\n  main:\n    start: a\n    states:\n" +
		"      a: {ask: number, say: Number, go: b}\n" +
		"      b: {ask: count, type: number, say: Count, go: c}\n" +
		"      c: {ask: photo, type: image, say: Photo, go: d}\n" +
		"      d: {ask: place, type: location, say: Place, set: {flag: true}, go: e}\n" +
		"      e: {call: {get: https://shop.example/, as: order, expects: {state: text}}, on: [{if: order.ok, go: f}, {else: handoff}]}\n" +
		"      f: {on: [{if: " + strconv.Quote(condition) + ", go: g}, {else: handoff}]}\n" +
		"      g: {say: " + strconv.Quote("x {{"+said+"}}") + ", set: {kept: " + strconv.Quote("{{"+said+"}}") + "}, choices: [On: f]}\n")
}

// FuzzExpression ensures that no expression makes Parse panic, and that one that
// is accepted neither panics nor gives something that cannot be sent or stored,
// whatever is stored in its variables.
func FuzzExpression(f *testing.F) {
	for _, expression := range []string{
		`contact.first_name ?? "there"`, `upper(trim(number))`, `number matches "^a" ? 1 : 2.5`, `count ** count`, `1 / (count - 1)`,
		`not (number in ["a"])`, `contact?.name`, `order.body.state + number`, `weekday(number, "de")`, `days_between(today, number)`,
		`place.latitude > 3 and photo.kind == "image"`, `flag ? number : count`, `long_date(number)`, `round(count % 3)`, `order.body.a.b ?? 1`,
		`quote.known and quote.price > 1 / quote.free_left`, `quote.currency ?? "" + number`, `opted_out ? quote.later ?? 1 : count`,
	} {
		f.Add(expression, expression, []byte(`{"number": "2026-11-23", "count": 1e308, "flag": null, "order": {"body": {"state": []}}, "place": {"latitude": "x"}}`))
	}
	f.Fuzz(func(t *testing.T, said, condition string, stored []byte) {
		var vars map[string]any
		if json.Unmarshal(stored, &vars) != nil {
			return
		}
		set, _ := Parse("flows.yaml", expressionFile(said, condition))
		if set == nil {
			set, _ = Parse("flows.yaml", expressionFile(said, "flag"))
		}
		if set == nil {
			return
		}
		for _, node := range []string{"e", "f", "g"} {
			st := State{Flow: "main", Node: node, Vars: vars}
			for _, in := range []Input{Called{Status: 200, Body: vars["order"]}, Said{Text: "on"}} {
				r := set.Step(st, in, Env{ContactName: "Ada"})
				sound(t, set, r)
				for _, e := range r.Effects {
					if s, ok := e.(Say); ok && len(s.Text) > longestExpression*(len(stored)+1000) {
						t.Fatalf("%d bytes of %q", len(s.Text), said)
					}
				}
			}
		}
	})
}

// FuzzStep ensures that whatever is stored, and whatever comes, has a sound result.
func FuzzStep(f *testing.F) {
	set := mustParse(f, []byte(everything))
	for _, st := range []State{
		{},
		{Flow: "main", Node: "look", Vars: map[string]any{"email": "a@shop.example", "n": 3.0}},
		{Version: "gone", Flow: "sub", Node: "x", Stack: []Place{{"gone", "gone"}, {"main", "count"}}, Trace: []Place{{"main", "a"}, {"main", "gone"}}},
		{Flow: "main", Node: "where", Language: "xx", Tries: -5, Misses: -1 << 62, Vars: map[string]any{"n": "three", "email": map[string]any{"a": []any{}}}},
	} {
		stored, err := json.Marshal(st)
		if err != nil {
			f.Fatal(err)
		}
		for kind := range byte(6) {
			f.Add(stored, kind, "on Friday", "main.a:One")
		}
	}
	f.Fuzz(func(t *testing.T, stored []byte, kind byte, text, other string) {
		var st State
		if json.Unmarshal(stored, &st) != nil {
			return
		}
		var body any
		if json.Unmarshal([]byte(other), &body) != nil {
			body = other
		}
		inputs := []Input{
			Said{Text: text},
			Tapped{ID: other, Title: text},
			TimedOut{},
			Returned{},
			Called{Status: int(kind) * 4, Body: body, Error: text},
			Sent{Kind: text, Text: other, Media: &carry.Media{Kind: text}},
			Sent{Kind: text, Location: &carry.Location{Latitude: float64(kind), Name: other}},
		}
		for i := range inputs {
			in := inputs[(i+int(kind))%len(inputs)]
			r := set.Step(st, in, Env{ContactName: text, Language: other})
			sound(t, set, r)
			if diff := cmp.Diff(r, set.Step(st, in, Env{ContactName: text, Language: other})); diff != "" {
				t.Fatalf("the same input gives another result: %s", diff)
			}
			st = r.State
		}
	})
}
