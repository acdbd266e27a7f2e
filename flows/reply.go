package flows

import (
	"slices"
	"strings"
)

// accepted takes the answer to the state's question, if it is one.
func (w *walk) accepted(words string) bool {
	q := w.cur.question
	if q == nil {
		return false
	}
	v, ok := q.answer(tidy(words), w)
	if ok {
		w.answered(v)
	}
	return ok
}

// answered keeps the answer to the state's question and goes on.
func (w *walk) answered(v any) {
	w.understood()
	if name := w.cur.question.variable; name != languageVariable {
		w.keep(name, v)
	} else {
		w.chooseLanguage(v)
	}
	w.follow(w.cur.way(w), ReasonFlow)
}

// kept is a customer's text as it is stored.
func kept(words string) string { return cut(tidy(words), longestAnswer) }

func (w *walk) retry() {
	q := w.cur.question
	w.st.Tries++
	if w.st.Tries >= q.tries {
		w.follow(q.otherwise, ReasonTries)
		return
	}
	if q.retry != nil {
		w.under(Say{Text: w.write(q.retry)}, w.cur)
		return
	}
	w.again(&content{text: w.set.notUnder})
}

// missed counts a text that was not understood.
func (w *walk) missed(words string) {
	w.st.Misses++
	missed := append(slices.Clone(w.st.Missed), kept(words))
	w.st.Missed = missed[max(0, len(missed)-mostMissed):]
}

func (w *walk) miss(words string) Rule {
	w.missed(words)
	if w.st.Misses >= w.set.afterMisses {
		w.follow(&exit{event: eventMisses, to: pseudoHandoff, queue: w.set.queue}, ReasonNotUnderstood)
		return RuleMiss
	}
	w.again(&content{text: w.set.notUnder})
	return RuleMiss
}

// answer gives a common answer and lets the customer go on where they were.
func (w *walk) answer(a *answer) {
	w.understood()
	switch {
	case a.exit != nil:
		if a.say != nil {
			w.speak(a.say, nil)
			w.told = true
		}
		w.follow(a.exit, ReasonFlow)
	case w.cur != nil:
		w.again(a.say)
	default:
		w.speak(a.say, nil)
		w.start()
	}
}

// again says something with the state's question, if it asks one, below. Under a
// template nothing can stand, so what is asked follows it.
func (w *walk) again(c *content) {
	say := w.compose(c)
	if say.Template != nil {
		w.say(say)
		w.repeat()
		return
	}
	if w.cur.question != nil && w.cur.say.text != nil {
		say.Text = strings.TrimSpace(say.Text + "\n\n" + w.write(w.cur.say.text))
	}
	w.under(say, w.cur)
}
