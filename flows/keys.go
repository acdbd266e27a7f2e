package flows

import (
	"maps"

	"frontdesk/flows/source"
)

// Keys of the language, and those that deserve more than "unknown key".

const notYet = "this is not in this version of the language"

// later makes the entries for keys that a later version will know.
func later(keys ...string) map[string]string {
	m := make(map[string]string, len(keys))
	for _, k := range keys {
		m[k] = notYet
	}
	return m
}

func with(m map[string]string, key, hint string) map[string]string {
	m = maps.Clone(m)
	m[key] = hint
	return m
}

var (
	topKeys = source.Keys{
		Known: []string{"version", "business", "queues", "handoff", "not_understood", "answers", "flows"},
		Refused: with(later("languages", "timezone", "hours", "include", "texts", "moved"),
			"states", `states belong to a flow: write "flows: {main: {start: ..., states: {...}}}"`),
	}
	queueKeys   = source.Keys{Known: []string{"first_reply"}, Refused: later("hours", "agents")}
	handoffKeys = source.Keys{
		Known:   []string{"words", "queue", "after_misses", "say"},
		Refused: later("before_close", "last_chance", "choices"),
	}
	answerKeys = source.Keys{
		Known: []string{"words", "say", "go"},
		Refused: with(later("choices", "hours"),
			"examples", `write the phrases that customers use under "words"; whole sentences are not learned from in this version`),
	}
	flowKeys  = source.Keys{Known: []string{"start", "states"}, Refused: later("include", "returns")}
	stateKeys = source.Keys{
		Known: []string{
			"say", "choices", "ask", "pattern", "retry", "tries", "otherwise", "go", "queue", "note", "end",
		},
		Refused: with(with(later("timeout", "call", "set", "on", "if", "else", "type", "types", "return", "image", "template", "answers"),
			"words", `words belong to a choice or to an answer`),
			"examples", `phrases belong to an answer, under "words"`),
	}
	choiceKeys = source.Keys{
		Known:   []string{"title", "go", "words", "queue"},
		Refused: with(later("if", "description", "set"), "say", "what is said belongs to the state that the choice leads to"),
	}
)

// reservedNames are targets of go, so no flow or state can have them.
var reservedNames = []string{"handoff", "end", "back"}

// reservedVariables mean something in an expression.
var reservedVariables = []string{
	"contact", "business", "hours", "channel", "in", "not", "and", "or", "matches", "contains", "startsWith", "endsWith",
	"let", "if", "else", "true", "false", "nil", "upper", "lower", "trim", "len",
}
