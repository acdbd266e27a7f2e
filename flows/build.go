package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// What is said when the file does not say it, and the numbers that go with it.
const (
	defaultAfterMisses = 2
	defaultTries       = 3
	longestGather      = 10 * time.Second
	shortestTimeout    = 10 * time.Second
	longestTimeout     = 30 * 24 * time.Hour
	idle               = 24 * time.Hour // silence after which a flow is over that does not say what then
)

// build makes what runs out of what was read: texts compiled, targets resolved.
func (l *loader) build() {
	l.readClock()
	l.settle()
	l.compiler = newCompiler(l)
	l.buildChannels()
	l.buildQueues()
	l.buildHandoff()
	l.buildOptOut()
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
	l.buildUnsure()
	l.buildNobody()
	l.buildMoved()
}

// filled reports a list with nothing in it.
func (l *loader) filled(f source.Fields, key, summary, hint string) {
	if f.Has(key) && f.Get(key).IsList() && len(f.Get(key).List()) == 0 {
		f.Key(key).Report(codeValue, summary, hint)
	}
}

func (l *loader) buildChannels() {
	for _, n := range l.top.Get("channels").List() {
		kind, ok := n.Text()
		if !ok {
			continue
		}
		if _, known := carry.Of(kind); !known {
			n.Report(codeValue, fmt.Sprintf("%q is no kind of channel", kind), nearHint(kind, carry.Kinds()))
			continue
		}
		if slices.Contains(l.set.Channels, kind) {
			n.Report(codeDuplicate, fmt.Sprintf("the channel %q is written twice", kind), "keep one of them")
			continue
		}
		l.set.Channels = append(l.set.Channels, kind)
	}
	l.filled(l.top, "channels", "there are no channels", "write those on which it is served, or remove the key")
	if len(l.set.Channels) == 0 {
		l.set.Channels = []string{carry.WhatsApp, carry.Messenger, carry.WebChat}
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
	l.filled(l.handoff, "words", "no words fetch a person", "write those that customers use, such as [agent, human]")
	s.words = l.words(l.asking)
	s.back = l.words(l.top.Get("back").List())
	s.again = l.words(l.top.Get("start_again").List())
	s.handoffSay = l.spokenOr(l.handoff, "say", "handoff.say", defaultHandoffSay)
	s.notUnder = l.spokenOr(l.top, "not_understood", "not_understood", defaultNotUnderstood)
	s.oneMoment = l.spokenOr(l.top, "one_moment", "one_moment", defaultOneMoment)
	if d, ok := l.top.Get("gather").Duration(); ok {
		if s.gather = d; d > longestGather {
			l.top.Get("gather").Report(codeValue, "gather is at most "+longestGather.String(), "every answer is late by so much")
		}
	}
	if d, ok := l.handoff.Get("before_close").Duration(); ok {
		s.beforeClose = d
		l.checkBeforeClose(l.handoff.Get("before_close"), d)
	}
	for i, n := range l.handoff.Get("last_chance").List() {
		l.buildRung(i, n)
	}
	l.buildReopen()
	slices.SortStableFunc(s.rungs, func(a, b rung) int { return int(b.before - a.before) })
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
	key := "answers." + raw.name
	a := answer{name: raw.name, words: l.words(raw.words), say: l.compiler.content(raw.fields.Get("say"), key+".say")}
	raw.speaks = l.speaks(raw.fields.Get("say"), a.say)
	for _, n := range raw.fields.Get("examples").List() {
		if forms, ok := phrase(n); ok {
			a.examples = append(a.examples, forms...)
		}
	}
	if to := raw.fields.Get("go"); to.Exists() {
		if target, flow := l.target(l.flows[mainFlow], to); target != "" {
			raw.exit = &rawExit{at: to, exit: &exit{event: "answer:" + a.name, to: target, queue: l.set.queue, kind: EdgeAnswer}, target: l.states[target]}
			raw.exit.calls = flow != nil && flow.returns
			a.exit = raw.exit.exit
		}
	}
	l.set.answers = append(l.set.answers, a)
}

func (l *loader) buildState(s *rawState) {
	f := s.fields
	s.returns = s.flow.returns
	s.kind = l.kindOf(s)
	s.state.set = l.buildSet(s)
	s.state.say = l.content(s, f.Get("say"), s.name+".say")
	s.summary = summary(f.Get("say"))
	if join, ok := f.Get("join").Bool(); ok && s.state.say != nil {
		s.state.say.apart = !join
	}
	if f.Has("call") {
		s.call = l.buildCall(s)
	}
	if f.Has("ask") {
		s.question = l.buildQuestion(s)
	}
	l.buildTruth(s, "end")
	l.buildTruth(s, "return")
	l.buildExits(s)
	l.together(s)
}

func (l *loader) buildTruth(s *rawState, key string) {
	v, ok := s.fields.Get(key).Bool()
	switch {
	case ok && !v:
		s.fields.Key(key).Report(codeValue, key+" can only be true", "remove the line")
	case ok && key == "end":
		s.end = true
	}
}

// summary is what a drawing shows of a state: its text as it is written.
func summary(n source.Node) string {
	for n.IsMapping() {
		entries := n.Entries()
		if len(entries) == 0 {
			return ""
		}
		i := max(0, slices.IndexFunc(entries, func(e source.Entry) bool { return e.Name == "text" || e.Name == "other" }))
		n = entries[i].Value
	}
	return strings.Join(strings.Fields(n.Raw()), " ")
}

func (l *loader) kindOf(s *rawState) NodeKind {
	f := s.fields
	switch {
	case f.Has("ask"):
		return NodeAsk
	case f.Has("choices"):
		return NodeChoices
	case f.Has("call"):
		return NodeCall
	case f.Has("end"):
		return NodeEnd
	case f.Has("return"):
		return NodeReturn
	case f.Has("on") && !f.Has("say"):
		return NodeBranch
	default:
		return NodeSay
	}
}

// buildMoved reads where the states of older versions are now.
func (l *loader) buildMoved() {
	l.set.moved = map[Place]Place{}
	for _, e := range l.moved {
		from, node, dotted := strings.Cut(e.Name, ".")
		if !dotted {
			e.Key.Report(codeValue, fmt.Sprintf("%q is no state of a flow", e.Name), `write "flow.state"`)
			continue
		}
		name, ok := e.Value.Text()
		if !ok {
			continue
		}
		flow, to, dotted := strings.Cut(name, ".")
		if !dotted {
			e.Value.Report(codeValue, fmt.Sprintf("%q is no state of a flow", name), `write "flow.state"`)
			continue
		}
		if l.dotted(e.Value, flow, to) == "" {
			continue
		}
		target := l.states[name]
		switch {
		case l.states[e.Name] != nil:
			e.Key.Report(codeValue, fmt.Sprintf("the state %q is still there", e.Name), "only states that are gone can have moved")
		case target.kind != NodeAsk && target.kind != NodeChoices:
			e.Value.Report(codeValue, fmt.Sprintf("nobody can stand in %q: it does not wait for the customer", name), "write a state with choices or ask")
		default:
			l.set.moved[Place{from, node}] = target.Place
		}
	}
}

// say compiles a text of a state and notes it for the proofs.
func (l *loader) say(s *rawState, n source.Node, key string) *text {
	t := l.compiler.text(n, key)
	l.speak(s, n, t)
	return t
}

func (l *loader) content(s *rawState, n source.Node, key string) *content {
	c := l.compiler.content(n, key)
	s.speaks = append(s.speaks, l.speaks(n, c)...)
	return c
}

func (l *loader) speak(s *rawState, n source.Node, t *text) {
	s.speaks = append(s.speaks, l.spoken(n, t)...)
}

func (l *loader) speakProgram(s *rawState, n source.Node, p *program) {
	s.speaks = append(s.speaks, spoken{n, onlyText(p)})
}

// onlyText is an expression as a text of its own.
func onlyText(p *program) *text { return &text{by: []*wording{{parts: []part{{program: p}}}}} }

// speaks are all texts of a content.
func (l *loader) speaks(n source.Node, c *content) []spoken {
	if c == nil {
		return nil
	}
	out := slices.Concat(l.spoken(n, c.text), l.spoken(n, c.url), l.spoken(n, c.filename))
	if c.template != nil {
		for _, p := range c.template.params {
			out = append(out, l.spoken(n, p)...)
		}
	}
	return out
}

// spoken is a text in each of its languages, with the place where that is written.
func (l *loader) spoken(n source.Node, t *text) []spoken {
	if t == nil {
		return nil
	}
	var out []spoken
	for i, w := range t.by {
		if w != nil {
			out = append(out, spoken{l.compiler.place(t, i, n), &text{by: []*wording{w}}})
		}
	}
	return out
}
