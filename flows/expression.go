package flows

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"frontdesk/flows/source"
)

var errNoText = errors.New("the result is no text and no number")

// longestExpression bounds an expression in bytes. Loops, ranges and functions
// that multiply are refused, so its length bounds its work too.
const longestExpression = 500

// functions are all that a text may call.
var functions = []string{"upper", "lower", "trim", "len"}

var contactFields = []string{"name", "first_name"}

// compiler turns the texts of a file into programs.
type compiler struct {
	doc       *source.Document
	variables []string // every variable that a question sets
	options   []expr.Option
}

func newCompiler(doc *source.Document, variables []string) *compiler {
	env := types.Map{
		"contact":  types.Map{"name": types.Any, "first_name": types.Any},
		"business": types.Any,
	}
	for _, v := range variables {
		env[v] = types.Any
	}
	options := []expr.Option{expr.Env(env), expr.DisableAllBuiltins()}
	for _, f := range functions {
		options = append(options, expr.EnableBuiltin(f))
	}
	return &compiler{doc: doc, variables: variables, options: options}
}

// text reads and compiles the text of a node; nil when it is absent or wrong.
func (c *compiler) text(n source.Node) *text {
	s, ok := n.Text()
	if !ok {
		return nil
	}
	s = strings.TrimSpace(s)
	if s == "" {
		n.Report(codeValue, "the text is empty", "write what is to be said, or remove the key")
		return nil
	}
	fits(n, s)
	parts, ok := pieces(s)
	if !ok {
		c.doc.Report(n.Within(0, "{{"), codeExpression, "{{ without }}", "close it with }}, and every quote inside of it")
		return nil
	}
	t := &text{}
	for i, p := range parts {
		switch {
		case i%2 == 0 && p != "":
			t.parts = append(t.parts, part{literal: p})
		case i%2 == 1:
			program := c.expression(n, (i+1)/2, p)
			ok = ok && program != nil
			t.parts = append(t.parts, part{program: program})
		}
	}
	if !ok {
		return nil
	}
	if t.try(newValues("x", Env{}, nil)) == "" {
		n.Report(codeExpression, "the text is empty when nothing is known yet", `give a fallback: {{ contact.first_name ?? "there" }}`)
		return nil
	}
	return t
}

// expression compiles the count-th expression of a text; nil when it is wrong.
func (c *compiler) expression(n source.Node, count int, src string) *vm.Program {
	word := strings.TrimSpace(src)
	at := n.Within(count, word)
	if word == "" || len(word) > longestExpression {
		at.Width = 1
		c.doc.Report(n.Within(count-1, "{{"), codeExpression,
			fmt.Sprintf("an expression has 1 to %d characters", longestExpression), "")
		return nil
	}
	tree, err := parser.Parse(word)
	if err != nil {
		c.doc.Report(at, codeExpression, "the expression cannot be read: "+reason(err), "")
		return nil
	}
	v := &vetter{compiler: c, node: n, count: count, whole: at, used: map[string]bool{}}
	v.vet(tree.Node)
	if v.failed {
		return nil
	}
	program, err := expr.Compile(word, c.options...)
	if err != nil {
		c.doc.Report(at, codeExpression, "the expression cannot be used: "+reason(err), "")
		return nil
	}
	if !c.proven(at, program, slices.Sorted(maps.Keys(v.used))) {
		return nil
	}
	return program
}

// proven runs an expression with every value known, with none, and with each of
// them missing, so that it cannot fail when a customer is waiting.
func (c *compiler) proven(at source.Place, p *vm.Program, used []string) bool {
	full := func() values { return newValues("x", Env{ContactName: "Ada Lovelace"}, nil) }
	used = slices.DeleteFunc(used, func(name string) bool { return name == "business" }) // is always known
	for missing := -1; missing <= len(used); missing++ {
		v, when := full(), ""
		for _, name := range c.variables {
			v[name] = "123456"
		}
		switch {
		case missing == len(used):
			v, when = newValues("x", Env{}, nil), " when nothing is known yet"
		case missing >= 0:
			when = fmt.Sprintf(" when %s is not known", used[missing])
			v.remove(used[missing])
		}
		_, err := evaluate(new(vm.VM), p, v)
		if err == nil {
			continue
		}
		hint := ""
		if when != "" {
			hint = `give a fallback in brackets, e.g. (contact.name ?? "you")`
		}
		c.doc.Report(at, codeExpression, "the expression fails"+when+": "+reason(err), hint)
		return false
	}
	return true
}

func (v values) remove(name string) {
	if field, ok := strings.CutPrefix(name, "contact."); ok {
		contact, _ := v["contact"].(map[string]any)
		delete(contact, field)
		return
	}
	delete(v, name)
}

func reason(err error) string {
	if bad, ok := errors.AsType[*file.Error](err); ok {
		return bad.Message
	}
	return err.Error()
}
