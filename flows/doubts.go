package flows

import "fmt"

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
