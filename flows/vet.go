package flows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"frontdesk/flows/source"
)

// vetter walks an expression, reports what it may not use and notes what it does.
type vetter struct {
	*compiler
	node   source.Node
	count  int
	whole  func() source.Place // of the expression
	failed bool
	hours  bool
	used   []string
	facts  []string
	bare   []string
	loose  []string // parts of answers that may be missing, without a fallback
}

func (v *vetter) refuse(at source.Place, code, summary, hint string) {
	v.failed = true
	v.node.ReportAt(at, code, summary, hint)
}

// vet goes by what is allowed: whatever the library learns later is refused
// until it is written here. safe are the variables that are known to be set, or
// for which there is a fallback, where n stands.
func (v *vetter) vet(n ast.Node, safe []string) {
	if v.header && pathOf(n) == nil {
		v.refuse(v.whole(), codeExpression, "only the name of a secret can stand in a header", `write for example "Bearer {{ secret.shop_token }}"`)
		return
	}
	switch n := n.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
	case *ast.IdentifierNode:
		v.path([]string{n.Value}, safe)
	case *ast.UnaryNode:
		v.vet(n.Node, safe)
	case *ast.BinaryNode:
		v.binary(n, safe)
	case *ast.ConditionalNode:
		v.vet(n.Cond, safe)
		v.vet(n.Exp1, append(slices.Clone(safe), present(n.Cond, true)...))
		v.vet(n.Exp2, append(slices.Clone(safe), present(n.Cond, false)...))
	case *ast.ChainNode:
		v.vet(n.Node, safe)
	case *ast.MemberNode:
		if path := pathOf(n); path != nil {
			v.path(path, safe)
			return
		}
		v.refuse(v.whole(), codeExpression, "a part is named by a word after a dot", "write for example order.body.state")
	case *ast.BuiltinNode:
		v.call(n.Name, n.Arguments, safe)
	case *ast.CallNode:
		name := "this"
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			name = id.Value
		}
		v.call(name, n.Arguments, safe)
	default:
		v.refuse(v.whole(), codeExpression, "lists, ranges and definitions cannot be used here", "")
	}
}

func (v *vetter) binary(n *ast.BinaryNode, safe []string) {
	_, constant := n.Right.(*ast.StringNode)
	switch {
	case n.Operator == "..":
		v.refuse(v.whole(), codeExpression, "ranges cannot be used here", "")
		return
	case n.Operator == "matches" && !constant:
		v.refuse(v.whole(), codeExpression, "matches needs a pattern written out in quotes", "")
	case n.Operator == "in":
		v.vet(n.Left, safe)
		v.list(n.Right)
		return
	case n.Operator == "??":
		v.vet(n.Left, append(slices.Clone(safe), names(n.Left)...))
		v.vet(n.Right, safe)
		return
	case n.Operator == "==" || n.Operator == "!=":
		v.dates(n)
		if isNil(n.Left) || isNil(n.Right) {
			safe = append(slices.Clone(safe), append(names(n.Left), names(n.Right)...)...)
		}
	case n.Operator == "and" || n.Operator == "&&":
		v.vet(n.Left, safe)
		v.vet(n.Right, append(slices.Clone(safe), present(n.Left, true)...))
		return
	case n.Operator == "or" || n.Operator == "||":
		v.vet(n.Left, safe)
		v.vet(n.Right, append(slices.Clone(safe), present(n.Left, false)...))
		return
	}
	v.vet(n.Left, safe)
	v.vet(n.Right, safe)
}

// dates warns of a date that is compared with what no date can be.
func (v *vetter) dates(n *ast.BinaryNode) {
	path, text := pathOf(n.Left), n.Right
	if path == nil {
		path, text = pathOf(n.Right), n.Left
	}
	word, constant := text.(*ast.StringNode)
	if len(path) != 1 || !constant {
		return
	}
	known := v.variables.by[path[0]]
	if _, err := isoDate(word.Value); err == nil || known == nil || !known.date {
		return
	}
	v.node.WarnAt(v.node.Within(v.count, word.Value), codeFixed, fmt.Sprintf("the date %q is never %q", path[0], word.Value),
		fmt.Sprintf(`a date is kept as 2026-12-24; for its day write weekday(%s, "en") == "Friday"`, path[0]))
}

// list allows constants in [ ] after in.
func (v *vetter) list(n ast.Node) {
	array, ok := n.(*ast.ArrayNode)
	if !ok {
		v.refuse(v.whole(), codeExpression, "after in stands a list", `write for example size in ["s", "m"]`)
		return
	}
	for _, item := range array.Nodes {
		switch item.(type) {
		case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode:
		default:
			v.refuse(v.whole(), codeExpression, "only texts in quotes and numbers can be in a list", "")
			return
		}
	}
}

func isNil(n ast.Node) bool { _, ok := n.(*ast.NilNode); return ok }

// names are the variables that a node names directly, not inside a call or an operation.
func names(n ast.Node) []string {
	if path := pathOf(n); path != nil {
		return []string{path[0]}
	}
	return nil
}

// present are the variables that are certainly there where a condition is as
// holds says.
// "order.ok" stands for the body of order being as it was expected.
func present(cond ast.Node, holds bool) []string {
	if path := pathOf(cond); holds && len(path) == 2 && path[1] == "ok" {
		return []string{path[0] + ".ok"}
	}
	switch n := cond.(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return present(n.Node, !holds)
		}
	case *ast.BinaryNode:
		switch {
		case holds && (n.Operator == "and" || n.Operator == "&&"), !holds && (n.Operator == "or" || n.Operator == "||"):
			return append(present(n.Left, holds), present(n.Right, holds)...)
		case n.Operator == "!=" && holds, n.Operator == "==" && !holds:
			if isNil(n.Right) {
				return names(n.Left)
			}
			if isNil(n.Left) {
				return names(n.Right)
			}
		}
	}
	return nil
}

func (v *vetter) call(name string, arguments []ast.Node, safe []string) {
	if !slices.Contains(functions, name) {
		hint := "functions are " + strings.Join(functions, ", ")
		if meant, ok := source.Nearest(name, functions); ok {
			hint = fmt.Sprintf("did you mean %q?", meant)
		}
		v.refuse(v.node.Within(v.count, name), codeExpression, fmt.Sprintf("%s() cannot be used here", name), hint)
		return
	}
	if name == "weekday" || name == "long_date" { // see lenient
		v.reads(languageVariable)
	}
	for _, a := range arguments {
		v.vet(a, safe)
	}
}

// reads notes a fact that the expression uses.
func (v *vetter) reads(fact string) {
	if !slices.Contains(v.facts, fact) {
		v.facts = append(v.facts, fact)
	}
}

// path checks a name with its parts, and notes it.
func (v *vetter) path(path []string, safe []string) {
	root := path[0]
	at := func() source.Place { return v.node.Within(v.count, root) }
	known := v.variables.by[root]
	switch {
	case root == "secret":
		v.secret(path)
	case v.header:
		v.refuse(at(), codeExpression, "only secrets can stand in a header", `write for example "Bearer {{ secret.shop_token }}"`)
	case root == "contact":
		v.parts(path, contactFields)
		if len(path) == 2 {
			v.reads("contact." + path[1])
			v.note("contact."+path[1], append(safe, "contact."+path[1]))
		}
	case root == "quote":
		v.set.quotes = true
		if v.parts(path, quoteFields); len(path) == 2 {
			name := "quote." + path[1]
			v.reads(name)
			if v.unsure(name) {
				v.note(name, append(safe, name))
			}
		}
	case root == "hours":
		v.hours = true
		if v.noHours {
			v.refuse(at(), codeVariable, "the file does not say when the business is open", `write "hours: {mon-fri: 09:00-18:00}" at the top`)
			return
		}
		if v.parts(path, hoursFieldsOf); len(path) > 1 {
			v.reads("hours." + path[1])
		}
	case root == "queue":
		v.hours = true
		if v.queueOpen(path); len(path) > 1 {
			v.reads("queue." + path[1])
		}
	case slices.Contains([]string{"business", languageVariable, "channel", "today", "now", "opted_out"}, root):
		if v.reads(root); len(path) > 1 {
			v.refuse(at(), codeVariable, fmt.Sprintf("%s has no parts", root), fmt.Sprintf("write %s alone", root))
		}
	case known == nil:
		v.unknown(at(), root)
	default:
		v.variable(known, path, safe)
	}
}

func (v *vetter) note(name string, safe []string) {
	if !slices.Contains(v.used, name) {
		v.used = append(v.used, name)
	}
	if !slices.Contains(safe, name) && !slices.Contains(v.bare, name) {
		v.bare = append(v.bare, name)
	}
}

func (v *vetter) variable(known *variable, path []string, safe []string) {
	v.note(known.name, safe)
	parts := known.parts()
	switch {
	case parts == nil && known.kind != isAny && len(path) > 1:
		v.refuse(v.node.Within(v.count, known.name), codeVariable, fmt.Sprintf("%q is %s and has no parts", known.name, known.kind), "")
	case parts != nil:
		v.parts(path, parts)
	}
	if len(path) == 2 && slices.Contains(known.unsure(), path[1]) {
		name := known.name + "." + path[1]
		v.note(name, append(safe, name))
	}
	if known.kind != isResult {
		return
	}
	switch {
	case len(path) < 2 || path[1] != "body":
	case len(path) == 2:
		known.whole = true
	default:
		known.paths[strings.Join(path[2:], ".")] = true
		if !slices.Contains(safe, known.name) && known.field(path) == nil {
			v.loose = append(v.loose, strings.Join(path, "."))
		} else if !slices.Contains(safe, known.name) {
			v.note(known.name+".ok", safe)
		}
	}
}

// parts checks what stands behind the dot.
func (v *vetter) parts(path, known []string) {
	root := path[0]
	if len(path) == 1 {
		v.refuse(v.node.Within(v.count, root), codeVariable, root+" alone is no text",
			fmt.Sprintf("write one of %s.%s", root, strings.Join(known, ", "+root+".")))
		return
	}
	if !slices.Contains(known, path[1]) {
		hint := fmt.Sprintf("write one of %s.%s", root, strings.Join(known, ", "+root+"."))
		if meant, ok := source.Nearest(path[1], known); ok {
			hint = fmt.Sprintf("did you mean \"%s.%s\"?", root, meant)
		}
		v.refuse(v.node.Within(v.count, path[1]), codeVariable, fmt.Sprintf("unknown variable \"%s.%s\"", root, path[1]), hint)
	}
}

func (v *vetter) queueOpen(path []string) {
	var known []string
	for _, q := range v.queues {
		known = append(known, q.Name)
	}
	switch {
	case len(path) != 3 || path[2] != "open":
		name := "support"
		if len(known) > 0 {
			name = known[0]
		}
		if len(path) > 1 && slices.Contains(known, path[1]) {
			name = path[1]
		}
		v.refuse(v.node.Within(v.count, "queue"), codeVariable, "of a queue only open is known", fmt.Sprintf("write queue.%s.open", name))
	case !slices.Contains(known, path[1]):
		v.refuse(v.node.Within(v.count, path[1]), codeQueue, fmt.Sprintf("unknown queue %q", path[1]), "queues are: "+strings.Join(known, ", "))
	}
}

func (v *vetter) secret(path []string) {
	at := v.node.Within(v.count, "secret")
	switch {
	case !v.header:
		v.refuse(at, codeExpression, "a secret can only stand in the headers of a call", "it would be stored and shown otherwise")
	case len(path) != 2:
		v.refuse(at, codeVariable, "secret alone is no text", "write secret.name, a name of the operator's file")
	case !secretName.MatchString(path[1]):
		v.refuse(at, codeName, fmt.Sprintf("%q cannot be the name of a secret", path[1]), "small letters, digits and _, beginning with a letter, at most 40")
	default:
		v.secrets[path[1]] = true
	}
}

// secretName is how the operator's file names secrets.
var secretName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (v *vetter) unknown(at source.Place, name string) {
	if v.node.Crowded(false) {
		v.failed = true
		return
	}
	known := slices.Concat([]string{"contact.name", "contact.first_name", "business", "hours.week", "today"}, v.variables.order)
	hint := "no question asks for it and nothing sets it; known are " + strings.Join(known, ", ")
	if len(known) > 12 {
		hint = "no question asks for it and nothing sets it"
	}
	if meant, ok := source.Nearest(name, known); ok {
		hint = fmt.Sprintf("did you mean %q?", meant)
		if own := v.variables.by[meant]; own != nil {
			hint = fmt.Sprintf("did you mean %q (%s)?", meant, own.at.Where(v.node))
		}
	}
	if slices.Contains(contactFields, name) {
		hint = fmt.Sprintf("did you mean \"contact.%s\"?", name)
	}
	if v.opaque { // it may be in the file that could not be read
		v.failed = true
		return
	}
	v.refuse(at, codeVariable, fmt.Sprintf("unknown variable %q", name), hint)
}
