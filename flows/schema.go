package flows

import (
	"bytes"
	"encoding/json"
	"strings"

	"frontdesk/flows/source"
)

// Schema is the language as a JSON Schema of draft-07, for editors: keys are
// completed and explained, and what is unknown, missing or of another kind is
// underlined while it is written. It is made from the grammar that the check reads
// by, holds for flow files and for the files they include, and its bytes are the
// same each time. What needs more than one place of a file to be seen (whether a
// state exists, what an expression may use, all proofs) only the check finds.
func Schema() []byte {
	s := schema{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", "urn:frontdesk:flows:1"},
		{"title", "frontdesk flow file"},
	}
	s = append(s, mappingSchema(syntax.top)...)
	s = append(s, keyword{"definitions", definitions(syntax)})
	var out bytes.Buffer
	_ = json.Indent(&out, s.bytes(), "", "  ") // what was just encoded is JSON
	out.WriteByte('\n')
	return out.Bytes()
}

// schema is a JSON object whose keys stay in order.
type schema []keyword

type keyword struct {
	name  string
	value any // schema, or what encoding/json knows
}

// MarshalJSON implements json.Marshaler.
func (s schema) MarshalJSON() ([]byte, error) { return s.bytes(), nil }

func (s schema) bytes() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // people read it, too
	put := func(v any) {
		_ = e.Encode(v)         // texts, numbers, lists and schemas cannot fail
		b.Truncate(b.Len() - 1) // the end of the line
	}
	b.WriteByte('{')
	for i, k := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		put(k.name)
		b.WriteByte(':')
		put(k.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// definitions are the parts of the schema that others refer to.
func definitions(l *lang) schema {
	out := schema{
		{"text", textSchema()},
		{"text_forms", textFormsSchema()},
		{"wording", wordingSchema()},
		{"note", noteSchema()},
		{"content", contentSchema()},
		{"content_forms", contentFormsSchema(l.content)},
		{"target", targetSchema()},
		{"duration", durationSchema()},
		{"spans", spansSchema()},
		{"value", valueSchema()},
		{"json", jsonSchema()},
		{"choice", choiceSchema(l.choice)},
		{"option", optionSchema(l.choice)},
	}
	for _, g := range l.all() {
		switch g {
		case l.top, l.part, l.choice, l.content: // the whole, and those that have several forms
		default:
			out = append(out, keyword{definition(g), mappingSchema(g)})
		}
	}
	return out
}

func (l *lang) all() []*grammar {
	return []*grammar{
		l.top, l.part, l.hours, l.staff, l.queue, l.handoff, l.nobody, l.reopen, l.optOut, l.rung, l.answer, l.unsure, l.flow, l.state, l.choice,
		l.branch, l.timeout, l.call, l.expect, l.content, l.template,
	}
}

func definition(g *grammar) string { return strings.ReplaceAll(g.name, " ", "_") }

func reference(name string) schema { return schema{{"$ref", "#/definitions/" + name}} }

// mappingSchema is the schema of one kind of mapping: its keys, those it needs,
// and what goes together.
func mappingSchema(g *grammar) schema {
	out := schema{{"description", g.doc}, {"type", "object"}, {"properties", properties(g)}}
	if g == syntax.queue { // "billing:" alone promises nothing
		out = replaced(out, "type", []string{"object", "null"})
	}
	if need := needed(g); len(need) > 0 && g != syntax.top {
		out = append(out, keyword{"required", need})
	}
	switch g {
	case syntax.hours:
		out = append(out, keyword{"patternProperties", schema{{daysPattern(), reference("spans")}}})
	case syntax.staff:
		out = append(out, keyword{"patternProperties", schema{{daysPattern(), shapeSchema(asPeople())}}})
	}
	out = append(out, keyword{"additionalProperties", false})
	return append(out, rules(g)...)
}

func properties(g *grammar) schema {
	out := schema{}
	for _, f := range g.fields {
		out = append(out, keyword{f.name, fieldSchema(f)})
	}
	return out
}

func needed(g *grammar) []string {
	var out []string
	for _, f := range g.fields {
		if f.need {
			out = append(out, f.name)
		}
	}
	return out
}

// fieldSchema is the schema of a key's value with what an editor shows of it. By
// the letter of draft-07 nothing counts beside $ref; editors show it all the same,
// and nothing stands there that a value must keep to.
func fieldSchema(f field) schema {
	out := append(schema{{"description", f.doc}}, shapeSchema(f.shape)...)
	if f.absent != "" {
		out = append(out, keyword{"default", sample(f.absent)})
	}
	examples := []any{}
	if f.example != "" {
		examples = append(examples, sample(f.example))
	}
	if f.shape.kind == kindTarget {
		for _, word := range []string{pseudoHandoff, pseudoEnd, pseudoBack, pseudoAgain} {
			if word != f.example {
				examples = append(examples, word)
			}
		}
	}
	if len(examples) > 0 {
		out = append(out, keyword{"examples", examples})
	}
	return out
}

// sample is a value of the grammar's table as JSON.
func sample(yaml string) any { return plain(source.Parse("", []byte(yaml), readerCodes).Root) }

func plain(n source.Node) any {
	switch {
	case n.IsMapping():
		out := schema{}
		for _, e := range n.Entries() {
			out = append(out, keyword{e.Name, plain(e.Value)})
		}
		return out
	case n.IsList():
		out := []any{}
		for _, item := range n.List() {
			out = append(out, plain(item))
		}
		return out
	case n.IsNumber():
		v, _ := n.Float()
		return v
	case n.IsBool():
		v, _ := n.Bool()
		return v
	default:
		return n.Raw()
	}
}
