package flows

import (
	"slices"
	"strings"
)

// tappedTitle is what a choice that is gone would have been if it were typed.
func tappedTitle(t Tapped) string {
	if strings.TrimSpace(t.Title) != "" {
		return t.Title
	}
	_, title, _ := strings.Cut(t.ID, ":")
	return title
}

func (w *walk) tap(in Tapped) Rule {
	if slices.Contains(w.set.kept, in.ID) { // "keep this chat open": the tap itself did it
		w.understood()
		w.repeat()
		return RuleTap
	}
	if _, ok := w.set.offerable[in.ID]; ok {
		return w.pick(in.ID)
	}
	t, ok := w.set.taps[in.ID]
	switch {
	case !ok:
		return w.said(tappedTitle(in))
	case t.of == w.cur:
		w.choose(t.choice)
	case t.choice.exit == nil:
		w.answeredAgain(t)
	default:
		w.understood()
		w.returnTo(t.of.Flow)
		jump := *t.choice.exit
		jump.event = "tap:" + t.choice.id
		w.follow(&jump, ReasonChosen)
	}
	return RuleTap
}

// repeat says once more what the customer is asked.
func (w *walk) repeat() {
	if w.cur == nil {
		w.start()
		return
	}
	if w.cur.say != nil {
		w.speak(w.cur.say, w.cur)
	}
}

func (w *walk) said(words string) Rule {
	if w.opts(words) {
		return RuleOptOut
	}
	h := hear(words)
	if h.longest(w.set.words) != "" {
		w.asked()
		return RuleHandoff
	}
	if w.cur == nil {
		return w.first(h)
	}
	switch {
	case slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(w.set.back, f) }):
		w.understood()
		w.follow(&exit{event: eventBack, to: pseudoBack}, ReasonFlow)
		return RuleBack
	case slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(w.set.again, f) }):
		w.understood()
		w.follow(&exit{event: eventAgain, to: pseudoAgain}, ReasonFlow)
		return RuleAgain
	case w.cur.call != nil:
		return w.waiting(h)
	}
	if rule, ok := w.picks(h); ok {
		return rule
	}
	if w.accepted(words) {
		return RuleAsk
	}
	c := w.cur.number(h)
	if c == nil {
		c = w.cur.typed(h)
	}
	a, asked := w.set.answer(h)
	if c == nil {
		c, a = w.mentioned(w.cur, h, a, asked)
	}
	if c == nil && a == nil {
		if rule, ok := w.picksLeading(h); ok {
			return rule
		}
		c = w.cur.leading(h)
	}
	switch {
	case c != nil:
		w.choose(c)
		return RuleChoice
	case slices.ContainsFunc(h.forms, func(f string) bool { return slices.Contains(w.set.keeping, f) }):
		w.understood()
		w.repeat()
		return RuleChoice
	case a != nil:
		w.answer(a)
		return RuleAnswer
	default:
		return w.guess(h)
	}
}

// waiting answers who writes while a call is under way: a common question at
// once, all else with a word of patience, once.
func (w *walk) waiting(h heard) Rule {
	if a, _ := w.set.answer(h); a != nil && a.exit == nil {
		w.understood()
		w.speak(a.say, nil)
		return RuleAnswer
	}
	if !w.st.Told {
		w.st.Told = true
		w.say(Say{Text: w.write(w.set.oneMoment)})
	}
	return RuleWait
}

// first takes the first words of a conversation. They may name a choice of the
// state in which everybody begins; a number does not, as no list was shown.
func (w *walk) first(h heard) Rule {
	start := w.set.start
	c := start.typed(h)
	a, asked := w.set.answer(h)
	if c == nil {
		c, a = w.mentioned(start, h, a, asked)
	}
	switch {
	case c != nil:
		if to, ok := w.transition(eventBegin, start.name); ok && to == start.name {
			w.come(start)
			w.assign(start.set)
		}
		w.choose(c)
		return RuleChoice
	case a != nil:
		w.answer(a)
		return RuleAnswer
	default:
		return w.guessFirst(h)
	}
}

// choose takes a choice of the state in which the customer is.
func (w *walk) choose(c *choice) {
	w.understood()
	if c.exit != nil {
		w.follow(c.exit, ReasonChosen)
		return
	}
	w.answered(c.value)
}

func (w *walk) sent(in Sent) Rule {
	switch {
	case w.cur == nil && strings.TrimSpace(in.Text) != "":
		return w.said(in.Text)
	case w.cur == nil:
		return w.start()
	case w.cur.call != nil:
		return w.waiting(heard{})
	}
	if q := w.cur.question; q != nil {
		if v, ok := q.file(in); ok {
			w.answered(v)
			return RuleAsk
		}
	}
	if strings.TrimSpace(in.Text) != "" { // the words under a picture may say what is meant
		return w.said(in.Text)
	}
	if w.cur.question != nil && w.cur.question.sends() {
		w.retry()
		return RuleRetry
	}
	return w.miss("(" + in.Kind + ")")
}

// asked hands over because the customer wants a person.
func (w *walk) asked() {
	w.follow(&exit{event: eventHandoff, to: pseudoHandoff, queue: w.set.queue}, ReasonAsked)
}

func (w *walk) start() Rule {
	w.follow(&exit{event: eventBegin, to: w.set.start.name}, ReasonFlow)
	return RuleStart
}

// answeredAgain takes a choice under a question that was asked before. It answers
// that question, whatever the customer is asked now, and leads on from there.
func (w *walk) answeredAgain(t tap) {
	to, ok := w.transition("tap:"+t.choice.id, t.of.name)
	if !ok {
		w.repeat()
		return
	}
	w.come(w.arrive(&exit{to: to}, to))
	w.left = t.of
	w.answered(t.choice.value)
}
