// Package explain tells what each finding of the check means, for people who
// write flow files and not programs: in a few sentences, with an example that has
// the finding and one that has not.
//
// It knows the codes by the documents in its folder codes, one for each, and
// nothing of the check itself; a test keeps both together.
package explain

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed codes/*.txt
var documents embed.FS

// Explanation is what there is to say about one code.
type Explanation struct {
	Code   string
	Title  string // one line, without a full stop
	Prose  string // a few sentences, in lines
	Wrong  string // YAML that has the finding: a file, some of its keys, or states of main
	Right  string // the same without it
	Beside []File // what lies beside the flow file
}

// File is a file that lies beside the flow file of an example.
type File struct {
	Name string // from the folder of the flow file
	YAML string
}

// Codes are all codes that there are, sorted.
func Codes() []string {
	names, err := fs.Glob(documents, "codes/*.txt")
	if err != nil { // the pattern is written above
		return nil
	}
	codes := make([]string, 0, len(names))
	for _, name := range names {
		codes = append(codes, strings.TrimSuffix(path.Base(name), ".txt"))
	}
	slices.Sort(codes)
	return codes
}

// Of explains a code; false for one that there is not.
func Of(code string) (Explanation, bool) {
	if !slices.Contains(Codes(), code) {
		return Explanation{}, false
	}
	document, err := documents.ReadFile("codes/" + code + ".txt")
	if err != nil {
		return Explanation{}, false
	}
	return parse(code, string(document)), true
}

// Text explains a code as it is printed; false for one that there is not.
func Text(code string) (string, bool) {
	e, ok := Of(code)
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString(e.Code + ": " + e.Title + "\n\n" + e.Prose)
	b.WriteString("\nWrong:\n\n" + indented(e.Wrong))
	b.WriteString("\nRight:\n\n" + indented(e.Right))
	for _, f := range e.Beside {
		b.WriteString("\nBeside it, in " + f.Name + ":\n\n" + indented(f.YAML))
	}
	return b.String(), true
}

// parse takes a document apart: a title, prose, and examples under lines such as
// "-- wrong --", "-- right --" and "-- file parts/answers.yaml --".
func parse(code, document string) Explanation {
	e := Explanation{Code: code}
	title, rest, _ := strings.Cut(document, "\n")
	e.Title = title
	part := ""
	sections := map[string]*strings.Builder{part: {}}
	for line := range strings.Lines(rest) {
		if name, ok := heading(line); ok {
			part = name
			sections[part] = &strings.Builder{}
			if file, beside := strings.CutPrefix(name, "file "); beside {
				e.Beside = append(e.Beside, File{Name: file})
			}
			continue
		}
		sections[part].WriteString(line)
	}
	text := func(name string) string {
		if b := sections[name]; b != nil {
			return strings.Trim(b.String(), "\n") + "\n"
		}
		return ""
	}
	e.Prose, e.Wrong, e.Right = text(""), text("wrong"), text("right")
	for i := range e.Beside {
		e.Beside[i].YAML = text("file " + e.Beside[i].Name)
	}
	return e
}

func heading(line string) (name string, ok bool) {
	name, ok = strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, " --")
}

func indented(yaml string) string {
	var b strings.Builder
	for line := range strings.Lines(yaml) {
		b.WriteString("    " + line)
	}
	return b.String()
}
