package flows

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

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

// functions are all that an expression may call.
var functions = []string{"upper", "lower", "trim", "len", "round", "weekday", "long_date", "days_between", "open_on"}

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
	calls     []spoken // header texts, for the names of secrets
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
		expr.Function("weekday", func(p ...any) (any, error) { return value.Weekday(text0(p), text1(p)), nil }, new(func(string, string) string)),
		expr.Function("long_date", func(p ...any) (any, error) { return value.DayText(text0(p), text1(p)), nil }, new(func(string, string) string)),
		expr.Function("days_between", daysBetween, new(func(string, string) float64)),
		expr.Function("open_on", func(p ...any) (any, error) { return set.opensOn(text0(p)), nil }, new(func(string) bool)),
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

func text0(p []any) string { s, _ := p[0].(string); return s }
func text1(p []any) string { s, _ := p[1].(string); return s }

// daysBetween are the days from one date to another.
func daysBetween(p ...any) (any, error) {
	from, to := text0(p), text1(p)
	a, okA := isoDate(from)
	b, okB := isoDate(to)
	if okA != nil || okB != nil {
		return nil, errors.New("days_between() counts between two dates, such as today and a date that was asked for")
	}
	return math.Round(b.Sub(a).Hours() / 24), nil
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
		n.ReportAt(at(), codeExpression, "the expression cannot be read: "+reason(err), readingHint(err))
		return nil
	}
	v := &vetter{compiler: c, node: n, count: count, whole: at}
	v.vet(tree.Node, nil)
	if v.failed {
		return nil
	}
	p := &program{node: tree.Node, src: word, hours: v.hours, used: v.used, bare: v.bare, loose: v.loose}
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

func readingHint(err error) string {
	switch why := reason(err); {
	case strings.Contains(why, `Operator("=")`):
		return `two things are compared with ==: status == "open"`
	case strings.Contains(why, "EOF"):
		return "its end is missing"
	default:
		return ""
	}
}

func typesHint(err error) string {
	if strings.Contains(reason(err), "mismatched types") || strings.Contains(reason(err), "invalid operation") {
		return "both sides must be of one type: a number is 3, a text is \"3\""
	}
	return ""
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

// proven runs an expression with every value known, and with each of those
// missing that may always be, so that it cannot fail when a customer is waiting.
// Variables are another matter: see checkSet.
func (c *compiler) proven(n source.Node, at func() source.Place, p *program) bool {
	if err := c.tried(p, nil); err != nil {
		n.ReportAt(at(), codeExpression, "the expression fails: "+reason(err), "")
		return false
	}
	var missing []string
	for _, name := range p.used {
		if strings.HasPrefix(name, "contact.") {
			missing = append(missing, name)
		}
	}
	for _, gone := range append(single(missing), missing) {
		if len(gone) == 0 {
			continue
		}
		if err := c.tried(p, gone); err != nil {
			n.ReportAt(at(), codeExpression, fmt.Sprintf("the expression fails when %s is not known: %s", strings.Join(gone, " and "), reason(err)),
				`give a fallback in brackets, e.g. (contact.name ?? "you")`)
			return false
		}
	}
	return true
}

func single(names []string) [][]string {
	var out [][]string
	for _, n := range names {
		out = append(out, []string{n})
	}
	return out
}

// tried runs an expression on sample values without some of them.
func (c *compiler) tried(p *program, missing []string) error {
	got, err := new(vm.VM).Run(p.vm, map[string]any(c.samples(p, missing)))
	if err != nil {
		return err
	}
	_, err = written(got)
	return err
}

// samples are values of the right kinds for what an expression uses.
func (c *compiler) samples(p *program, missing []string) values {
	v := newValues(c.set, Env{ContactName: "Ada Lovelace", Channel: "whatsapp"}, nil, 0)
	contact, _ := v["contact"].(map[string]any)
	for _, name := range p.used {
		if known := c.variables.by[name]; known != nil {
			v[name] = known.sample()
		}
	}
	if p.hours {
		v["hours"], v["queue"] = c.sampleHours()
	}
	for _, name := range missing {
		delete(v, name)
		if field, ok := strings.CutPrefix(name, "contact."); ok {
			contact[field] = nil
		}
	}
	return v
}

func (c *compiler) sampleHours() (hours, queues any) {
	of := map[string]any{}
	for _, q := range c.queues {
		of[q.Name] = map[string]any{"open": true}
	}
	return map[string]any{"open": true, "week": "Mon-Fri 09:00-18:00", "today": "09:00-18:00", "next": "tomorrow at 09:00"}, of
}

func (v *variable) sample() any {
	switch v.kind {
	case isNumber:
		return 3.0
	case isBool:
		return true
	case isMedia:
		return map[string]any{"kind": "image", "filename": "a.jpg"}
	case isLocation:
		return map[string]any{"latitude": 52.5, "longitude": 13.4, "name": "Shop", "address": "1 High Street"}
	case isResult:
		body := map[string]any{}
		for _, f := range v.fields {
			body[f.name] = (&variable{kind: f.kind}).sample()
		}
		return map[string]any{"status": 200.0, "ok": true, "error": "", "body": body}
	default:
		return "2026-11-23" // a text that is a date as well
	}
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

// reason is why an expression cannot be used, for people who do not know Go.
func reason(err error) string {
	why := err.Error()
	if bad, ok := errors.AsType[*file.Error](err); ok {
		why = bad.Message
	}
	if strings.Contains(why, "nil") {
		return "something in it is nothing then"
	}
	return why
}

// parsed is the tree of an expression; nil when it is none.
func parsed(src string) ast.Node {
	tree, err := parser.Parse(src)
	if err != nil {
		return nil
	}
	return tree.Node
}

func (p *program) run(v values) (any, error) { return new(vm.VM).Run(p.vm, map[string]any(v)) }

func isoDate(s string) (time.Time, error) { return time.Parse(time.DateOnly, s) }

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
		return len(path) > 1 && (path[0] == "contact" || path[1] == "body")
	case *ast.ConditionalNode:
		return c.nothing(n.Exp1) || c.nothing(n.Exp2)
	case *ast.BinaryNode:
		return n.Operator == "??" && c.nothing(n.Right)
	default:
		return false
	}
}
