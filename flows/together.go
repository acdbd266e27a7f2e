package flows

import (
	"fmt"
	"slices"
)

// together reports keys of a state that exclude or need one another.
func (l *loader) together(s *rawState) {
	f := s.fields
	asks, chooses, calls := f.Has("ask"), f.Has("choices"), f.Has("call")
	for _, key := range []string{"type", "pattern", "min", "max", "whole", "retry", "tries", "otherwise"} {
		if f.Has(key) && !asks {
			f.Key(key).Report(codeTogether, key+" belongs to a question", `write "ask: name_of_the_answer" too`)
		}
	}
	exclude := func(a, b, why, mend string) {
		if f.Has(a) && f.Has(b) {
			f.Key(b).Report(codeTogether, fmt.Sprintf(why, b, a), mend)
		}
	}
	if chooses && !asks {
		exclude("choices", "go", "%s beside %s", "each choice says where it leads; remove one of them")
		exclude("choices", "on", "%s beside %s", "each choice says where it leads; lead them to a state with on")
	}
	exclude("on", "go", "%s beside %s", "on says where it leads; remove go, or make it the else")
	exclude("call", "ask", "%s beside %s", "make two states of it: first the one, then the other")
	exclude("call", "choices", "%s beside %s", "make two states of it: first the one, then the other")
	for _, last := range []string{"end", "return"} {
		for _, key := range []string{"ask", "choices", "call", "on", "go"} {
			exclude(last, key, "%s beside %s: true", "remove one of them")
		}
	}
	exclude("end", "return", "%s beside %s", "end is the end of the conversation, return leads back to the caller; remove one of them")
	if (asks || calls) && !f.Has("on") {
		f.Need("go")
	}
	if (asks || chooses) && !f.Has("say") {
		f.Need("say")
	}
	if f.Has("timeout") && !asks && !chooses {
		f.Key("timeout").Report(codeTogether, "a timeout in a state that does not wait for the customer",
			"it belongs to choices or to a question; a call has its own under call")
	}
	if f.Has("then") && !f.Has("go") {
		f.Key("then").Report(codeTogether, "then belongs to go", "it says where to go on when the flow that go calls returns; remove it, or write go")
	}
	if f.Has("join") && !f.Has("say") {
		f.Key("join").Report(codeTogether, "join belongs to say", "nothing is said here; remove it")
	}
	if s.say != nil && s.say.template != nil && chooses {
		f.Key("choices").Report(codeTogether, "choices under a template", "a template brings its own buttons, and WhatsApp takes no others; ask in a state that follows")
	}
	l.togetherQuestion(s)
	l.queue(f.Get("queue")) // both are read, whether or not a way out uses them
	l.compiler.plain(f.Get("note"))
	for _, key := range []string{"queue", "note"} {
		if f.Has(key) && !l.leavesToPerson(s) {
			f.Key(key).Report(codeTogether, key+" in a state that does not lead to a person", `it belongs beside "go: handoff"`)
		}
	}
}

func (l *loader) togetherQuestion(s *rawState) {
	f, q := s.fields, s.question
	switch {
	case q == nil:
	case q.kind == typeChoice && !f.Has("choices"):
		f.Get("type").Report(codeMissing, "a question of type choice without choices", `write "choices: [Small, Large]"`)
	case q.variable == languageVariable && q.kind != typeChoice:
		f.Get("ask").Report(codeTogether, "the language is chosen, not written", `write "type: choice", and choices with title and value`)
	}
}

func (l *loader) leavesToPerson(s *rawState) bool {
	own := func(e *rawExit) bool {
		return e.to == pseudoHandoff && e.kind != EdgeBranch && e.kind != EdgeTimeout
	}
	return slices.ContainsFunc(s.ways, own) || l.unresolved(s)
}

// unresolved reports whether some target of the state could not be found, in
// which case nothing more is said about where the state leads.
func (l *loader) unresolved(s *rawState) bool {
	return s.lost || s.fields.Strange() > 0 || len(s.choices) != len(s.state.choices) ||
		s.fields.Has("choices") && len(s.choices) != len(s.fields.Get("choices").List())
}
