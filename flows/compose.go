package flows

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/flows/source"
)

// text reads and compiles the text of a node; nil when it is absent or wrong. key
// is its place in the file, under which a file of translations may have it.
func (c *compiler) text(n source.Node, key string) *text {
	if !n.Exists() {
		return nil
	}
	t := &text{by: make([]*wording, len(c.set.Languages))}
	var ok bool
	if n.IsMapping() && !n.Braces() && !c.plurals(n) {
		ok = c.byLanguage(t, n)
	} else {
		t.by[0] = c.wording(n, 0)
		ok = t.by[0] != nil
	}
	ok = c.translated(t, n, key) && ok
	if !ok || t.by[0] == nil {
		return nil
	}
	c.keys = append(c.keys, key)
	if slices.Contains(t.by, nil) {
		c.untold = append(c.untold, spoken{n, t})
	}
	return t
}

// plurals reports whether a mapping holds plural forms rather than languages.
func (c *compiler) plurals(n source.Node) bool {
	return slices.ContainsFunc(n.Entries(), func(e source.Entry) bool {
		return e.Name == "plural" || slices.Contains(pluralForms, e.Name)
	})
}

// byLanguage reads a text that is written in several languages.
func (c *compiler) byLanguage(t *text, n source.Node) bool {
	ok := true
	for _, e := range n.Entries() {
		i := slices.Index(c.set.Languages, e.Name)
		if i < 0 {
			hint := "languages are: " + strings.Join(c.set.Languages, ", ")
			if len(c.set.Languages) == 1 {
				hint = `write "languages: [en, de]" at the top, the fallback first`
			}
			if meant, near := source.Nearest(e.Name, append(slices.Clone(c.set.Languages), "plural")); near {
				hint = fmt.Sprintf("did you mean %q?", meant)
			}
			e.Key.Report(codeLanguage, fmt.Sprintf("%q is none of the languages of the file", e.Name), hint)
			ok = false
			continue
		}
		t.by[i] = c.wording(e.Value, i)
		ok = ok && t.by[i] != nil
	}
	if ok && t.by[0] == nil {
		n.Report(codeLanguage, fmt.Sprintf("the text in %q is missing", c.set.Languages[0]), "the first language stands for those that are missing")
		return false
	}
	return ok
}

// translated adds what the files of translations have for the text.
func (c *compiler) translated(t *text, n source.Node, key string) bool {
	ok := true
	for i, tag := range c.set.Languages {
		told, found := c.told[tag][key]
		if !found {
			continue
		}
		*told.used = true
		if t.by[i] != nil {
			told.key.Report(codeDuplicate, fmt.Sprintf("%q has a text in %q already", key, tag), "the first is in "+n.Where(told.key)+"; keep one of them")
			ok = false
			continue
		}
		t.by[i] = c.wording(told.text, i)
		ok = ok && t.by[i] != nil
	}
	return ok
}

// wording reads a text in one language.
func (c *compiler) wording(n source.Node, tongue int) *wording {
	w := c.forms(n, tongue)
	if w != nil {
		c.places[w] = n
	}
	return w
}

// place is where a text is written in a language, or in the first; at when that
// is not known.
func (c *compiler) place(t *text, tongue int, at source.Node) source.Node {
	if n, ok := c.places[t.in(tongue)]; ok {
		return n
	}
	return at
}

// parts cuts a text at its expressions and compiles them; nil when it is wrong.
func (c *compiler) parts(n source.Node) []part {
	s, ok := n.Text()
	if !ok {
		return nil
	}
	s = strings.TrimSpace(s)
	if s == "" {
		n.Report(codeValue, "the text is empty", "write what is to be said, or remove the key")
		return nil
	}
	cut, ok := pieces(s)
	if !ok {
		n.ReportAt(n.Within(0, "{{"), codeExpression, "{{ without }}", "close it with }}, and every quote inside of it")
		return nil
	}
	var parts []part
	for i, p := range cut {
		switch {
		case i%2 == 0 && p != "":
			parts = append(parts, part{literal: p})
		case i%2 == 1:
			program := c.expression(n, (i+1)/2, p)
			ok = ok && program != nil
			parts = append(parts, part{program: program})
		}
	}
	if !ok {
		return nil
	}
	if c.header {
		return parts
	}
	if name, empty := c.empty(parts); empty {
		n.Report(codeExpression, "the text is empty when "+name+" is not known", `give a fallback: {{ `+name+` ?? "..." }}`)
		return nil
	}
	return parts
}

// empty reports whether a text comes out empty for a contact, a place or a file
// without a name, and the first name that is missing then.
func (c *compiler) empty(parts []part) (name string, empty bool) {
	for _, p := range parts {
		if p.program == nil {
			if strings.TrimSpace(p.literal) != "" {
				return "", false
			}
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(p.program.used), func(name string) bool { return !c.unsure(name) })
		if len(missing) == 0 {
			return "", false
		}
		got, err := p.program.run(c.samples(p.program, missing))
		if s, bad := written(got); err != nil || bad != nil || strings.TrimSpace(s) != "" {
			return "", false
		}
		if name == "" {
			name = missing[0]
		}
	}
	return name, name != ""
}
