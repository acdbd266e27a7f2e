package flows

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/flows/carry"
)

// chat plays a conversation that is written down as people see it, and writes
// down what came of it. What the customer and the world do is taken from the
// text:
//
//	Ada: some words          the customer writes
//	Ada: [Prices]            taps a choice of the bot's last message, or an older one
//	Ada: (image) look        sends a file; behind it the caption
//	Ada: (location)          sends a place
//	(2h pass)                and nobody writes
//	(it is 2026-12-24 20:00) in the time zone of the business
//	(200 {"state": "sent"})  a system answers the call
//	(no answer: timeout)     or does not
//	(a message costs 0.05 EUR)  from now on; 0 is for nothing
//	(given back)             a person gives the conversation back to the bot
//
// An empty line begins a new conversation, # a remark. Everything else is what the
// bot did, as a customer on WhatsApp sees it.
type chat struct {
	t     *testing.T
	set   *Set
	st    State
	env   Env
	since time.Duration // how long the customer has been silent
	r     Result
	shown []Choice
	out   strings.Builder
}

var (
	passes  = regexp.MustCompile(`^\((\S+) pass(?:es)?\)$`)
	isNow   = regexp.MustCompile(`^\(it is (\d{4}-\d\d-\d\d \d\d:\d\d)\)$`)
	answers = regexp.MustCompile(`^\((\d{3}) ?(.*)\)$`)
	nothing = regexp.MustCompile(`^\(no answer: (\w+)\)$`)
	priced  = regexp.MustCompile(`^\(a message costs (\S+) ([A-Z]{3})\)$`)
	sends   = regexp.MustCompile(`^\((\w+)\) ?(.*)$`)
)

func playChat(t *testing.T, set *Set, talk string) string {
	t.Helper()
	c := &chat{t: t, set: set}
	c.begin()
	for line := range strings.Lines(talk) {
		line = strings.TrimSuffix(line, "\n")
		if c.take(line) {
			continue
		}
		if line == "" {
			c.begin()
		}
		if line == "" || line[0] == '#' {
			c.out.WriteString(line + "\n")
		}
	}
	return c.out.String()
}

// begin is a Monday morning on which nothing has been said.
func (c *chat) begin() {
	now := time.Date(2026, time.November, 23, 10, 0, 0, 0, c.set.local(time.Time{}).Location())
	c.env = Env{ContactName: "Ada Lovelace", Channel: carry.WhatsApp, Now: now, Nobody: c.nobody}
	c.st, c.r, c.shown, c.since = State{}, Result{}, nil, 0
}

// take plays a line, if it is one of the customer's or of the world's.
func (c *chat) take(line string) bool {
	words, said := strings.CutPrefix(line, "Ada: ")
	if !said && !strings.HasPrefix(line, "(") {
		return false
	}
	fmt.Fprintln(&c.out, line)
	switch m := []string(nil); {
	case said:
		c.since = 0
		c.step(c.said(words))
	case reads(passes, line, &m):
		d, err := time.ParseDuration(m[1])
		if err != nil {
			c.t.Fatalf("%s: %v", line, err)
		}
		c.wait(d)
	case reads(isNow, line, &m):
		now, err := time.ParseInLocation("2006-01-02 15:04", m[1], c.env.Now.Location())
		if err != nil {
			c.t.Fatalf("%s: %v", line, err)
		}
		c.env.Now = now
	case reads(answers, line, &m):
		in := Called{}
		_, _ = fmt.Sscan(m[1], &in.Status)
		if m[2] != "" && json.Unmarshal([]byte(m[2]), &in.Body) != nil {
			in.Body = m[2]
		}
		c.step(in)
	case reads(nothing, line, &m):
		c.step(Called{Error: m[1]})
	case reads(priced, line, &m):
		c.env.Quote = Quote{Known: true, Currency: m[2], FreeLeft: -1}
		_, _ = fmt.Sscan(m[1], &c.env.Quote.Price)
	case line == "(given back)":
		c.step(Returned{})
	default:
		c.t.Fatalf("no such line: %s", line)
	}
	return true
}

func reads(re *regexp.Regexp, line string, m *[]string) bool {
	*m = re.FindStringSubmatch(line)
	return *m != nil
}

// wait lets the time pass in which nobody writes.
func (c *chat) wait(d time.Duration) {
	for c.r.Silence > 0 && c.since+d >= c.r.Silence {
		rest := c.r.Silence - c.since
		c.env.Now, d, c.since = c.env.Now.Add(rest), d-rest, 0
		c.step(TimedOut{})
	}
	c.env.Now, c.since = c.env.Now.Add(d), c.since+d
}

func (c *chat) said(words string) Input {
	if title, ok := strings.CutPrefix(words, "["); ok {
		title = strings.TrimSuffix(title, "]")
		for _, shown := range slices.Backward(c.shown) {
			if shown.Title == title {
				return Tapped{ID: shown.ID, Title: title}
			}
		}
		c.t.Fatalf("nothing offers %s", words)
	}
	m := sends.FindStringSubmatch(words)
	switch {
	case m == nil:
		return Said{Text: words}
	case m[1] == "location":
		return Sent{Kind: "location", Location: &carry.Location{Latitude: 52.52, Longitude: 13.405, Name: "City Hall"}}
	default:
		return Sent{Kind: m[1], Text: m[2], Media: &carry.Media{Kind: m[1], Filename: "file"}}
	}
}

// nobody reports whether no person of a queue will be there for as long as the
// customer may be answered.
func (c *chat) nobody(queue string) bool {
	_, there := c.set.Queues[queue].Staff.Last(c.env.Now, c.env.Now.Add(24*time.Hour-c.since))
	return !there
}

func (c *chat) step(in Input) {
	c.r = c.set.Step(c.st, in, c.env)
	c.st = c.r.State
	limits, _ := carry.Of(c.env.Channel)
	var said []carry.Content
	flush := func() {
		for _, s := range said {
			for _, p := range carry.Fit(s, limits) {
				c.bubble(p)
			}
		}
		said = nil
	}
	for _, e := range c.r.Effects {
		if say, ok := e.(Say); ok {
			next := carry.Content(say)
			if n := len(said); n > 0 {
				if joined, ok := carry.Join(said[n-1], next, limits); ok {
					said[n-1] = joined
					continue
				}
			}
			said = append(said, next)
			continue
		}
		flush()
		c.effect(e)
	}
	flush()
}

func (c *chat) bubble(p carry.Part) {
	var lines []string
	if p.Media != nil {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("(%s %s) %s", p.Media.Kind, p.Media.URL, p.Media.Filename)))
	}
	if p.Template != nil {
		lines = append(lines, fmt.Sprintf("(template %s in %s: %s)", p.Template.Name, p.Template.Language, strings.Join(p.Template.Params, ", ")))
	}
	if p.Text != "" {
		lines = append(lines, strings.Split(p.Text, "\n")...)
	}
	var titles []string
	for _, choice := range p.Choices {
		titles = append(titles, "["+choice.Title+"]")
	}
	if p.Wants != "" {
		titles = append(titles, "[send a place]")
	}
	if titles != nil {
		lines = append(lines, strings.Join(titles, " "))
	}
	c.shown = append(c.shown, p.Choices...)
	for i, line := range lines {
		switch {
		case i == 0:
			c.out.WriteString("Bot: " + line + "\n")
		case line != "": // what is between paragraphs would begin a conversation here
			c.out.WriteString("     " + line + "\n")
		}
	}
}

func (c *chat) effect(e Effect) {
	switch e := e.(type) {
	case Call:
		fmt.Fprintf(&c.out, "  -> %s %s", e.Method, e.URL)
		if len(e.Body) > 0 {
			fmt.Fprintf(&c.out, " %s", e.Body)
		}
	case Escalate:
		fmt.Fprintf(&c.out, "  -> a person in %s, because: %s", e.Queue, e.Reason)
		if e.Note != "" {
			fmt.Fprintf(&c.out, "; note: %s", strings.ReplaceAll(e.Note, "\n", " / "))
		}
		if e.Words != nil {
			fmt.Fprintf(&c.out, "; words: %s", strings.Join(e.Words, " / "))
		}
	case End:
		c.out.WriteString("  -> over")
	case OptOut:
		c.env.OptedOut = e.Out
		c.out.WriteString(map[bool]string{true: "  -> opted out", false: "  -> may be written to again"}[e.Out])
	case Say: // shown already
		return
	}
	c.out.WriteString("\n")
}

// TestConversations plays the conversations of testdata/chat with the flows that
// come with the program.
func TestConversations(t *testing.T) {
	t.Parallel()
	for name, flowFile := range map[string]string{
		"example":    "../flows.example.yaml",
		"shop":       "../cmd/frontdesk/start/shop/flows.yaml",
		"clinic":     "../cmd/frontdesk/start/clinic/flows.yaml",
		"restaurant": "../cmd/frontdesk/start/restaurant/flows.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("testdata", "chat", name+".txt")
			talk, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := playChat(t, clean(t, flowFile), string(talk))
			if diff := cmp.Diff(string(talk), got); diff != "" && !*update {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// clean loads a flow file that must have no findings at all.
func clean(t *testing.T, path string) *Set {
	t.Helper()
	set, _, found, err := Load(os.DirFS(filepath.Dir(path)), filepath.Base(path), path)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Fatalf("it is not clean:\n%s", render(t, "", nil, found))
	}
	return set
}
