package flows

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	refusals "github.com/santhosh-tekuri/jsonschema/v6/kind"
	"gopkg.in/yaml.v3"

	"frontdesk/flows/source"
)

// refused are the findings for which the schema must refuse a file: every one of
// the code but those of exceptions.
var refused = []string{codeUnknownKey, codeMisplaced, codeMissing, codeType, codeName}

// mayRefuse are the findings for which the schema may refuse a file, as far as it
// can say them. On account of any other finding it must not.
var mayRefuse = []string{codeValue, codeTogether, codeHours, codeLanguage, codeAddress, codePlural}

// claimed are those of mayRefuse for which it must.
var claimed = []saying{
	{codeValue, `version \d+ of the language is not known`},
	{codeValue, `\d+ is not between \d+ and \d+`},
	{codeValue, `".*" is no (type of a question|type of a field|kind of channel|name of a template|name of a header)`},
	{codeValue, `(end|return) can only be true`},
	{codeValue, `nothing is said to ".*"`},
	{codeValue, `(there are no (languages|choices|branches|channels)|no words fetch a person)`},
	{codeValue, `the (answer|flow) ".*" has no (words|examples|states)`},
	{codeTogether, `\w+ belongs to (a question|go|say|a question of type number)`},
	{codeTogether, `(end|return|ask|choices|call|on|go) beside (end|return|ask|choices|call|on|go|else)(: true)?`},
	{codeTogether, `a timeout in a state that does not wait for the customer`},
	{codeTogether, `(a pattern|min|max) in a question of type \w+`},
	{codeTogether, `the language is chosen, not written`},
	{codeTogether, `(where it leads,|then|queue|note) in a question of type choice`},
	{codeTogether, `value is only for a question of type choice`},
	{codeTogether, `two (files|addresses) in one (message|call)`},
	{codeTogether, `(filename is only for a document|a file beside a template|a body in a get|if and else in one branch)`},
	{codeHours, `".*" is no day`},
	{codePlural, `(".*" is no plural form|it is not said what is counted)`},
}

// exceptions are findings of refused that the schema cannot see.
var exceptions = []struct {
	saying
	why string
}{
	{saying{codeType, `(?i)"(yes|no|on|off)" where .* is meant`}, "editors read YAML 1.2, in which they are texts"},
	{saying{codeType, `a date where .* is meant`}, "the same"},
	{saying{codeName, `".*" cannot be the name of a secret`}, "what stands in {{ }} is for the check"},
	{saying{codeMissing, `there is no flow "main"`}, "it may be in a file that is included"},
	{saying{codeMissing, `"(version|business)" is missing here`}, "a file with flows, answers, queues and moved only may be one that is included"},
}

// saying is the code of findings and a pattern for what they say.
type saying struct{ code, pattern string }

func (s saying) of(d Diagnostic) bool {
	return d.Code == s.code && regexp.MustCompile("^(?:"+s.pattern+")$").MatchString(d.Summary)
}

// weigh tells the findings on account of which the schema must refuse a file from
// those on account of which it may.
func weigh(found []Diagnostic) (must, may []Diagnostic) {
	for _, d := range found {
		excepted := false
		for _, e := range exceptions {
			excepted = excepted || e.of(d)
		}
		switch {
		case d.Severity != SeverityError || d.Code == codeDuplicate: // editors themselves tell of what is written twice
		case excepted:
			may = append(may, d)
		case slices.Contains(refused, d.Code), slices.ContainsFunc(claimed, func(s saying) bool { return s.of(d) }):
			must = append(must, d)
		case slices.Contains(mayRefuse, d.Code):
			may = append(may, d)
		}
	}
	return must, may
}

// judge compares what the check found in a file with what the schema says of it;
// "" when they agree.
func judge(found []Diagnostic, refusal error) string {
	must, may := weigh(found)
	switch {
	case len(must) > 0 && refusal == nil:
		return fmt.Sprintf("the schema accepts what the check does not: %v", must)
	case len(must)+len(may) == 0 && refusal != nil:
		return fmt.Sprintf("the schema refuses what has no fault of form: %v", refusal)
	default:
		return ""
	}
}

// underlined are the places of a document, as ways to them, of which a refusal
// speaks, and the names that it does not allow. (The library loses the way to those.)
func underlined(refusal error) (ways [][]string, names []string) {
	e, ok := errors.AsType[*jsonschema.ValidationError](refusal)
	if !ok {
		return nil, nil
	}
	var collect func(e *jsonschema.ValidationError)
	collect = func(e *jsonschema.ValidationError) {
		switch k := e.ErrorKind.(type) {
		case *refusals.PropertyNames:
			names = append(names, k.Property)
			return
		case *refusals.AdditionalProperties:
			for _, key := range k.Properties {
				ways = append(ways, append(slices.Clone(e.InstanceLocation), key))
			}
		default:
			if len(e.Causes) == 0 {
				ways = append(ways, e.InstanceLocation)
			}
		}
		for _, c := range e.Causes {
			collect(c)
		}
	}
	collect(e)
	return ways, names
}

// near reports whether a way leads to the place itself, to the mapping that it is
// in, or into it.
func near(way, place []string) bool {
	short := min(len(way), len(place))
	return len(way) >= len(place)-1 && slices.Equal(way[:short], place[:short])
}

// wayTo is how the innermost key or value that begins at a line and column is
// reached.
func wayTo(n *yaml.Node, line, column int, way []string) []string {
	found := []string(nil)
	if n.Line == line && n.Column == column {
		found = way
	}
	below := func(c *yaml.Node, step ...string) {
		if deeper := wayTo(c, line, column, append(slices.Clone(way), step...)); deeper != nil {
			found = deeper
		}
	}
	switch n.Kind {
	case yaml.DocumentNode:
		below(n.Content[0])
	case yaml.SequenceNode:
		for i, c := range n.Content {
			below(c, strconv.Itoa(i))
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			below(n.Content[i], n.Content[i].Value)
			below(n.Content[i+1], n.Content[i].Value)
		}
	default:
	}
	return found
}

// compiled is the schema, or a part of it by the way to it.
func compiled(t testing.TB, pointers ...string) []*jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("flows.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	var out []*jsonschema.Schema
	for _, pointer := range pointers {
		s, err := c.Compile("flows.schema.json#" + pointer)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// asEditor is a document as editors hand it to a schema: the core schema of YAML
// 1.2, in which yes, dates and 1_000 are texts, and keys are always texts.
func asEditor(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return asEditor(n.Content[0])
	case yaml.AliasNode:
		return asEditor(n.Alias)
	case yaml.SequenceNode:
		out := []any{}
		for _, c := range n.Content {
			out = append(out, asEditor(c))
		}
		return out
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = asEditor(n.Content[i+1])
		}
		return out
	default:
		return asEditorScalar(n)
	}
}

func asEditorScalar(n *yaml.Node) any {
	switch v := n.Value; {
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return v
	case slices.Contains([]string{"", "~", "null", "Null", "NULL"}, v):
		return nil
	case slices.Contains([]string{"true", "True", "TRUE"}, v):
		return true
	case slices.Contains([]string{"false", "False", "FALSE"}, v):
		return false
	case coreNumber.MatchString(v):
		number, _ := strconv.ParseFloat(v, 64)
		return number
	case coreBits.MatchString(v):
		number, _ := strconv.ParseInt(v, 0, 64)
		return number
	default:
		return v
	}
}

var (
	coreNumber = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	coreBits   = regexp.MustCompile(`^0(o[0-7]+|x[0-9a-fA-F]+)$`)
)

// agree compares check and schema on a flow file and all that it includes, and
// gives how many files it saw.
func agree(t *testing.T, schema *jsonschema.Schema, fsys fs.FS, name string) int {
	t.Helper()
	_, files, found, err := Load(fsys, name, name)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	translations := translationsOf(t, fsys, files.Content[name])
	for _, of := range slices.Sorted(func(yield func(string) bool) {
		for of := range files.Content {
			if !slices.Contains(translations, of) && !yield(of) {
				return
			}
		}
	}) {
		own := slices.DeleteFunc(slices.Clone(found), func(d Diagnostic) bool { return d.File != of })
		var doc yaml.Node
		if slices.ContainsFunc(own, func(d Diagnostic) bool { return d.Code == codeSyntax }) {
			continue // an editor says itself that it is no YAML
		}
		if err := yaml.Unmarshal(files.Content[of], &doc); err != nil {
			t.Fatal(err)
		}
		refusal := schema.Validate(asEditor(&doc))
		if fault := judge(own, refusal); fault != "" {
			t.Errorf("%s: %s", of, fault)
			continue
		}
		must, _ := weigh(own)
		ways, names := underlined(refusal)
		for _, d := range must {
			place := wayTo(&doc, d.Line, d.Column, []string{})
			named := len(place) > 0 && slices.Contains(names, place[len(place)-1])
			if !named && !slices.ContainsFunc(ways, func(way []string) bool { return near(way, place) }) {
				t.Errorf("%s:%d:%d %s %s: nothing at %v is refused: %v %v", of, d.Line, d.Column, d.Code, d.Summary, place, ways, names)
			}
		}
		seen++
	}
	return seen
}

// translationsOf are the files of a flow file that hold texts only.
func translationsOf(t *testing.T, fsys fs.FS, src []byte) []string {
	t.Helper()
	var out []string
	doc := source.Parse("", src, readerCodes)
	if !doc.Root.IsMapping() {
		return nil
	}
	for _, e := range doc.Root.Entries() {
		if e.Name != "texts" || !e.Value.IsList() {
			continue
		}
		for _, pattern := range e.Value.List() {
			names, err := fs.Glob(fsys, pattern.Raw())
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, names...)
		}
	}
	return out
}

// TestTheSchemaAgreesWithTheCheck ensures that the schema refuses whatever the
// check has against the form of a file, and accepts everything else, on every
// flow file that there is.
func TestTheSchemaAgreesWithTheCheck(t *testing.T) {
	t.Parallel()
	schema, seen := compiled(t, "")[0], 0
	for _, pattern := range []string{"testdata/check/*.txtar", "testdata/talk/*.txtar"} {
		for _, path := range archives(t, pattern, 50) {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			for _, f := range ar.Files {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			if fsys["flows.yaml"] == nil {
				continue
			}
			t.Run(path, func(t *testing.T) { seen += agree(t, schema, fsys, "flows.yaml") })
		}
	}
	for _, pattern := range []string{"../flows.example.yaml", "testdata/*.yaml", "../cmd/frontdesk/start/*/flows.yaml"} {
		for _, path := range archives(t, pattern, 1) {
			t.Run(path, func(t *testing.T) {
				seen += agree(t, schema, os.DirFS(filepath.Dir(path)), filepath.Base(path))
			})
		}
	}
	for _, path := range []string{"../docs/flows.md", "../README.md"} {
		doc, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examples(string(doc)) {
			t.Run(fmt.Sprintf("%s line %d", path, e.line), func(t *testing.T) { seen += agree(t, schema, e.files, "flows.yaml") })
		}
	}
	if seen < 200 {
		t.Errorf("only %d files seen", seen)
	}
	t.Logf("%d files", seen)
}

// TestExamplesOfTheSchemaAreValid ensures that what editors offer is right.
func TestExamplesOfTheSchemaAreValid(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	var pointers []string
	var offered []any
	var look func(v any, pointer string)
	look = func(v any, pointer string) {
		keys, ok := v.(map[string]any)
		if !ok {
			return
		}
		values, _ := keys["examples"].([]any)
		if value, ok := keys["default"]; ok && keys["description"] != nil {
			values = append(slices.Clone(values), value)
		}
		for _, value := range values {
			pointers, offered = append(pointers, pointer), append(offered, value)
		}
		for key, below := range keys {
			look(below, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
		}
	}
	look(doc, "")
	if len(offered) < 80 {
		t.Errorf("only %d examples", len(offered))
	}
	for i, s := range compiled(t, pointers...) {
		if err := s.Validate(offered[i]); err != nil {
			t.Errorf("%s: %v is offered and refused: %v", pointers[i], offered[i], err)
		}
	}
}

// TestTheSchemaIsTheSameEachTime ensures that a file made of it changes with the
// language only.
func TestTheSchemaIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(Schema(), Schema()) {
		t.Error("two schemas differ")
	}
}
