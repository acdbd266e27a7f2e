package flows

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// leaving is what is written about a way out.
type leaving struct {
	event string
	kind  EdgeKind
	label string
	to    source.Node
	then  source.Node
	queue source.Node
	note  source.Node
	stay  bool // the state waits, so that a flow that is called may return to it
}

// buildExits makes all ways out of a state, in the order of the file's keys.
func (l *loader) buildExits(s *rawState) {
	f := s.fields
	choosing := s.question != nil && s.question.kind == typeChoice
	if choosing {
		l.buildValues(s)
	}
	for _, c := range s.choices {
		if !choosing {
			l.buildChoice(s, c)
		}
	}
	own := leaving{queue: f.Get("queue"), note: f.Get("note"), then: f.Get("then")}
	if s.question != nil {
		otherwise := own
		otherwise.event, otherwise.kind, otherwise.label = eventOtherwise, EdgeOtherwise, "otherwise"
		otherwise.to, otherwise.then, otherwise.stay = f.Get("otherwise"), source.Node{}, true
		s.question.otherwise = l.leave(s, otherwise)
		if s.question.otherwise == nil {
			s.question.otherwise = l.toPerson(s, otherwise)
		}
	}
	if f.Has("go") {
		next := own
		next.to, next.event, next.kind = f.Get("go"), eventGo, EdgeGo
		if s.question != nil {
			next.event, next.kind = eventAnswered, EdgeAnswer
		}
		s.next = l.leave(s, next)
	}
	l.buildBranches(s)
	l.buildTimeout(s)
	if s.end {
		s.ways = append(s.ways, &rawExit{exit: &exit{event: eventEnd, to: pseudoEnd, kind: EdgeGo}, at: f.Key("end")})
	}
	if f.Has("return") {
		e := &exit{event: eventReturn, to: pseudoReturn, kind: EdgeGo}
		s.ways = append(s.ways, &rawExit{exit: e, at: f.Key("return")})
		s.next = e
	}
}

// leave makes a way out and adds it to the state; nil when it leads nowhere.
func (l *loader) leave(s *rawState, w leaving) *exit {
	to, flow := l.target(s.flow, w.to)
	if to == "" {
		if w.to.Exists() { // it may lead to a person, and all faults are told at once
			s.lost = true
			l.queue(w.queue)
			l.compiler.plain(w.note)
			w.then.Text()
		}
		return nil
	}
	e := &exit{event: w.event, to: to, kind: w.kind, label: w.label, queue: l.set.queue}
	raw := &rawExit{exit: e, at: w.to, target: l.states[to]}
	s.ways = append(s.ways, raw)
	if to == pseudoHandoff {
		l.toQueue(raw, w)
	}
	if flow != nil && flow.returns && flow != s.flow {
		e.calls = true
		l.goesOn(s, raw, w)
	} else if w.then.Exists() {
		w.then.Report(codeTogether, "then without a flow that returns", "then says where to go on when the flow that go calls returns; remove it")
	}
	return e
}

func (l *loader) toQueue(raw *rawExit, w leaving) {
	if q := l.queue(w.queue); q != "" {
		raw.queue = q
	}
	if raw.note = l.compiler.plain(w.note); raw.note != nil {
		raw.speaks = append(raw.speaks, spoken{w.note, raw.note})
	}
}

// toPerson is the way to a person that a question has without saying it.
func (l *loader) toPerson(s *rawState, w leaving) *exit {
	e := &exit{event: w.event, to: pseudoHandoff, kind: w.kind, label: w.label, queue: l.set.queue}
	raw := &rawExit{exit: e, at: s.fields.Key("ask")}
	s.ways = append(s.ways, raw)
	if s.fields.Get("go").Raw() != pseudoHandoff { // note and queue are for where go leads, if that is a person
		l.toQueue(raw, w)
	}
	return e
}

// goesOn tells where a flow that is called returns to.
func (l *loader) goesOn(s *rawState, raw *rawExit, w leaving) {
	if then, ok := w.then.Text(); ok {
		if next := l.ownState(s.flow, w.then, then); next != nil {
			raw.then = next.name
		} else {
			s.lost = true
		}
		return
	}
	if w.stay {
		raw.then = s.name
		return
	}
	s.lost = true
	w.to.Report(codeNoReturn, fmt.Sprintf("the flow of %q returns, and it is not said where to go on", w.to.Raw()),
		`write "then: a_state_of_this_flow" beside go`)
}

// titles reads the title of a choice in all languages.
func (l *loader) titles(n source.Node, key string) ([]string, bool) {
	t := l.compiler.text(n, key)
	if t == nil {
		return nil, false
	}
	out := make([]string, len(l.set.Languages))
	for i := range out {
		title, ok := titleOf(t.in(i), n)
		if !ok {
			return nil, false
		}
		out[i] = title
	}
	return out, true
}

// titleOf is a title in one language, as written at n.
func titleOf(w *wording, n source.Node) (string, bool) {
	if w.count != nil || len(w.parts) != 1 || w.parts[0].program != nil {
		n.Report(codeExpression, "a title cannot hold {{ }}", "titles are what customers tap and type, so they stay the same")
		return "", false
	}
	return strings.Join(strings.Fields(w.parts[0].literal), " "), true
}

// title reads what a choice is called. Titles may look like numbers or yes.
func (l *loader) title(s *rawState, c rawChoice) (*choice, bool) {
	if c.title.Scalar() && strings.TrimSpace(c.title.Raw()) == "" {
		c.title.Report(codeValue, "the title of a choice is empty", "")
		return nil, false
	}
	var titles []string
	if c.fields.Exists() || c.title.IsMapping() || len(l.set.Languages) > 1 {
		key := s.name + ".choices." + strings.Join(strings.Fields(c.title.Raw()), " ")
		if c.title.IsMapping() {
			key = s.name + ".choices"
		}
		var ok bool
		if c.title.Scalar() && !c.fields.Exists() { // the short form takes yes and numbers as they are
			titles, ok = l.shortTitles(c.title, key)
		} else {
			titles, ok = l.titles(c.title, key)
		}
		if !ok {
			return nil, false
		}
	} else {
		if strings.Contains(c.title.Raw(), "{{") {
			c.title.Report(codeExpression, "a title cannot hold {{ }}", "titles are what customers tap and type, so they stay the same")
			return nil, false
		}
		titles = []string{strings.Join(strings.Fields(c.title.Raw()), " ")}
	}
	made := &choice{id: s.name + ":" + titles[0], titles: titles, words: l.words(c.words)}
	for i, title := range titles {
		norm := match.Normalise(title)
		made.norms = append(made.norms, norm)
		if norm != "" && !slices.Contains(titles[:i], title) { // it may be an emoji only, or a question mark
			made.forms = append(made.forms, match.Forms(title)...)
		}
	}
	return made, true
}

// shortTitles are the titles of a choice in its short form: only files of
// translations have other languages.
func (l *loader) shortTitles(n source.Node, key string) ([]string, bool) {
	title := strings.Join(strings.Fields(n.Raw()), " ")
	if strings.Contains(title, "{{") {
		n.Report(codeExpression, "a title cannot hold {{ }}", "titles are what customers tap and type, so they stay the same")
		return nil, false
	}
	t := &text{by: make([]*wording, len(l.set.Languages))}
	t.by[0] = &wording{parts: []part{{literal: title}}}
	if !l.compiler.translated(t, n, key) {
		return nil, false
	}
	l.compiler.keys = append(l.compiler.keys, key)
	out := make([]string, len(l.set.Languages))
	for i := range out {
		if t.by[i] == nil {
			l.compiler.untold = append(l.compiler.untold, spoken{n, t})
			break
		}
	}
	for i := range out {
		out[i] = strings.Join(strings.Fields(t.in(i).parts[0].literal), " ")
	}
	return out, true
}

func (l *loader) buildChoice(s *rawState, c rawChoice) {
	made, ok := l.title(s, c)
	if !ok {
		made = &choice{titles: []string{""}} // where it leads is read all the same
	}
	made.exit = l.leave(s, leaving{
		event: "choice:" + made.titles[0], kind: EdgeChoice, label: made.titles[0], to: c.to, stay: true, then: c.fields.Get("then"),
		queue: firstOf(c.fields.Get("queue"), s.fields.Get("queue")), note: firstOf(c.fields.Get("note"), s.fields.Get("note")),
	})
	if made.exit == nil {
		return
	}
	for _, key := range []string{"queue", "note"} {
		if c.fields.Has(key) && made.exit.to != pseudoHandoff {
			c.fields.Key(key).Report(codeTogether, key+" is only for a choice with go: handoff", "")
		}
	}
	if ok {
		l.addChoice(s, c, made)
	}
}

func firstOf(a, b source.Node) source.Node {
	if a.Exists() {
		return a
	}
	return b
}

// buildValues makes the choices of a question of type choice: what is chosen is
// the answer, and leads where go leads.
func (l *loader) buildValues(s *rawState) {
	for _, c := range s.choices {
		made, ok := l.title(s, c)
		if !ok {
			continue
		}
		made.value = made.titles[0]
		if v, ok := c.fields.Get("value").Text(); ok {
			made.value = v
		}
		if s.question.variable == languageVariable && !slices.Contains(l.set.Languages, made.value) {
			at, hint := c.title, "write its tag under value, such as value: "+l.set.Languages[0]
			if c.fields.Has("value") {
				at, hint = c.fields.Get("value"), nearHint(made.value, l.set.Languages)
			}
			at.Report(codeLanguage, fmt.Sprintf("%q is none of the languages of the file", made.value), hint)
		}
		l.addChoice(s, c, made)
	}
}

func (l *loader) addChoice(s *rawState, c rawChoice, made *choice) {
	at := len(s.state.choices)
	s.state.choices = append(s.state.choices, *made)
	s.built = append(s.built, c)
	if s.sent == nil {
		s.sent = make([][]Choice, len(l.set.Languages))
	}
	for i, title := range made.titles {
		s.sent[i] = append(s.sent[i], Choice{ID: made.id, Title: title})
		if !slices.Contains(made.titles[:i], title) {
			s.titles, s.titled = append(s.titles, made.norms[i]), append(s.titled, at)
		}
	}
}

// buildBranches makes the ways out under on.
func (l *loader) buildBranches(s *rawState) {
	items := s.fields.Get("on").List()
	if s.fields.Has("on") && len(items) == 0 && s.fields.Get("on").IsList() {
		s.fields.Key("on").Report(codeValue, "there are no branches", `write "- if: ..." and "- else: ..." below it`)
	}
	for i, n := range items {
		f := n.Fields(syntax.branch.keys())
		if !f.Exists() {
			s.lost = true
			continue
		}
		w := leaving{event: fmt.Sprintf("on:%d", i+1), kind: EdgeBranch, to: f.Get("go"), queue: f.Get("queue"), note: f.Get("note"), then: f.Get("then")}
		var when *program
		switch {
		case f.Has("if") && f.Has("else"):
			f.Key("else").Report(codeTogether, "if and else in one branch", "else is a branch of its own, the last")
			s.lost = true
			continue
		case f.Has("if"):
			w.to = f.Need("go")
			if when = l.compiler.condition(f.Get("if")); when == nil {
				s.lost = true
			} else {
				w.label = when.src
			}
		case f.Has("else"):
			if f.Has("go") {
				f.Key("go").Report(codeTogether, "go beside else", `write where it leads behind else: "else: handoff"`)
			}
			w.to, w.event, w.label = f.Get("else"), "on:else", "else"
		default:
			f.Need("if")
			s.lost = true
			continue
		}
		say := l.compiler.content(f.Get("say"), fmt.Sprintf("%s.on.%d.say", s.name, i+1))
		e := l.leave(s, w)
		if e == nil {
			continue
		}
		raw := s.ways[len(s.ways)-1]
		e.when = when
		e.say = say
		raw.speaks = append(raw.speaks, l.speaks(f.Get("say"), e.say)...)
		if when != nil {
			raw.cond = &spoken{f.Get("if"), onlyText(when)}
			raw.known = present(when.node, true)
		}
		for _, key := range []string{"queue", "note"} {
			if f.Has(key) && e.to != pseudoHandoff {
				f.Key(key).Report(codeTogether, key+" in a branch that does not lead to a person", `it belongs beside "go: handoff" or "else: handoff"`)
			}
		}
		s.on = append(s.on, e)
	}
	l.checkElse(s, items)
}

// checkElse reports conditions without an else, and what stands behind it.
func (l *loader) checkElse(s *rawState, items []source.Node) {
	for i, n := range items {
		if !n.IsMapping() {
			return
		}
		has := false
		for _, e := range n.Entries() {
			has = has || e.Name == "else"
		}
		if i < len(items)-1 && slices.ContainsFunc(n.Entries(), func(e source.Entry) bool { return e.Name == "if" }) {
			has = false // both in one is another finding
		}
		switch {
		case has && i < len(items)-1:
			items[i+1].Report(codeNoElse, "this branch is never taken: it stands behind else", "put else last")
			return
		case !has && i == len(items)-1:
			s.fields.Key("on").Report(codeNoElse, "there is no else: what when none of the conditions is true?", `write "- else: handoff" as the last branch`)
		}
	}
}

func (l *loader) buildTimeout(s *rawState) {
	if !s.fields.Has("timeout") || !s.fields.Has("ask") && !s.fields.Has("choices") {
		return
	}
	f := s.fields.Get("timeout").Fields(syntax.timeout.keys())
	after, ok := f.Need("after").Duration()
	if ok && (after < shortestTimeout || after > longestTimeout) {
		f.Get("after").Report(codeValue, fmt.Sprintf("a timeout is from %s to 30 days long", shortestTimeout), "write for example 1h")
		ok = false
	}
	if !ok {
		after = shortestTimeout // that it is wrong was said; the proofs go on
	}
	say := l.compiler.content(f.Get("say"), s.name+".timeout.say")
	e := l.leave(s, leaving{
		event: eventTimeout, kind: EdgeTimeout, label: "after " + f.Get("after").Raw(), to: f.Need("go"),
		queue: f.Get("queue"), note: f.Get("note"), stay: true,
	})
	if e == nil {
		s.lost = s.lost || !f.Has("go")
		return
	}
	raw := s.ways[len(s.ways)-1]
	e.say = say
	raw.speaks = append(raw.speaks, l.speaks(f.Get("say"), e.say)...)
	for _, key := range []string{"queue", "note"} {
		if f.Has(key) && e.to != pseudoHandoff {
			f.Key(key).Report(codeTogether, key+" in a timeout that does not lead to a person", `it belongs beside "go: handoff"`)
		}
	}
	s.timeout = &timeout{after: after, exit: e}
}
