package flows

import (
	"slices"
	"strings"

	"frontdesk/flows/source"
)

// shapeSchema is what a value must be.
func shapeSchema(s shape) schema {
	switch s.kind {
	case kindString, kindAddress:
		return stringSchema(s)
	case kindText:
		return reference("text")
	case kindNote:
		return reference("note")
	case kindContent:
		return reference("content")
	case kindName, kindCode:
		return schema{{"type", "string"}}
	case kindVariable:
		return append(schema{{"type", "string"}, {"pattern", variablePattern}}, notAnyOf(reservedVariables)...)
	case kindTarget:
		return reference("target")
	case kindDuration:
		return reference("duration")
	case kindNumber:
		return schema{{"type", "number"}}
	case kindInt:
		if s.low == s.high {
			return schema{{"type", "integer"}, {"enum", []int{s.low}}}
		}
		return schema{{"type", "integer"}, {"minimum", s.low}, {"maximum", s.high}}
	case kindTrue:
		return schema{{"type", "boolean"}, {"enum", []bool{true}}}
	case kindBool:
		return schema{{"type", "boolean"}}
	case kindValue:
		return reference("value")
	case kindEnum:
		return schema{{"type", "string"}, {"enum", s.enum}}
	case kindList:
		out := schema{{"type", "array"}}
		if s.low > 0 {
			out = append(out, keyword{"minItems", s.low})
		}
		if s.of.kind == kindChoice { // its items hang on the type of the question
			return out
		}
		return append(out, keyword{"items", shapeSchema(*s.of)})
	case kindMap:
		return mapSchema(s)
	case kindObject:
		return reference(definition(s.in))
	case kindAny:
		var of []schema
		for _, one := range s.any {
			of = append(of, shapeSchema(one))
		}
		return schema{{"anyOf", of}}
	case kindChoice:
		return reference("choice")
	case kindJSON:
		return reference("json")
	case kindDay:
		return schema{{"type", "string"}, {"pattern", dayPattern}}
	case kindSpans:
		return reference("spans")
	}
	return schema{}
}

func stringSchema(s shape) schema {
	out := schema{{"type", "string"}}
	if s.low > 0 {
		out = append(out, keyword{"minLength", s.low})
	}
	if s.kind == kindAddress {
		s.pattern = `^\s*(` + strings.Join(s.enum, "|") + `)://[^/]`
	}
	if s.pattern != "" {
		out = append(out, keyword{"pattern", s.pattern})
	}
	return out
}

// mapSchema is a mapping with free names.
func mapSchema(s shape) schema {
	out, of := schema{{"type", "object"}}, shapeSchema(*s.of)
	if s.low > 0 {
		out = append(out, keyword{"minProperties", s.low})
	}
	pattern, reserved := "", []string(nil)
	switch s.names {
	case namesOfFields:
		return append(out, keyword{"additionalProperties", of})
	case namesOfParts:
		pattern, reserved = wordPattern, reservedNames
	case namesOfAnswers:
		pattern = wordPattern
	case namesOfVariables:
		pattern, reserved = variablePattern, reservedVariables
		out = append(out, keyword{"properties", schema{{languageVariable, schema{
			{"description", "The customer's language: one of languages."}, {"type", "string"},
		}}}})
	case namesOfHeaders:
		pattern = headerPattern
	case namesOfDays:
		pattern = dayPattern
	case namesOfStates:
		pattern = flowState
	case namesOfSpans:
		pattern = spansPattern
	}
	out = append(out, keyword{"patternProperties", schema{{pattern, of}}}, keyword{"additionalProperties", false})
	if reserved != nil {
		out = append(out, keyword{"propertyNames", notAnyOf(reserved)})
	}
	return out
}

func notAnyOf(words []string) schema {
	words = slices.Clone(words)
	slices.Sort(words)
	return schema{{"not", schema{{"enum", words}}}}
}

func durationSchema() schema {
	return schema{
		{"description", "A time with its unit: 90s, 15m, 1h30m. Days are written as hours: 48h."},
		{"type", "string"},
		{"pattern", source.DurationPattern},
		{"examples", []string{"90s", "15m", "1h30m"}},
	}
}

func targetSchema() schema {
	return schema{
		{"description", "Where it leads: a state of this flow, a flow, flow.state, or handoff, end, back, start_again."},
		{"type", "string"},
		{"not", schema{{"const", pseudoReturn}}},
	}
}

func spansSchema() schema {
	return schema{
		{"description", "The hours of a day: 09:00-12:30, 13:30-18:00, or 24h, or closed."},
		{"type", "string"},
		{"pattern", spansPattern},
		{"examples", []string{"09:00-18:00", "09:00-12:30, 13:30-18:00", "24h", "closed"}},
	}
}

func valueSchema() schema {
	return schema{
		{"description", "A number, true, false, or a text, which may hold {{ }}."},
		{"type", []string{"string", "number", "boolean"}},
		{"minLength", 1},
	}
}

func jsonSchema() schema {
	return schema{
		{"description", "Anything, with texts that may hold {{ }}."},
		{"minLength", 1},
		{"items", reference("json")},
		{"additionalProperties", reference("json")},
	}
}
