package flows

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
)

// TestTalk plays the conversations of testdata/talk. The part "talk" holds one
// input a line:
//
//	> text              the customer writes; \n stands for a new line
//	* id | title        taps a choice
//	+ kind caption      sends a picture, a voice note ...; document:a.pdf has a name
//	+ location 52.5,13.4  sends a place
//	! returned          a person gave the conversation back
//	! deadline          a person must have it now
//	~                   the customer stays silent
//	: 200 {"a": 1}      a call is answered, with status and body
//	: error timeout     a call is not answered
//	@ flow.node         the stored state says that the customer is here
//	= name              the profile name from now on
//	& de-AT             what the channel says of the customer's language from now on
//	^ whatsapp          the channel from now on
//	% 2026-11-23T10:00:00Z  the moment from now on
//	$ 0.05 EUR 3 95 0.1  from now on a message costs so much, so many are free this
//	                    month, minutes until the window closes, and the price then;
//	                    - is not known
//	? nobody            will be there before the window closes, or somebody, from now on
//
// and "transcript" what came of it. The flows are the parts that end in .yaml, or
// testdata/shop.yaml.
func TestTalk(t *testing.T) {
	t.Parallel()
	for _, path := range archives(t, "testdata/talk/*.txtar", atLeastTalked) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, path, ar, "transcript", play(t, spokenOf(t, ar), string(section(t, ar, "talk"))))
		})
	}
}

// atLeastTalked is how many conversations there are, so that none is lost
// without a word.
const atLeastTalked = 126

// spokenOf is the set that a conversation goes through. Its files have no
// errors; what they are warned of is in their findings, if that matters.
func spokenOf(t *testing.T, ar *txtar.Archive) *Set {
	t.Helper()
	fsys := fstest.MapFS{"flows.yaml": &fstest.MapFile{Data: shop(t)}}
	for _, f := range ar.Files {
		if strings.HasSuffix(f.Name, ".yaml") {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	set, _, found, err := Load(fsys, "flows.yaml", "flows.yaml")
	if err != nil || source.Failed(found) {
		t.Fatalf("the flows have errors: %v\n%s", err, rendered(t, found, nil))
	}
	return set
}

func shop(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func mustParse(t testing.TB, src []byte) *Set {
	t.Helper()
	set, found := Parse("flows.yaml", src)
	if source.Failed(found) {
		t.Fatalf("the flows have errors: %+v", found)
	}
	return set
}

// player plays the lines of a conversation.
type player struct {
	set *Set
	st  State
	env Env
	out strings.Builder
}

func play(t *testing.T, set *Set, talk string) string {
	t.Helper()
	p := &player{set: set}
	for line := range strings.Lines(talk) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			continue
		}
		fmt.Fprintf(&p.out, "%s\n", line)
		kind, rest, _ := strings.Cut(line, " ")
		if p.around(t, kind, rest) {
			continue
		}
		in, err := input(kind, rest)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		p.step(t, in)
	}
	return p.out.String()
}

// around changes what is around the conversation; false for an input.
func (p *player) around(t *testing.T, kind, rest string) bool {
	t.Helper()
	switch kind {
	case "@":
		p.st.Flow, p.st.Node, _ = strings.Cut(rest, ".")
	case "=":
		p.env.ContactName = rest
	case "&":
		p.env.Language = rest
	case "$":
		p.env.Quote = quoteOf(t, p.env.Now, rest)
	case "?":
		p.env.Nobody = func(string) bool { return rest == "nobody" }
	case "^":
		p.env.Channel = rest
	case "%":
		now, err := time.Parse(time.RFC3339, rest)
		if err != nil {
			t.Fatal(err)
		}
		p.env.Now = now
	default:
		return false
	}
	return true
}

func quoteOf(t *testing.T, now time.Time, line string) Quote {
	t.Helper()
	words := strings.Fields(line)
	number := func(i int) (float64, bool) {
		if words[i] == "-" {
			return 0, false
		}
		n, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		return n, true
	}
	q := Quote{Currency: strings.Trim(words[1], "-"), FreeLeft: -1}
	q.Price, q.Known = number(0)
	if n, ok := number(2); ok {
		q.FreeLeft = int(n)
	}
	if n, ok := number(3); ok {
		q.Closes = now.Add(time.Duration(n * float64(time.Minute)))
	}
	q.Later, q.LaterKnown = number(4)
	return q
}

func input(kind, rest string) (Input, error) {
	switch kind {
	case ">":
		return Said{Text: strings.ReplaceAll(rest, `\n`, "\n")}, nil
	case "*":
		id, title, _ := strings.Cut(rest, " | ")
		return Tapped{ID: id, Title: title}, nil
	case "+":
		return sentOf(rest)
	case "!":
		if rest == "deadline" {
			return Closing{Reason: ReasonDeadline}, nil
		}
		return Returned{}, nil
	case "~":
		return TimedOut{}, nil
	case ":":
		return calledOf(rest)
	default:
		return nil, errors.New("no such line")
	}
}

func sentOf(line string) (Input, error) {
	kind, rest, _ := strings.Cut(line, " ")
	if kind == "location" || kind == "nameless" {
		place := &carry.Location{Name: "Alexanderplatz", Address: "10178 Berlin"}
		if kind == "nameless" {
			place = &carry.Location{}
		}
		if _, err := fmt.Sscanf(rest, "%g,%g", &place.Latitude, &place.Longitude); err != nil {
			return nil, err
		}
		return Sent{Kind: "location", Location: place}, nil
	}
	kind, name, _ := strings.Cut(kind, ":")
	in := Sent{Kind: kind, Text: rest}
	if isFile(kind) {
		in.Media = &carry.Media{Kind: kind, ID: "1", Filename: name}
	}
	return in, nil
}

func calledOf(line string) (Input, error) {
	status, rest, _ := strings.Cut(line, " ")
	if status == "error" {
		return Called{Error: rest}, nil
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		return nil, err
	}
	in := Called{Status: code}
	if rest == "" {
		return in, nil
	}
	return in, json.Unmarshal([]byte(rest), &in.Body)
}

func (p *player) step(t *testing.T, in Input) {
	t.Helper()
	before := clone(p.st)
	r := p.set.Step(p.st, in, p.env)
	if diff := cmp.Diff(before, p.st); diff != "" {
		t.Errorf("the state that was handed in was changed: %s", diff)
	}
	if diff := cmp.Diff(r, p.set.Step(p.st, in, p.env)); diff != "" {
		t.Errorf("the same step gives another result: %s", diff)
	}
	if r.State.Begun() != (r.Silence > 0) || r.Calling && !r.State.Begun() {
		t.Errorf("stands in %q, is silent for %s, calls %t", r.State.Place(), r.Silence, r.Calling)
	}
	p.st = r.State
	for _, e := range r.Effects {
		if o, ok := e.(OptOut); ok {
			p.env.OptedOut = o.Out
		}
	}
	transcript(&p.out, r)
}

// transcript writes a result as people read it.
func transcript(b *strings.Builder, r Result) {
	fmt.Fprintf(b, "    rule: %s\n", r.Rule)
	for _, t := range r.Trail {
		fmt.Fprintf(b, "    went: %s\n", t)
	}
	for _, e := range r.Effects {
		switch e := e.(type) {
		case Say:
			said(b, e)
		case Call:
			calls(b, e)
		case Escalate:
			fmt.Fprintf(b, "    person: queue=%s reason=%s", e.Queue, e.Reason)
			if e.Note != "" {
				fmt.Fprintf(b, " note=%q", e.Note)
			}
			if e.Words != nil {
				fmt.Fprintf(b, " words=%q", e.Words)
			}
			b.WriteByte('\n')
		case End:
			b.WriteString("    end\n")
		case OptOut:
			fmt.Fprintf(b, "    opted out: %t\n", e.Out)
		}
	}
	if h := r.Heard; h.Outcome != "" {
		var names []string
		for _, g := range h.Guesses {
			names = append(names, g.Answer)
		}
		fmt.Fprintf(b, "    heard: %q is %s %s of %s\n", h.Words, h.Outcome, answerOr(h.Answer), strings.Join(names, ", "))
	}
	stands(b, r)
}

func answerOr(name string) string {
	if name == "" {
		return "none"
	}
	return name
}

func said(b *strings.Builder, e Say) {
	fmt.Fprintf(b, "    says: %s\n", strings.ReplaceAll(e.Text, "\n", "\n          "))
	if e.Media != nil {
		fmt.Fprintf(b, "          <%s %s", e.Media.Kind, e.Media.URL)
		if e.Media.Filename != "" {
			fmt.Fprintf(b, " %q", e.Media.Filename)
		}
		b.WriteString(">\n")
	}
	if e.Template != nil {
		fmt.Fprintf(b, "          <template %s %s %q>\n", e.Template.Name, e.Template.Language, e.Template.Params)
	}
	for _, c := range e.Choices {
		fmt.Fprintf(b, "          [%s] %s\n", c.Title, c.ID)
	}
	if e.Wants != "" {
		fmt.Fprintf(b, "          wants: %s\n", e.Wants)
	}
	if e.Apart {
		b.WriteString("          apart\n")
	}
}

func calls(b *strings.Builder, e Call) {
	fmt.Fprintf(b, "    calls: %s %s (%d times at most, %s each)\n", e.Method, e.URL, e.Tries, e.Timeout)
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		fmt.Fprintf(b, "           %s: %s\n", name, e.Headers[name])
	}
	if len(e.Body) > 0 {
		fmt.Fprintf(b, "           %s\n", e.Body)
	}
}

func plainJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

// stands writes where the conversation is afterwards, and what is kept of it.
func stands(b *strings.Builder, r Result) {
	s := r.State
	fmt.Fprintf(b, "    stands: %q", s.Flow+"."+s.Node)
	if s.Tries+s.Misses > 0 {
		fmt.Fprintf(b, " tries=%d misses=%d", s.Tries, s.Misses)
	}
	if len(s.Missed) > 0 {
		fmt.Fprintf(b, " missed=%q", s.Missed)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Vars)) {
		fmt.Fprintf(b, " %s=%s", name, plainJSON(s.Vars[name]))
	}
	b.WriteByte('\n')
	line := func(name string, shown bool, value any) {
		if shown {
			fmt.Fprintf(b, "    %s: %v\n", name, value)
		}
	}
	line("language", s.Language != "" && !s.Chosen, s.Language)
	line("language", s.Chosen, s.Language+", chosen")
	line("returns to", len(s.Stack) > 0, s.Stack)
	line("came by", len(s.Trace) > 0, s.Trace)
	line("waits", r.Silence > 0 && r.Silence != idle, r.Silence)
	line("was led aside", s.Aside, "true")
	line("calling", r.Calling, "true")
}
