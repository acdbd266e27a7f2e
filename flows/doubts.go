package flows

import (
	"fmt"

	"frontdesk/flows/source"
)

// fewestExamples is how many phrasings an answer has from which others are told
// with some reliance.
const fewestExamples = 3

// checkTaught warns of answers that were taught with too little.
func (l *loader) checkTaught() {
	for i, lesson := range l.set.lessons {
		if n := len(lesson.Examples); n < fewestExamples {
			raw := l.answers[l.set.taught[i]]
			raw.fields.Key("examples").Warn(codeFew, fmt.Sprintf("the answer %q has %s", raw.name, counted(n, "example")),
				fmt.Sprintf("write %d to 10 questions as different customers ask them, so that it is told from other questions", fewestExamples))
		}
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Fights are warnings of examples that ask for another answer as well, as far as
// the matcher can tell: customers who write so may get the other one. It trains the
// matcher, if that has not been done, so Load does not tell them.
func (s *Set) Fights() []Diagnostic {
	if s.Learn(); s.learner.model == nil {
		return nil
	}
	var found []Diagnostic
	for _, f := range s.learner.model.Fights() {
		if f.Example < 0 { // the name alone; its examples are there to tell more
			continue
		}
		d := s.taughtAt[f.Lesson][f.Example]
		d.Code, d.Severity = codeFight, SeverityWarning
		own, other := s.lesson(f.Lesson).name, s.lesson(f.Against).name
		d.Summary = fmt.Sprintf("%q is an example of %q and may get the answer %q", s.lessons[f.Lesson].Examples[f.Example], own, other)
		d.Hint = fmt.Sprintf("write what only %q is asked with, or make one answer of both", own)
		if f.AgainstExample >= 0 {
			at := s.taughtAt[f.Against][f.AgainstExample]
			d.Hint = fmt.Sprintf("like %q (%s); %s", s.lessons[f.Against].Examples[f.AgainstExample], s.wherever(d, at), d.Hint)
		}
		found = append(found, d)
	}
	return source.Sort(found)
}

// wherever is where at is, for somebody who looks at from.
func (s *Set) wherever(from, at Diagnostic) string {
	if from.File != at.File {
		return fmt.Sprintf("%s:%d", at.File, at.Line)
	}
	return fmt.Sprintf("line %d", at.Line)
}
