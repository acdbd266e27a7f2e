package flows

import "slices"

// Texts and choices are written in several forms. A schema that offers the forms
// side by side (anyOf) makes editors complain of all but one, so here the kinds of
// value are named in one schema, and what a mapping may hold hangs on its keys.

func noteSchema() schema {
	return schema{{"description", "A text, which may hold {{ }}."}, {"type", "string"}, {"minLength", 1}}
}

func pluralProperties() schema {
	out := schema{{"plural", schema{
		{"description", "The number that the forms go by, without {{ }}."}, {"type", "string"}, {"examples", []string{"count"}},
	}}}
	for _, form := range pluralForms {
		out = append(out, keyword{form, schema{{"description", "What is said where the number is of the form " + form + "."}, {"type", "string"}, {"minLength", 1}}})
	}
	return out
}

func pluralKeys() []string { return append([]string{"plural"}, pluralForms...) }

// wordingSchema is a text in one language.
func wordingSchema() schema {
	return schema{
		{"description", "A text in one language, or its plural forms: plural, one, other ..."},
		{"type", []string{"string", "object"}},
		{"minLength", 1},
		{"properties", pluralProperties()},
		{"required", []string{"plural", "other"}},
		{"additionalProperties", false},
	}
}

// textSchema is a text, a text by language, or plural forms. The keys stand in a
// schema of their own: editors begin a mapping wherever a schema has some, and
// most texts are none.
func textSchema() schema {
	return schema{
		{"description", "A text, which may hold {{ }}; or one for each language, {en: ..., de: ...}; or plural forms."},
		{"type", []string{"string", "object"}},
		{"minLength", 1},
		{"allOf", []schema{reference("text_forms")}},
	}
}

func textFormsSchema() schema {
	return append(formsSchema(nil), pluralRule()...)
}

// formsSchema are the keys of a text by language and of plural forms, and more.
func formsSchema(more schema) schema {
	return schema{
		{"minProperties", 1},
		{"properties", append(more, pluralProperties()...)},
		{"patternProperties", schema{{languageTag, reference("wording")}}},
		{"additionalProperties", false},
	}
}

// pluralRule lets nothing stand beside plural forms, and needs the two that
// there always are.
func pluralRule() schema {
	return schema{
		{"if", anyKey(pluralKeys())},
		{"then", schema{{"required", []string{"plural", "other"}}, {"propertyNames", schema{{"enum", pluralKeys()}}}}},
	}
}

// anyKey holds for mappings with at least one of the keys.
func anyKey(keys []string) schema {
	return append(schema{{"type", "object"}}, anyRequired(keys...)...)
}

// contentSchema is a text, or a text with a file or a template.
func contentSchema() schema {
	return schema{
		{"description", "A text in all its forms, or a text with a file or a template: {text: ..., image: https://...}."},
		{"type", []string{"string", "object"}},
		{"minLength", 1},
		{"allOf", []schema{reference("content_forms")}},
	}
}

func contentFormsSchema(g *grammar) schema {
	keys := schema{{"propertyNames", schema{{"enum", keysOf(g)}}}}
	return append(
		formsSchema(properties(g)),
		keyword{"if", anyKey(keysOf(g))}, keyword{"then", append(keys, rules(g)...)}, keyword{"else", pluralRule()},
	)
}

// choiceSchema is "Title: target", or the long form.
func choiceSchema(g *grammar) schema {
	keys := keysOf(g)
	return schema{
		{"description", `"Title: where it leads", or title, go and more.`},
		{"type", "object"},
		{"minProperties", 1},
		{"properties", replaced(properties(g), "value", false)},
		{"additionalProperties", reference("target")},
		{"if", schema{{"maxProperties", 1}, {"propertyNames", schema{{"minLength", 1}, {"not", schema{{"enum", keys}}}}}}},
		{"else", schema{{"required", []string{"title", "go"}}, {"propertyNames", schema{{"enum", keys}}}}},
	}
}

// optionSchema is a choice of a question of type choice: it is the answer, and
// leads nowhere of its own.
func optionSchema(g *grammar) schema {
	keys := properties(g)
	for _, f := range g.fields {
		if !slices.Contains([]string{"title", "words", "value"}, f.name) {
			keys = replaced(keys, f.name, false)
		}
	}
	return schema{
		{"description", "A title, or title, words and value. Where it leads says go of the state."},
		{"type", []string{"string", "number", "boolean", "object"}},
		{"minLength", 1},
		{"properties", keys},
		{"required", []string{"title"}},
		{"additionalProperties", false},
	}
}

func keysOf(g *grammar) []string {
	var keys []string
	for _, f := range g.fields {
		keys = append(keys, f.name)
	}
	return keys
}

// replaced is the schema with another value for one of its keys.
func replaced(s schema, name string, value any) schema {
	s = slices.Clone(s)
	for i := range s {
		if s[i].name == name {
			s[i].value = value
		}
	}
	return s
}
