package flows

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"frontdesk/flows/source"
)

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
	category string // empty: not known
	params   []*text
}

// templateCategories are as what WhatsApp approves templates.
func templateCategories() []string { return []string{"utility", "marketing", "authentication"} }

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
	if f.Has("category") {
		var given bool
		t.category, given = f.Get("category").Text()
		ok = ok && given
		if given && !slices.Contains(templateCategories(), t.category) {
			f.Get("category").Report(codeValue, fmt.Sprintf("%q is no category of a template", t.category), nearHint(t.category, templateCategories()))
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
