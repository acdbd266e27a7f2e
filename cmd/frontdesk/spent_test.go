package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

const thriftyFlows = `
version: 1
business: Thrifty Bikes
handoff:
  words: [person please]
  say: A colleague will answer you here.
  reopen: {text: We have an answer for you., template: {name: write_again, language: en, category: utility}}
answers:
  hours: {words: [open], say: Nine to five.}
flows:
  main:
    start: menu
    states:
      menu:
        say: How can we help?
        choices: [{Prices: prices}]
      prices: {say: From 499 euro., go: menu}
`

const thriftyPolicy = `
channels:
  whatsapp:
    rules:
      - {author: bot, starts: [message, tap], length: 24h, source: ours}
      - {author: human, starts: [message, tap], length: 24h, source: ours}
      - {author: template, source: ours}
    rates:
      - {category: service, price: 0.01 EUR, source: ours}
      - {category: utility, price: 0.05 EUR, source: ours}
`

// thrifty is a program whose number may spend four messages.
func thrifty(t *testing.T, o metatest.Options) *program {
	t.Helper()
	flows := filepath.Join(t.TempDir(), "flows.yaml")
	p := newProgram(t, flows, o)
	config := filepath.Join(p.dir, "frontdesk.yaml")
	b, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	said := "policy: policy.yaml\n" + strings.Replace(string(b), "kind: whatsapp\n", "kind: whatsapp\n    spend_cap: 0.04 EUR\n", 1)
	for path, text := range map[string]string{config: said, flows: thriftyFlows, filepath.Join(p.dir, "policy.yaml"): thriftyPolicy} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *program) hears(customer, id, text string) {
	p.accept("whatsapp", metatest.WhatsApp(number).Text(person(customer), id, time.Now(), text).Body())
}

// A number that has spent what it may says one thing more to each customer, and
// people answer; what the platform takes no more stays as a draft with ways out.
func TestANumberThatHasSpentItsMoney(t *testing.T) {
	t.Parallel()
	p := thrifty(t, metatest.Options{Fail: func(_ int, r metatest.Request) *metatest.Fault {
		if r.Text == "Too late" {
			return &metatest.Fault{Code: 131047}
		}
		return nil
	}})
	p.signIn("ana")
	const mara, ben = "447700900123", "447700900124"
	for i, text := range []string{"hi", "open", "open", "open"} {
		p.hears(mara, fmt.Sprintf("wamid.%d", i), text)
		p.sent("+"+mara, i+1)
	}
	p.hears(ben, "wamid.b1", "hi")
	want := []string{"A colleague will answer you here."}
	if got := texts(p.sent("+"+ben, 1)); !slices.Equal(got, want) {
		t.Errorf("when all is spent a customer hears %q, want %q", got, want)
	}
	page := p.form("/inbox/next", url.Values{})
	id := conversationOn(t, page)
	if !strings.Contains(page, "0.01 EUR") {
		t.Errorf("the page does not say what an answer costs:\n%s", page)
	}
	p.form("/inbox/c/"+id+"/reply", url.Values{"text": {"We are here."}, "nonce": {"1"}})
	p.sent("+"+ben, 2)
	p.form("/inbox/c/"+id+"/reply", url.Values{"text": {"Too late"}, "nonce": {"2"}})
	p.eventually("the draft", func() bool { return strings.Contains(p.get("/inbox/c/"+id), "Send the template, 0.05 EUR") })
	p.form("/inbox/c/"+id+"/reopen", url.Values{"nonce": {"3"}})
	p.sent("+"+ben, 3)
	p.stop()
}

// conversationOn is the one that a page of the inbox shows.
func conversationOn(t *testing.T, page string) string {
	t.Helper()
	_, after, _ := strings.Cut(page, `data-conversation="`)
	id, _, ok := strings.Cut(after, `"`)
	if !ok {
		t.Fatalf("no conversation on the page:\n%s", page)
	}
	return id
}
