package flows

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"frontdesk/flows/source"
)

// fallbackLanguage is that of a file that names none.
const fallbackLanguage = "en"

// readLanguages reads the languages of the file.
func (l *loader) readLanguages(top source.Fields) {
	for _, n := range top.Get("languages").List() {
		tag, ok := n.Text()
		if !ok {
			continue
		}
		known, err := language.Parse(tag)
		switch {
		case err != nil || known.String() != tag:
			hint := "write a tag such as en, de or pt-BR"
			if err == nil {
				hint = fmt.Sprintf("write %q", known)
			}
			n.Report(codeLanguage, fmt.Sprintf("%q is no language", tag), hint)
		case slices.Contains(l.set.Languages, tag):
			n.Report(codeDuplicate, fmt.Sprintf("the language %q is written twice", tag), "keep one of them")
		default:
			l.set.Languages = append(l.set.Languages, tag)
		}
	}
	l.filled(top, "languages", "there are no languages", "write for example [en, de]")
	if len(l.set.Languages) == 0 {
		l.set.Languages = []string{fallbackLanguage}
	}
}

// translation is a text of a file of translations.
type translation struct {
	key  source.Node
	text source.Node
	used *bool
}

// readTexts reads the files with translations.
func (l *loader) readTexts(top source.Fields) {
	patterns := top.Get("texts").List()
	roots, all := l.included(patterns)
	l.untold = !all
	for _, root := range roots {
		name := root.File()
		tag := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if !slices.Contains(l.set.Languages, tag) {
			root.Report(codeLanguage, fmt.Sprintf("%q is none of the languages of the flow file", tag),
				"the name of a file of translations is its language; languages are: "+strings.Join(l.set.Languages, ", "))
			continue
		}
		if l.told[tag] == nil {
			l.told[tag] = map[string]translation{}
		}
		for _, e := range root.Entries() {
			if first, twice := l.told[tag][e.Name]; twice {
				e.Key.Report(codeDuplicate, fmt.Sprintf("%q is translated already", e.Name), "the first is in "+first.key.Where(e.Key))
				continue
			}
			l.told[tag][e.Name] = translation{key: e.Key, text: e.Value, used: new(bool)}
		}
	}
}

// checkTexts reports translations of what is not there.
func (l *loader) checkTexts() {
	for _, tag := range slices.Sorted(maps.Keys(l.told)) {
		for _, name := range slices.Sorted(maps.Keys(l.told[tag])) {
			t := l.told[tag][name]
			if *t.used || t.key.Crowded(false) {
				continue
			}
			hint := "keys are places in the flow file, such as main.menu.say or answers.parking.say"
			if meant, ok := source.Nearest(name, l.compiler.keys); ok {
				hint = fmt.Sprintf("did you mean %q?", meant)
			}
			t.key.Report(codeText, fmt.Sprintf("there is no text %q to translate", name), hint)
		}
	}
}

// tongue is the index of the language that the customer is spoken to in.
func (w *walk) tongue() int {
	if len(w.set.Languages) == 1 {
		return 0
	}
	for _, tag := range []string{w.st.Language, w.env.Language} {
		if i := w.set.speaks(tag); i >= 0 {
			return i
		}
	}
	return 0
}

// speaks finds the language of the set that serves a customer's: the same, or
// one with the same base. -1: none does.
func (s *Set) speaks(tag string) int {
	if tag == "" {
		return -1
	}
	if i := slices.Index(s.Languages, tag); i >= 0 {
		return i
	}
	base := baseOf(tag)
	return slices.IndexFunc(s.Languages, func(own string) bool { return baseOf(own) == base })
}

// baseOf is the language of a tag without region and script, in small letters.
func baseOf(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(base)
}
