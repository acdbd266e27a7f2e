package flows

// rules are what of a mapping excludes or needs one another, as the check has it
// in together.go and where the mapping is read. A key that cannot be there is said
// with the value false, so that editors underline that key and nothing else.
func rules(g *grammar) schema {
	switch g {
	case syntax.top:
		return topRules()
	case syntax.nobody:
		return schema{{"dependencies", schema{{"go", without("choices")}}}}
	case syntax.optOut:
		return schema{{"dependencies", schema{{"again_say", []string{"again"}}}}}
	case syntax.answer:
		return schema{{"allOf", []schema{anyRequired("words", "examples"), anyRequired("say", "go")}}}
	case syntax.state:
		return stateRules()
	case syntax.branch:
		return append(schema{{"dependencies", schema{
			{"if", append(required("go"), without("else")...)},
			{"else", without("go")},
		}}}, anyRequired("if", "else")...)
	case syntax.call:
		return append(schema{{"dependencies", callRules()}}, anyRequired(methods()...)...)
	case syntax.content:
		return append(schema{{"dependencies", contentRules()}}, anyRequired(append([]string{"text", "template"}, files()...)...)...)
	default:
		return nil
	}
}

func required(keys ...string) schema { return schema{{"required", keys}} }

func anyRequired(keys ...string) schema {
	var of []schema
	for _, key := range keys {
		of = append(of, required(key))
	}
	return schema{{"anyOf", of}}
}

func without(keys ...string) schema {
	out := schema{}
	for _, key := range keys {
		out = append(out, keyword{key, false})
	}
	return schema{{"properties", out}}
}

// where holds for a key with a value, with nothing else said.
func where(key, value string) schema {
	return append(schema{{"properties", schema{{key, schema{{"const", value}}}}}}, required(key)...)
}

// topRules tell a flow file from one that is included, which has no other keys
// than those of includable and needs none of them.
func topRules() schema {
	included := schema{{"minProperties", 1}, {"propertyNames", schema{{"enum", includable}}}}
	var need []string
	for _, key := range needed(syntax.top) {
		if key != "flows" { // they may all be in files that are included
			need = append(need, key)
		}
	}
	whole := schema{
		{"required", need},
		{"if", schema{{"not", required("include")}}},
		{"then", append(required("flows"), keyword{"properties", schema{{"flows", required(mainFlow)}}})},
	}
	return schema{
		{"dependencies", schema{{"hours", []string{"timezone"}}}},
		{"if", schema{{"not", included}}},
		{"then", whole},
	}
}

func callRules() schema {
	out := schema{}
	for _, m := range methods() {
		var others []string
		for _, other := range methods() {
			if other != m {
				others = append(others, other)
			}
		}
		if m == "get" {
			others = append(others, "json")
		}
		out = append(out, keyword{m, without(others...)})
	}
	return out
}

func contentRules() schema {
	out := schema{{"filename", []string{"document"}}, {"template", append(required("text"), without(files()...)...)}}
	for i, f := range files() {
		if after := files()[i+1:]; len(after) > 0 {
			out = append(out, keyword{f, without(after...)})
		}
	}
	return out
}

func stateRules() schema {
	ways := anyRequired("go", "on")
	dependencies := schema{}
	for _, key := range []string{"type", "pattern", "min", "max", "whole", "retry", "tries", "otherwise"} {
		dependencies = append(dependencies, keyword{key, []string{"ask"}})
	}
	dependencies = append(
		dependencies,
		keyword{"ask", append(required("say"), ways...)},
		keyword{"choices", []string{"say"}},
		keyword{"call", append(without("ask", "choices"), ways...)},
		keyword{"on", without("go")},
		keyword{"timeout", anyRequired("ask", "choices")},
		keyword{"then", []string{"go"}},
		keyword{"join", []string{"say"}},
		keyword{"end", without("ask", "choices", "call", "on", "go", "return")},
		keyword{"return", without("ask", "choices", "call", "on", "go")},
	)
	return schema{{"dependencies", dependencies}, {"allOf", append(questionRules(), schema{
		{"if", append(required("choices"), keyword{"not", required("ask")})},
		{"then", without("go", "on")},
	})}}
}

// questionRules are what hangs on the type of a question.
func questionRules() []schema {
	bounds := func(of schema, others ...string) schema {
		keys := schema{{"min", of}, {"max", of}}
		for _, key := range others {
			keys = append(keys, keyword{key, false})
		}
		return schema{{"properties", keys}}
	}
	isChoice := where("type", typeChoice)
	items := func(of string) schema {
		return schema{{"properties", schema{{"choices", schema{{"items", reference(of)}}}}}}
	}
	return []schema{
		{{"if", isChoice}, {"then", append(required("choices"), items("option")...)}, {"else", items("choice")}},
		{{"if", where("type", typeNumber)}, {"then", bounds(schema{{"type", "number"}}, "pattern")}},
		{{"if", where("type", typeDate)}, {"then", bounds(schema{{"type", "string"}, {"pattern", boundPattern}}, "pattern", "whole")}},
		{{"if", schema{{"properties", schema{{"type", schema{{"const", typeText}}}}}}}, {"then", bounds(shapeSchema(upTo(mostAnswer)), "whole")}},
		{
			{"if", append(schema{{"properties", schema{{"type", schema{{"enum", unbounded()}}}}}}, required("type")...)},
			{"then", without("min", "max", "pattern", "whole")},
		},
		{{"if", where("ask", languageVariable)}, {"then", append(required("type"), keyword{"properties", schema{{"type", schema{{"const", typeChoice}}}}})}},
	}
}

// unbounded are the types of questions whose answers have no bounds.
func unbounded() []string {
	var out []string
	for _, t := range questionTypes() {
		switch t {
		case typeText, typeNumber, typeDate:
		default:
			out = append(out, t)
		}
	}
	return out
}
