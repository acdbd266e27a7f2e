package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/meta/metatest"
)

const example = "../../flows.example.yaml"

func diff(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func texts(requests []metatest.Request) []string {
	var out []string
	for _, r := range requests {
		out = append(out, r.Text)
	}
	return out
}

func person(digits string) metatest.Person { return metatest.Person{Phone: digits, Name: "Mara Test"} }

// echo is a flow file whose every answer tells which message it answers.
func echo(t testing.TB) string {
	t.Helper()
	path := t.TempDir() + "/echo.yaml"
	err := os.WriteFile(path, []byte(`
version: 1
business: Echo
handoff: {words: [person please]}
flows:
  main:
    start: wait
    states:
      wait: {say: Say something., ask: line, go: repeat}
      repeat: {say: "You said {{ line }}", join: false, go: wait}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheWholeWayOnWhatsApp(t *testing.T) {
	t.Parallel()
	p := newProgram(t, example, metatest.Options{Statuses: []string{"sent", "delivered", "read"}})
	p.signIn("ana")
	p.graph.SetCallback(p.public + "/webhooks/whatsapp")
	mara, now := person("447700900123"), time.Now()
	to := "+" + mara.Phone

	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.1", now, "hi").Body())
	menu := p.sent(to, 1)[0]
	if menu.Layout != "list" || len(menu.Choices) != 4 || !strings.HasPrefix(menu.Text, "Hi Mara, this is Bella Bikes.") {
		t.Fatalf("the menu is %q as %q with %d choices", menu.Text, menu.Layout, len(menu.Choices))
	}
	p.accept("whatsapp", metatest.WhatsApp(number).List(mara, "wamid.2", now, menu.Choices[0].ID, menu.Choices[0].Title).Body())
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.3", now, "what are your opening hours?").Body())
	p.sent(to, 3)
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.4", now, "can I talk to a human").Body())
	got := texts(p.sent(to, 4))
	diff(t, "the handover", "One moment please, one of us will be with you shortly.", got[3])

	queue := p.get("/inbox")
	id := firstMatch(t, queue, `/inbox/c/([a-z0-9]+)`)
	for _, want := range []string{"Mara Test", "workshop"} {
		if !strings.Contains(queue, want) {
			t.Errorf("the queue does not show %q", want)
		}
	}
	talk := p.get("/inbox/c/" + id)
	for _, want := range []string{"asked for a person", "what are your opening hours?"} {
		if !strings.Contains(strings.ToLower(talk), want) {
			t.Errorf("the conversation does not show %q", want)
		}
	}
	p.form("/inbox/c/"+id+"/claim", nil)
	p.form("/inbox/c/"+id+"/reply", url.Values{"text": {"Hello Mara, Ana here."}, "nonce": {"n1"}})
	p.form("/inbox/c/"+id+"/reply", url.Values{"text": {"Hello Mara, Ana here."}, "nonce": {"n1"}}) // pressed twice
	diff(t, "the reply", "Hello Mara, Ana here.", p.sent(to, 5)[4].Text)
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.5", now, "menu").Body()) // the bot is silent
	p.form("/inbox/c/"+id+"/hand-back", nil)
	if back := p.sent(to, 6)[5]; len(back.Choices) != 4 {
		t.Errorf("after the hand-back the bot said %q", back.Text)
	}
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.6", now, "agent").Body())
	p.sent(to, 7)
	p.form("/inbox/c/"+id+"/claim", nil)
	p.form("/inbox/c/"+id+"/resolve", nil)
	p.eventually("every status to arrive", func() bool {
		return strings.Contains(p.metrics(), `frontdesk_receipts_total{channel="whatsapp"} 21`)
	})
	p.stop()
	diff(t, "transcript", []string{
		"customer received hi",
		"bot read " + menu.Text,
		"customer received Prices",
		"bot read What are you looking for?",
		"customer received what are your opening hours?",
		"bot read We are open\nMon-Fri 09:00-18:00\nSat 10:00-14:00",
		"customer received can I talk to a human",
		"bot read One moment please, one of us will be with you shortly.",
		"system noted Handed over to workshop: asked for a person",
		"system noted ana took the conversation",
		"agent read Hello Mara, Ana here.",
		"customer received menu",
		"system noted ana gave the conversation back to the bot",
		"bot read " + menu.Text,
		"customer received agent",
		"bot read One moment please, one of us will be with you shortly.",
		"system noted Handed over to workshop: asked for a person",
		"system noted ana took the conversation",
		"system noted ana resolved the conversation",
	}, p.transcript(phone(mara.Phone)))
}

func firstMatch(t testing.TB, s, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(s)
	if m == nil {
		t.Fatalf("nothing matches %s in\n%s", pattern, s)
	}
	return m[1]
}

// metrics is the page of the operator's listener.
func (p *program) metrics() string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.ops+"/metrics", http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.page(req)
}

func TestATapAPictureAndAFailureOnWhatsApp(t *testing.T) {
	t.Parallel()
	p := newProgram(t, example, metatest.Options{})
	p.start()
	mara, now := person("447700900123"), time.Now()
	to := "+" + mara.Phone
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.1", now, "I want my money back").Body())
	ask := p.sent(to, 1)[0] // the answer and the question are one message
	if ask.Layout != "buttons" || len(ask.Choices) != 2 {
		t.Fatalf("the question is %q as %q with %d choices", ask.Text, ask.Layout, len(ask.Choices))
	}
	p.accept("whatsapp", metatest.WhatsApp(number).Button(mara, "wamid.2", now, ask.Choices[1].ID, ask.Choices[1].Title).Body())
	menu := p.sent(to, 2)[1]
	p.accept("whatsapp", metatest.WhatsApp(number).Image(mara, "wamid.3", now, "900100", "look at this").Body())
	p.accept("whatsapp", metatest.WhatsApp(number).Button(mara, "wamid.4", now, ask.Choices[0].ID, ask.Choices[0].Title).Body()) // an older message's
	got := p.sent(to, 4)
	p.accept("whatsapp", metatest.WhatsApp(number).Failed(got[2].ExternalID, now, got[2].ID, 131026).Body())
	p.stop()
	diff(t, "transcript", []string{
		"customer received I want my money back",
		"bot sent You have 30 days to return anything that has not been ridden.\n\nWould you like to return something now?",
		"customer received No", "bot sent " + menu.Text,
		"customer received look at this", "bot failed " + got[2].Text,
		"customer received Yes", "bot sent What would you like to return?",
		"system noted Handed over to workshop: an answer could not be sent",
	}, p.transcript(phone(mara.Phone)))
}

func TestTheWholeWayOnMessenger(t *testing.T) {
	t.Parallel()
	p := newProgram(t, example, metatest.Options{})
	p.start()
	const psid = "6200000000000042"
	now := time.Now()
	p.accept("messenger", metatest.Page(pageID).Message(psid, "m_1", now, "hello").Body())
	menu := p.sent(psid, 1)[0]
	if menu.Layout != "buttons" || len(menu.Choices) != 4 {
		t.Fatalf("the menu is %q as %q with %d quick replies", menu.Text, menu.Layout, len(menu.Choices))
	}
	p.accept("messenger", metatest.Page(pageID).QuickReply(psid, "m_2", now, menu.Choices[0].ID, menu.Choices[0].Title).Body())
	prices := p.sent(psid, 2)[1]
	p.accept("messenger", metatest.Page(pageID).Postback(psid, "m_3", now, prices.Choices[1].ID, prices.Choices[1].Title).Body())
	got := p.sent(psid, 3)
	p.accept("messenger", metatest.Page(pageID).Delivery(psid, time.Now(), got[0].ExternalID).Read(psid, time.Now()).Body())
	p.accept("messenger", metatest.Page(pageID).Message(psid, "m_3", now, "the same mid again").Body())
	p.stop()
	lines := p.transcript(messengerPerson(psid))
	diff(t, "transcript", []string{
		"customer received hello", "bot read " + menu.Text, "customer received Prices", "bot read What are you looking for?",
		"customer received E-bikes", "bot read E-bikes start at 1,899 euro, with two years of service.\n\nWhat are you looking for?",
	}, lines)
}

func TestABatchOfAThousand(t *testing.T) {
	t.Parallel()
	p := newProgram(t, echo(t), metatest.Options{})
	p.start()
	body := metatest.Batch(number, "B", 1000, 50, time.Now()) // fresh: what is late is answered in one
	p.accept("whatsapp", body)
	p.accept("whatsapp", body) // delivered at least once
	// The first message of each begins the flow, each of the others is echoed and asked again.
	const want = 50 + 950*2
	p.eventually("the answers", func() bool { return len(p.graph.Sent()) >= want })
	p.stop()
	if n := len(p.graph.Sent()); n != want {
		t.Errorf("%d messages were sent, want %d", n, want)
	}
}

func TestTheSameMessageSideBySide(t *testing.T) {
	t.Parallel()
	p := newProgram(t, echo(t), metatest.Options{})
	p.start()
	mara := person("447700900123")
	p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.0", time.Now(), "hi").Body())
	for i := range 20 {
		body := metatest.WhatsApp(number).Text(mara, fmt.Sprintf("wamid.%d", i+1), time.Now(), fmt.Sprintf("line %d", i)).Body()
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() { p.accept("whatsapp", body) })
		}
		group.Wait()
		if i == 10 {
			p.stop()
			p.start()
			p.accept("whatsapp", body) // and after a restart
		}
	}
	var want []string
	want = append(want, "Say something.")
	for i := range 20 {
		want = append(want, fmt.Sprintf("You said line %d", i), "Say something.")
	}
	got := texts(p.sent("+"+mara.Phone, len(want)))
	p.stop()
	diff(t, "what was sent", want, got)
	diff(t, "messages in all", len(want), len(p.graph.Sent()))
}

func TestWhatIsNotFromThePlatformIsRefused(t *testing.T) {
	t.Parallel()
	p := newProgram(t, echo(t), metatest.Options{})
	p.start()
	at := p.public + "/webhooks/whatsapp"
	good := metatest.WhatsApp(number).Text(person("447700900123"), "wamid.1", time.Now(), "hi").Body()
	large := metatest.WhatsApp(number).Text(person("447700900124"), "wamid.2", time.Now(), strings.Repeat("x", 3<<20)).Body()
	for _, c := range []struct {
		name   string
		body   []byte
		header http.Header
		want   int
		answer string
	}{
		{"no signature", good, http.Header{}, 401, ""},
		{"a forged signature", good, metatest.Signed("guess", good), 401, ""},
		{"a signature of another body", good, metatest.Signed(secret, large), 401, ""},
		{"garbage, unsigned", []byte("{{{"), http.Header{}, 401, ""},
		{"garbage, signed", []byte("{{{"), metatest.Signed(secret, []byte("{{{")), 400, "no JSON"},
		{"another object", []byte(`{"object":"page","entry":[]}`), metatest.Signed(secret, []byte(`{"object":"page","entry":[]}`)), 400, "object"},
		{"an empty body", nil, metatest.Signed(secret, nil), 400, ""},
		{"nine megabytes", bytes.Repeat([]byte("x"), 9<<20), http.Header{}, 413, "larger"},
		{"three megabytes of the platform's", large, metatest.Signed(secret, large), 200, ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, bytes.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = c.header
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var answer bytes.Buffer
		_, _ = answer.ReadFrom(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.want || !strings.Contains(answer.String(), c.answer) || (c.want == 401 && answer.Len() > 0) {
			t.Errorf("%s: answered with %d %q, want %d %q", c.name, resp.StatusCode, answer.String(), c.want, c.answer)
		}
	}
	for query, want := range map[string]int{
		"hub.mode=subscribe&hub.challenge=42&hub.verify_token=" + verify: 200,
		"hub.mode=subscribe&hub.challenge=42&hub.verify_token=guess":     403,
	} {
		resp, err := http.Get(at + "?" + query)
		if err != nil {
			t.Fatal(err)
		}
		var answer bytes.Buffer
		_, _ = answer.ReadFrom(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != want || (want == 200) != (answer.String() == "42") {
			t.Errorf("the challenge was answered with %d %q, want %d", resp.StatusCode, answer.String(), want)
		}
	}
	p.sent("+447700900124", 1)
	p.stop()
	if lines := p.transcript(phone("447700900123")); lines != nil {
		t.Errorf("what was refused is stored: %q", lines)
	}
}

func TestGraphMisbehaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault metatest.Fault
		sent  []string // texts that the Graph server took, in order
		last  string   // the state of the first answer in the end
	}{
		{"429 with Retry-After", metatest.Fault{Status: 429, RetryAfter: "1", Code: 4}, []string{"Say something.", "You said x", "Say something."}, "sent"},
		{"500", metatest.Fault{Status: 500, Code: 131000}, []string{"Say something.", "You said x", "Say something."}, "sent"},
		{"131056, the pair's rate", metatest.Fault{Status: 400, Code: 131056}, []string{"Say something.", "You said x", "Say something."}, "sent"},
		{"131047, too late", metatest.Fault{Status: 400, Code: 131047}, nil, "draft"}, // a person has it from then on
		{"taken, then the connection breaks", metatest.Fault{Accept: true, Close: true}, []string{"Say something.", "You said x", "Say something."}, "sent"},
		{"taken, then silence until we give up", metatest.Fault{Accept: true, Hang: true}, []string{"Say something.", "You said x", "Say something."}, "sent"},
		{"not taken, and silence until we give up", metatest.Fault{Hang: true}, []string{"Say something.", "You said x", "Say something."}, "sent"},
		{"not taken, and the connection breaks", metatest.Fault{Close: true}, []string{"Say something.", "You said x", "Say something."}, "sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var first atomic.Bool
			p := newProgram(t, echo(t), metatest.Options{
				Statuses: []string{"sent"},
				Fail: func(int, metatest.Request) *metatest.Fault {
					if first.CompareAndSwap(false, true) {
						return &c.fault
					}
					return nil
				},
			})
			p.start()
			p.graph.SetCallback(p.public + "/webhooks/whatsapp")
			mara := person("447700900123")
			p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.1", time.Now().Add(-2*time.Second), "hi").Body())
			p.eventually("the first request", func() bool { return p.graph.Requests() > 0 })
			if c.last == "draft" {
				p.eventually("a ticket", func() bool { return strings.Contains(p.metrics(), "frontdesk_escalations_total 1") })
			}
			p.accept("whatsapp", metatest.WhatsApp(number).Text(mara, "wamid.2", time.Now(), "x").Body())
			got := texts(p.sent("+"+mara.Phone, len(c.sent)))
			p.stop()
			diff(t, "what was sent", c.sent, got)
			diff(t, "messages in all", len(c.sent), len(p.graph.Sent()))
			diff(t, "the first answer", "bot "+c.last+" Say something.", p.transcript(phone(mara.Phone))[1])
		})
	}
}

func TestSIGTERMFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	p := newProgram(t, echo(t), metatest.Options{
		Fail: func(int, metatest.Request) *metatest.Fault { return &metatest.Fault{Delay: time.Second} },
	})
	p.start()
	const people = 20
	for i := range people {
		p.accept("whatsapp", metatest.WhatsApp(number).Text(person(fmt.Sprintf("44770090%04d", i)), fmt.Sprintf("wamid.%d", i), time.Now(), "hi").Body())
	}
	p.eventually("sends under way", func() bool { return p.graph.Requests() > 0 })
	p.stop()
	for i := range people {
		lines := p.transcript(phone(fmt.Sprintf("44770090%04d", i)))
		if len(lines) != 2 || strings.HasPrefix(lines[1], "bot unknown") {
			t.Errorf("person %d: %q, want an answer that is sent, or waits", i, lines)
		}
	}
}
