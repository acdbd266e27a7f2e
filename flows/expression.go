package flows

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frontdesk/flows/source"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
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
		c.doc.Report(n.Within(0, "{{"), codeExpression, "{{ without }}", "close it with }}")
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

// vetter walks an expression and reports what a text may not use.
type vetter struct {
	*compiler
	node   source.Node
	count  int
	whole  source.Place
	used   map[string]bool
	failed bool
}

func (v *vetter) refuse(at source.Place, code, summary, hint string) {
	v.failed = true
	v.doc.Report(at, code, summary, hint)
}

// vet goes by what is allowed: whatever the library learns later is refused
// until it is written here.
func (v *vetter) vet(n ast.Node) {
	switch n := n.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
	case *ast.IdentifierNode:
		v.name(n.Value)
	case *ast.UnaryNode:
		v.vet(n.Node)
	case *ast.BinaryNode:
		v.binary(n)
	case *ast.ConditionalNode:
		v.vet(n.Cond)
		v.vet(n.Exp1)
		v.vet(n.Exp2)
	case *ast.ChainNode:
		v.vet(n.Node)
	case *ast.MemberNode:
		v.member(n)
	case *ast.BuiltinNode:
		v.call(n.Name, n.Arguments)
	case *ast.CallNode:
		name := "this"
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			name = id.Value
		}
		v.call(name, n.Arguments)
	default:
		v.refuse(v.whole, codeExpression, "lists, ranges and definitions cannot be used in a text", "")
	}
}

func (v *vetter) binary(n *ast.BinaryNode) {
	_, constant := n.Right.(*ast.StringNode)
	switch {
	case n.Operator == "..":
		v.refuse(v.whole, codeExpression, "ranges cannot be used in a text", "")
	case n.Operator == "matches" && !constant:
		v.refuse(v.whole, codeExpression, "matches needs a pattern written out in quotes", "")
	}
	v.vet(n.Left)
	v.vet(n.Right)
}

func (v *vetter) call(name string, arguments []ast.Node) {
	if !slices.Contains(functions, name) {
		v.refuse(v.node.Within(v.count, name), codeExpression,
			fmt.Sprintf("%s() cannot be used in a text", name), "functions are "+strings.Join(functions, ", "))
	}
	for _, a := range arguments {
		v.vet(a)
	}
}

func (v *vetter) name(name string) {
	v.used[name] = true
	switch {
	case name == "contact":
		v.refuse(v.node.Within(v.count, name), codeVariable, "contact alone is no text", "write contact.name or contact.first_name")
	case name == "business" || slices.Contains(v.variables, name):
	default:
		hint := "no question asks for it; known are contact.name, contact.first_name, business" + listed(v.variables)
		if meant, ok := source.Nearest(name, append([]string{"contact.name", "contact.first_name", "business"}, v.variables...)); ok {
			hint = fmt.Sprintf("did you mean %q?", meant)
		}
		switch {
		case slices.Contains(contactFields, name):
			hint = fmt.Sprintf("did you mean \"contact.%s\"?", name)
		case name == "hours" || name == "channel":
			hint = notYet
		}
		v.refuse(v.node.Within(v.count, name), codeVariable, fmt.Sprintf("unknown variable %q", name), hint)
	}
}

func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ", " + strings.Join(names, ", ")
}

func (v *vetter) member(n *ast.MemberNode) {
	of, named := n.Node.(*ast.IdentifierNode)
	property, plain := n.Property.(*ast.StringNode)
	if !named || !plain || of.Value != "contact" {
		if named && of.Value != "contact" && !slices.Contains(v.variables, of.Value) && of.Value != "business" {
			v.name(of.Value)
			return
		}
		v.refuse(v.whole, codeVariable, "only contact has parts", "write contact.name or contact.first_name")
		return
	}
	v.used["contact."+property.Value] = true
	if slices.Contains(contactFields, property.Value) {
		return
	}
	hint := "write contact.name or contact.first_name"
	if meant, ok := source.Nearest(property.Value, contactFields); ok {
		hint = fmt.Sprintf("did you mean \"contact.%s\"?", meant)
	}
	v.refuse(v.node.Within(v.count, property.Value), codeVariable, fmt.Sprintf("unknown variable \"contact.%s\"", property.Value), hint)
}
