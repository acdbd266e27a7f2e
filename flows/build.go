package flows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// What is said when the file does not say it, and the numbers that go with it.
const (
	defaultHandoffSay    = "One moment please, a colleague will answer you here."
	defaultNotUnderstood = "Sorry, I did not understand that."
	defaultQueue         = "support"
	defaultAfterMisses   = 2
	defaultTries         = 3
)

// build makes what runs out of what was read: texts compiled, targets resolved.
func (l *loader) build() {
	l.compiler = newCompiler(l.doc, l.variables)
	l.buildQueues()
	l.buildHandoff()
	for _, f := range l.flowOrder {
		if start, ok := f.start.Text(); ok {
			f.first = l.ownState(f, f.start, start)
		}
	}
	for _, s := range l.order {
		l.buildState(s)
	}
	for _, a := range l.answers {
		l.buildAnswer(a)
	}
}

func (l *loader) buildQueues() {
	l.set.Queues = map[string]Queue{}
	for i, e := range l.queues {
		l.name("queue", e)
		q := Queue{Name: e.Name}
		if e.Value.Scalar() && e.Value.Raw() == "" { // "billing:" alone promises nothing
			e.Value = source.Node{}
		}
		q.FirstReply, _ = e.Value.Fields(queueKeys).Get("first_reply").Duration()
		l.set.Queues[e.Name] = q
		if i == 0 {
			l.set.queue = e.Name
		}
	}
	if len(l.queues) == 0 {
		l.set.queue = defaultQueue
		l.set.Queues[defaultQueue] = Queue{Name: defaultQueue}
	}
}

func (l *loader) buildHandoff() {
	s := l.set
	s.afterMisses = defaultAfterMisses
	if n, ok := l.handoff.Get("after_misses").Int(1, 10); ok {
		s.afterMisses = n
	}
	if q := l.queue(l.handoff.Get("queue")); q != "" {
		s.queue = q
	}
	l.asking = l.handoff.Get("words").List()
	s.words = l.words(l.asking)
	if s.handoffSay = l.compiler.text(l.handoff.Get("say")); s.handoffSay == nil {
		s.handoffSay = literal(defaultHandoffSay)
	}
	if s.notUnderstood = l.compiler.text(l.notUnderstood); s.notUnderstood == nil {
		s.notUnderstood = literal(defaultNotUnderstood)
	}
}

// words reads phrases, in all their forms. What cannot be read is left out.
func (l *loader) words(nodes []source.Node) []string {
	var words []string
	for _, n := range nodes {
		if norm, ok := phrase(n); ok {
			words = append(words, norm...)
		}
	}
	return words
}

func phrase(n source.Node) (forms []string, ok bool) {
	s, ok := n.Text()
	if !ok {
		return nil, false
	}
	forms = match.Forms(s)
	if forms[0] == "" {
		n.Report(codeValue, "there is no word in it", "punctuation is not compared; write letters or digits")
		return nil, false
	}
	return forms, true
}

func (l *loader) buildAnswer(raw *rawAnswer) {
	a := answer{name: raw.name, words: l.words(raw.words), say: l.compiler.text(raw.fields.Get("say"))}
	if to := raw.fields.Get("go"); to.Exists() {
		if target := l.target(l.flows[mainFlow], to); target != "" {
			a.exit = &exit{event: "answer:" + a.name, to: target, queue: l.set.queue}
		}
	}
	l.set.answers = append(l.set.answers, a)
}

func (l *loader) buildState(s *rawState) {
	f := s.fields
	s.say = l.compiler.text(f.Get("say"))
	note := l.compiler.text(f.Get("note"))
	queue := l.set.queue
	if q := l.queue(f.Get("queue")); q != "" {
		queue = q
	}
	leave := func(event string, n source.Node) *exit {
		if to := l.target(s.flow, n); to != "" {
			return &exit{event: event, to: to, queue: queue, note: note}
		}
		s.lost = s.lost || n.Exists()
		return nil
	}
	for _, c := range s.choices {
		l.buildChoice(s, c, leave)
	}
	event := eventGo
	if f.Has("ask") {
		event = eventAnswered
		s.question = l.buildQuestion(f, leave)
		if s.question.otherwise.to == "" {
			s.question.otherwise = exit{event: eventOtherwise, to: pseudoHandoff, queue: queue, note: note}
		}
	}
	s.next = leave(event, f.Get("go"))
	if end, ok := f.Get("end").Bool(); ok {
		if s.end = end; !end {
			f.Key("end").Report(codeValue, "end can only be true", "remove the line")
		}
	}
	l.together(s)
}

func (l *loader) buildChoice(s *rawState, c rawChoice, leave func(string, source.Node) *exit) {
	title := strings.Join(strings.Fields(c.title.Raw()), " ")
	switch {
	case title == "":
		c.title.Report(codeValue, "the title of a choice is empty", "")
		return
	case strings.Contains(title, "{{"):
		c.title.Report(codeExpression, "a title cannot hold {{ }}", "titles are what customers tap and type, so they stay the same")
		return
	}
	made := choice{id: s.name + ":" + title, title: title, norm: match.Normalise(title), words: l.words(c.words)}
	if made.norm != "" { // it may be an emoji only, or a question mark
		made.forms = match.Forms(title)
	}
	to := leave("choice:"+title, c.to)
	if to == nil {
		return
	}
	made.exit = *to
	if q := l.queue(c.queue); q != "" {
		made.exit.queue = q
		if made.exit.to != pseudoHandoff {
			c.queue.Report(codeTogether, "queue is only for a choice with go: handoff", "")
		}
	}
	s.state.choices = append(s.state.choices, made)
	s.built = append(s.built, c)
	s.sent = append(s.sent, Choice{ID: made.id, Title: title})
	s.titles = append(s.titles, made.norm)
}

func (l *loader) buildQuestion(f source.Fields, leave func(string, source.Node) *exit) *question {
	variable, _ := f.Get("ask").Text()
	q := &question{variable: variable, retry: l.compiler.text(f.Get("retry")), tries: defaultTries}
	if n, ok := f.Get("tries").Int(1, 20); ok {
		q.tries = n
	}
	if to := leave(eventOtherwise, f.Get("otherwise")); to != nil {
		q.otherwise = *to
	}
	p, ok := f.Get("pattern").Text()
	if !ok {
		return q
	}
	re, err := regexp.Compile(p)
	if err != nil {
		f.Get("pattern").Report(codePattern, "the pattern is no regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "")
		return q
	}
	q.pattern = re
	return q
}

// queue reads the name of a queue; "" when it is absent or wrong.
func (l *loader) queue(n source.Node) string {
	name, ok := n.Text()
	if !ok {
		return ""
	}
	if _, ok := l.set.Queues[name]; ok {
		return name
	}
	names := make([]string, 0, len(l.queues))
	for _, e := range l.queues {
		names = append(names, e.Name)
	}
	hint := "there are no queues in this file; the only one is " + defaultQueue
	if meant, ok := source.Nearest(name, names); ok {
		at := slices.IndexFunc(l.queues, func(e source.Entry) bool { return e.Name == meant })
		hint = fmt.Sprintf("did you mean %q (line %d)?", meant, l.queues[at].Key.Place().Line)
	} else if len(names) > 0 {
		hint = "queues are: " + strings.Join(names, ", ")
	}
	n.Report(codeQueue, fmt.Sprintf("unknown queue %q", name), hint)
	return ""
}
