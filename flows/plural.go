package flows

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"frontdesk/flows/source"
)

// pluralForms are the names of the Unicode CLDR plural categories.
var pluralForms = []string{"zero", "one", "two", "few", "many", "other"}

// forms reads a text in one language, which may have plural forms.
func (c *compiler) forms(n source.Node, tongue int) *wording {
	if !n.IsMapping() || n.Braces() {
		parts := c.parts(n)
		if parts == nil {
			return nil
		}
		return &wording{parts: parts}
	}
	w := &wording{forms: map[string][]part{}}
	ok, missing := true, append([]string{"plural"}, formsOf(c.set.Languages[tongue])...)
	for _, e := range n.Entries() {
		missing = slices.DeleteFunc(missing, func(key string) bool { return key == e.Name })
		switch {
		case e.Name == "plural":
			w.count = c.counted(e.Value)
			ok = ok && w.count != nil
		case slices.Contains(pluralForms, e.Name):
			w.forms[e.Name] = c.parts(e.Value)
			ok = ok && w.forms[e.Name] != nil
		default:
			hint := "plural forms are " + strings.Join(pluralForms, ", ")
			if meant, near := source.Nearest(e.Name, append([]string{"plural"}, pluralForms...)); near {
				hint = fmt.Sprintf("did you mean %q?", meant)
			}
			e.Key.Report(codePlural, fmt.Sprintf("%q is no plural form", e.Name), hint)
			return nil // what is missing may just be misspelt
		}
	}
	if slices.Contains(missing, "plural") {
		n.Report(codePlural, "it is not said what is counted", `write "plural: name_of_a_number" too`)
		return nil
	}
	for _, form := range missing {
		n.Report(codePlural, fmt.Sprintf("the plural form %q is missing", form),
			fmt.Sprintf("in %q there are %s", c.set.Languages[tongue], strings.Join(formsOf(c.set.Languages[tongue]), ", ")))
		ok = false
	}
	if !ok {
		return nil
	}
	return w
}

// counted compiles the number that plural forms go by.
func (c *compiler) counted(n source.Node) *program {
	src, ok := n.Text()
	if !ok {
		return nil
	}
	p := c.expression(n, 0, src)
	if p != nil && p.kind != isNumber && p.kind != isAny {
		n.Report(codePlural, fmt.Sprintf("what is counted is %s, no number", p.kind), "ask for it with type: number")
		return nil
	}
	return p
}

// formsOf are the plural forms that a language has, in the order of pluralForms.
func formsOf(tag string) []string {
	found := map[plural.Form]bool{}
	for n := range 201 {
		found[plural.Cardinal.MatchPlural(language.Make(tag), n, 0, 0, 0, 0)] = true
	}
	found[plural.Other] = true
	var out []string
	for i, form := range []plural.Form{plural.Zero, plural.One, plural.Two, plural.Few, plural.Many, plural.Other} {
		if found[form] {
			out = append(out, pluralForms[i])
		}
	}
	return out
}

// form picks the plural form for the number that is counted.
func (w *walk) form(t *wording) []part {
	n, _ := number(w.eval(t.count))
	tag := language.Make(w.set.Languages[w.tongue()])
	i, v, f := int(n), 0, 0
	if n != float64(i) { // 1.5: one visible fraction digit is enough to tell the form
		v, f = 1, int(n*10)%10
	}
	form := plural.Cardinal.MatchPlural(tag, max(i, -i), v, v, max(f, -f), max(f, -f))
	name := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
	}[form]
	if parts := t.forms[name]; parts != nil {
		return parts
	}
	return t.forms["other"]
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}
