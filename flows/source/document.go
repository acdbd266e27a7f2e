package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// MaxSize is the largest document that is read, in bytes.
const MaxSize = 4 << 20

// mostFindings is how many errors of one file are told, and how many warnings:
// nobody mends more at once.
const mostFindings = 500

// maxNodes bounds what aliases may expand a document to.
const maxNodes = 500_000

// Codes are the codes of what reading itself finds. Every one must be set.
type Codes struct {
	Syntax    string // not YAML, too large, tabs, aliases without end
	Unknown   string // a key that nobody knows
	Refused   string // a key that is known but not accepted, see Keys.Refused
	Duplicate string // a key twice in one mapping
	Missing   string // a key that must be there
	Type      string // another kind of value than is meant
	Value     string // the right kind, but not acceptable: empty, out of range
}

// Document is a YAML file that is being read, and what was found in it so far.
// It belongs to one goroutine.
type Document struct {
	Root  Node   // the whole file; does not Exist when the file is empty or no YAML
	Name  string // as it was given to Parse
	codes Codes
	lines []string
	marks map[int][]int // see marksOf
	found []Diagnostic
	told  map[Severity]int
}

// Parse reads one YAML document. It never returns nil: of a file that is no
// YAML the Root does not Exist and Findings says why.
func Parse(name string, src []byte, codes Codes) *Document {
	d := &Document{Name: name, codes: codes, told: map[Severity]int{}, marks: map[int][]int{}}
	if len(src) > MaxSize {
		d.Report(Place{Line: 1, Column: 1}, codes.Syntax, "the file is larger than 4 MiB", "split it, or move texts out of it")
		return d
	}
	src = bytes.TrimPrefix(src, byteOrderMark)
	d.lines = split(src)
	if !d.encoded(src) {
		return d
	}
	d.decode(src)
	return d
}

// Findings are all that was reported so far, sorted by place.
func (d *Document) Findings() []Diagnostic { return Sort(slices.Clone(d.found)) }

// Report adds an error of the caller's own.
func (d *Document) Report(at Place, code, summary, hint string) {
	d.add(SeverityError, at, code, summary, hint)
}

// Warn adds a warning of the caller's own.
func (d *Document) Warn(at Place, code, summary, hint string) {
	d.add(SeverityWarning, at, code, summary, hint)
}

func (d *Document) add(s Severity, at Place, code, summary, hint string) {
	if d.told[s]++; d.told[s] > mostFindings+1 {
		return
	}
	if d.told[s] > mostFindings {
		summary, hint = fmt.Sprintf("there is more: only the first %d are shown", mostFindings), "mend those first"
	}
	d.found = append(d.found, Diagnostic{
		Code: code, Severity: s, Summary: summary, Hint: hint,
		File: d.Name, Line: max(at.Line, 1), Column: max(at.Column, 1), Width: max(at.Width, 1),
	})
}

// encoded refuses what would shift every position: other encodings than UTF-8.
func (d *Document) encoded(src []byte) bool {
	if utf8.Valid(src) {
		return true
	}
	for i, line := range d.lines {
		if at := strings.IndexFunc(line, func(r rune) bool { return r == utf8.RuneError }); at >= 0 {
			place := Place{Line: i + 1, Column: utf8.RuneCountInString(line[:at]) + 1}
			d.Report(place, d.codes.Syntax, "the file is not UTF-8 text", "save it with the encoding UTF-8")
			break
		}
	}
	return false
}

func (d *Document) decode(src []byte) {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var first, second yaml.Node
	switch err := dec.Decode(&first); {
	case errors.Is(err, io.EOF):
		d.Report(Place{Line: 1, Column: 1}, d.codes.Syntax, "the file is empty", "")
		return
	case err != nil:
		d.syntax(err)
		return
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		d.Report(d.place(&second), d.codes.Syntax, "a second document begins here", `remove the line "---"`)
	case !errors.Is(err, io.EOF):
		d.syntax(err)
	}
	if d.bounded(&first) {
		d.Root = Node{doc: d, yaml: first.Content[0]}
	}
}

var (
	yamlLine      = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s:(.*))$`)
	unknownAnchor = regexp.MustCompile(`unknown anchor '(.*)' referenced`)
)

// syntax turns the library's error into findings. A tab in an indentation is by
// far the commonest cause and has no message of its own, so each is shown.
func (d *Document) syntax(err error) {
	tabs := false
	for i, line := range d.lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if at := strings.IndexByte(indent, '\t'); at >= 0 && len(indent) < len(line) {
			tabs = true
			d.Report(Place{Line: i + 1, Column: at + 1}, d.codes.Syntax, "a tab in the indentation", "YAML is indented with spaces")
		}
	}
	if tabs {
		return
	}
	line, message := 1, err.Error()
	anchor := unknownAnchor.FindStringSubmatch(message)
	if anchor != nil { // the library does not say where
		line = 1 + max(0, slices.IndexFunc(d.lines, func(l string) bool { return strings.Contains(l, "*"+anchor[1]) }))
	}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, bad := strconv.Atoi(m[1]); bad == nil {
			line = min(max(n, 1), max(len(d.lines), 1))
		}
	}
	if anchor == nil {
		if n, first := breaks(d.lines); first != nil {
			line, message = n, yamlLine.ReplaceAllString(first.Error(), "$2")
		}
	}
	d.Report(d.wholeLine(line), d.codes.Syntax, "this is not YAML: "+message, syntaxHint(message, d.from(Place{Line: line, Column: 1})))
}

// asked is a text inside of brackets that ends with a question mark, which
// begins a key there.
var asked = regexp.MustCompile(`[{\[].*[^"'\s]\?\s*[,:}\]]`)

// braced is a text without quotes that begins with an expression, and halved one
// whose quotes are closed before it ends.
var (
	braced = regexp.MustCompile(`(?::|^\s*-)\s+\{\{.*\}\}`)
	halved = regexp.MustCompile(`(?::|^\s*-)\s+(?:"[^"]*"\s*[^\s"#,:}\]]|'[^']*'\s*[^\s'#,:}\]])`)
)

func syntaxHint(message, line string) string {
	switch {
	case strings.Contains(message, "did not find expected") && braced.MatchString(line):
		return bracesHint
	case strings.Contains(message, "did not find expected key") && halved.MatchString(line):
		return "the quotes end before the text does: put all of it in quotes of the other kind"
	case strings.Contains(message, "did not find expected ','") && asked.MatchString(line):
		return `inside of { } and [ ] a text with ? must stand in quotes: "Which day?"`
	case strings.Contains(message, "mapping values are not allowed"):
		return `a text that holds ": " must stand in quotes; or is this line, or the one before, not indented like its neighbours?`
	case strings.Contains(message, "cannot start any token"):
		return "a text that begins with @, %, ` or a tab must stand in quotes"
	case strings.Contains(message, "unexpected end of stream"):
		return "a quote or a bracket is not closed"
	case strings.Contains(message, "did not find expected ','") && strings.Contains(line, " #"):
		return "a # begins a comment: a text that holds one must stand in quotes"
	case strings.Contains(message, "did not find expected ','"):
		return "inside of { } and [ ] a text with one of , [ ] { } must stand in quotes; or is a comma or a bracket missing?"
	case strings.Contains(message, "did not find expected"):
		return "look at this line: is it indented like its neighbours? is a quote, a bracket or a comma missing?"
	case strings.Contains(message, "could not find expected ':'"):
		return "look at this line: is a colon missing after the key, or a quote before it?"
	default:
		return ""
	}
}

func (d *Document) wholeLine(n int) Place {
	if n > len(d.lines) {
		return Place{Line: n, Column: 1}
	}
	line := d.lines[n-1]
	text := strings.TrimLeft(line, " ")
	return Place{Line: n, Column: len(line) - len(text) + 1, Width: utf8.RuneCountInString(strings.TrimRightFunc(text, unicode.IsSpace))}
}

// bounded reports whether the document, with every alias written out, is small
// enough to walk; it also finds anchors that hold themselves.
func (d *Document) bounded(root *yaml.Node) bool {
	sizes := map[*yaml.Node]int{}
	var size func(n *yaml.Node) int
	size = func(n *yaml.Node) int {
		if known, ok := sizes[n]; ok {
			return known
		}
		sizes[n] = maxNodes + 1 // what is met again while it is open holds itself
		total := 1
		for _, c := range n.Content {
			total = min(total+size(c), maxNodes+1)
		}
		if n.Alias != nil {
			total = min(total+size(n.Alias), maxNodes+1)
		}
		sizes[n] = total
		return total
	}
	if size(root) <= maxNodes {
		return true
	}
	d.Report(Place{Line: 1, Column: 1}, d.codes.Syntax,
		fmt.Sprintf("with its aliases written out the file has more than %d values, or no end at all", maxNodes),
		"an anchor (&name) must not hold itself, and aliases (*name) of aliases multiply")
	return false
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// split cuts text into lines where YAML does.
func split(src []byte) []string {
	src = bytes.TrimPrefix(src, byteOrderMark)
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(string(src))
	return strings.Split(text, "\n")
}
