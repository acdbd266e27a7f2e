package flows

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/types"

	"frontdesk/flows/source"
)

// varKind is what a variable holds.
type varKind string

const (
	isText     varKind = "a text"
	isNumber   varKind = "a number"
	isBool     varKind = "true or false"
	isResult   varKind = "the result of a call"
	isMedia    varKind = "a file"
	isLocation varKind = "a place"
	isAny      varKind = "" // known only when the program runs
)

// holds reports whether a stored value is of the kind.
func (k varKind) holds(v any) bool {
	switch v.(type) {
	case string:
		return k == isText || k == isAny
	case float64:
		return k == isNumber || k == isAny
	case bool:
		return k == isBool || k == isAny
	case map[string]any:
		return k == isResult || k == isMedia || k == isLocation || k == isAny
	default:
		return false
	}
}

// The longest values, in UTF-16 units; what is longer is cut when it is kept.
const (
	longestAnswer  = 500  // of a question without max, and of a missed message
	mostAnswer     = 1000 // of a question with max
	longestField   = 200  // of a field of a call's answer without max
	longestNumber  = 20
	longestEmail   = 254
	longestPhone   = 16
	longestDate    = 10
	longestContact = 100 // of a contact; platforms allow less
)

// variable is what a flow file knows of one.
type variable struct {
	name    string
	kind    varKind
	at      source.Node // where it is set first
	longest int         // characters, of a text
	fields  []expected  // of a result that says what it expects
	paths   map[string]bool
	date    bool // of a question of type date
	whole   bool // used as a whole, so that nothing of it may be left out
}

// expected is a field of a body.
type expected struct {
	name string
	kind varKind
	most int // characters of a text
}

type variables struct {
	order []string
	by    map[string]*variable
}

func newVariables() *variables { return &variables{by: map[string]*variable{}} }

// add makes a variable known; two kinds for one name are a finding.
func (v *variables) add(n source.Node, name string, kind varKind, longest int) *variable {
	known := v.by[name]
	if known == nil {
		known = &variable{name: name, kind: kind, at: n, longest: longest, paths: map[string]bool{}}
		v.by[name] = known
		v.order = append(v.order, name)
		return known
	}
	known.longest = max(known.longest, longest)
	switch {
	case known.kind == isAny:
		known.kind = kind
	case kind != isAny && kind != known.kind:
		n.Report(codeKinds, fmt.Sprintf("%q is %s here", name, kind),
			fmt.Sprintf("it is %s in %s; use another name", known.kind, known.at.Where(n)))
	}
	return known
}

// declare makes the variables of a state known: what it asks for, sets and calls.
func (l *loader) declare(s *rawState) {
	for _, e := range s.fields.Get("set").Entries() {
		if e.Name == languageVariable || !variableName(e.Key, e.Name) {
			continue
		}
		kind, longest := literalKind(e.Value)
		l.variables.add(e.Key, e.Name, kind, longest)
	}
	if ask := s.fields.Get("ask"); ask.Exists() {
		name, ok := ask.Text()
		if ok && name != languageVariable && variableName(ask, name) {
			kind, longest := questionKind(s.fields)
			v := l.variables.add(ask, name, kind, longest)
			v.date = s.fields.Get("type").Raw() == typeDate
		}
	}
	if !s.fields.Has("call") {
		return
	}
	fields := s.fields.Get("call").Fields(syntax.call.keys())
	as := fields.Need("as")
	if name, ok := as.Text(); ok && variableName(as, name) {
		v := l.variables.add(as, name, isResult, 0)
		v.fields = append(v.fields, readExpected(fields.Get("expects"))...)
	}
}

// languageVariable is set to choose the customer's language.
const languageVariable = "language"

// questionKind is what the answer to a question is, and how long.
func questionKind(f source.Fields) (varKind, int) {
	switch f.Get("type").Raw() {
	case typeNumber:
		return isNumber, longestNumber
	case typeEmail:
		return isText, longestEmail
	case typePhone:
		return isText, longestPhone
	case typeDate:
		return isText, longestDate
	case typeImage, typeVideo, typeAudio, typeDocument, typeMedia:
		return isMedia, 0
	case typeLocation:
		return isLocation, 0
	default:
		var n int
		if _, err := fmt.Sscanf(f.Get("max").Raw(), "%d", &n); err == nil && n > 0 {
			return isText, min(n, mostAnswer)
		}
		return isText, caughtBy(f.Get("pattern").Raw())
	}
}

// literalKind is the kind of a value of set, as far as its YAML tells.
func literalKind(n source.Node) (varKind, int) {
	switch {
	case !n.Scalar():
		return isAny, mostAnswer
	case n.IsNumber():
		return isNumber, longestNumber
	case n.IsBool():
		return isBool, 0
	}
	raw := strings.TrimSpace(n.Raw())
	if !strings.Contains(raw, "{{") {
		return isText, utf8.RuneCountInString(raw)
	}
	if sole(raw) != "" {
		return isAny, mostAnswer // its expression tells, see compiler.value
	}
	return isText, mostAnswer
}

// sole is the expression of a text that is nothing else; "" of any other.
func sole(s string) string {
	parts, ok := pieces(strings.TrimSpace(s))
	if ok && len(parts) == 3 && parts[0] == "" && parts[2] == "" {
		return strings.TrimSpace(parts[1])
	}
	return ""
}

func readExpected(n source.Node) []expected {
	var out []expected
	for _, e := range n.Entries() {
		x := expected{name: e.Name, most: longestField}
		kind := e.Value
		if !e.Value.Scalar() {
			fields := e.Value.Fields(syntax.expect.keys())
			kind = fields.Need("type")
			if most, found := fields.Get("max").Int(1, mostAnswer); found {
				x.most = most
			}
		}
		text, ok := kind.Text()
		if !ok {
			continue
		}
		switch text {
		case "text":
			x.kind = isText
		case "number":
			x.kind = isNumber
		case "bool":
			x.kind = isBool
		default:
			kind.Report(codeValue, fmt.Sprintf("%q is no type of a field", text), "write text, number or bool")
			continue
		}
		out = append(out, x)
	}
	return out
}

// variableName checks the name that the author gives a variable.
func variableName(n source.Node, name string) bool {
	switch {
	case slices.Contains(reservedVariables, name):
		n.Report(codeName, fmt.Sprintf("a variable cannot be called %q", name), "the word means something in {{ }}")
	case name == "" || strings.ContainsFunc(name, notInName) || strings.ContainsFunc(name, unicode.IsMark) || unicode.IsDigit([]rune(name)[0]): // expressions know no marks
		n.Report(codeName, fmt.Sprintf("%q cannot be the name of a variable: only letters, digits and _", name),
			"write a name such as order_number; the question itself belongs under say")
	case utf8.RuneCountInString(name) > longestName:
		n.Report(codeName, fmt.Sprintf("the name of a variable has at most %d characters", longestName), "")
	default:
		return true
	}
	return false
}

// env is the typed environment of expressions.
func (v *variables) env(queues []source.Entry) types.Map {
	open := types.Map{}
	for _, q := range queues {
		open[q.Name] = types.Map{"open": types.Bool}
	}
	env := types.Map{
		"contact":   types.Map{"name": types.String, "first_name": types.String},
		"business":  types.String,
		"language":  types.String,
		"channel":   types.String,
		"opted_out": types.Bool,
		"today":     types.String,
		"now":       types.String,
		"quote":     typesOfQuote(),
		"hours":     types.Map{"open": types.Bool, "week": types.String, "today": types.String, "next": types.String},
		"queue":     open,
	}
	for name, known := range v.by {
		env[name] = known.typed()
	}
	return env
}

func (v *variable) typed() types.Type {
	switch v.kind {
	case isText:
		return types.String
	case isNumber:
		return types.Float64
	case isBool:
		return types.Bool
	case isMedia:
		return types.Map{"kind": types.String, "filename": types.String}
	case isLocation:
		return types.Map{"latitude": types.Float64, "longitude": types.Float64, "name": types.String, "address": types.String}
	case isResult:
		return types.Map{"status": types.Float64, "ok": types.Bool, "error": types.String, "body": types.Any}
	case isAny:
		return types.Any
	}
	return types.Any
}

// unsure are those of its parts that may be missing, see compiler.unsure.
func (v *variable) unsure() []string {
	switch v.kind {
	case isMedia:
		return []string{"filename"}
	case isLocation:
		return []string{"name", "address"}
	default:
		return nil
	}
}

// parts are the names that may stand behind a variable and a dot; nil: it has none.
func (v *variable) parts() []string {
	switch v.kind {
	case isMedia:
		return []string{"kind", "filename"}
	case isLocation:
		return []string{"latitude", "longitude", "name", "address"}
	case isResult:
		return []string{"status", "ok", "error", "body"}
	default:
		return nil
	}
}
