package flows

import (
	"fmt"
	"strings"

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

// Tells reports whether the file says what is done when nobody will be there: only
// then does Step ask Env.Nobody.
func (s *Set) Tells() bool { return s.nobody != nil }

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
