package flows

import (
	"bytes"
	"regexp"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// writer writes documents out of the grammar. A mapping of them is a schema, as
// that keeps the order of its keys; written as JSON it is YAML, too.
type writer struct{ *rapid.T }

func (w writer) pick(what string, of ...any) any { return rapid.SampledFrom(of).Draw(w.T, what) }

// few are some of the names, each at most once.
func (w writer) few(least int, names ...string) []string {
	n := rapid.IntRange(least, len(names)).Draw(w.T, "how many")
	return rapid.Permutation(names).Draw(w.T, "names")[:n]
}

func (w writer) maybe(what string) bool { return rapid.IntRange(0, 3).Draw(w.T, what) == 0 }

// document is a flow file with no fault of form.
func (w writer) document() schema { return w.mapping(syntax.top) }

func (w writer) mapping(g *grammar) schema {
	out := schema{}
	for _, f := range g.fields {
		if f.need || w.maybe(f.name) {
			out = append(out, keyword{f.name, w.value(f.shape)})
		}
	}
	d := &draft{w, g, out}
	d.mend()
	return rapid.Permutation(d.keys).Draw(w.T, "order")
}

// value is one that a shape allows.
func (w writer) value(s shape) any {
	switch s.kind {
	case kindString:
		return w.text(s)
	case kindText:
		return w.wording(true)
	case kindNote:
		return w.pick("note", "wants a person", "{{ business }}, please", "12")
	case kindContent:
		if w.maybe("content") {
			return w.mapping(syntax.content)
		}
		return w.wording(true)
	case kindName:
		return w.pick("name", "menu", "меню", "support", "2nd")
	case kindVariable:
		return w.pick("variable", "order", "имя", "_x2")
	case kindAddress:
		return "https://shop.example/{{ order }}"
	case kindTarget:
		return w.pick("target", "menu", "main", "main.menu", "handoff", "end", "back", "start_again")
	case kindDuration:
		return w.pick("duration", "90s", "15m", "1h30m", "1.5h", "500ms")
	case kindNumber:
		return w.pick("number", -1, 0, 2.5, 1e6)
	case kindInt:
		return rapid.IntRange(s.low, s.high).Draw(w.T, "int")
	case kindTrue:
		return true
	case kindBool:
		return rapid.Bool().Draw(w.T, "bool")
	case kindCode:
		return w.pick("code", "hours.open", "order == 'x'")
	case kindValue:
		return w.pick("value", 1, 2.5, true, "x", "{{ 1 + 1 }}", "no")
	case kindEnum:
		return rapid.SampledFrom(s.enum).Draw(w.T, "enum")
	case kindList:
		return w.list(s)
	case kindMap:
		return w.free(s)
	case kindObject:
		return w.mapping(s.in)
	case kindAny:
		return w.value(rapid.SampledFrom(s.any).Draw(w.T, "form"))
	case kindChoice:
		if rapid.Bool().Draw(w.T, "short") {
			return schema{{w.pick("title", "Prices", "24", "yes", "退货", "Да").(string), w.value(asTarget)}}
		}
		return w.mapping(s.in)
	case kindJSON:
		return w.pick("json", "x", 1, true, []any{"x", 2, schema{{"a", "b"}}}, schema{{"a", schema{{"b", []any{}}}}})
	case kindDay:
		return w.pick("day", "2026-12-25", "12-26", "12-24..01-02", "2026-12-28..2026-12-31")
	case kindSpans:
		return w.pick("spans", "09:00-18:00", "9:00-12:30, 13:30-18:00", "24h", "closed", "18:00 – 02:00")
	}
	w.Fatalf("kind %d", s.kind)
	return nil
}

func (w writer) text(s shape) any {
	switch s.pattern {
	case languageTag:
		return w.pick("tag", "en", "de", "pt-BR", "zh-Hant")
	case flowState:
		return w.pick("state", "main.menu", "track.a")
	case "":
		return w.pick("text", "agent", "opening hours", "12", "Да")
	}
	return w.pick("like", slices.DeleteFunc([]any{"DE", "order_ready", "en", "pt_BR"}, func(v any) bool {
		return !regexp.MustCompile(s.pattern).MatchString(v.(string))
	})...)
}

func (w writer) wording(tongues bool) any {
	switch rapid.IntRange(0, 5).Draw(w.T, "form of a text") {
	case 0:
		return schema{{"plural", "count"}, {"one", "one"}, {"other", "{{ count }}"}}
	case 1:
		if !tongues {
			return "Hello"
		}
		out := schema{}
		for _, tag := range w.few(1, "en", "de", "pt-BR") {
			out = append(out, keyword{tag, w.wording(false)})
		}
		return out
	default:
		return w.pick("words", "Hello", "Hi {{ contact.first_name ?? 'there' }}", "12", "yes", "Привет")
	}
}

func (w writer) list(s shape) any {
	out := []any{}
	for range rapid.IntRange(s.low, max(s.low, 2)).Draw(w.T, "items") {
		out = append(out, w.value(*s.of))
	}
	return out
}

func (w writer) free(s shape) any {
	names := []string{"menu", "меню", "退货_2", "_1"}
	switch s.names {
	case namesOfFields:
		names = []string{"state", "total-2", "handoff"}
	case namesOfAnswers:
		names = append(names, "handoff", "2x")
	case namesOfVariables:
		names = []string{"order", "имя", "_x2", "language"}
	case namesOfHeaders:
		names = []string{"Authorization", "X-Order-2"}
	case namesOfDays:
		names = []string{"2026-12-24", "12-31", "12-24..12-26"}
	case namesOfStates:
		names = []string{"main.old", "old.menu"}
	case namesOfSpans:
		names = []string{"09:00-12:00", "12:00-18:00, 20:00-22:00"}
	case namesOfParts:
		if s.of.in == syntax.flow {
			names = []string{"main", "track"}
		}
	}
	out := schema{}
	for _, name := range w.few(min(s.low, 1), names...) {
		v := w.value(*s.of)
		if name == languageVariable {
			v = "en"
		}
		out = append(out, keyword{name, v})
	}
	if s.of.in == syntax.flow && !out.has(mainFlow) {
		out = append(out, keyword{mainFlow, w.value(*s.of)})
	}
	return out
}

func (s schema) has(key string) bool {
	return slices.ContainsFunc(s, func(k keyword) bool { return k.name == key })
}

func (s schema) get(key string) any {
	for _, k := range s {
		if k.name == key {
			return k.value
		}
	}
	return nil
}

// draft is a mapping that is being written.
type draft struct {
	writer
	of   *grammar
	keys schema
}

func (d *draft) drop(keys ...string) {
	d.keys = slices.DeleteFunc(d.keys, func(k keyword) bool { return slices.Contains(keys, k.name) })
}

func (d *draft) put(key string, value any) {
	d.drop(key)
	d.keys = append(d.keys, keyword{key, value})
}

func (d *draft) need(key string) {
	if !d.keys.has(key) {
		i := slices.IndexFunc(d.of.fields, func(f field) bool { return f.name == key })
		d.put(key, d.value(d.of.fields[i].shape))
	}
}

// one leaves exactly one of the keys.
func (d *draft) one(keys ...string) string {
	key := rapid.SampledFrom(keys).Draw(d.T, "one of")
	d.need(key)
	d.drop(slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == key })...)
	return key
}

// mend leaves out, and adds, what keys exclude and need.
func (d *draft) mend() {
	switch d.of {
	case syntax.top:
		d.drop("include", "texts", "timezone")
		if d.keys.has("hours") {
			d.need("timezone")
		}
	case syntax.nobody:
		if d.keys.has("go") {
			d.drop("choices")
		}
	case syntax.optOut:
		if d.keys.has("again_say") {
			d.need("again")
		}
	case syntax.answer:
		d.need(d.pick("heard", "words", "examples").(string))
		d.need(d.pick("answered", "say", "go").(string))
	case syntax.choice:
		d.need("go")
		d.drop("value")
	case syntax.branch:
		d.drop("go")
		if d.one("if", "else") == "if" {
			d.need("go")
		}
	case syntax.call:
		if d.one(methods()...) == "get" {
			d.drop("json")
		}
	case syntax.content:
		d.drop("filename")
		kind := d.one(append(files(), "template", "text")...)
		if kind == "template" || d.maybe("a text") {
			d.need("text")
		}
		if kind == "document" {
			d.need("filename")
		}
	case syntax.state:
		d.mendState()
	}
}

func (d *draft) mendState() {
	kinds := []string{"ask", "choices", "call", "end", "return", "on", "go"}
	kind := rapid.SampledFrom(kinds).Draw(d.T, "state")
	chooses := kind == "choices" || kind == "ask" && d.maybe("choices, too")
	d.drop(kinds...)
	d.need(kind)
	if chooses {
		d.need("choices")
	}
	if kind == "ask" || kind == "call" {
		d.one("go", "on")
	}
	if kind == "ask" || kind == "choices" {
		d.need("say")
	} else {
		d.drop("timeout")
	}
	if !d.keys.has("go") {
		d.drop("then")
	}
	if !d.keys.has("say") {
		d.drop("join")
	}
	if kind == "ask" {
		d.mendQuestion(chooses)
	} else {
		d.drop("type", "pattern", "min", "max", "whole", "retry", "tries", "otherwise")
	}
}

func (d *draft) mendQuestion(chooses bool) {
	kind, _ := d.keys.get("type").(string)
	if kind == "" {
		kind = typeText
	}
	if kind == typeChoice {
		d.put("choices", d.options())
	}
	if kind != typeText {
		d.drop("pattern")
	}
	if kind != typeNumber {
		d.drop("whole")
	}
	for _, key := range []string{"min", "max"} {
		switch {
		case !d.keys.has(key):
		case kind == typeNumber:
			d.put(key, d.value(asNumber))
		case kind == typeText:
			d.put(key, d.value(upTo(mostAnswer)))
		case kind == typeDate:
			d.put(key, d.pick("bound", "today", "today+14", "today - 3", "2026-12-24"))
		default:
			d.drop(key)
		}
	}
}

// options are choices of a question of type choice.
func (w writer) options() any {
	return w.pick("options", []any{"Small", 24, true}, []any{schema{{"title", "Large"}, {"value", "l"}, {"words", []any{"big"}}}})
}

// TestTheSchemaAgreesWithTheCheckOnRandomFiles writes flow files out of the
// grammar, which both accept, and changes them, which both take for the same.
func TestTheSchemaAgreesWithTheCheckOnRandomFiles(t *testing.T) {
	t.Parallel()
	against := compiled(t, "")[0]
	rapid.Check(t, func(t *rapid.T) {
		w := writer{t}
		doc := w.document()
		src, found, refusal := verdicts(t, against, doc)
		if must, _ := weigh(found); len(must) > 0 || refusal != nil {
			t.Fatalf("%s\nthe check: %v\nthe schema: %v", src, must, refusal)
		}
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			doc = w.change(doc)
		}
		src, found, refusal = verdicts(t, against, doc)
		if fault := judge(found, refusal); fault != "" {
			t.Fatalf("%s\n%s", src, fault)
		}
	})
}

func verdicts(t *rapid.T, against *jsonschema.Schema, doc schema) (src []byte, found []Diagnostic, refusal error) {
	src = doc.bytes()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	_, found = Parse("flows.yaml", src)
	if slices.ContainsFunc(found, func(d Diagnostic) bool { return d.Code == codeSyntax }) {
		t.Fatalf("%s\n%v", src, found)
	}
	return src, found, against.Validate(value)
}

// change gives the document with one change somewhere: a key renamed, added or
// left out, or a value of another kind.
func (w writer) change(doc schema) schema {
	var places [][]int
	var find func(v any, at []int)
	find = func(v any, at []int) {
		var below []any
		switch v := v.(type) {
		case schema:
			for _, k := range v {
				below = append(below, k.value)
			}
		case []any:
			below = v
		}
		for i, b := range below {
			place := append(slices.Clone(at), i)
			places = append(places, place)
			find(b, place)
		}
	}
	find(doc, nil)
	return w.changeAt(doc, rapid.SampledFrom(places).Draw(w.T, "place")).(schema)
}

func (w writer) changeAt(v any, place []int) any {
	i, here := place[0], len(place) == 1
	if list, ok := v.([]any); ok {
		list = slices.Clone(list)
		switch {
		case !here:
			list[i] = w.changeAt(list[i], place[1:])
		case w.maybe("remove"):
			list = slices.Delete(list, i, i+1)
		default:
			list[i] = w.strange()
		}
		return list
	}
	keys := slices.Clone(v.(schema))
	if !here {
		keys[i].value = w.changeAt(keys[i].value, place[1:])
		return keys
	}
	switch other := w.strangeKey(); rapid.IntRange(0, 3).Draw(w.T, "change") {
	case 0:
		return slices.Delete(keys, i, i+1)
	case 1:
		keys[i].value = w.strange()
	case 2:
		if !keys.has(other) {
			keys[i].name = other
		}
	case 3:
		if !keys.has(other) {
			keys = append(keys, keyword{other, w.strange()})
		}
	}
	return keys
}

// strange is a value that belongs somewhere else, or nowhere.
func (w writer) strange() any {
	return w.pick("strange", 3, 0, 2.5, true, false, nil, []any{}, []any{"x"}, []any{3}, schema{}, schema{{"x", "y"}}, schema{{"text", "x"}},
		schema{{"title", "x"}}, schema{{"en", "x"}}, schema{{"other", "x"}}, "", " ", "x", "return", "{{ x", "today+3", "2026-12-24", "90", "09:00-18:00")
}

// strangeKey is a key of some mapping, or of none.
func (w writer) strangeKey() string {
	keys := []string{"x", "", "two words", "main.menu", "mon", "tue-thu", "12-24", "en", "handoff", "contact", "plural", "one", "other"}
	for _, g := range syntax.all() {
		for _, f := range g.fields {
			keys = append(keys, f.name)
		}
	}
	return rapid.SampledFrom(keys).Draw(w.T, "key")
}
