package flows

import (
	"math"
	"strings"
	"time"
)

// blank is said where a text comes out empty, as no channel sends nothing.
const blank = "…"

// text is what is said, in every language of the set in which it is written.
type text struct {
	by []*wording // by language; nil: the first stands for it
}

// wording is a text in one language: one form, or one for each plural form.
type wording struct {
	parts []part
	count *program // of plural forms
	forms map[string][]part
}

// part is either a literal or an expression.
type part struct {
	literal string
	program *program
}

// literal gives a text without expressions.
func literal(s string) *text { return &text{by: []*wording{{parts: []part{{literal: s}}}}} }

// in is the wording for a language.
func (t *text) in(tongue int) *wording {
	if tongue < len(t.by) && t.by[tongue] != nil {
		return t.by[tongue]
	}
	return t.by[0]
}

// programs are all expressions of the text.
func (t *text) programs() []*program {
	var out []*program
	collect := func(parts []part) {
		for _, p := range parts {
			if p.program != nil {
				out = append(out, p.program)
			}
		}
	}
	for _, w := range t.by {
		if w == nil {
			continue
		}
		collect(w.parts)
		if w.count != nil {
			out = append(out, w.count)
		}
		for _, form := range pluralForms {
			collect(w.forms[form])
		}
	}
	return out
}

// values is what expressions are evaluated against. What is not known is
// missing from it or nil, so that ?? gives a fallback.
type values map[string]any

// know makes known what an expression uses, and nothing else: most of what could
// be known is not asked for. A variable's value is plain data to the expression;
// nothing in it is ever evaluated.
func (w *walk) know(p *program) {
	if w.values == nil {
		w.values = make(values, len(p.used)+len(p.facts))
	}
	for _, name := range p.used {
		if _, there := w.values[name]; !there {
			if v, ok := w.st.Vars[name]; ok {
				w.values[name] = v
			}
		}
	}
	for _, name := range p.facts {
		root, part, parted := strings.Cut(name, ".")
		if !parted {
			if _, there := w.values[root]; !there {
				w.values[root] = w.fact(root)
			}
			continue
		}
		parts, ok := w.values[root].(map[string]any)
		if !ok {
			parts = map[string]any{}
			w.values[root] = parts
		}
		if _, there := parts[part]; !there {
			parts[part] = w.partOf(root, part)
		}
	}
}

// fact is what every flow knows without asking.
func (w *walk) fact(name string) any {
	switch name {
	case "business":
		return w.set.Business
	case "channel":
		return w.env.Channel
	case "opted_out":
		return w.env.OptedOut
	case languageVariable:
		return w.set.Languages[w.tongue()]
	case "today":
		return w.set.local(w.env.Now).Format(time.DateOnly)
	case "now":
		return w.set.local(w.env.Now).Format("15:04")
	default:
		return nil
	}
}

// partOf is what every flow knows of the contact, the hours, the queues and prices.
func (w *walk) partOf(root, part string) any {
	switch root {
	case "contact":
		name := strings.Join(strings.Fields(w.env.ContactName), " ")
		if part == "first_name" {
			name, _, _ = strings.Cut(name, " ")
		}
		return known(name)
	case "quote":
		return w.env.quoted(part)
	case "hours":
		return w.set.opening(part, w.env.Now, w.tongue())
	case "queue":
		return map[string]any{"open": w.set.Queues[part].Hours.Open(w.set.local(w.env.Now))}
	default:
		return nil
	}
}

func known(s string) any {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return s
}

// write renders the text, never as nothing.
func (w *walk) write(t *text) string {
	wording := t.in(w.tongue())
	parts := wording.parts
	if wording.count != nil {
		parts = w.form(wording)
	}
	if len(parts) == 1 && parts[0].program == nil {
		return parts[0].literal
	}
	out := w.join(parts)
	if out == "" {
		return blank
	}
	return out
}

// join renders parts as they are. An expression that fails gives nothing: the
// check has run it with and without every value, so none should.
func (w *walk) join(parts []part) string {
	size := 0
	for _, p := range parts {
		if size += len(p.literal); p.program != nil {
			size += usualValue
		}
	}
	var b strings.Builder
	b.Grow(size)
	for _, p := range parts {
		if p.program == nil {
			b.WriteString(p.literal)
			continue
		}
		if s, err := written(w.eval(p.program)); err == nil {
			b.WriteString(s)
		}
	}
	return strings.TrimSpace(b.String())
}

// usualValue is how long what an expression comes to is, as a rule.
const usualValue = 24

// eval runs an expression; nil when it fails, or divides by zero: JSON has no
// such number, and no conversation with one could be stored.
func (w *walk) eval(p *program) any {
	w.know(p)
	got, err := w.vm.Run(p.vm, map[string]any(w.values))
	if n, ok := got.(float64); err != nil || ok && (math.IsInf(n, 0) || math.IsNaN(n)) {
		return nil
	}
	return got
}

// pieces cuts a text at its expressions. Odd pieces are expressions. ok is
// false when one is not closed.
func pieces(s string) (out []string, ok bool) {
	for {
		before, rest, found := strings.Cut(s, "{{")
		out = append(out, before)
		if !found {
			return out, true
		}
		end := closingBraces(rest)
		if end < 0 {
			return out, false
		}
		out, s = append(out, rest[:end]), rest[end+2:]
	}
}

// closingBraces finds }} outside of quotes.
func closingBraces(s string) int {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '}' && i+1 < len(s) && s[i+1] == '}':
			return i
		}
	}
	return -1
}
