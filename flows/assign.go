package flows

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"frontdesk/flows/source"
)

// assignment is one line under set.
type assignment struct {
	name  string
	value *assigned
}

// assigned is a value that may be computed.
type assigned struct {
	literal any // number, true, false; or nothing
	program *program
	text    *text
}

// buildSet reads what a state sets, in the order of the file.
func (l *loader) buildSet(s *rawState) []assignment {
	var out []assignment
	for _, e := range s.fields.Get("set").Entries() {
		if e.Name == languageVariable {
			l.checkTongue(e.Value)
		} else if l.variables.by[e.Name] == nil {
			continue
		}
		v := l.assigned(e.Value)
		if v == nil {
			v = &assigned{} // that it is wrong was said; that it is not set need not be
		}
		out = append(out, assignment{e.Name, v})
		s.sets = append(s.sets, setting{e.Name, v, e.Value})
	}
	return out
}

// checkTongue checks the language that a state sets.
func (l *loader) checkTongue(n source.Node) {
	tag, ok := n.Text()
	if ok && !strings.Contains(tag, "{{") && !slices.Contains(l.set.Languages, tag) {
		n.Report(codeLanguage, fmt.Sprintf("%q is none of the languages of the file", tag), nearHint(tag, l.set.Languages))
	}
}

// assigned reads a value: a number, true or false, or a text.
func (l *loader) assigned(n source.Node) *assigned {
	switch {
	case n.IsNumber():
		v, _ := n.Float()
		return &assigned{literal: v}
	case n.IsBool():
		v, _ := n.Bool()
		return &assigned{literal: v}
	}
	src, ok := n.Text()
	if !ok {
		return nil
	}
	if inner := sole(src); inner != "" {
		p := l.compiler.expression(n, 1, inner)
		if p == nil {
			return nil
		}
		return &assigned{program: p}
	}
	t := l.compiler.plain(n)
	if t == nil {
		return nil
	}
	return &assigned{text: t}
}

// programs are the expressions of a value.
func (v *assigned) programs() []*program {
	switch {
	case v.program != nil:
		return []*program{v.program}
	case v.text != nil:
		return v.text.programs()
	default:
		return nil
	}
}

// settle tells the kinds of the variables that are set to an expression, before
// anything is compiled: the kind of one may hang on that of another, so it goes
// round until nothing changes.
func (l *loader) settle() {
	c := &compiler{variables: l.variables}
	for range 3 {
		changed := false
		for _, s := range l.order {
			for _, e := range s.fields.Get("set").Entries() {
				v := l.variables.by[e.Name]
				if v == nil || v.kind != isAny || !e.Value.Scalar() {
					continue
				}
				if kind := c.guess(sole(e.Value.Raw())); kind != isAny {
					v.kind, changed = kind, true
				}
			}
		}
		if !changed {
			break
		}
	}
	for _, s := range l.order {
		for _, e := range s.fields.Get("set").Entries() {
			v := l.variables.by[e.Name]
			if v == nil || !e.Value.Scalar() {
				continue
			}
			if kind := c.guess(sole(e.Value.Raw())); kind != isAny && kind != v.kind {
				l.variables.add(e.Key, e.Name, kind, 0)
			}
		}
	}
}

func (c *compiler) guess(src string) varKind {
	if src == "" {
		return isAny
	}
	tree := parsed(src)
	if tree == nil {
		return isAny
	}
	return c.infer(tree)
}

// assignment computes a value.
func (w *walk) assignment(v *assigned) any {
	switch {
	case v == nil:
		return nil
	case v.program != nil:
		switch got := w.eval(v.program).(type) {
		case int:
			return float64(got)
		case string:
			return cut(got, mostAnswer)
		default:
			return got
		}
	case v.text != nil:
		return cut(w.join(v.text.by[0].parts), mostAnswer)
	default:
		return v.literal
	}
}

// assign carries out what a state sets.
func (w *walk) assign(list []assignment) {
	for _, a := range list {
		v := w.assignment(a.value)
		if a.name != languageVariable {
			w.keep(a.name, v)
			continue
		}
		w.chooseLanguage(v)
	}
}

// chooseLanguage is what the customer chose to be spoken to in; what is none of
// the set's languages changes nothing.
func (w *walk) chooseLanguage(v any) {
	if tag, ok := v.(string); ok && slices.Contains(w.set.Languages, tag) {
		w.st.Language, w.st.Chosen, w.values = tag, true, nil
	}
}

// keep sets a variable; nothing makes it unknown again only by being nil.
func (w *walk) keep(name string, v any) {
	vars := make(map[string]any, len(w.st.Vars)+1)
	maps.Copy(vars, w.st.Vars)
	if v == nil {
		delete(vars, name)
	} else {
		vars[name] = v
	}
	w.st.Vars = vars
	if w.values != nil {
		w.values[name] = v
	}
}

// increments reports whether an expression is the variable plus something: it
// makes a number larger each time. (n ?? 0) + 1 does as well.
func increments(n ast.Node, name string) bool {
	sum, ok := n.(*ast.BinaryNode)
	if !ok || sum.Operator != "+" {
		return false
	}
	step, ok := sum.Right.(*ast.IntegerNode)
	if !ok || step.Value < 1 {
		return false
	}
	switch left := sum.Left.(type) {
	case *ast.IdentifierNode:
		return left.Value == name
	case *ast.BinaryNode:
		id, ok := left.Left.(*ast.IdentifierNode)
		_, number := left.Right.(*ast.IntegerNode)
		return ok && number && left.Operator == "??" && id.Value == name
	}
	return false
}
