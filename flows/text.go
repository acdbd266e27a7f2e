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

// newValues builds the environment of one step. A variable's value is plain data
// to the expression; nothing in it is ever evaluated.
func newValues(s *Set, env Env, vars map[string]any, tongue int) values {
	v := make(values, len(vars)+6)
	for name, value := range vars {
		v[name] = value
	}
	name := strings.Join(strings.Fields(env.ContactName), " ")
	first, _, _ := strings.Cut(name, " ")
	v["contact"] = map[string]any{"name": known(name), "first_name": known(first)}
	v["business"] = s.Business
	v["channel"] = env.Channel
	v[languageVariable] = s.Languages[tongue]
	now := s.local(env.Now)
	v["today"], v["now"] = now.Format(time.DateOnly), now.Format("15:04")
	return v
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
	var b strings.Builder
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

// eval runs an expression; nil when it fails, or divides by zero: JSON has no
// such number, and no conversation with one could be stored.
func (w *walk) eval(p *program) any {
	if w.values == nil {
		w.values = newValues(w.set, w.env, w.st.Vars, w.tongue())
	}
	if p.hours && w.values["hours"] == nil {
		w.values["hours"], w.values["queue"] = w.set.opening(w.env.Now, w.set.Languages[w.tongue()])
	}
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
