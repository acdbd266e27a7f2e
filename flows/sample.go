package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/vm"

	"frontdesk/flows/source"
)

// proven runs an expression with every value known, and with each of those
// missing that may always be, so that it cannot fail when a customer is waiting.
// Variables are another matter: see checkSet.
func (c *compiler) proven(n source.Node, at func() source.Place, p *program) bool {
	if err := c.tried(p, nil); err != nil {
		n.ReportAt(at(), codeExpression, "the expression fails: "+reason(err), "")
		return false
	}
	var missing []string
	for _, name := range p.used {
		if c.unsure(name) {
			missing = append(missing, name)
		}
	}
	for _, gone := range append(single(missing), missing) {
		if len(gone) == 0 {
			continue
		}
		if err := c.tried(p, gone); err != nil {
			n.ReportAt(at(), codeExpression, fmt.Sprintf("the expression fails when %s is not known: %s", strings.Join(gone, " and "), reason(err)),
				"give a fallback in brackets: ("+gone[0]+" ?? "+c.fallback(gone[0])+")")
			return false
		}
	}
	return true
}

// fallback is an example of what may stand for a part that is missing.
func (*compiler) fallback(name string) string {
	if root, part, _ := strings.Cut(name, "."); root == "quote" && kindOfQuote(part) == isNumber {
		return "0"
	}
	return `"..."`
}

// unsure reports whether a part of something known may be missing all the same:
// the names of contacts, places and files are sent by some customers' apps only,
// and what a message costs is not known everywhere.
func (c *compiler) unsure(name string) bool {
	root, part, _ := strings.Cut(name, ".")
	known := c.variables.by[root]
	return root == "contact" || root == "quote" && part != "known" || known != nil && slices.Contains(known.unsure(), part)
}

func single(names []string) [][]string {
	var out [][]string
	for _, n := range names {
		out = append(out, []string{n})
	}
	return out
}

// tried runs an expression on sample values without some of them.
func (c *compiler) tried(p *program, missing []string) error {
	got, err := new(vm.VM).Run(p.vm, map[string]any(c.samples(p, missing)))
	if err != nil {
		return err
	}
	_, err = written(got)
	return err
}

// samples are values of the right kinds for what an expression uses.
func (c *compiler) samples(p *program, missing []string) values {
	w := &walk{set: c.set, env: Env{ContactName: "Ada Lovelace", Channel: "whatsapp", Quote: sampleQuote(time.Time{})}}
	w.know(p)
	v := w.values
	for _, name := range p.used {
		if known := c.variables.by[name]; known != nil {
			v[name] = known.sample()
		}
	}
	if p.hours {
		v["hours"], v["queue"] = c.sampleHours()
	}
	for _, name := range missing {
		delete(v, name)
		root, part, _ := strings.Cut(name, ".")
		if parts, ok := v[root].(map[string]any); ok && c.unsure(name) {
			parts[part] = nil
		}
	}
	forgetPrice(v, missing)
	return v
}

func (c *compiler) sampleHours() (hours, queues any) {
	of := map[string]any{}
	for _, q := range c.queues {
		of[q.Name] = map[string]any{"open": true}
	}
	return map[string]any{"open": true, "week": "Mon-Fri 09:00-18:00", "today": "09:00-18:00", "next": "tomorrow at 09:00"}, of
}

func (v *variable) sample() any {
	switch v.kind {
	case isNumber:
		return 3.0
	case isBool:
		return true
	case isMedia:
		return map[string]any{"kind": "image", "filename": "a.jpg"}
	case isLocation:
		return map[string]any{"latitude": 52.5, "longitude": 13.4, "name": "Shop", "address": "1 High Street"}
	case isResult:
		body := map[string]any{}
		for _, f := range v.fields {
			body[f.name] = (&variable{kind: f.kind}).sample()
		}
		return map[string]any{"status": 200.0, "ok": true, "error": "", "body": body}
	default:
		return "2026-11-23" // a text that is a date as well
	}
}

func (p *program) run(v values) (any, error) { return new(vm.VM).Run(p.vm, map[string]any(v)) }
