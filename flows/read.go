package flows

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// mainFlow is where every conversation begins.
const mainFlow = "main"

// read takes the files apart: names, order and raw values, nothing resolved yet.
func (l *loader) read(root source.Node) {
	top := root.Fields(syntax.top.keys())
	l.top = top
	if !top.Exists() {
		return
	}
	if v, ok := top.Need("version").Int(0, 1<<30); ok && v != 1 {
		top.Get("version").Report(codeValue, fmt.Sprintf("version %d of the language is not known", v), "write version: 1")
	}
	if name, ok := top.Need("business").Text(); ok {
		l.set.Business = strings.TrimSpace(name)
		if l.set.Business == "" {
			top.Get("business").Report(codeValue, "the name of the business is empty", "")
		}
	}
	l.readLanguages(top)
	l.handoff = top.Get("handoff").Fields(syntax.handoff.keys())
	l.optOut = top.Get("opt_out").Fields(syntax.optOut.keys())
	l.readPart(top)
	if top.Has("include") {
		parts, all := l.included(top.Get("include").List())
		for _, part := range parts {
			l.readPart(part.Fields(syntax.part.keys()))
		}
		l.opaque = !all
	} else {
		top.Need("flows")
	}
	l.readTexts(top)
	l.readMain(top)
}

func (l *loader) readMain(top source.Fields) {
	flows := top.Get("flows")
	if l.flows[mainFlow] != nil || flows.Exists() && flows.Scalar() || l.opaque || !flows.Exists() && !top.Has("include") {
		return
	}
	hint := "every conversation begins in it"
	if meant, ok := source.Nearest(mainFlow, l.flowNames()); ok {
		hint = fmt.Sprintf("is %q (%s) meant to be it?", meant, l.flows[meant].key.Where(flows))
	}
	key := "flows"
	if !flows.Exists() {
		key = "include"
	}
	top.Key(key).Report(codeMissing, `there is no flow "main"`, hint)
}

// readPart reads what any of the files may hold.
func (l *loader) readPart(part source.Fields) {
	l.queues = append(l.queues, l.newNames("queue", part.Get("queues"), func(name string) source.Node {
		return l.queueKey(name)
	})...)
	for _, e := range l.newNames("answer", part.Get("answers"), l.answerKey) {
		l.readAnswer(e)
	}
	for _, e := range l.newNames("flow", part.Get("flows"), func(name string) source.Node {
		if f := l.flows[name]; f != nil {
			return f.key
		}
		return source.Node{}
	}) {
		l.readFlow(e)
	}
	l.moved = append(l.moved, part.Get("moved").Entries()...)
}

// newNames are the entries of a mapping, without those whose name another file has.
func (l *loader) newNames(what string, n source.Node, known func(name string) source.Node) []source.Entry {
	var out []source.Entry
	for _, e := range n.Entries() {
		if first := known(e.Name); first.Exists() {
			e.Key.Report(codeDuplicate, fmt.Sprintf("there is %s %q already", withArticle(what), e.Name),
				fmt.Sprintf("the first is in %s; keep one of them", first.Where(e.Key)))
			continue
		}
		l.name(what, e)
		out = append(out, e)
	}
	return out
}

func (l *loader) queueKey(name string) source.Node {
	for _, e := range l.queues {
		if e.Name == name {
			return e.Key
		}
	}
	return source.Node{}
}

func (l *loader) answerKey(name string) source.Node {
	for _, a := range l.answers {
		if a.name == name {
			return a.key
		}
	}
	return source.Node{}
}

func (l *loader) flowNames() []string {
	names := make([]string, 0, len(l.flowOrder))
	for _, f := range l.flowOrder {
		names = append(names, f.name)
	}
	return names
}

func (l *loader) readAnswer(e source.Entry) {
	a := &rawAnswer{name: e.Name, key: e.Key, value: e.Value, fields: e.Value.Fields(syntax.answer.keys())}
	if !a.fields.Exists() {
		return
	}
	a.words = a.fields.Get("words").List()
	if !a.fields.Has("examples") {
		a.fields.Need("words")
	}
	if !a.fields.Has("go") {
		a.fields.Need("say")
	}
	for _, key := range []string{"words", "examples"} {
		if a.fields.Has(key) && !a.fields.Get(key).Scalar() && len(a.fields.Get(key).List()) == 0 {
			a.fields.Key(key).Report(codeValue, fmt.Sprintf("the answer %q has no %s", e.Name, key), "write the phrases that customers use")
		}
	}
	l.answers = append(l.answers, a)
}

func (l *loader) readFlow(e source.Entry) {
	f := &rawFlow{name: e.Name, key: e.Key}
	l.flows[e.Name] = f
	l.flowOrder = append(l.flowOrder, f)
	fields := e.Value.Fields(syntax.flow.keys())
	f.start = fields.Need("start")
	for _, s := range fields.Need("states").Entries() {
		l.readState(f, s)
	}
	if fields.Has("states") && len(f.nodes) == 0 && !fields.Get("states").Scalar() {
		fields.Key("states").Report(codeValue, fmt.Sprintf("the flow %q has no states", e.Name), "")
	}
}

func (l *loader) readState(f *rawFlow, e source.Entry) {
	l.name("state", e)
	name := f.name + "." + e.Name
	s := &rawState{flow: f, index: len(l.order), key: e.Key, value: e.Value, fields: e.Value.Fields(syntax.state.keys())}
	s.state = &state{Place: Place{f.name, e.Name}, name: name, file: e.Key.File(), line: e.Key.Place().Line}
	l.states[name] = s
	l.order = append(l.order, s)
	f.nodes = append(f.nodes, s)
	f.returns = f.returns || s.fields.Has("return")
	choosing := s.fields.Get("type").Raw() == typeChoice
	for _, item := range s.fields.Get("choices").List() {
		if c, ok := readChoice(item, choosing); ok {
			s.choices = append(s.choices, c)
		}
	}
	if s.fields.Has("choices") && !s.fields.Get("choices").Scalar() && len(s.fields.Get("choices").List()) == 0 {
		s.fields.Key("choices").Report(codeValue, "there are no choices", `write "- Title: state" below it`)
	}
	l.declare(s)
}

// readChoice reads "Title: target" or the long form; under a question of type
// choice also the title alone.
func readChoice(item source.Node, choosing bool) (rawChoice, bool) {
	if item.Scalar() {
		if choosing {
			return rawChoice{item: item, title: item}, true
		}
		item.Report(codeType, "a choice without where it leads", fmt.Sprintf("write %q", item.Raw()+": state"))
		return rawChoice{}, false
	}
	entries := item.Entries()
	if len(entries) == 1 && !syntax.choice.knows(entries[0].Name) {
		if choosing {
			entries[0].Value.Report(codeTogether, "where it leads, in a question of type choice",
				`"go" of the state leads on; write the title alone, or title and value`)
			return rawChoice{}, false
		}
		return rawChoice{item: item, title: entries[0].Key, to: entries[0].Value}, true
	}
	if len(entries) > 1 && !syntax.choice.knows(entries[0].Name) && entries[0].Value.Scalar() {
		entries[0].Key.Report(codeMissing, "a choice with more than a target needs title and go",
			fmt.Sprintf("write \"title: %s\" and \"go: %s\" on lines of their own", entries[0].Name, entries[0].Value.Raw()))
		return rawChoice{}, false
	}
	fields := item.Fields(syntax.choice.keys())
	c := rawChoice{item: item, title: fields.Need("title"), words: fields.Get("words").List(), fields: fields}
	switch {
	case !choosing:
		c.to = fields.Need("go")
		if fields.Has("value") {
			fields.Key("value").Report(codeTogether, "value is only for a question of type choice", `write "ask: name" and "type: choice" in the state, or remove it`)
		}
	case fields.Has("go"):
		fields.Key("go").Report(codeTogether, "where it leads, in a question of type choice", `"go" of the state leads on; remove it here`)
		return c, false
	default:
		for _, key := range []string{"then", "queue", "note"} {
			if fields.Has(key) {
				fields.Key(key).Report(codeTogether, key+" in a question of type choice", `it belongs beside "go" of the state; remove it here`)
			}
		}
	}
	return c, c.title.Exists() && (choosing || c.to.Exists())
}

const longestName = 40

// name checks a name that the author chose.
func (l *loader) name(what string, e source.Entry) {
	fault := func(summary, hint string) {
		l.misnamed = true
		e.Key.Report(codeName, summary, hint)
	}
	switch {
	case what != "answer" && slices.Contains(reservedNames, e.Name):
		fault(fmt.Sprintf("%s cannot be called %q", withArticle(what), e.Name), "go: "+e.Name+" means something else")
	case e.Name == "" || strings.ContainsFunc(e.Name, notInName):
		hint := ""
		if better := strings.Trim(strings.ReplaceAll(match.Normalise(e.Name), " ", "_"), "_"); better != "" {
			hint = fmt.Sprintf("write %q", better)
		}
		fault(fmt.Sprintf("%q cannot be the name of %s: only letters, digits and _", e.Name, withArticle(what)), hint)
	case utf8.RuneCountInString(e.Name) > longestName:
		fault(fmt.Sprintf("the name of %s has at most %d characters", withArticle(what), longestName), "")
	}
}

// withArticle puts the article before a noun: a flow, an answer.
func withArticle(noun string) string {
	if strings.HasPrefix(noun, "a") {
		return "an " + noun
	}
	return "a " + noun
}

func notInName(r rune) bool {
	return r != '_' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) // marks are vowels in many scripts
}
