package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows/source"
)

// The words of a policy file.
var (
	policyAuthors    = []window.Author{window.Bot, window.Human, window.Template}
	policyCategories = []window.Category{window.Service, window.Utility, window.Marketing, window.Authentication}
	policyStarts     = []window.Start{
		window.StartMessage, window.StartTap, window.StartCall, window.StartReaction, window.StartAd, window.StartLink, window.StartPlugin,
	}
)

// secretive finds what a policy file has no place for.
var secretive = regexp.MustCompile(`(?i)(?:token|secret|password)[a-z_]*["']?\s*:`)

// policyReader reads a policy file and gathers every fault in it.
type policyReader struct {
	doc   *source.Document
	table window.Table // what the file says, and nothing else
	known window.Table // what is shipped
}

// loadPolicy gives what is shipped with what the file replaces of it: the channels
// that it names, and the markets if it has any. Its error shows every finding.
func loadPolicy(path string) (window.Table, error) {
	src, err := readBounded(path, source.MaxSize)
	if err != nil {
		return window.Table{}, fmt.Errorf("the policy file: %w", err)
	}
	t, doc := parsePolicy(path, src)
	findings := doc.Findings()
	if !source.Failed(findings) {
		return t, nil
	}
	if !doc.Root.IsMapping() || secretive.Match(src) {
		src = nil // it is another file, perhaps one of secrets: its lines are not shown
	}
	return window.Table{}, findingsError(concealFindings(findings), path, src)
}

// parsePolicy reads a policy file; the document has what was found.
func parsePolicy(name string, src []byte) (window.Table, *source.Document) {
	r := policyReader{doc: source.Parse(name, src, configCodes), known: window.Shipped()}
	top := r.doc.Root.Fields(source.Keys{Known: []string{"channels", "markets"}})
	if top.Exists() && !top.Has("channels") && !top.Has("markets") && top.Strange() == 0 {
		r.doc.Root.Report(configCodes.Missing, "the file replaces nothing", "begin with what frontdesk policy -o yaml prints")
	}
	r.table.Markets = r.known.Markets
	if n := top.Get("markets"); n.Exists() {
		r.table.Markets = r.markets(n)
	}
	var replaced []string
	for _, e := range top.Get("channels").Entries() {
		if r.channel(e) {
			replaced = append(replaced, e.Name)
		}
	}
	return joinPolicy(r.table, r.known.Without(replaced...)), r.doc
}

// joinPolicy puts the rows of others behind those of t, which has the markets.
func joinPolicy(t, others window.Table) window.Table {
	t.Rules = append(t.Rules, others.Rules...)
	t.Entries = append(t.Entries, others.Entries...)
	t.Rates = append(t.Rates, others.Rates...)
	t.Free = append(t.Free, others.Free...)
	return t
}

// channel reads all rows of a kind of channel, and reports whether there is such one.
func (r *policyReader) channel(e source.Entry) bool {
	if !slices.Contains(r.known.Channels(), e.Name) {
		e.Key.Report(codeChannel, fmt.Sprintf("unknown kind %q of channel", e.Name), oneOfHint(e.Name, r.known.Channels()))
		return false
	}
	f := e.Value.Fields(source.Keys{Known: []string{"rules", "entries", "free", "rates"}})
	c := policyChannel{policyReader: r, kind: e.Name}
	for _, n := range f.Need("rules").List() {
		c.rule(n)
	}
	for _, n := range f.Get("entries").List() {
		c.entry(n)
	}
	for _, n := range f.Get("free").List() {
		c.allotment(n)
	}
	for _, n := range f.Get("rates").List() {
		c.rate(n)
	}
	if f.Has("rules") {
		c.checkAuthors(f.Key("rules"))
	}
	return true
}

// span reads for which time a row holds.
func (r *policyReader) span(f source.Fields) (from, until time.Time) {
	from, until = r.moment(f.Get("from")), r.moment(f.Get("until"))
	if !until.IsZero() && !from.Before(until) {
		f.Get("until").Report(configCodes.Value, "the row ends before it begins", "until is the first day on which it does not hold any more")
	}
	return from, until
}

// moment reads a day, which begins at midnight UTC, or a time. Zero: none.
func (r *policyReader) moment(n source.Node) time.Time {
	if !n.Exists() {
		return time.Time{}
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, n.Raw()); err == nil {
			return at.UTC()
		}
	}
	n.Report(configCodes.Value, fmt.Sprintf("%q is no day", n.Raw()), "write e.g. 2026-10-01, or 2026-10-01T00:00:00Z")
	return time.Time{}
}

// source reads where the platform says what a row says. A row without is a rumour.
func (r *policyReader) source(f source.Fields) string {
	n := f.Need("source")
	s, ok := n.Text()
	if ok && strings.TrimSpace(s) == "" {
		n.Report(configCodes.Value, "source is empty", "name the platform's page and its date")
	}
	return s
}

// oneOf reads a word that must be one of a few.
func oneOf[T ~string](n source.Node, words []T) T {
	s, ok := n.Text()
	if ok && !slices.Contains(words, T(s)) {
		all := make([]string, 0, len(words))
		for _, w := range words {
			all = append(all, string(w))
		}
		n.Report(configCodes.Value, fmt.Sprintf("%q is not known here", s), oneOfHint(s, all))
	}
	return T(s)
}

func oneOfHint(word string, words []string) string {
	if near, ok := source.Nearest(word, words); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(words) == 1 {
		return "write " + words[0]
	}
	return "write one of " + strings.Join(words, ", ")
}
