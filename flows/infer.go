package flows

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// named reports whether a node takes its value from outside of the expression.
func named(n ast.Node) bool { _, ok := n.(*ast.IdentifierNode); return ok }

// infer tells the kind of an expression's value.
func (c *compiler) infer(n ast.Node) varKind {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return isNumber
	case *ast.BoolNode:
		return isBool
	case *ast.StringNode:
		return isText
	case *ast.IdentifierNode:
		if v := c.variables.by[n.Value]; v != nil {
			return v.kind
		}
		if n.Value == "opted_out" {
			return isBool
		}
		return isText // business, today ...
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return isBool
		}
		return isNumber
	case *ast.BinaryNode:
		return c.inferBinary(n)
	case *ast.ConditionalNode:
		return either(c.infer(n.Exp1), c.infer(n.Exp2))
	case *ast.ChainNode:
		return c.infer(n.Node)
	case *ast.MemberNode:
		return c.inferMember(n)
	case *ast.BuiltinNode:
		return kindOfCall(n.Name)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			return kindOfCall(id.Value)
		}
	}
	return isAny
}

func kindOfCall(name string) varKind {
	switch name {
	case "len", "round", "days_between":
		return isNumber
	case "open_on":
		return isBool
	default:
		return isText
	}
}

func either(a, b varKind) varKind {
	if a == b {
		return a
	}
	return isAny
}

func (c *compiler) inferBinary(n *ast.BinaryNode) varKind {
	left, right := c.infer(n.Left), c.infer(n.Right)
	switch n.Operator {
	case "+":
		if left == isText || right == isText {
			return isText
		}
		if left == isNumber || right == isNumber {
			return isNumber
		}
		return isAny
	case "-", "*", "/", "%", "**", "^":
		return isNumber
	case "??":
		if left == isAny {
			return right
		}
		return left
	default:
		return isBool
	}
}

func (c *compiler) inferMember(n *ast.MemberNode) varKind {
	path := pathOf(n)
	if len(path) < 2 {
		return isAny
	}
	v := c.variables.by[path[0]]
	switch {
	case path[0] == "quote":
		return kindOfQuote(path[1])
	case path[1] == "open" || path[len(path)-1] == "open" && path[0] == "queue":
		return isBool
	case v == nil:
		return isText
	case v.kind == isLocation && (path[1] == "latitude" || path[1] == "longitude"), v.kind == isResult && path[1] == "status":
		return isNumber
	case v.kind == isResult && path[1] == "ok":
		return isBool
	case v.kind == isResult && path[1] == "body":
		if f := v.field(path); f != nil {
			return f.kind
		}
		return isAny
	default:
		return isText
	}
}

// field is the declared field that a path into a result names; nil: none.
func (v *variable) field(path []string) *expected {
	if len(path) != 3 || path[1] != "body" {
		return nil
	}
	i := slices.IndexFunc(v.fields, func(f expected) bool { return f.name == path[2] })
	if i < 0 {
		return nil
	}
	return &v.fields[i]
}

// pathOf is a chain of names, "order.body.state"; nil when it is none.
func pathOf(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.ChainNode:
		return pathOf(n.Node)
	case *ast.IdentifierNode:
		return []string{n.Value}
	case *ast.MemberNode:
		property, plain := n.Property.(*ast.StringNode)
		before := pathOf(n.Node)
		if !plain || before == nil {
			return nil
		}
		return append(before, property.Value)
	}
	return nil
}

// parsed is the tree of an expression; nil when it is none.
func parsed(src string) ast.Node {
	tree, err := parser.Parse(src)
	if err != nil {
		return nil
	}
	return tree.Node
}

// nothing reports whether an expression may come out as nothing although every
// variable in it is set.
func (c *compiler) nothing(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.NilNode:
		return true
	case *ast.ChainNode:
		return c.nothing(n.Node)
	case *ast.MemberNode:
		path := pathOf(n)
		return len(path) > 1 && (path[1] == "body" || c.unsure(path[0]+"."+path[1]))
	case *ast.ConditionalNode:
		return c.nothing(n.Exp1) || c.nothing(n.Exp2)
	case *ast.BinaryNode:
		return n.Operator == "??" && c.nothing(n.Right)
	default:
		return false
	}
}
