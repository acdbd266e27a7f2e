package flows

import "slices"

// together reports keys of a state that exclude or need one another.
func (l *loader) together(s *rawState) {
	f := s.fields
	asks, chooses := f.Has("ask"), f.Has("choices")
	for _, key := range []string{"pattern", "retry", "tries", "otherwise"} {
		if f.Has(key) && !asks {
			f.Key(key).Report(codeTogether, key+" belongs to a question", `write "ask: name_of_the_answer" too`)
		}
	}
	if f.Has("go") && chooses && !asks {
		f.Key("go").Report(codeTogether, "go beside choices", "each choice says where it leads; remove one of them")
	}
	for _, key := range []string{"ask", "choices", "go"} {
		if f.Has("end") && f.Has(key) {
			f.Key(key).Report(codeTogether, key+" in a state that ends the flow", `remove it, or "end"`)
		}
	}
	if asks {
		f.Need("go")
	}
	if (asks || chooses) && !f.Has("say") {
		f.Need("say")
	}
	for _, key := range []string{"queue", "note"} {
		if f.Has(key) && !l.leavesToPerson(s) {
			f.Key(key).Report(codeTogether, key+" in a state that does not lead to a person", `it belongs beside "go: handoff"`)
		}
	}
}

func (l *loader) leavesToPerson(s *rawState) bool {
	return s.next != nil && s.next.to == pseudoHandoff ||
		s.question != nil && s.question.otherwise.to == pseudoHandoff ||
		slices.ContainsFunc(s.state.choices, func(c choice) bool { return c.exit.to == pseudoHandoff }) ||
		l.unresolved(s)
}

// unresolved reports whether some target of the state could not be found, in
// which case nothing more is said about where the state leads.
func (l *loader) unresolved(s *rawState) bool {
	return s.lost || s.fields.Strange() > 0 || len(s.choices) != len(s.state.choices) ||
		s.fields.Has("choices") && len(s.choices) != len(s.fields.Get("choices").List())
}
