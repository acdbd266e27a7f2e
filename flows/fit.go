package flows

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
)

// checkFit warns of what the channels will show in another way than the author
// may expect. Nothing of this is an error: what does not fit is sent all the
// same, in more messages or as numbered text.
func (g *graph) checkFit() {
	for i, s := range g.order {
		if !g.reached[i] {
			continue
		}
		g.fitChoices(s)
		var under [][]Choice
		if s.sent != nil {
			under = s.sent
		}
		g.fitContent(s.fields.Get("say"), s.state.say, under)
		g.fitTemplate(s.fields.Get("say"), s.state.say)
		g.fitFile(s)
		for _, a := range g.arcs[i] {
			if a.raw.say != nil {
				g.fitContent(a.raw.at, a.raw.say, nil)
				g.fitTemplate(a.raw.at, a.raw.say)
			}
		}
		if s.question != nil && s.question.retry != nil {
			g.fitContent(s.fields.Get("retry"), &content{text: s.question.retry}, under)
		}
	}
	for i, a := range g.answers {
		g.fitContent(a.fields.Get("say"), g.set.answers[i].say, nil)
		g.fitTemplate(a.fields.Get("say"), g.set.answers[i].say)
	}
	g.fitTitles()
	if n := g.set.nobody; n != nil {
		g.fitContent(g.handoff.Get("nobody"), &content{text: n.say}, n.choices)
	}
	g.fitContent(g.handoff.Get("say"), &content{text: g.set.handoffSay}, nil)
	if g.set.reopen != nil {
		g.fitContent(g.handoff.Get("reopen"), g.set.reopen, nil)
		g.fitTemplate(g.handoff.Get("reopen"), g.set.reopen)
	}
	if o := g.set.optOut; o != nil {
		g.fitContent(g.optOut.Get("say"), &content{text: o.say}, nil)
		g.fitContent(g.optOut.Get("again_say"), &content{text: o.againSay}, nil)
	}
	g.fitContent(g.top.Get("not_understood"), &content{text: g.set.notUnder}, nil)
}

// fitChoices warns of choices that are shown in another way than as buttons or a
// list.
func (g *graph) fitChoices(s *rawState) {
	n := len(s.state.choices)
	if n == 0 {
		return
	}
	var many []string
	for _, kind := range g.set.Channels {
		if l, _ := carry.Of(kind); n > max(l.Buttons, l.List) {
			many = append(many, fmt.Sprintf("%s shows %d", kind, max(l.Buttons, l.List)))
		}
	}
	if len(many) > 0 {
		s.fields.Key("choices").Warn(codeManyChoices, fmt.Sprintf("%d choices: %s", n, strings.Join(many, ", ")),
			"they will be written as numbered text there; make two states of it")
	}
	for i, c := range s.state.choices {
		for t, title := range c.titles {
			if !slices.Contains(c.titles[:t], title) {
				g.fitTitle(g.inTongue(s.built[i].title, t), title, n)
			}
		}
	}
}

// fitTitle warns of a title that is too long for one of n buttons, or for a list.
func (g *graph) fitTitle(at source.Node, title string, n int) {
	var plain, list []string
	for _, kind := range g.set.Channels {
		l, _ := carry.Of(kind)
		long := l.Unit.Len(title)
		room := l.ListTitle
		if n > l.List {
			room = l.ButtonTitle
		}
		switch {
		case n > max(l.Buttons, l.List), n <= l.Buttons && long <= l.ButtonTitle:
		case long > room:
			plain = append(plain, fmt.Sprintf("%s shows %d", kind, max(room, l.ButtonTitle)))
		case n <= l.Buttons:
			list = append(list, fmt.Sprintf("a button of %s shows %d", kind, l.ButtonTitle))
		}
	}
	long := carry.UTF16.Len(title)
	switch {
	case len(plain) > 0:
		at.Warn(codeLongTitle, fmt.Sprintf("the title has %d characters, %s", long, strings.Join(plain, ", ")),
			"the choices will be written as numbered text there")
	case len(list) > 0:
		at.Warn(codeLongButton, fmt.Sprintf("the title has %d characters, %s", long, strings.Join(list, ", ")),
			"the choices will be a list that has to be opened")
	}
}

// fitContent warns of a text that becomes several messages when its variables
// have their longest values.
func (g *graph) fitContent(at source.Node, c *content, under [][]Choice) {
	if c == nil || c.text == nil || !at.Exists() {
		return
	}
	for tongue := range g.set.Languages {
		say, who := g.longest(c, tongue)
		if under != nil {
			say.Choices = under[tongue]
		}
		for _, kind := range g.set.Channels {
			l, _ := carry.Of(kind)
			alone := say
			alone.Media = nil
			parts := carry.Fit(alone, l)
			if len(parts) < 2 {
				continue
			}
			g.reportLong(g.compiler.place(c.text, tongue, at), kind, l, alone, who, parts)
			return
		}
	}
}

// fitKeeping warns of choices of a last chance, or of nobody, that are not shown as
// buttons or a list: their numbers would be taken for those of the state's choices.
func (l *loader) fitKeeping(at source.Node, by [][]carry.Choice) {
	for _, choices := range by {
		var plain []string
		for _, kind := range l.set.Channels {
			limits, _ := carry.Of(kind)
			parts := carry.Fit(carry.Content{Text: "-", Choices: choices}, limits)
			if len(choices) > 0 && parts[len(parts)-1].Layout == carry.LayoutPlain {
				plain = append(plain, kind)
			}
		}
		if plain != nil {
			at.Warn(codeLongTitle, "these choices cannot be buttons on "+strings.Join(plain, ", "), "typed, their numbers mean other choices; write at most three, of 20 characters each")
			return
		}
	}
}

// fitFile warns of a question for a file where nobody can send one.
func (g *graph) fitFile(s *rawState) {
	q := s.question
	if q == nil || q.kind != typeMedia && !isFile(q.kind) {
		return
	}
	if slices.ContainsFunc(g.set.Channels, func(kind string) bool { return kind != carry.WebChat }) {
		return
	}
	s.fields.Get("type").Warn(codeValue, "customers cannot send files in the web chat",
		"ask for a text, or write the other channels that you have under channels")
}

// fitTemplate warns of a template that none of the channels can send.
func (g *graph) fitTemplate(at source.Node, c *content) {
	if c == nil || c.template == nil {
		return
	}
	for _, kind := range g.set.Channels {
		if l, _ := carry.Of(kind); l.Templates {
			return
		}
	}
	at.Warn(codeNoTemplate, fmt.Sprintf("the template %q is never sent: there are none on %s", c.template.name, strings.Join(g.set.Channels, ", ")),
		"the text is sent instead; remove the template, or write whatsapp under channels")
}

func (g *graph) reportLong(at source.Node, kind string, l carry.Limits, c carry.Content, who string, parts []carry.Part) {
	long := l.Unit.Len(c.Text)
	unit := "characters"
	if l.Unit == carry.Bytes {
		unit = "bytes"
	}
	has, hint := "has", "it will be sent as several messages"
	if who != "" {
		has, hint = "may have", fmt.Sprintf("with the longest %s; write max under its question, or say less", who)
	}
	if last := parts[len(parts)-1]; len(c.Choices) > 0 && last.Layout != carry.LayoutPlain && long <= l.Text {
		room := l.ButtonText
		if last.Layout == carry.LayoutList {
			room = l.ListText
		}
		at.Warn(codeLongChoices, fmt.Sprintf("the text %s %d %s, above choices %s shows %d", has, long, unit, kind, room), hint)
		return
	}
	at.Warn(codeLongText, fmt.Sprintf("the text %s %d %s, a message of %s holds %d", has, long, unit, kind, l.Text), hint)
}

// longest is a content with the longest values that its variables may take, and
// the variable that takes the most room.
func (g *graph) longest(c *content, tongue int) (carry.Content, string) {
	out := carry.Content{Apart: c.apart}
	if c.kind != "" {
		out.Media = &carry.Media{Kind: c.kind, URL: "https://shop.example/file"}
	}
	if c.template != nil {
		out.Template = &carry.Template{Name: c.template.name}
	}
	if c.text == nil {
		return out, ""
	}
	w := c.text.in(tongue)
	if known, ok := g.widths[w]; ok {
		out.Text = known.text
		return out, known.who
	}
	forms := [][]part{w.parts}
	if w.count != nil {
		forms = forms[:0]
		for _, form := range pluralForms {
			if parts := w.forms[form]; parts != nil {
				forms = append(forms, parts)
			}
		}
	}
	who := ""
	for _, parts := range forms {
		text, name := g.compiler.widest(parts, g.set, tongue)
		if len(text) > len(out.Text) {
			out.Text, who = text, name
		}
	}
	g.widths[w] = widest{out.Text, who}
	return out, who
}

// widest is a text with the longest values, and the variable that takes the most room.
type widest struct{ text, who string }

// widest is a text with every expression as long as it can be.
func (c *compiler) widest(parts []part, set *Set, tongue int) (text, who string) {
	var b strings.Builder
	most := 0
	for _, p := range parts {
		if p.program == nil {
			b.WriteString(p.literal)
			continue
		}
		n := c.width(p.program.node, set, tongue)
		// What others write may be in any script: three bytes for each UTF-16 unit.
		b.WriteString(strings.Repeat("漢", n))
		if n > most && len(p.program.used) > 0 && n > 60 {
			most, who = n, p.program.used[0]
		}
	}
	return b.String(), who
}

// width is how many characters an expression may come to at most.
func (c *compiler) width(n ast.Node, set *Set, tongue int) int {
	switch n := n.(type) {
	case *ast.StringNode:
		return carry.UTF16.Len(n.Value)
	case *ast.IdentifierNode:
		return c.widthOf(n.Value, set)
	case *ast.ChainNode:
		return c.width(n.Node, set, tongue)
	case *ast.MemberNode:
		return c.widthOfPart(pathOf(n), set, tongue)
	case *ast.ConditionalNode:
		return max(c.width(n.Exp1, set, tongue), c.width(n.Exp2, set, tongue))
	case *ast.BinaryNode:
		left, right := c.width(n.Left, set, tongue), c.width(n.Right, set, tongue)
		switch {
		case n.Operator == "??":
			return max(left, right)
		case n.Operator == "+" && c.infer(n) != isNumber:
			return left + right
		}
		return longestNumber
	case *ast.BuiltinNode:
		if slices.Contains([]string{"upper", "lower", "trim"}, n.Name) && len(n.Arguments) == 1 {
			return 2 * c.width(n.Arguments[0], set, tongue) // ß becomes SS
		}
	case *ast.CallNode:
		return 60 // a day of the week, a date in words
	}
	return longestNumber
}

func (c *compiler) widthOf(name string, set *Set) int {
	switch {
	case name == "business":
		return carry.UTF16.Len(set.Business)
	case c.variables.by[name] == nil:
		return longestNumber
	case c.variables.by[name].kind == isText || c.variables.by[name].kind == isAny:
		return max(c.variables.by[name].longest, 1)
	default:
		return longestNumber
	}
}

func (c *compiler) widthOfPart(path []string, set *Set, tongue int) int {
	if len(path) < 2 {
		return longestField
	}
	switch {
	case path[0] == "contact":
		return longestContact
	case path[0] == "quote":
		return longestNumber
	case path[0] == "hours" && path[1] == "week":
		return carry.UTF16.Len(set.hours.Describe(set.Languages[tongue]))
	case path[0] == "hours":
		return 60
	}
	if v := c.variables.by[path[0]]; v != nil {
		if f := v.field(path); f != nil {
			return f.most
		}
	}
	return longestField
}
