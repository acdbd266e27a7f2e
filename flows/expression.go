package flows

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	exprcompiler "github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"frontdesk/flows/source"
	"frontdesk/flows/value"
)

var errNoText = errors.New("the result is no text and no number")

// longestExpression bounds an expression in bytes. Loops, ranges and functions
// that multiply are refused, so its length bounds its work too.
const longestExpression = 500

var (
	contactFields = []string{"name", "first_name"}
	hoursFieldsOf = []string{"open", "week", "today", "next"}
)

// program is a compiled expression.
type program struct {
	vm    *vm.Program
	node  ast.Node
	src   string
	kind  varKind
	hours bool     // it speaks of hours or of a queue's
	used  []string // variables, and contact.name, contact.first_name; each once
	facts []string // what else it reads: business, contact.name, hours.open, queue.support ...; each once
	bare  []string // those of used that stand somewhere without a fallback; order.ok stands for the body of order
	loose []string // parts of answers that nobody promised, without a fallback
}

// compiler turns the texts and conditions of a file into programs.
type compiler struct {
	set       *Set
	variables *variables
	queues    []source.Entry
	language  *conf.Config // of every expression of the file
	told      map[string]map[string]translation
	keys      []string // of all texts that can be translated
	untold    []spoken // texts without some language
	places    map[*wording]source.Node
	secrets   map[string]bool
	noHours   bool // the file does not say when the business is open
	opaque    bool // see loader
	header    bool // the expression being read stands in a header
}

func newCompiler(l *loader) *compiler {
	return &compiler{
		set: l.set, variables: l.variables, queues: l.queues, language: expressions(l.set, l.variables.env(l.queues)), told: l.told,
		secrets: map[string]bool{}, places: map[*wording]source.Node{}, noHours: !l.top.Has("hours"), opaque: l.opaque,
	}
}

// expressions is what every expression of a file may use. It is made once, as it
// holds every variable of the file, and expr.Compile would make it for each.
func expressions(set *Set, env types.Map) *conf.Config {
	config := conf.New(env)
	for _, option := range []expr.Option{
		expr.DisableAllBuiltins(), expr.Patch(lenient{}),
		expr.Function("weekday", func(p ...any) (any, error) { return value.Weekday(textAt(p, 0), textAt(p, 1)), nil }, new(func(string, string) string)),
		expr.Function("long_date", func(p ...any) (any, error) { return value.DayText(textAt(p, 0), textAt(p, 1)), nil }, new(func(string, string) string)),
		expr.Function("days_between", daysBetween, new(func(string, string) float64)),
		expr.Function("open_on", func(p ...any) (any, error) { return set.opensOn(textAt(p, 0)), nil }, new(func(string) bool)),
	} {
		option(config)
	}
	for _, f := range []string{"upper", "lower", "trim", "len", "round"} {
		expr.EnableBuiltin(f)(config)
	}
	for name := range config.Disabled {
		delete(config.Builtins, name)
	}
	return config
}

// compile is expr.Compile with the language of the file.
func (c *compiler) compile(src string) (*vm.Program, error) {
	tree, err := checker.ParseCheck(src, c.language)
	if err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&tree.Node, c.language); err != nil {
		if bad, ok := errors.AsType[*file.Error](err); ok {
			return nil, bad.Bind(tree.Source)
		}
		return nil, err
	}
	return exprcompiler.Compile(tree, c.language)
}

// expression compiles the count-th expression of a text, 0 for a condition that
// is an expression as a whole; nil when it is wrong.
func (c *compiler) expression(n source.Node, count int, src string) *program {
	word := strings.TrimSpace(src)
	at := func() source.Place { return n.Within(count, word) } // searched for only when something is wrong
	if word == "" || len(word) > longestExpression {
		place := n.Place()
		if count > 0 {
			place = n.Within(count-1, "{{")
		}
		place.Width = max(1, min(place.Width, 2))
		n.ReportAt(place, codeExpression, fmt.Sprintf("an expression has 1 to %d characters", longestExpression), "")
		return nil
	}
	tree, err := parser.Parse(word)
	if err != nil {
		n.ReportAt(at(), codeExpression, "the expression cannot be read: "+reason(err), readingHint(word, err))
		return nil
	}
	v := &vetter{compiler: c, node: n, count: count, whole: at}
	v.vet(tree.Node, nil)
	if v.failed {
		return nil
	}
	p := &program{node: tree.Node, src: word, hours: v.hours, used: v.used, facts: v.facts, bare: v.bare, loose: v.loose}
	p.kind = c.infer(tree.Node)
	if c.header {
		return p
	}
	compiled, err := c.compile(word)
	if err != nil {
		n.ReportAt(at(), codeExpression, "the expression cannot be used: "+reason(err), typesHint(err))
		return nil
	}
	p.vm = compiled
	if !c.proven(n, at, p) {
		return nil
	}
	return p
}

// condition compiles what stands after if.
func (c *compiler) condition(n source.Node) *program {
	if n.IsBool() {
		n.Report(codeType, fmt.Sprintf("%q where a condition is meant", n.Raw()), "write what must be true, such as hours.open")
		return nil
	}
	src, ok := n.Text()
	if !ok {
		return nil
	}
	if inner := sole(src); inner != "" {
		n.Report(codeExpression, "a condition stands without {{ }}", fmt.Sprintf("write %s", inner))
		return nil
	}
	p := c.expression(n, 0, src)
	if p == nil {
		return nil
	}
	if p.kind != isBool && p.kind != isAny {
		n.Report(codeExpression, fmt.Sprintf("the condition is %s, neither true nor false", p.kind), `compare it with something, e.g. == "yes" or != nil`)
		return nil
	}
	if ast.Find(p.node, named) == nil {
		n.Report(codeFixed, "the condition is always the same", "write what must be true, or remove the branch")
		return nil
	}
	return p
}

// written is the value of an expression as customers read it.
func written(got any) (string, error) {
	switch got := got.(type) {
	case nil:
		return "", nil
	case string:
		return got, nil
	case float64:
		return strconv.FormatFloat(got, 'f', -1, 64), nil
	case bool, int:
		return fmt.Sprint(got), nil
	default:
		return "", errNoText
	}
}
