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

// read takes the file apart: names, order and raw values, nothing resolved yet.
func (l *loader) read(root source.Node) {
	top := root.Fields(topKeys)
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
	l.queues = top.Get("queues").Entries()
	l.top = top
	l.handoff = top.Get("handoff").Fields(handoffKeys)
	l.notUnderstood = top.Get("not_understood")
	for _, e := range top.Get("answers").Entries() {
		l.readAnswer(e)
	}
	for _, e := range top.Need("flows").Entries() {
		l.readFlow(e)
	}
	if flows := top.Get("flows"); flows.Exists() && l.flows[mainFlow] == nil && !flows.Scalar() {
		hint := "every conversation begins in it"
		if meant, ok := source.Nearest(mainFlow, l.flowNames()); ok {
			hint = fmt.Sprintf("is %q (line %d) meant to be it?", meant, l.flows[meant].key.Place().Line)
		}
		top.Key("flows").Report(codeMissing, `there is no flow "main"`, hint)
	}
}

func (l *loader) flowNames() []string {
	names := make([]string, 0, len(l.flowOrder))
	for _, f := range l.flowOrder {
		names = append(names, f.name)
	}
	return names
}

func (l *loader) readAnswer(e source.Entry) {
	l.name("answer", e)
	a := &rawAnswer{name: e.Name, key: e.Key, fields: e.Value.Fields(answerKeys)}
	if !a.fields.Exists() {
		return
	}
	a.words = a.fields.Need("words").List()
	if !a.fields.Has("go") {
		a.fields.Need("say")
	}
	if a.fields.Has("words") && len(a.words) == 0 && !a.fields.Get("words").Scalar() {
		a.fields.Key("words").Report(codeValue, fmt.Sprintf("the answer %q has no words", e.Name), "write the phrases that customers use")
	}
	l.answers = append(l.answers, a)
}

func (l *loader) readFlow(e source.Entry) {
	l.name("flow", e)
	f := &rawFlow{name: e.Name, key: e.Key}
	l.flows[e.Name] = f
	l.flowOrder = append(l.flowOrder, f)
	fields := e.Value.Fields(flowKeys)
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
	s := &rawState{flow: f, key: e.Key, fields: e.Value.Fields(stateKeys)}
	s.state = &state{place: place{f.name, e.Name}, name: name}
	l.states[name] = s
	l.order = append(l.order, s)
	f.nodes = append(f.nodes, s)
	for _, item := range s.fields.Get("choices").List() {
		if c, ok := readChoice(item); ok {
			s.choices = append(s.choices, c)
		}
	}
	if s.fields.Has("choices") && !s.fields.Get("choices").Scalar() && len(s.fields.Get("choices").List()) == 0 {
		s.fields.Key("choices").Report(codeValue, "there are no choices", `write "- Title: state" below it`)
	}
	if ask := s.fields.Get("ask"); ask.Exists() {
		if v, ok := ask.Text(); ok && variable(ask, v) && !slices.Contains(l.variables, v) {
			l.variables = append(l.variables, v)
		}
	}
}

// readChoice reads "Title: target" or the long form.
func readChoice(item source.Node) (rawChoice, bool) {
	if item.Scalar() {
		item.Report(codeType, "a choice without where it leads", fmt.Sprintf("write %q", item.Raw()+": state"))
		return rawChoice{}, false
	}
	if entries := item.Entries(); len(entries) == 1 && entries[0].Name != "title" && entries[0].Name != "go" {
		return rawChoice{title: entries[0].Key, to: entries[0].Value}, true
	}
	if entries := item.Entries(); len(entries) > 1 && !slices.Contains(choiceKeys.Known, entries[0].Name) && entries[0].Value.Scalar() {
		entries[0].Key.Report(codeMissing, "a choice with more than a target needs title and go",
			fmt.Sprintf("write \"title: %s\" and \"go: %s\" on lines of their own", entries[0].Name, entries[0].Value.Raw()))
		return rawChoice{}, false
	}
	fields := item.Fields(choiceKeys)
	c := rawChoice{title: fields.Need("title"), to: fields.Need("go"), words: fields.Get("words").List(), queue: fields.Get("queue")}
	if c.title.Exists() {
		if _, ok := c.title.Text(); !ok {
			return c, false
		}
	}
	return c, c.title.Exists() && c.to.Exists()
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
		fault(fmt.Sprintf("a %s cannot be called %q", what, e.Name), "go: "+e.Name+" means something else")
	case e.Name == "" || strings.ContainsFunc(e.Name, notInName):
		hint := ""
		if better := strings.Trim(strings.ReplaceAll(match.Normalise(e.Name), " ", "_"), "_"); better != "" {
			hint = fmt.Sprintf("write %q", better)
		}
		fault(fmt.Sprintf("%q cannot be the name of a %s: only letters, digits and _", e.Name, what), hint)
	case utf8.RuneCountInString(e.Name) > longestName:
		fault(fmt.Sprintf("the name of a %s has at most %d characters", what, longestName), "")
	}
}

func notInName(r rune) bool {
	return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// variable checks the name that a question gives to its answer.
func variable(n source.Node, name string) bool {
	switch {
	case slices.Contains(reservedVariables, name):
		n.Report(codeName, fmt.Sprintf("a variable cannot be called %q", name), "the word means something in {{ }}")
	case name == "" || strings.ContainsFunc(name, notInName) || unicode.IsDigit([]rune(name)[0]):
		hint := "write a name such as order_number; the question itself belongs under say"
		n.Report(codeName, fmt.Sprintf("%q cannot be the name of a variable: only letters, digits and _", name), hint)
	case utf8.RuneCountInString(name) > longestName:
		n.Report(codeName, fmt.Sprintf("the name of a variable has at most %d characters", longestName), "")
	default:
		return true
	}
	return false
}
