package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
)

// nobody is what is done when a conversation is to be handed over and nobody will
// be there before its window closes.
type nobody struct {
	say     *text
	choices [][]carry.Choice // by language, see Set.kept
	aside   *exit            // to a state that is come to first, once; nil: handed over at once
}

// nobodyNote is what the colleague reads who finds the conversation later.
const nobodyNote = "Nobody was there to answer in time; the customer was told so."

// Away is what is said to a customer who waits for a person when nobody of the
// queue will be there any more before the window closes; false when the file does
// not say what. Step says it by itself on handing over, see Env.Nobody.
func (s *Set) Away(st State, env Env) (Say, bool) {
	if s.nobody == nil {
		return Say{}, false
	}
	w := &walk{set: s, st: st, env: env, at: pseudoStart}
	return w.away(), true
}

func (w *walk) away() Say {
	n := w.set.nobody
	return Say{Text: w.write(n.say), Choices: n.choices[w.tongue()]}
}

// alone reports whether the customer is to be told that nobody of a queue is there.
func (w *walk) alone(queue string) bool {
	return w.set.nobody != nil && w.env.Nobody != nil && w.env.Nobody(queue)
}

// stepsAside reports whether a way to a person leads to another state first. It
// does so once until a person has the conversation, so that it does lead there.
func (w *walk) stepsAside(e *exit) bool {
	return e.to == pseudoHandoff && !w.st.Aside && w.alone(e.queue) && w.set.nobody.aside != nil
}

// stepAside is that way: it comes to a state that waits for the customer.
func (w *walk) stepAside(e *exit) {
	if e.say != nil {
		w.speak(e.say, nil)
	}
	w.say(w.away())
	w.st.Aside = true
	w.follow(w.set.nobody.aside, ReasonFlow)
}

func (l *loader) buildNobody() {
	f := l.handoff.Get("nobody").Fields(syntax.nobody.keys())
	if !f.Exists() {
		return
	}
	const key = "handoff.nobody"
	n := &nobody{say: l.compiler.text(f.Need("say"), key+".say"), choices: l.keeping(f.Get("choices"), key)}
	l.fitKeeping(f.Get("choices"), n.choices)
	if f.Has("go") && f.Has("choices") {
		f.Key("go").Report(codeTogether, "go beside choices", "these choices keep the window open; those that lead on belong to the state that go names")
	}
	if f.Has("go") {
		l.nobody = l.aside(f.Get("go"))
		l.misled = l.nobody == nil
	}
	if l.nobody != nil {
		n.aside = l.nobody.exit
	}
	if n.say != nil {
		l.set.nobody = n
	}
}

// aside resolves where a customer is led before a person is asked for. There they
// are waited for, and nothing returns from there: nobody called it.
func (l *loader) aside(n source.Node) *rawExit {
	to, flow := l.target(l.flows[mainFlow], n)
	target := l.states[to]
	switch {
	case to == "":
		return nil
	case target == nil, target.kind != NodeAsk && target.kind != NodeChoices:
		n.Report(codeValue, fmt.Sprintf("in %q the customer is not waited for", to), "write a state with ask or choices, such as one that asks for an e-mail address")
		return nil
	case flow != nil && flow.returns:
		n.Report(codeValue, fmt.Sprintf("the flow %q returns to who called it, and here nothing does", flow.name), "write a state of another flow, which leads to handoff")
		return nil
	}
	return &rawExit{at: n, exit: &exit{event: eventAside, to: to}, target: target}
}

// keeping reads the titles of buttons whose tap only opens the window anew. They
// are known by the key under which they are written.
func (l *loader) keeping(n source.Node, key string) [][]carry.Choice {
	choices := make([][]carry.Choice, len(l.set.Languages))
	for _, c := range n.List() {
		titles, ok := l.titles(c, key+".choices."+strings.Join(strings.Fields(c.Raw()), " "))
		if !ok {
			continue
		}
		for t, title := range titles {
			choices[t] = append(choices[t], carry.Choice{ID: key + ":" + titles[0], Title: title})
		}
	}
	return choices
}

// checkAlone warns of times in which nobody of a queue is there for so long that a
// window opens and closes in between, when the file does not say what is done then.
func (l *loader) checkAlone() {
	within := l.shortestWindow()
	if within == 0 || l.handoff.Has("nobody") || l.handoff.Strange() > 0 {
		return
	}
	var worst lonely
	for _, e := range l.queues {
		worst = worst.or(l.lonely(l.set.Queues[e.Name], e.Key))
	}
	if len(l.queues) == 0 {
		worst = l.lonely(l.set.Queues[l.set.queue], l.top.Key("hours"))
	}
	unread := func(d Diagnostic) bool { return strings.HasPrefix(d.Code, "F1") && d.Severity == SeverityError }
	if worst.to.Sub(worst.from) <= within-worst.queue.Lead || slices.ContainsFunc(l.findings(), unread) {
		return
	}
	worst.at.Warn(codeAlone, worst.String(),
		fmt.Sprintf(`who writes then cannot be answered in the %s after it; write what they are told: "nobody: {say: ...}" under handoff`, hoursOf(within)))
}

// lonely is a time of a week in which nobody of a queue is there.
type lonely struct {
	queue    Queue
	at       source.Node // where the queue's hours are decided
	from, to time.Time
}

func (l *loader) lonely(q Queue, at source.Node) lonely {
	from, to := q.Staff.Gap()
	return lonely{queue: q, at: at, from: from, to: to}
}

// or is the longer of two, as seen from the lead of each queue.
func (a lonely) or(b lonely) lonely {
	if b.to.Sub(b.from)+b.queue.Lead > a.to.Sub(a.from)+a.queue.Lead {
		return b
	}
	return a
}

// String says when it is, in words.
func (a lonely) String() string {
	const week = 7 * 24 * time.Hour
	if a.to.Sub(a.from) == week {
		return fmt.Sprintf("nobody is ever there in the queue %q", a.queue.Name)
	}
	const moment = "Monday 15:04"
	return fmt.Sprintf("from %s to %s nobody of the queue %q is there", a.from.Format(moment), a.to.Format(moment), a.queue.Name)
}
