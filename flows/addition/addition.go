// Package addition tells which lines to add to a flow file so that it understands
// more: further examples of a common answer, or a new answer. It writes to no file,
// and what it gives was read and checked; comments and layout of the file stay.
package addition

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"frontdesk/flows"
	"frontdesk/flows/layout"
	"frontdesk/flows/match"
)

var (
	// ErrKnown is wrapped when there is nothing to add: the answer has all of the examples.
	ErrKnown = errors.New("the answer has all of these already")
	// ErrNoAnswer is wrapped when no file has an answer of that name.
	ErrNoAnswer = errors.New("there is no such answer")
	// ErrTaken is wrapped when a new answer has the name of one that is there.
	ErrTaken = errors.New("there is an answer of this name already")
	// ErrRefused is wrapped when a file would not be understood any more, or not as it was
	// meant: the lines are to be written by hand then.
	ErrRefused = errors.New("these lines cannot be added as they are")
)

// Addition is what is to be added to one file.
type Addition struct {
	File     string // among flows.Files.Content
	Diff     string // in the unified format, as patch -p0 reads it
	Examples []string
	After    []byte // the whole file with it
}

// Examples adds examples to an answer, without those that it has.
func Examples(files flows.Files, answer string, examples []string) (Addition, error) {
	name, doc, at, err := find(files, answer)
	if err != nil {
		return Addition{}, err
	}
	news := without(tidied(examples), doc.written(at))
	if len(news) == 0 {
		return Addition{}, fmt.Errorf("answer %s: %w", answer, ErrKnown)
	}
	after, err := doc.addExamples(at, news)
	if err != nil {
		return Addition{}, fmt.Errorf("answer %s: %w", answer, err)
	}
	return checked(files, name, answer, news, after)
}

// Answer adds an answer with its examples, and a text that is to be written. It goes
// behind the others of the file that has the most of them.
func Answer(files flows.Files, answer string, examples []string) (Addition, error) {
	if _, _, _, err := find(files, answer); err == nil {
		return Addition{}, fmt.Errorf("answer %s: %w", answer, ErrTaken)
	}
	news := without(tidied(examples), nil)
	if len(news) == 0 {
		return Addition{}, fmt.Errorf("answer %s: no example has a word in it: %w", answer, ErrRefused)
	}
	set, _ := files.Set()
	if set == nil {
		return Addition{}, fmt.Errorf("answer %s: the flow file is not understood as it is: %w", answer, ErrRefused)
	}
	name := home(files)
	doc, err := read(files.Content[name])
	if err != nil {
		return Addition{}, fmt.Errorf("reading %s: %w", name, err)
	}
	after, err := doc.addAnswer(answer, news, set.Languages)
	if err != nil {
		return Addition{}, fmt.Errorf("answer %s: %w", answer, err)
	}
	return checked(files, name, answer, news, after)
}

// find gives the file that holds an answer, and its key and value there.
func find(files flows.Files, answer string) (name string, d document, at entry, err error) {
	for _, name := range slices.Sorted(maps.Keys(files.Content)) {
		d, err := read(files.Content[name])
		if err != nil {
			continue // one that is no YAML has no answers
		}
		if at, ok := d.answers().get(answer); ok {
			return name, d, at, nil
		}
	}
	return "", d, at, fmt.Errorf("answer %s: %w", answer, ErrNoAnswer)
}

// home is the file that has the most answers; the flow file itself where none has any.
func home(files flows.Files) string {
	names := slices.Sorted(maps.Keys(files.Content))
	count := func(name string) int {
		d, err := read(files.Content[name])
		if err != nil {
			return 0
		}
		return len(d.answers().value().entries())
	}
	best := slices.MaxFunc(names, func(a, b string) int { return cmp.Compare(count(a), count(b)) })
	if count(best) == 0 {
		return files.Root
	}
	return best
}

// tidied are texts of customers in one line each, without what is no writing.
func tidied(examples []string) []string {
	out := make([]string, len(examples))
	for i, e := range examples {
		out[i] = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(e, ""), func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r)
		}), " ")
	}
	return out
}

// without leaves out what is known, comes twice or has no word in it.
func without(examples, known []string) (news []string) {
	seen := map[string]bool{"": true}
	for _, k := range known {
		seen[match.Normalise(k)] = true
	}
	for _, e := range examples {
		if norm := match.Normalise(e); !seen[norm] {
			seen[norm] = true
			news = append(news, e)
		}
	}
	return news
}

// checked makes sure that the file says with the new lines what it said before, and
// what is to be added, and nothing else.
func checked(files flows.Files, name, answer string, news []string, after []byte) (Addition, error) {
	with := flows.Files{Root: files.Root, Content: maps.Clone(files.Content)}
	with.Content[name] = after
	set, found := with.Set()
	if set == nil {
		for _, f := range found {
			if f.Severity == flows.SeverityError {
				return Addition{}, fmt.Errorf("%w: %s, line %d: %s", ErrRefused, f.File, f.Line, f.Summary)
			}
		}
		return Addition{}, ErrRefused
	}
	if !told(files.Content[name], after, answer, news) {
		return Addition{}, fmt.Errorf("%w: the answer is written in a way that lines cannot be added to", ErrRefused)
	}
	diff := layout.Diff(path.Clean(name), string(files.Content[name]), string(after))
	return Addition{File: name, Diff: diff, Examples: news, After: after}, nil
}

// told compares what two texts of a file say: after must be before with the news.
func told(before, after []byte, answer string, news []string) bool {
	var was, is map[string]any
	if yaml.Unmarshal(before, &was) != nil || yaml.Unmarshal(after, &is) != nil {
		return false
	}
	wasAnswers, isAnswers := mapping(was["answers"]), mapping(is["answers"])
	wasOne, isOne := mapping(wasAnswers[answer]), mapping(isAnswers[answer])
	want := append(list(wasOne["examples"]), texts(news)...)
	if fmt.Sprint(list(isOne["examples"])) != fmt.Sprint(want) || len(list(isOne["examples"])) != len(want) {
		return false
	}
	if wasAnswers[answer] == nil {
		delete(isAnswers, answer)
	}
	delete(wasOne, "examples")
	delete(isOne, "examples")
	if was["answers"] == nil && len(isAnswers) == 0 {
		delete(was, "answers")
		delete(is, "answers")
	}
	return fmt.Sprint(was) == fmt.Sprint(is)
}

func mapping(v any) map[string]any { m, _ := v.(map[string]any); return m }
func list(v any) []any             { l, _ := v.([]any); return slices.Clone(l) }

func texts(news []string) (out []any) {
	for _, n := range news {
		out = append(out, n)
	}
	return out
}
