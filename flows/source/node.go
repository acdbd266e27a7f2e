package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Place is where something stands in a document. The zero Place is its beginning.
type Place struct {
	Line   int // from 1
	Column int // from 1, in characters
	Width  int // characters to underline
}

// Node is a value of a document. The zero Node stands for a value that is not
// there: it reads as nothing and reports nothing.
type Node struct {
	doc  *Document
	yaml *yaml.Node
}

// Exists reports whether the value is there at all.
func (n Node) Exists() bool { return n.yaml != nil }

// Place is where the value stands. A Node that does not Exist is at the beginning.
func (n Node) Place() Place {
	if n.yaml == nil {
		return Place{Line: 1, Column: 1, Width: 1}
	}
	return n.doc.place(n.yaml)
}

// Report adds an error about this value to the document.
func (n Node) Report(code, summary, hint string) {
	if n.doc != nil {
		n.doc.Report(n.Place(), code, summary, hint)
	}
}

// Warn adds a warning about this value to the document.
func (n Node) Warn(code, summary, hint string) {
	if n.doc != nil {
		n.doc.Warn(n.Place(), code, summary, hint)
	}
}

// Scalar reports whether the value is a single one: no mapping, no list.
func (n Node) Scalar() bool { return n.yaml != nil && n.target().Kind == yaml.ScalarNode }

// Raw is a single value as it is written, whatever its type; "" for others.
func (n Node) Raw() string {
	if !n.Scalar() {
		return ""
	}
	return n.target().Value
}

// Text reads a text. Bare numbers, dates, yes, no and nothing at all are
// reported: whoever means them as text puts them in quotes.
func (n Node) Text() (string, bool) {
	if n.yaml == nil {
		return "", false
	}
	t := n.target()
	if t.Kind != yaml.ScalarNode || t.Tag == "!!null" {
		n.wrong("a text")
		return "", false
	}
	if t.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return t.Value, true
	}
	if what := n.kind(); what != "a text" {
		n.wrong("a text")
		return "", false
	}
	n.swallowed(t)
	return t.Value, true
}

// swallowed warns of a text that a # cut short: "We are #1" is "We are".
func (n Node) swallowed(t *yaml.Node) {
	rest, ok := strings.CutPrefix(t.LineComment, "#")
	if ok && rest != "" && rest[0] != ' ' && rest[0] != '#' {
		n.Warn(n.doc.codes.Value, fmt.Sprintf("the text ends before %q, which counts as a comment", "#"+rest),
			"put the text in quotes, or write a space after the #")
	}
}

// DurationPattern is a regular expression for what Duration reads, as Go and
// JavaScript understand it.
const DurationPattern = `^([0-9]+(\.[0-9]+)?(h|m|s|ms|us|µs|ns))+$`

var durations = regexp.MustCompile(DurationPattern)

// Duration reads a time with its unit, e.g. 90s, 15m, 1h30m.
func (n Node) Duration() (time.Duration, bool) {
	if n.yaml == nil {
		return 0, false
	}
	if !n.Scalar() || n.kind() == "nothing" {
		n.wrong("a duration")
		return 0, false
	}
	d, err := time.ParseDuration(n.target().Value)
	if err == nil && durations.MatchString(n.target().Value) {
		return d, true
	}
	hint := "write for example 90s, 15m or 1h30m"
	if _, bad := strconv.ParseFloat(n.target().Value, 64); bad == nil {
		hint = fmt.Sprintf("write the unit: %ss, %sm or %sh", n.target().Value, n.target().Value, n.target().Value)
	} else if days, bad := strconv.Atoi(strings.TrimSuffix(n.target().Value, "d")); bad == nil && days > 0 {
		hint = fmt.Sprintf("days are written as hours: %dh", 24*days)
	}
	summary := n.kind() + " where a duration is meant"
	if n.kind() == "a text" {
		summary = fmt.Sprintf("%q is no duration", n.Raw())
	}
	n.Report(n.doc.codes.Type, summary, hint)
	return 0, false
}

// Int reads a whole number between low and high.
func (n Node) Int(low, high int) (int, bool) {
	if n.yaml == nil {
		return 0, false
	}
	if !n.Scalar() || n.kind() != "a number" {
		n.wrong("a number")
		return 0, false
	}
	v, err := strconv.Atoi(n.target().Value)
	if err != nil || v < low || v > high {
		hint := ""
		if err != nil {
			hint = "write a whole number"
		}
		n.Report(n.doc.codes.Value, fmt.Sprintf("%s is not between %d and %d", n.target().Value, low, high), hint)
		return 0, false
	}
	return v, true
}

// Bool reads true or false.
func (n Node) Bool() (value, ok bool) {
	if n.yaml == nil {
		return false, false
	}
	switch {
	case n.Scalar() && n.target().Tag == "!!bool" && strings.EqualFold(n.Raw(), "true"):
		return true, true
	case n.Scalar() && n.target().Tag == "!!bool" && strings.EqualFold(n.Raw(), "false"):
		return false, true
	}
	n.Report(n.doc.codes.Type, n.kind()+" where true or false is meant", "write true or false")
	return false, false
}

// List reads a list. A single value is reported.
func (n Node) List() []Node {
	if n.yaml == nil {
		return nil
	}
	if n.target().Kind != yaml.SequenceNode {
		n.wrong("a list")
		return nil
	}
	items := make([]Node, 0, len(n.target().Content))
	for _, c := range n.target().Content {
		items = append(items, Node{doc: n.doc, yaml: c})
	}
	return items
}

func (n Node) target() *yaml.Node {
	if n.yaml.Kind == yaml.AliasNode && n.yaml.Alias != nil {
		return n.yaml.Alias
	}
	return n.yaml
}

// bracesHint is for the commonest slip in texts with expressions.
const bracesHint = "a text that begins with {{ must stand in quotes"

// unquoted reports whether the value is a text that begins with an expression,
// which YAML reads as a mapping with a mapping for a key.
func (n Node) unquoted() bool {
	return n.target().Kind == yaml.MappingNode && strings.HasPrefix(n.doc.from(n.Place()), "{{")
}

// wrong reports that the value is of another kind than want.
func (n Node) wrong(want string) {
	hint := ""
	switch kind := n.kind(); {
	case kind == "nothing":
		hint = "write it after the colon, or in lines below that are indented further; or remove the key"
	case want == "a text" && n.Scalar():
		hint = fmt.Sprintf("put it in quotes: %q", n.Raw())
	case want == "a text" && n.unquoted():
		hint = bracesHint
	case want == "a list" && n.Scalar():
		hint = fmt.Sprintf("write [%s]", n.Raw())
	case want == "a list" && kind == "a mapping":
		hint = `write "- " before each, or [ ] around all`
	case want == "a mapping" && n.Scalar():
		hint = `write "key: value" in lines below it, indented`
	case want == "a number" && n.Scalar() && isNumber(n.Raw()):
		hint = "write it without quotes: " + n.Raw()
	}
	n.Report(n.doc.codes.Type, n.kind()+" where "+want+" is meant", hint)
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// kind says in words what the value is.
func (n Node) kind() string {
	t := n.target()
	if t.Kind == yaml.MappingNode {
		return "a mapping"
	}
	if t.Kind == yaml.SequenceNode {
		return "a list"
	}
	if t.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return "a text"
	}
	switch t.Tag {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return strconv.Quote(t.Value)
	case "!!timestamp":
		return "a date"
	}
	switch strings.ToLower(t.Value) {
	case "yes", "no", "on", "off": // some YAML readers take these for true and false
		return strconv.Quote(t.Value)
	}
	return "a text"
}

func (d *Document) place(y *yaml.Node) Place {
	p := Place{Line: y.Line, Column: y.Column, Width: 1}
	switch {
	case y.Kind == yaml.AliasNode:
		p.Width = utf8.RuneCountInString(y.Value) + 1
	case y.Kind != yaml.ScalarNode:
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
	default:
		p.Width = d.written(y)
	}
	return p
}

// IsNumber reports whether the value is a bare number.
func (n Node) IsNumber() bool { return n.Scalar() && n.kind() == "a number" }

// IsBool reports whether the value is a bare true or false.
func (n Node) IsBool() bool { return n.Scalar() && n.target().Tag == "!!bool" }

// IsNull reports whether the value is a bare null, written out.
func (n Node) IsNull() bool {
	return n.Scalar() && n.target().Tag == "!!null" && n.target().Value != ""
}

// IsNothing reports whether nothing stands behind the key, or null.
func (n Node) IsNothing() bool { return n.Scalar() && n.kind() == "nothing" }

// IsMapping reports whether the value is a mapping.
func (n Node) IsMapping() bool { return n.yaml != nil && n.target().Kind == yaml.MappingNode }

// IsList reports whether the value is a list.
func (n Node) IsList() bool { return n.yaml != nil && n.target().Kind == yaml.SequenceNode }

// Float reads a number.
func (n Node) Float() (float64, bool) {
	if n.yaml == nil {
		return 0, false
	}
	var v float64
	if !n.IsNumber() || n.target().Decode(&v) != nil {
		n.wrong("a number")
		return 0, false
	}
	return v, true
}

// Braces reports whether the value is a mapping only because a text that begins
// with {{ stands there without quotes.
func (n Node) Braces() bool { return n.IsMapping() && strings.HasPrefix(n.doc.from(n.Place()), "{{") }

// Digest is a hash of what the value says: of its keys, values and order, not of
// places, comments and quotes. It is empty for a value that does not Exist.
func (n Node) Digest() string {
	if n.yaml == nil {
		return ""
	}
	sum := sha256.New()
	digest(sum, n.yaml)
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func digest(w io.Writer, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	_, _ = fmt.Fprintf(w, "%d %s %q (", n.Kind, n.ShortTag(), n.Value) // a hash takes everything
	for _, c := range n.Content {
		digest(w, c)
	}
	_, _ = io.WriteString(w, ")")
}
