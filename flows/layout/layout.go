package layout

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"frontdesk/flows/source"
)

// The codes of the language that a file is refused with.
const (
	codeSyntax = "F101" // no YAML, or YAML that a flow file has no use for
	codeType   = "F106" // another kind of value than is meant
)

// Format gives a flow file its canonical layout: two spaces a level, lists
// under their key, keys in the order of the language, at most one blank line in
// a row, lines ended by a line feed and no byte order mark. name is the file's
// name for findings.
//
// What the file says is the same before and after, and so are its comments.
// A file that is no YAML, or that cannot be laid out without changing what it
// says, is refused: the result is nil and the findings tell why. Formatting what
// Format gave changes nothing more. A file that holds no mapping and no list
// comes back as it is.
func Format(name string, src []byte) ([]byte, []source.Diagnostic) {
	doc := source.Parse(name, src, source.Codes{Syntax: codeSyntax, Type: codeType})
	if found := doc.Findings(); source.Failed(found) {
		return nil, found
	}
	text := normalised(src)
	refuse := func(f fault) ([]byte, []source.Diagnostic) {
		doc.Report(place(text, f.at), f.code, f.summary, f.hint)
		return nil, doc.Findings()
	}
	if f, bad := unusual(text); bad {
		return refuse(f)
	}
	root, err := parse(text)
	if err != nil || root.Kind == yaml.ScalarNode {
		return src, nil // source.Parse has read it, so there is no error
	}
	// Keys are left as they are where their order means something: an alias must
	// stand behind its anchor.
	for _, ordered := range []bool{true, false} {
		tree, f := read(text, root)
		if tree == nil {
			return refuse(f)
		}
		if ordered {
			arrange(tree.root, language())
		}
		hoist(tree.root)
		if out := write(tree); same(text, root, out) {
			return []byte(out), nil
		}
	}
	return refuse(fault{
		code: codeSyntax, summary: "this file cannot be laid out without changing what it says",
		hint: "write what is unusual in it more simply: tags, anchors, texts over many lines",
	})
}

// normalised is the text without its byte order mark, with line feeds only and
// one at the end of the last line that holds something.
func normalised(src []byte) string {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(src))
}

// fault is why a file is refused.
type fault struct {
	at                  int // in characters from the beginning
	code, summary, hint string
}

// unusual finds what YAML knows and this package does not read.
func unusual(text string) (fault, bool) {
	if at := strings.IndexAny(text, "\u0085\u2028\u2029"); at >= 0 {
		return fault{
			at: utf8.RuneCountInString(text[:at]), code: codeSyntax,
			summary: "an invisible line separator",
			hint:    "it comes with text that is pasted from elsewhere; delete it, or begin a new line",
		}, true
	}
	at := 0
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "%"):
			return fault{at: at, code: codeSyntax, summary: "a YAML directive", hint: "remove the line, a flow file needs none"}, true
		case strings.TrimSpace(line) != "" && !strings.HasPrefix(strings.TrimSpace(line), "#"):
			return fault{}, false
		}
		at += utf8.RuneCountInString(line)
	}
	return fault{}, false
}

func place(text string, at int) source.Place {
	before := []rune(text)
	before = before[:min(at, len(before))]
	line := 1
	column := 1
	for _, c := range before {
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return source.Place{Line: line, Column: column, Width: 1}
}

func parse(text string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, fmt.Errorf("%d documents", len(doc.Content))
	}
	return doc.Content[0], nil
}

// same reports whether a text says what another one says, whose tree is root,
// with the same comments.
func same(text string, root *yaml.Node, out string) bool {
	again, err := parse(out)
	if err != nil || meaning(root) != meaning(again) {
		return false
	}
	before, _ := read(text, root)
	after, _ := read(out, again)
	return before != nil && after != nil && slices.Equal(before.texts(), after.texts())
}

// meaning is a sum of what a tree says: the same for trees that say the same,
// whatever their styles and the order of their keys.
func meaning(n *yaml.Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q %q %q", n.Kind, n.ShortTag(), n.Anchor, n.Value)
	parts := make([]string, 0, len(n.Content))
	for i := 0; i < len(n.Content); i++ {
		part := meaning(n.Content[i])
		if n.Kind == yaml.MappingNode && i+1 < len(n.Content) {
			i++
			part += meaning(n.Content[i])
		}
		parts = append(parts, part)
	}
	if n.Kind == yaml.MappingNode {
		slices.Sort(parts)
	}
	for _, p := range parts {
		b.WriteString(p)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return string(sum[:])
}
