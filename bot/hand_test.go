package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWhoCanSayThatAPersonWroteAMessage lists every function of the program that
// can make a Hand which proves something, or a Tag, and who may press Send. A new
// one in the list needs a good answer to the question which person pressed what.
func TestWhoCanSayThatAPersonWroteAMessage(t *testing.T) {
	t.Parallel()
	makers := map[string][]string{}
	walk(t, func(place string, n ast.Node) {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if name := nameOf(n.Type); (name == "Hand" || name == "Tag") && len(n.Elts) > 0 {
				makers[name+"{...}"] = append(makers[name+"{...}"], place)
			}
		case *ast.SelectorExpr: // a field that is set, or a function that is called or passed on
			if name := n.Sel.Name; name == "wroteIt" || name == "StoredHand" {
				makers[name] = append(makers[name], place)
			}
		case *ast.CallExpr:
			if name := nameOf(n.Fun); name == "reply" && len(n.Args) == 3 || name == "Reply" && len(n.Args) == 5 {
				makers[name] = append(makers[name], place)
			}
		case *ast.Ident:
			if strings.HasPrefix(place, "bot/") && n.Name == "StoredHand" && !strings.HasSuffix(place, " StoredHand") {
				makers[n.Name] = append(makers[n.Name], place)
			}
		}
	})
	for _, list := range makers {
		slices.Sort(list)
	}
	differ(t, "who can", map[string][]string{
		"Hand{...}":  {"bot/acts.go reply", "bot/hand.go StoredHand"},
		"Tag{...}":   {"bot/hand.go tag"},
		"wroteIt":    {"bot/hand.go By", "bot/hand.go author", "bot/hand.go tag"}, // they only read it
		"StoredHand": {"adapters/boltstore/message.go decodeMessage", "adapters/storetest/everything.go testEverything"},
		"reply":      {"bot/acts.go Reply", "bot/acts_answer.go ReplyAndResolve", "bot/instead.go ReplyInstead"},
		"Reply":      {"adapters/inbox/acts.go reply"}, // behind the sign-in
	}, makers)
}

// walk goes through all that is built into the program or its test kits, and names
// the place of each node: file and function.
func walk(t *testing.T, see func(place string, n ast.Node)) {
	t.Helper()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			place := path + " package"
			if f, ok := decl.(*ast.FuncDecl); ok {
				place = path + " " + f.Name.Name
			}
			ast.Inspect(decl, func(n ast.Node) bool { see(place, n); return true })
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// nameOf is the last name of what is written, e.g. Hand of bot.Hand.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}

func TestAHandThatNobodyHasMarksNothing(t *testing.T) {
	t.Parallel()
	if tag := (Hand{}).tag("HUMAN_AGENT"); tag != (Tag{}) || (Hand{}).author() != AuthorBot {
		t.Errorf("the bot has the tag %q", tag.Name())
	}
	if tag := StoredHand("ana").tag("HUMAN_AGENT"); tag.Name() != "HUMAN_AGENT" || StoredHand("ana").author() != AuthorAgent {
		t.Errorf("ana has the tag %q", tag.Name())
	}
}
