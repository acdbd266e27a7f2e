package flows

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"frontdesk/flows/source"
)

// pluralForms are the names of the Unicode CLDR plural categories.
var pluralForms = []string{"zero", "one", "two", "few", "many", "other"}

// text reads and compiles the text of a node; nil when it is absent or wrong. key
// is its place in the file, under which a file of translations may have it.
func (c *compiler) text(n source.Node, key string) *text {
	if !n.Exists() {
		return nil
	}
	t := &text{by: make([]*wording, len(c.set.Languages))}
	ok := true
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
			w.count = c.condition1(e.Value)
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

// condition1 compiles the number that plural forms go by.
func (c *compiler) condition1(n source.Node) *program {
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
	if !c.header && c.empty(parts) {
		n.Report(codeExpression, "the text is empty when nothing is known yet", `give a fallback: {{ contact.first_name ?? "there" }}`)
		return nil
	}
	return parts
}

// empty reports whether a text comes out empty for a contact without a name.
func (c *compiler) empty(parts []part) bool {
	for _, p := range parts {
		if p.program == nil {
			if strings.TrimSpace(p.literal) != "" {
				return false
			}
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(p.program.used), func(name string) bool { return !strings.HasPrefix(name, "contact.") })
		if len(missing) == 0 {
			return false
		}
		got, err := p.program.run(c.samples(p.program, missing))
		if s, bad := written(got); err != nil || bad != nil || strings.TrimSpace(s) != "" {
			return false
		}
	}
	return true
}

// content is what is said at once: a text, a file, a template.
type content struct {
	text     *text // nil: only a file
	kind     string
	url      *text // of the file
	filename *text
	template *template
	apart    bool
}

type template struct {
	name     string
	language string // empty: the customer's
	params   []*text
}

// content reads what is said: a text, or a text with a file or a template.
func (c *compiler) content(n source.Node, key string) *content {
	if !n.Exists() {
		return nil
	}
	entries := []source.Entry(nil)
	if n.IsMapping() && !n.Braces() {
		entries = n.Entries()
	}
	if !slices.ContainsFunc(entries, func(e source.Entry) bool { return syntax.content.knows(e.Name) }) {
		t := c.text(n, key)
		if t == nil {
			return nil
		}
		return &content{text: t}
	}
	f := n.Fields(syntax.content.keys())
	out := &content{text: c.text(f.Get("text"), key)}
	ok := f.Strange() == 0 && (out.text != nil || !f.Has("text"))
	for _, kind := range files() {
		if !f.Has(kind) {
			continue
		}
		if out.kind != "" {
			f.Key(kind).Report(codeTogether, "two files in one message", "make two states of it")
			ok = false
			continue
		}
		out.kind = kind
		out.url = c.address(f.Get(kind), "https")
		ok = ok && out.url != nil
	}
	if f.Has("filename") {
		if out.kind != "document" {
			f.Key("filename").Report(codeTogether, "filename is only for a document", `write "document: https://..." too, or remove it`)
			ok = false
		}
		out.filename = c.plain(f.Get("filename"))
		ok = ok && out.filename != nil
	}
	if f.Has("template") {
		out.template = c.template(f.Get("template"))
		ok = ok && out.template != nil
		if !f.Has("text") {
			f.Key("template").Report(codeMissing, "a template without text", "write under text what it says: other channels, and your colleagues, are shown that")
			ok = false
		}
		if out.kind != "" {
			f.Key(out.kind).Report(codeTogether, "a file beside a template", "a template brings its own header")
			ok = false
		}
	}
	if !f.Has("text") && !f.Has("template") && out.kind == "" {
		n.Report(codeMissing, `"text" is missing here`, "")
		ok = false
	}
	if !ok {
		return nil
	}
	return out
}

// templateLanguage is how WhatsApp writes languages.
var templateLanguage = regexp.MustCompile(templateTag)

func (c *compiler) template(n source.Node) *template {
	f := n.Fields(syntax.template.keys())
	name, ok := f.Need("name").Text()
	if ok && (name == "" || strings.ContainsFunc(name, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })) {
		f.Get("name").Report(codeValue, fmt.Sprintf("%q is no name of a template", name), "small letters, digits and _, as WhatsApp shows it")
		ok = false
	}
	t := &template{name: name}
	if f.Has("language") {
		var given bool
		t.language, given = f.Get("language").Text()
		ok = ok && given
		if given && !templateLanguage.MatchString(t.language) {
			f.Get("language").Report(codeLanguage, fmt.Sprintf("%q is no language of a template", t.language),
				"write it as WhatsApp shows it, such as en, en_US or pt_BR")
			ok = false
		}
	}
	for _, p := range f.Get("params").List() {
		param := c.plain(p)
		ok = ok && param != nil
		t.params = append(t.params, param)
	}
	if !ok || f.Strange() > 0 {
		return nil
	}
	return t
}

// plain reads a text that is the same in all languages.
func (c *compiler) plain(n source.Node) *text {
	if !n.Exists() {
		return nil
	}
	parts := c.parts(n)
	if parts == nil {
		return nil
	}
	return &text{by: []*wording{{parts: parts}}}
}

// address reads an address of which the path and what follows may hold
// expressions; nil when it is wrong. schemes are those allowed.
func (c *compiler) address(n source.Node, schemes ...string) *text {
	t := c.plain(n)
	if t == nil {
		return nil
	}
	for _, p := range t.by[0].parts {
		if strings.ContainsFunc(p.literal, unicode.IsSpace) {
			n.Report(codeAddress, "a space in an address", "write %20 for it, or remove it")
			return nil
		}
	}
	first := t.by[0].parts[0]
	at := n.Place()
	hint := "write for example https://shop.example/orders"
	if len(schemes) == 1 { // of a file
		hint = "write for example https://shop.example/prices.pdf"
	}
	u, err := url.Parse(first.literal)
	switch {
	case first.program != nil:
		n.ReportAt(at, codeAddress, "the address begins with an expression", "the host is written out; "+hint)
	case err == nil && len(t.by[0].parts) > 1 && slices.Contains(schemes, u.Scheme) && u.Path == "":
		n.ReportAt(at, codeAddress, "an expression in the name of the host", "the host is written out, only what follows the first / may hold {{ }}")
	case err != nil || u.Host == "":
		n.ReportAt(at, codeAddress, fmt.Sprintf("%q is no address", n.Raw()), hint)
	case !slices.Contains(schemes, u.Scheme):
		n.ReportAt(at, codeAddress, fmt.Sprintf("the address begins with %q", u.Scheme+":"), hint)
	case u.User != nil:
		n.ReportAt(at, codeAddress, "a name or password in an address", "secrets belong into headers: {{ secret.name }}")
	default:
		return t
	}
	return nil
}
