package flows

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// message is a summary of a finding as it stands in the program.
type message struct {
	at      token.Position
	pattern string // a regular expression for what it may come to
}

// TestEveryMessageIsProven ensures that each summary of the program is shown by
// a golden file, so that somebody has read it where it comes out.
func TestEveryMessageIsProven(t *testing.T) {
	t.Parallel()
	shown := summaries(t)
	for _, m := range messages(t) {
		re := regexp.MustCompile("(?m)^" + m.pattern + "$")
		if !re.Match(shown) && !slices.Contains(unseen(), m.pattern) {
			t.Errorf("%s: no golden file shows %s", m.at, m.pattern)
		}
	}
}

// unseen are messages that no small file can cause; other tests see them.
func unseen() []string {
	return []string{
		"the file is larger than 4 MiB",
		regexp.QuoteMeta("more than ") + ".*" + " files, or " + ".*" + " MiB together",
	}
}

// summaries are the first lines of all findings in the golden files, without
// place, code and severity.
func summaries(t *testing.T) []byte {
	t.Helper()
	head := regexp.MustCompile(`(?m)^\S+\.yaml:\d+:\d+: F\d{3} (?:warning: )?(.*)$`)
	var out bytes.Buffer
	for _, path := range archives(t, "testdata/check/*.txtar", atLeastChecked) {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range head.FindAllSubmatch(section(t, ar, "findings"), -1) {
			out.Write(append(found[1], '\n'))
		}
	}
	return out.Bytes()
}

// reporting are the functions that make findings, with the argument that is the
// summary.
func reporting() map[string]int {
	return map[string]int{"Report": -2, "Warn": -2, "ReportAt": -2, "WarnAt": -2, "refuse": -2, "fault": 0, "exclude": 2}
}

// messages reads all summaries out of the source of the program.
func messages(t *testing.T) []message {
	t.Helper()
	var out []message
	for _, pattern := range []string{"*.go", "source/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, messagesIn(t, name, src)...)
		}
	}
	if len(out) < 150 {
		t.Fatalf("%d messages found; are they still made by the functions of reporting?", len(out))
	}
	return out
}

func messagesIn(t *testing.T, name string, src []byte) []message {
	t.Helper()
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []message
	ast.Inspect(tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		at, ok := reporting()[called(call)]
		if at < 0 {
			at += len(call.Args)
		}
		if ok && at >= 0 && at < len(call.Args) {
			if pattern := patternOf(call.Args[at]); strings.Trim(pattern, ".*") != "" {
				out = append(out, message{at: files.Position(call.Pos()), pattern: pattern})
			}
		}
		return true
	})
	return out
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	default:
		return ""
	}
}

var verb = regexp.MustCompile(`%[a-z]`)

// patternOf is what a summary may come to: what is not written out may be anything.
func patternOf(n ast.Expr) string {
	switch n := n.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(n.Value)
		if err != nil {
			return ".*"
		}
		var parts []string
		for _, p := range verb.Split(s, -1) {
			parts = append(parts, regexp.QuoteMeta(p))
		}
		return strings.Join(parts, ".*")
	case *ast.BinaryExpr:
		return patternOf(n.X) + patternOf(n.Y)
	case *ast.CallExpr:
		if called(n) == "Sprintf" {
			return patternOf(n.Args[0])
		}
	}
	return ".*"
}
