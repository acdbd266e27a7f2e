package flows

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/vm"
)

// blank is said where a text comes out empty, as no channel sends nothing.
const blank = "…"

// text is a text with expressions in it, compiled.
type text struct {
	parts []part
}

// part is either a literal or an expression.
type part struct {
	literal string
	program *vm.Program
}

// literal gives a text without expressions.
func literal(s string) *text { return &text{parts: []part{{literal: s}}} }

// values is what expressions are evaluated against. What is not known is
// missing from it or nil, so that ?? gives a fallback.
type values map[string]any

// newValues builds the environment of one step. A variable's value is a plain
// string to the expression; nothing in it is ever evaluated.
func newValues(business string, env Env, vars map[string]any) values {
	v := make(values, len(vars)+2)
	for name, value := range vars {
		v[name] = value
	}
	name := strings.Join(strings.Fields(env.ContactName), " ")
	first, _, _ := strings.Cut(name, " ")
	v["contact"] = map[string]any{"name": known(name), "first_name": known(first)}
	v["business"] = known(business)
	return v
}

func known(s string) any {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return s
}

// write renders the text, never as nothing.
func (t *text) write(v func() values) string {
	if len(t.parts) == 1 && t.parts[0].program == nil {
		return t.parts[0].literal
	}
	out := t.try(v())
	if strings.TrimSpace(out) == "" {
		return blank
	}
	return out
}

// try renders the text as it is. An expression that fails gives nothing: the
// check has run it with and without every value, so none should.
func (t *text) try(v values) string {
	var b strings.Builder
	var machine vm.VM // one for all expressions of the text
	for _, p := range t.parts {
		if p.program == nil {
			b.WriteString(p.literal)
			continue
		}
		if s, err := evaluate(&machine, p.program, v); err == nil {
			b.WriteString(s)
		}
	}
	return strings.TrimSpace(b.String())
}

func evaluate(machine *vm.VM, p *vm.Program, v values) (string, error) {
	got, err := machine.Run(p, map[string]any(v))
	if err != nil {
		return "", err
	}
	switch got := got.(type) {
	case nil:
		return "", nil
	case string:
		return got, nil
	case bool, int, float64:
		return fmt.Sprint(got), nil
	default:
		return "", errNoText
	}
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
