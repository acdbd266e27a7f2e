package main

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// missed DIR adds customers who were not understood to a store.
func missed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: missed DIR")
	}
	s, err := boltstore.Open(filepath.Join(ts.MkAbs(args[0]), "frontdesk.db"), boltstore.Options{})
	ts.Check(err)
	defer s.Close()
	for i, one := range []struct {
		conversation, words, answer string
		outcome                     flows.Outcome
	}{
		{"m1", "can I rent a bike for the weekend?", "", flows.OutcomeOffered},
		{"m1", "can I rent a bike for the weekend?", "repairs", flows.OutcomePicked},
		{"m2", "can I rent a bike", "", flows.OutcomeNone},
		{"m3", "Can I rent a bike?", "repairs", flows.OutcomePicked},
		{"m3", "do you mend\x1b[31m a puncture: today", "", flows.OutcomeOffered},
		{"m3", "=HYPERLINK(1)", "", flows.OutcomeNone},
	} {
		at := seedTime().Add(time.Duration(i) * time.Minute)
		c := bot.Conversation{
			ID: one.conversation, Channel: "whatsapp", Contact: "k" + one.conversation, Status: handoff.Bot, CreatedAt: at, UpdatedAt: at,
		}
		if row, err := s.Conversation(context.Background(), c.ID); err == nil {
			c.Version = row.Conversation.Version
		}
		change := bot.Change{Base: c.Version, Contact: &bot.Contact{ID: c.Contact, CreatedAt: at}}
		c.Version++
		change.Conversation, change.Misses = c, []bot.Miss{{
			At: at, Conversation: c.ID, Seq: uint64(i), Channel: c.Channel, Language: "en", Words: one.words, Outcome: one.outcome, Answer: one.answer,
			Guesses: []flows.Guess{{Answer: "hours", Share: 0.5}}, Version: "v1",
		}}
		ts.Check(s.Commit(context.Background(), []bot.Change{change}))
	}
}

// unsureFlows has answers that the same text may ask for.
const unsureFlows = `version: 1
business: B
handoff: {words: [agent]}
answers:
  delivery_time:
    examples: [when will my order arrive, how long does delivery take, when is my parcel coming, how many days until I get my order]
    say: Two to three days.
  delivery_price:
    examples: [what does delivery cost, how much is shipping, is delivery free, do I pay for shipping]
    say: Delivery is free from 50 euro.
  returns:
    examples: [how do I return something, I want my money back, can I send it back, I want to exchange my bike]
    say: Within 30 days.
  opening_hours:
    examples: [when are you open, what are your opening hours, are you open on sundays, until when is the shop open]
    say: 9 to 6.
  warranty:
    examples: [how long is the warranty, is there a guarantee, is a broken chain covered by warranty, what does the guarantee cover]
    say: Two years.
flows:
  main:
    start: menu
    states:
      menu: {say: Menu, choices: [{title: A person, go: handoff}]}
`

// A customer is not understood and taps what they meant: that is told, the file learns
// it, and who is erased is gone from it.
func TestWhatIsNotUnderstoodIsLearned(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "flows.yaml")
	if err := os.WriteFile(path, []byte(unsureFlows), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, path, metatest.Options{})
	p.signIn("ana")
	mara, now := person("447700900123"), time.Now()
	to := "+" + mara.Phone
	const words = "I would like to know something about delivery please"
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.1", now, words).Body())
	offer := p.sent(to, 1)[0]
	at := slices.IndexFunc(offer.Choices, func(c metatest.Choice) bool { return c.Title == "Delivery price" })
	if at < 0 {
		t.Fatalf("offered are %+v", offer.Choices)
	}
	p.accept("whatsapp", metatest.WhatsApp(number).Button(mara, "wamid.2", now, offer.Choices[at].ID, offer.Choices[at].Title).Body())
	p.sent(to, 2)

	var running, stopped missReport
	p.told(&running, "answers", "misses", "-o", "json", "--ops", p.ops)
	if metrics := p.metrics(); !strings.Contains(metrics, `frontdesk_answers_total{outcome="picked"} 1`) {
		t.Errorf("the metrics do not count it")
	}
	shown := p.form("/inbox/answers", url.Values{"words": {words}, "answer": {"delivery_price"}})
	if !strings.Contains(shown, `<option value="delivery_price" selected>Delivery price</option>`) || !strings.Contains(shown, words+"]") {
		t.Errorf("the page shows\n%s", shown)
	}
	p.stop()
	p.told(&stopped, "answers", "misses", "-o", "json")
	want := []missGroup{{
		Number: 1, Times: 1, Customers: 1, Answer: "delivery_price", Chosen: true, Picked: []missAnswer{{"delivery_price", 1}},
		Outcomes: map[string]int{"picked": 1}, Words: []missWords{{words, 1}},
	}}
	for name, got := range map[string]missReport{"running": running, "stopped": stopped} {
		for i := range got.Groups {
			got.Groups[i].First, got.Groups[i].Last = time.Time{}, time.Time{}
		}
		diff(t, "what the "+name+" program tells", want, got.Groups)
	}
	diff := p.run("answers", "learn", "--group", "1", "--answer", "delivery_price", path)
	if !strings.Contains(diff, words) {
		t.Errorf("the lines to add are\n%s", diff)
	}
	if text := p.run("contact", "export", to); !strings.Contains(text, `"outcome": "picked"`) {
		t.Errorf("exported is\n%s", text)
	}
	if told := p.run("contact", "erase", to, "--yes"); !strings.Contains(told, "2 texts that were not understood") {
		t.Errorf("erase says %q", told)
	}
	p.told(&stopped, "answers", "misses", "-o", "json")
	if len(stopped.Groups) > 0 || strings.Contains(p.run("store", "check"), "wrong") {
		t.Errorf("left is %+v", stopped.Groups)
	}
}

// told reads what a command prints as JSON.
func (p *program) told(into *missReport, args ...string) {
	p.t.Helper()
	out := p.run(args...)
	*into = missReport{}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		p.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}
