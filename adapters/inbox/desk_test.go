package inbox

import (
	"context"
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
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
	"frontdesk/handoff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	goleak.VerifyTestMain(m)
}

const testFlows = `
version: 1
business: Bella Bikes
queues:
  support: {first_reply: 15m}
handoff:
  words: [human]
  queue: support
  reopen:
    text: We have an answer for you. Write to us, and we will send it.
    template: {name: write_again}
flows:
  main:
    start: menu
    states:
      menu:
        say: How can we help?
        choices:
          - Prices: prices
          - Talk to a person: handoff
      prices:
        say: Bikes from 499 euro.
        go: menu
`

// cheapHash is of "secret" with the least work argon2id knows.
var cheapHash = func() string {
	const password, salt = "secret", "saltsaltsaltsalt"
	return cheap(password, salt)
}()

// paper is a channel that never has to send anything in these tests.
type paper struct {
	name   string
	limits bot.Limits
}

func (p paper) Name() string       { return p.name }
func (p paper) Limits() bot.Limits { return p.limits }
func (p paper) Send(context.Context, bot.Outgoing) (bot.Sent, error) {
	return bot.Sent{}, &bot.SendError{Class: bot.ClassFail, Code: "paper", Reason: "paper sends nothing"}
}

// desk is an inbox with the real store and the real engine behind it.
type desk struct {
	t      testing.TB
	store  *boltstore.Store
	hub    *bot.Hub
	engine *bot.Engine
	inbox  *Inbox
	router *gin.Engine
	stop   context.CancelFunc
	limits map[string]bot.Limits // by channel
	log    *strings.Builder
}

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
	channels := map[string]bot.Channel{
		"whatsapp":  paper{"whatsapp", limitsOf(carry.WhatsApp, window.Shipped().For("whatsapp"))},
		"messenger": paper{"messenger", limitsOf(carry.Messenger, window.Shipped().For("messenger"))},
		"page":      paper{"page", limitsOf(carry.Messenger, window.Shipped().For("messenger", window.HumanAgent))},
		"webchat":   paper{"webchat", limitsOf(carry.WebChat, window.Shipped().For("webchat"))},
	}
	d := &desk{t: t, store: store, hub: &bot.Hub{}, log: &strings.Builder{}, limits: map[string]bot.Limits{}}
	for name, ch := range channels {
		d.limits[name] = ch.Limits()
	}
	t.Cleanup(d.hub.Close)
	ctx, stop := context.WithCancel(t.Context())
	d.stop = stop
	log := slog.New(slog.NewTextHandler(d.log, nil))
	d.engine = bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: set, Hub: d.hub, Wake: func() {},
		Stats: bot.NewStats(channels), Log: log,
	})
	c := Config{
		Acts: d.engine, Reader: store, Agents: store, Sessions: store, Hub: d.hub,
		Limits:   func(channel string) (bot.Limits, bool) { l, ok := d.limits[channel]; return l, ok },
		Business: func() string { return "Bella Bikes" }, Log: log, Done: ctx.Done(), Secure: true,
	}
	if change != nil {
		change(&c)
	}
	if d.inbox, err = New(c); err != nil {
		t.Fatal(err)
	}
	d.router = gin.New()
	d.inbox.Register(d.router)
	for _, a := range []handoff.Agent{
		{Name: "ana", Display: "Ana", Password: cheapHash, CreatedAt: time.Now().UTC()},
		{Name: "ben", Display: "Ben Ito", Password: cheapHash, CreatedAt: time.Now().UTC()},
	} {
		if err := store.SaveAgent(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// browser is one agent's: it keeps cookies and follows nothing by itself.
type browser struct {
	d       *desk
	cookies map[string]string
}

func (d *desk) browser() *browser { return &browser{d: d, cookies: map[string]string{}} }

// signedIn is a browser in which an agent has signed in.
func (d *desk) signedIn(name string) *browser {
	d.t.Helper()
	b := d.browser()
	r := b.post("/inbox/sign-in", url.Values{"name": {name}, "password": {"secret"}})
	if r.StatusCode != http.StatusSeeOther {
		d.t.Fatalf("signing in as %s: %s", name, r.Status)
	}
	return b
}

func (b *browser) do(r *http.Request) *http.Response {
	b.d.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.d.router.ServeHTTP(rec, r)
	answer := rec.Result()
	for _, c := range answer.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return answer
}

func (b *browser) get(path string) *http.Response {
	b.d.t.Helper()
	return b.do(httptest.NewRequestWithContext(b.d.t.Context(), http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) *http.Response {
	b.d.t.Helper()
	r := httptest.NewRequestWithContext(b.d.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
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
var random = regexp.MustCompile(`value="[A-Z2-7]{26}"|/static/([a-z]+)\.[0-9a-f]{16}\.`)

func golden(t testing.TB, name, got string) {
	t.Helper()
	got = random.ReplaceAllStringFunc(got, func(s string) string {
		if strings.HasPrefix(s, "value=") {
			return `value="NONCE"`
		}
		return random.ReplaceAllString(s, "/static/$1.HASH.")
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

func limitsOf(kind string, w window.Terms) bot.Limits {
	limits, _ := carry.Of(kind)
	return bot.Limits{Limits: limits, Window: w}
}
