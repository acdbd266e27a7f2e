package webchat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testFlows = `
version: 1
business: Bella Bikes
queues:
  support: {first_reply: 15m}
handoff:
  words: [human]
  queue: support
flows:
  main:
    start: menu
    states:
      menu:
        say: Hi, how can we help?
        choices:
          - Prices: prices
          - Talk to a person: handoff
      prices:
        say: |
          Bikes from 499 euro.
          All prices: https://bella.example/prices.
        go: menu
`

// desk is a web chat with the real store, engine and dispatcher behind it.
type desk struct {
	t          testing.TB
	store      *boltstore.Store
	hub        *bot.Hub
	engine     *bot.Engine
	dispatcher *bot.Dispatcher
	chat       *Channel
	handler    http.Handler
	stop       context.CancelFunc
	ctx        context.Context // ends with stop
	log        *bytes.Buffer
	broken     atomic.Bool            // the engine cannot store
	token      atomic.Pointer[string] // of the browser that came last, see served
}

var errDisk = errors.New("writing /var/lib/frontdesk.db: disk on fire")

func newDesk(t testing.TB, change func(*Config)) *desk {
	t.Helper()
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	set, found := flows.Parse("flows.yaml", []byte(testFlows))
	if set == nil {
		t.Fatal(found)
	}
	if err := store.SaveAgent(t.Context(), handoff.Agent{Name: "ana", Display: "Ana"}); err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, store: store, hub: &bot.Hub{}, log: &bytes.Buffer{}}
	t.Cleanup(d.hub.Close)
	d.ctx, d.stop = context.WithCancel(t.Context())
	t.Cleanup(d.stop)
	log := slog.New(slog.NewTextHandler(d.log, nil))
	c := Config{
		Name: "webchat", Business: func() string { return "Bella Bikes" }, Store: store, Agents: store,
		Hub: d.hub, Log: log, Done: d.ctx.Done(), Secure: true,
		Handle: func(ctx context.Context, b bot.Batch) error {
			if d.broken.Load() {
				return errDisk
			}
			return d.engine.Handle(ctx, b)
		},
	}
	if change != nil {
		change(&c)
	}
	if d.chat, err = New(c); err != nil {
		t.Fatal(err)
	}
	d.handler = d.chat.Handler()
	channels := map[string]bot.Channel{"webchat": d.chat}
	stats := bot.NewStats(channels)
	d.dispatcher = bot.NewDispatcher(bot.DispatcherConfig{
		Outbox: store, Channels: channels, Hub: d.hub, Stats: stats, Log: log, Grace: time.Second,
	})
	d.engine = bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: set, Hub: d.hub, Wake: d.dispatcher.Wake, Stats: stats, Log: log,
	})
	return d
}

// run sends what the engine decides until the test ends.
func (d *desk) run() {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.dispatcher.Run(d.ctx)
	}()
	d.t.Cleanup(func() {
		d.stop()
		<-ended
	})
}

// settled waits until nothing is about to be sent to v.
func (d *desk) settled(v *visitorAt) {
	d.t.Helper()
	hints, end := d.hub.Subscribe("")
	defer end()
	for v.talk("0").Waiting {
		<-hints
	}
}

// agentSays takes the only conversation that waits, or has an owner, and answers.
func (d *desk) agentSays(text string) {
	d.t.Helper()
	rows, _, err := d.store.Tickets(d.t.Context(), bot.TicketFilter{}, "", 1)
	if err != nil || len(rows) != 1 {
		d.t.Fatalf("%d open tickets, %v", len(rows), err)
	}
	id := rows[0].Conversation.ID
	if err := d.engine.Claim(d.t.Context(), id, "ana"); err != nil {
		d.t.Fatal(err)
	}
	if err := d.engine.Reply(d.t.Context(), id, "ana", text, ""); err != nil {
		d.t.Fatal(err)
	}
}

// visitorAt is a customer's browser.
type visitorAt struct {
	d     *desk
	token string
}

// visit opens the page in a new browser.
func (d *desk) visit() *visitorAt {
	d.t.Helper()
	v := &visitorAt{d: d}
	wantStatus(d.t, v.get("/chat"), http.StatusOK)
	if v.token == "" {
		d.t.Fatal("the page gave no cookie")
	}
	return v
}

func (v *visitorAt) do(r *http.Request) *http.Response {
	v.d.t.Helper()
	if v.token != "" {
		r.AddCookie(&http.Cookie{Name: visitorCookie, Value: v.token})
	}
	rec := httptest.NewRecorder()
	v.d.handler.ServeHTTP(rec, r)
	answer := rec.Result()
	for _, c := range answer.Cookies() {
		v.token = c.Value
	}
	return answer
}

func (v *visitorAt) get(path string) *http.Response {
	v.d.t.Helper()
	return v.do(httptest.NewRequestWithContext(v.d.t.Context(), http.MethodGet, path, nil))
}

func (v *visitorAt) request(contentType, body string) *http.Request {
	r := httptest.NewRequestWithContext(v.d.t.Context(), http.MethodPost, "/chat/messages", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// send posts as the page's module does.
func (v *visitorAt) send(p posted) *http.Response {
	v.d.t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		v.d.t.Fatal(err)
	}
	return v.do(v.request("application/json", string(body)))
}

// submit posts as a page without JavaScript does.
func (v *visitorAt) submit(form url.Values) *http.Response {
	v.d.t.Helper()
	return v.do(v.request("application/x-www-form-urlencoded", form.Encode()))
}

func (v *visitorAt) talk(after string) talk {
	v.d.t.Helper()
	r := v.get("/chat/messages?after=" + after)
	wantStatus(v.d.t, r, http.StatusOK)
	var t talk
	if err := json.Unmarshal([]byte(text(v.d.t, r)), &t); err != nil {
		v.d.t.Fatal(err)
	}
	return t
}

// said is the transcript in short: "customer: Hi", "bot: ...".
func (t talk) said() (lines []string) {
	for _, m := range t.Messages {
		by := string(m.By)
		if m.Name != "" {
			by = m.Name
		}
		var words strings.Builder
		for _, p := range m.Parts {
			words.WriteString(p.Text)
		}
		lines = append(lines, by+": "+words.String())
	}
	return lines
}

// uuid makes a valid id that is easy to tell apart.
func uuid(n byte) string {
	return "00000000-0000-4000-8000-0000000000" + string("0123456789abcdef"[n>>4]) + string("0123456789abcdef"[n&15])
}

func text(t testing.TB, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func wantStatus(t testing.TB, r *http.Response, want int) {
	t.Helper()
	if r.StatusCode != want {
		t.Errorf("status %d, want %d", r.StatusCode, want)
	}
}

func wantText(t testing.TB, body string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(body, w) {
			t.Errorf("the page does not hold %q:\n%s", w, body)
		}
	}
}

// random is what differs between two renderings of the same page.
var random = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|/static/([a-z]+)\.[0-9a-f]{16}\.`)

func golden(t testing.TB, name, got string) {
	t.Helper()
	got = random.ReplaceAllStringFunc(got, func(s string) string {
		if strings.HasPrefix(s, "/static/") {
			return random.ReplaceAllString(s, "/static/$2.HASH.")
		}
		return "ID"
	})
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", name, diff)
	}
}
