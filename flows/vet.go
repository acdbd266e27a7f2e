package flows

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"frontdesk/flows/source"
)

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
