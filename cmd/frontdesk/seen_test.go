package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/caller"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/adapters/trace"
	"frontdesk/bot"
)

// recorder takes what the program tells: lines of the log, or requests of spans.
type recorder struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// ServeHTTP is a collector of OTLP over HTTP. Texts stand in the bodies as they are.
func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := gzip.NewReader(req.Body)
	if err == nil {
		_, err = io.Copy(r, body)
	}
	if err != nil || req.URL.Path != "/v1/traces" {
		http.Error(w, "no traces", http.StatusBadRequest)
	}
}

// private is what a customer says and is; none of it may be seen.
var private = []string{
	"447700900123", "GB.7H2K9Q4ZT0", "7H2K9Q4ZT0", "Mara", "Quetzalcoatl", "zebra", "pangolin", "axolotl", "salamander",
	"wamid.P1", "You said",
}

// talks is a desk on which everything happens that is worth a line or a span: a
// call, a send that fails, a handover, statuses, webhooks that are refused.
func talks(t *testing.T, level slog.Level) (log, spans *recorder) {
	t.Helper()
	log, spans = &recorder{}, &recorder{}
	collector := httptest.NewServer(spans)
	t.Cleanup(collector.Close)
	erp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "nothing of "+r.URL.Path, http.StatusNotFound)
	}))
	t.Cleanup(erp.Close)

	p := newProgram(t, shouts(t, erp.URL), metatest.Options{
		Statuses: []string{"sent", "delivered", "read"},
		Fail: func(n int, _ metatest.Request) *metatest.Fault {
			switch n {
			case 1:
				return &metatest.Fault{Status: 503}
			case 3:
				return &metatest.Fault{Code: 131026, Message: "Receiver 447700900123 (Mara) cannot read zebra"}
			}
			return nil
		},
	})
	cfg, err := loadConfig(filepath.Join(p.dir, "frontdesk.yaml"), func(string) string { return secret })
	if err != nil {
		t.Fatal(err)
	}
	for i := range cfg.channels {
		if cfg.channels[i].kind != "webchat" {
			cfg.channels[i].accessToken = token
		}
	}
	cfg.listen, cfg.opsListen, cfg.data = "127.0.0.1:0", "", p.data()
	cfg.traces = trace.Config{Endpoint: collector.URL, Sample: 1}
	there, err := caller.ParseAllowed(strings.TrimPrefix(erp.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.calls.Allow = append(cfg.calls.Allow, there)
	a, err := newApp(options{config: cfg, flows: p.flows, log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: level}))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.run(ctx) }()
	p.public = "http://" + a.publicAt.Addr().String()
	p.graph.SetCallback(p.public + "/webhooks/whatsapp")
	converse(p, a)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return log, spans
}

// converse is a conversation from the first word to a person's answer.
func converse(p *program, a *app) {
	p.t.Helper()
	mara := metatest.Person{Phone: "447700900123", UserID: "GB.7H2K9Q4ZT0", Name: "Mara Quetzalcoatl"}
	now := time.Now()
	whatsapp := func() *metatest.Webhook { return metatest.WhatsApp(number) }
	p.accept("whatsapp", whatsapp().Text(mara, "wamid.P1a", now, "zebra").Body())
	says := func(words string, times int) {
		p.eventually(words, func() bool { return strings.Count(strings.Join(texts(p.graph.Sent()), "\n"), words) >= times })
	}
	says("Say something.", 1)
	p.accept("whatsapp", whatsapp().Text(mara, "wamid.P1b", now, "pangolin").Body())
	p.accept("whatsapp", whatsapp().Text(mara, "wamid.P1b", now, "pangolin").Body())
	says("Say something.", 2) // behind what was not accepted
	p.accept("whatsapp", whatsapp().Text(mara, "wamid.P1c", now, "a person for my axolotl").Body())
	p.accept("whatsapp", whatsapp().Failed("wamid.P1x", now, "", 131026).Body())
	if status, _ := p.post("whatsapp", []byte(`{"object":"zebra 447700900123"}`)); status != http.StatusBadRequest {
		p.t.Errorf("what is no webhook is answered with %d", status)
	}
	if status, _, err := metatest.SignedPost(p.t.Context(), http.DefaultClient, p.public+"/webhooks/whatsapp", "guess", []byte("zebra")); err != nil || status != http.StatusUnauthorized {
		p.t.Errorf("a forged webhook is answered with %d, %v", status, err)
	}
	s, err := a.store.Load(p.t.Context(), bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{phone(mara.Phone)}})
	if err != nil {
		p.t.Fatal(err)
	}
	id := s.Conversation.ID
	for _, err := range []error{a.engine.Claim(p.t.Context(), id, "ana"), a.engine.Reply(p.t.Context(), id, "ana", "The salamander sleeps.", "n")} {
		if err != nil {
			p.t.Fatal(err)
		}
	}
	says("salamander", 1)
}

// shouts is a flow file that calls a system with the customer's words, and repeats them.
func shouts(t *testing.T, erp string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flows.yaml")
	src := fmt.Sprintf(`
version: 1
business: Echo
handoff: {words: [person]}
flows:
  main:
    start: wait
    states:
      wait: {say: Say something., ask: line, go: look}
      look:
        call: {get: "%s/{{ line }}", timeout: 2s, as: found}
        on: [{else: repeat}]
      repeat: {say: "You said {{ line }}", join: false, go: wait}
`, erp)
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheLogHoldsNobodysWords(t *testing.T) {
	t.Parallel()
	log, _ := talks(t, slog.LevelInfo)
	got := log.String()
	for _, word := range private {
		if strings.Contains(got, word) {
			t.Errorf("the log holds %q:\n%s", word, got)
		}
	}
	// What happened is told all the same: this is the log of that conversation.
	for _, line := range []string{"a message was not accepted", "refused webhooks without a valid signature", "refused a signed webhook", "stopping"} {
		if !strings.Contains(got, line) {
			t.Errorf("the log does not say %q:\n%s", line, got)
		}
	}
}

func TestSpansHoldNobodysWords(t *testing.T) {
	t.Parallel()
	_, spans := talks(t, slog.LevelError)
	got := spans.String()
	for _, word := range private {
		if strings.Contains(got, word) {
			t.Errorf("the spans hold %q", word)
		}
	}
	for _, name := range []string{"webhook", "handle", "load", "decide", "commit", "due", "call", "send", "frontdesk.conversation", "frontdesk.channel", "service.name"} {
		if !strings.Contains(got, name) {
			t.Errorf("the spans hold no %q", name)
		}
	}
}

func TestWhatIsTheOperatorsIsNotPublic(t *testing.T) {
	t.Parallel()
	p := newProgram(t, example, metatest.Options{})
	p.start()
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap?debug=1", "/metrics", "/readyz", "/-/flows"} {
		for base, want := range map[string]int{p.ops: http.StatusOK, p.public: http.StatusNotFound} {
			r, err := p.client.Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
			if r.StatusCode != want {
				t.Errorf("%s%s is answered with %d, want %d", base, path, r.StatusCode, want)
			}
		}
	}
	p.stop()
}
