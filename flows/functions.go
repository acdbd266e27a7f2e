package flows

import (
	"errors"
	"math"
	"time"

	"github.com/expr-lang/expr/ast"
)

// functions are all that an expression may call.
var functions = []string{"upper", "lower", "trim", "len", "round", "weekday", "long_date", "days_between", "open_on"}

// lenient makes a part of what is not there nothing, rather than a fault: what
// other systems answer is not known before.
type lenient struct{}

// Visit implements ast.Visitor.
func (lenient) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.MemberNode:
		if !n.Optional {
			n.Optional = true
			ast.Patch(node, &ast.ChainNode{Node: n})
		}
	case *ast.CallNode: // weekday(d) and long_date(d) are in the customer's language
		if id, ok := n.Callee.(*ast.IdentifierNode); ok && len(n.Arguments) == 1 && (id.Value == "weekday" || id.Value == "long_date") {
			n.Arguments = append(n.Arguments, &ast.IdentifierNode{Value: languageVariable})
		}
	}
}

// textAt is an argument of a function that is a text; the check has seen to that.
func textAt(p []any, i int) string { s, _ := p[i].(string); return s }

// daysBetween are the days from one date to another.
func daysBetween(p ...any) (any, error) {
	from, to := textAt(p, 0), textAt(p, 1)
	a, okA := isoDate(from)
	b, okB := isoDate(to)
	if okA != nil || okB != nil {
		return nil, errors.New("days_between() counts between two dates, such as today and a date that was asked for")
	}
	return math.Round(b.Sub(a).Hours() / 24), nil
}

func isoDate(s string) (time.Time, error) { return time.Parse(time.DateOnly, s) }
