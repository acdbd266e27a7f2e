package flows

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"frontdesk/flows/source"
)

// What a call has when the file does not say it, and its bounds.
const (
	defaultCallTimeout = 10 * time.Second
	longestCallTimeout = 30 * time.Second
	defaultCallTries   = 2
	// callSlack is for how long past all its tries the answer to a call is waited
	// for, whoever makes it.
	callSlack = 10 * time.Minute
)

// call is a request that a state makes.
type call struct {
	method  string
	url     *text
	headers map[string]string
	body    *jsonValue // nil: none
	timeout time.Duration
	tries   int
	as      string
	result  *variable
}

// jsonValue is a value of a request's body.
type jsonValue struct {
	value  *assigned // nil: null
	list   []*jsonValue
	fields map[string]*jsonValue
}

func (l *loader) buildCall(s *rawState) *call {
	f := s.fields.Get("call").Fields(syntax.call.keys())
	if !f.Exists() {
		return nil
	}
	c := &call{timeout: defaultCallTimeout, tries: defaultCallTries, headers: map[string]string{}}
	c.as, _ = f.Get("as").Text()
	if c.result = l.variables.by[c.as]; c.result == nil {
		return nil
	}
	for _, m := range methods() {
		if !f.Has(m) {
			continue
		}
		if c.method != "" {
			f.Key(m).Report(codeTogether, "two addresses in one call", "make two states of it")
			continue
		}
		c.method = strings.ToUpper(m)
		c.url = l.compiler.address(f.Get(m), "http", "https")
		l.speak(s, f.Get(m), c.url)
	}
	if c.method == "" && f.Strange() == 0 {
		s.fields.Key("call").Report(codeMissing, "a call without an address", "write for example get: https://shop.example/orders")
	}
	for _, e := range f.Get("headers").Entries() {
		c.headers[e.Name] = l.header(e)
	}
	if f.Has("json") {
		if c.method == "GET" {
			f.Key("json").Report(codeTogether, "a body in a get", "write post, or put it into the address")
		}
		c.body = l.json(s, f.Get("json"))
	}
	if d, ok := f.Get("timeout").Duration(); ok {
		if c.timeout = d; d > longestCallTimeout || d <= 0 {
			f.Get("timeout").Report(codeValue, fmt.Sprintf("a call may take at most %s", longestCallTimeout), "the customer is waiting")
		}
	}
	if n, ok := f.Get("tries").Int(1, 5); ok {
		c.tries = n
	}
	return c
}

// header reads the value of a header; only secrets can stand in it.
func (l *loader) header(e source.Entry) string {
	if e.Name == "" || strings.ContainsFunc(e.Name, func(r rune) bool {
		return r != '-' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) {
		e.Key.Report(codeValue, fmt.Sprintf("%q is no name of a header", e.Name), "write for example Authorization")
	}
	l.compiler.header = true
	defer func() { l.compiler.header = false }()
	l.compiler.plain(e.Value)
	raw := strings.TrimSpace(e.Value.Raw())
	if strings.ContainsAny(raw, "\r\n") {
		e.Value.Report(codeValue, "a header has one line", "")
	}
	return raw
}

// json reads the body of a request.
func (l *loader) json(s *rawState, n source.Node) *jsonValue {
	switch {
	case n.IsMapping():
		v := &jsonValue{fields: map[string]*jsonValue{}}
		for _, e := range n.Entries() {
			v.fields[e.Name] = l.json(s, e.Value)
		}
		return v
	case n.IsList():
		v := &jsonValue{list: []*jsonValue{}}
		for _, item := range n.List() {
			v.list = append(v.list, l.json(s, item))
		}
		return v
	case n.IsNull():
		return &jsonValue{}
	default:
		v := l.assigned(n)
		if v != nil {
			for _, p := range v.programs() {
				l.speakProgram(s, n, p)
			}
		}
		return &jsonValue{value: v}
	}
}

func (v *jsonValue) write(w *walk) any {
	switch {
	case v.fields != nil:
		out := make(map[string]any, len(v.fields))
		for name, field := range v.fields {
			out[name] = field.write(w)
		}
		return out
	case v.list != nil:
		out := make([]any, len(v.list))
		for i, item := range v.list {
			out[i] = item.write(w)
		}
		return out
	default:
		return w.assignment(v.value)
	}
}

// request is the call as it is made now.
func (c *call) request(w *walk) Call {
	out := Call{Method: c.method, URL: w.address(c.url), Headers: maps.Clone(c.headers), Timeout: c.timeout, Tries: c.tries}
	if c.body != nil {
		out.Body, _ = json.Marshal(c.body.write(w)) // values of JSON cannot fail
	}
	return out
}

// address renders an address; what comes from a variable cannot leave its place.
func (w *walk) address(t *text) string {
	var b strings.Builder
	for _, p := range t.by[0].parts {
		if p.program == nil {
			b.WriteString(p.literal)
			continue
		}
		s, err := written(w.eval(p.program))
		if err != nil {
			continue
		}
		if strings.ContainsAny(b.String(), "?#") {
			b.WriteString(url.QueryEscape(s))
		} else {
			b.WriteString(strings.ReplaceAll(url.PathEscape(s), "..", "%2E%2E"))
		}
	}
	return b.String()
}

// keep stores the answer to a call: only what the flows use of it, so that a
// conversation does not grow with what other systems answer.
func (c *call) keep(in Called) map[string]any {
	out := map[string]any{"status": float64(in.Status), "error": in.Error, "ok": in.Error == "" && in.Status >= 200 && in.Status < 300}
	body := in.Body
	for _, f := range c.result.fields {
		if !f.in(body) {
			out["ok"] = false
			if in.Error == "" && in.Status >= 200 && in.Status < 300 {
				out["error"] = "expected " + f.name
			}
		}
	}
	switch {
	case c.result.whole:
		out["body"] = c.result.shorten(body, "")
	case len(c.result.paths) > 0:
		var kept any
		for _, path := range slices.Sorted(maps.Keys(c.result.paths)) {
			kept = pick(kept, body, strings.Split(path, "."))
		}
		if kept != nil {
			out["body"] = c.result.shorten(kept, "")
		}
	}
	return out
}

// in reports whether the field is in a body, with the right type.
func (f expected) in(body any) bool {
	fields, _ := body.(map[string]any)
	switch v := fields[f.name].(type) {
	case string:
		return f.kind == isText
	case float64:
		return f.kind == isNumber
	case bool:
		return f.kind == isBool
	default:
		_ = v
		return false
	}
}

// pick copies one path of from into to, which may be nil.
func pick(to, from any, path []string) any {
	fields, ok := from.(map[string]any)
	if !ok {
		return to
	}
	value, ok := fields[path[0]]
	if !ok {
		return to
	}
	out, ok := to.(map[string]any)
	if !ok {
		out = map[string]any{}
	}
	if len(path) == 1 {
		out[path[0]] = value
	} else if below := pick(out[path[0]], value, path[1:]); below != nil {
		out[path[0]] = below
	}
	return out
}

// shorten cuts the texts of a body to what the check reckons with.
func (v *variable) shorten(body any, field string) any {
	switch b := body.(type) {
	case string:
		most := longestField
		for _, f := range v.fields {
			if f.name == field {
				most = f.most
			}
		}
		return cut(b, most)
	case map[string]any:
		out := make(map[string]any, len(b))
		for name, value := range b {
			below := name
			if field != "" {
				below = field + "." + name
			}
			out[name] = v.shorten(value, below)
		}
		return out
	case []any:
		out := make([]any, len(b))
		for i, value := range b {
			out[i] = v.shorten(value, field+"[]")
		}
		return out
	default:
		return body
	}
}

// cut shortens a text to so many UTF-16 units, the unit of most platforms.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += max(1, utf16.RuneLen(r)); n > most {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}
