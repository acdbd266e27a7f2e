package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"frontdesk/adapters/web"
	"frontdesk/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const cap8 = 8 << 20 // what a body may have

// lines is a log that tests read.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// face is the public face with one channel, "shop", in the hands of a test.
type face struct {
	router *gin.Engine
	reg    *prometheus.Registry
	stats  *bot.Stats
	log    *lines
	m      *web.Metrics
}

type decode func(h http.Header, body []byte) (bot.Batch, error)

func newFace(t testing.TB, d decode, handle web.Handler, proxies ...string) *face {
	t.Helper()
	f := &face{log: &lines{}, reg: prometheus.NewRegistry(), stats: bot.NewStats(map[string]bot.Channel{"shop": nil})}
	log := slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if f.router, err = web.NewRouter(proxies, log); err != nil {
		t.Fatal(err)
	}
	f.m = web.NewMetrics(f.reg, web.MetricsConfig{Stats: f.stats, Channels: []string{"shop"}})
	if d == nil {
		d = func(http.Header, []byte) (bot.Batch, error) { return bot.Batch{}, nil }
	}
	if handle == nil {
		handle = func(context.Context, bot.Batch) error { return nil }
	}
	web.Mount(f.router, []web.Webhook{{
		Name: "shop", Decode: d,
		Challenge: func(q url.Values) (string, bool) {
			return q.Get("hub.challenge"), q.Get("hub.verify_token") == "right"
		},
	}}, web.MountConfig{Handle: handle, Metrics: f.m, Log: log})
	return f
}

func (f *face) do(method, target string, body io.Reader) *http.Response {
	w := httptest.NewRecorder()
	f.router.ServeHTTP(w, httptest.NewRequest(method, target, body))
	return w.Result()
}

func text(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func want(t testing.TB, r *http.Response, status int, body string) {
	t.Helper()
	if got := text(t, r); r.StatusCode != status || got != body {
		t.Errorf("%d %q, want %d %q", r.StatusCode, got, status, body)
	}
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		status      int
		body        string
	}{
		{"the right token is answered with the challenge and nothing else", "?hub.mode=subscribe&hub.verify_token=right&hub.challenge=11589", 200, "11589"},
		{"a challenge with a per cent sign comes back as it was", "?hub.verify_token=right&hub.challenge=%25d%25s", 200, "%d%s"},
		{"a wrong token is refused without a word", "?hub.verify_token=wrong&hub.challenge=11589", 403, ""},
		{"no token is refused", "", 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newFace(t, nil, nil).do("GET", "/webhooks/shop"+tt.query, nil)
			want(t, r, tt.status, tt.body)
			if tt.status == 200 && !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
				t.Errorf("Content-Type %q: a browser must not run it", r.Header.Get("Content-Type"))
			}
		})
	}
}

func TestReceive(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		decode  error
		handle  error
		status  int
		body    string
		handled bool
	}{
		{"what is durable is answered with 200", nil, nil, 200, "", true},
		{"a wrong signature is answered without any detail", bot.ErrSignature, nil, 401, "", false},
		{"a wrapped one too", fmt.Errorf("expected sha256=abc: %w", bot.ErrSignature), nil, 401, "", false},
		{
			"a signed body that is not understood is told what is wrong",
			fmt.Errorf("whatsapp webhook: no JSON at byte 3 of 5: %w", bot.ErrMalformed), nil,
			400, "whatsapp webhook: no JSON at byte 3 of 5: the body is not understood\n", false,
		},
		{"any other fault of decoding is ours", errors.New("internal detail"), nil, 500, "", false},
		{"what could not be stored is sent again", nil, errors.New("internal detail"), 500, "", true},
		{
			"a full disk is told", nil, fmt.Errorf("committing: %w", bot.ErrFull),
			503, "the disk is full; send it again later\n", true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			handled := false
			f := newFace(t,
				func(h http.Header, body []byte) (bot.Batch, error) {
					if string(body) != "{}" || h.Get("X-Hub-Signature-256") != "sha256=x" {
						t.Errorf("Decode was given %q with %v", body, h)
					}
					return bot.Batch{Messages: []bot.Inbound{{Event: "e1"}}}, tt.decode
				},
				func(_ context.Context, b bot.Batch) error {
					handled = len(b.Messages) == 1 && b.Messages[0].Event == "e1"
					return tt.handle
				})
			req := httptest.NewRequest("POST", "/webhooks/shop", strings.NewReader("{}"))
			req.Header.Set("X-Hub-Signature-256", "sha256=x")
			w := httptest.NewRecorder()
			f.router.ServeHTTP(w, req)
			want(t, w.Result(), tt.status, tt.body)
			if handled != tt.handled {
				t.Errorf("handled %t, want %t", handled, tt.handled)
			}
			f.counted(t, tt.status, 1)
			if tt.status == 401 && strings.Contains(f.log.String(), "sha256=") {
				t.Errorf("the expected signature is in the log: %s", f.log)
			}
			if retry := w.Header().Get("Retry-After"); (retry == "30") != (tt.status == 503) {
				t.Errorf("Retry-After is %q", retry)
			}
			if tt.status >= 500 && !strings.Contains(f.log.String(), "level=ERROR") {
				t.Errorf("a fault of ours is not logged: %s", f.log)
			}
		})
	}
}

// counted checks the measurement of webhooks by what is exported.
func (f *face) counted(t testing.TB, status, n int) {
	t.Helper()
	line := fmt.Sprintf(`frontdesk_webhook_seconds_count{channel="shop",code="%d"} %d`, status, n)
	if got := f.metrics(t); !strings.Contains(got, line+"\n") {
		t.Errorf("the metrics hold no %s:\n%s", line, got)
	}
}

func (f *face) metrics(t testing.TB) string {
	t.Helper()
	w := httptest.NewRecorder()
	web.NewOps(web.OpsConfig{Gatherer: f.reg, Log: slog.New(slog.DiscardHandler)}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return text(t, w.Result())
}

// unsized hides a body's length, so that it is sent in chunks.
type unsized struct{ io.Reader }

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		size    int
		chunked bool
		status  int
		body    string
	}{
		{"an empty body is Decode's to judge", 0, false, 200, ""},
		{"an empty chunked body too", 0, true, 200, ""},
		{"a small one", 600, false, 200, ""},
		{"a small chunked one", 600, true, 200, ""},
		{"just what is allocated at once", 64 << 10, false, 200, ""},
		{"one byte more", 64<<10 + 1, false, 200, ""},
		{"three megabytes, the most that Meta sends", 3 << 20, false, 200, ""},
		{"three megabytes in chunks", 3 << 20, true, 200, ""},
		{"exactly the most that is read", cap8, false, 200, ""},
		{"exactly the most, in chunks", cap8, true, 200, ""},
		{"one byte too many, and it says so", cap8 + 1, false, 413, "the body is larger than 8 MiB\n"},
		{"one byte too many in chunks", cap8 + 1, true, 413, "the body is larger than 8 MiB\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent := bytes.Repeat([]byte("frontdesk"), tt.size/9+1)[:tt.size]
			decoded := false
			f := newFace(t, func(_ http.Header, body []byte) (bot.Batch, error) {
				if decoded = true; !bytes.Equal(body, sent) {
					t.Errorf("Decode was given %d other bytes", len(body))
				}
				return bot.Batch{}, nil
			}, nil)
			server := httptest.NewServer(f.router)
			defer server.Close()
			var body io.Reader = bytes.NewReader(sent)
			if tt.chunked {
				body = unsized{body}
			}
			r, err := server.Client().Post(server.URL+"/webhooks/shop", "application/json", body)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			want(t, r, tt.status, tt.body)
			if decoded != (tt.status == 200) {
				t.Errorf("decoded %t", decoded)
			}
			f.counted(t, tt.status, 1)
		})
	}
}

func TestABodyThatBreaksOffIsNotDecoded(t *testing.T) {
	t.Parallel()
	f := newFace(t, func(http.Header, []byte) (bot.Batch, error) {
		t.Error("half a body was decoded")
		return bot.Batch{}, nil
	}, nil)
	req := httptest.NewRequest("POST", "/webhooks/shop", io.MultiReader(strings.NewReader(`{"a":`), broken{}))
	req.ContentLength = 100
	w := httptest.NewRecorder()
	f.router.ServeHTTP(w, req)
	want(t, w.Result(), 400, "the body could not be read\n")
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWhatIsOnlyClaimedIsNotAllocated(t *testing.T) {
	t.Parallel()
	for claimed, most := range map[int64]int{600: 600 + bytes.MinRead, cap8: 64<<10 + bytes.MinRead} {
		body := &measure{}
		req := httptest.NewRequest("POST", "/webhooks/shop", body)
		req.ContentLength = claimed
		newFace(t, nil, nil).router.ServeHTTP(httptest.NewRecorder(), req)
		if body.room == 0 || body.room > most*5/4 {
			t.Errorf("room for %d bytes when %d are claimed and none has come", body.room, claimed)
		}
	}
}

// measure is a body of which nothing comes; it notes what there was room for.
type measure struct{ room int }

func (m *measure) Read(p []byte) (int, error) {
	m.room = max(m.room, len(p))
	return 0, io.ErrUnexpectedEOF
}

func TestAPanicIsA500WithoutDetail(t *testing.T) {
	t.Parallel()
	f := newFace(t, func(http.Header, []byte) (bot.Batch, error) { panic("internal detail") }, nil)
	r := f.do("POST", "/webhooks/shop?hub.verify_token=in-the-query", strings.NewReader("{}"))
	want(t, r, 500, "")
	f.counted(t, 500, 1)
	log := f.log.String()
	for _, part := range []string{"level=ERROR", "a handler panicked", "internal detail", "web_test.go", r.Header.Get("X-Request-Id"), "/webhooks/shop"} {
		if !strings.Contains(log, part) {
			t.Errorf("the log does not hold %q:\n%s", part, log)
		}
	}
	if strings.Contains(log, "in-the-query") {
		t.Errorf("the log holds the query:\n%s", log)
	}
	want(t, f.do("GET", "/webhooks/shop?hub.verify_token=right&hub.challenge=1", nil), 200, "1") // and it goes on
}

func TestAnAbortedHandlerStaysAborted(t *testing.T) {
	t.Parallel()
	f := newFace(t, func(http.Header, []byte) (bot.Batch, error) { panic(http.ErrAbortHandler) }, nil)
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // the very value is what net/http looks for
			t.Errorf("recovered %v", got)
		}
	}()
	f.do("POST", "/webhooks/shop", strings.NewReader("{}"))
}

func TestEveryAnswerHasAnIdAndTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	f := newFace(t, func(http.Header, []byte) (bot.Batch, error) { panic("boom") }, nil)
	seen := map[string]bool{}
	for _, tt := range []struct {
		method, target string
		status         int
	}{
		{"GET", "/webhooks/shop?hub.verify_token=right", 200},
		{"GET", "/webhooks/shop", 403},
		{"POST", "/webhooks/shop", 500},
		{"GET", "/nowhere", 404},
		{"POST", "/webhooks/other", 404},
		{"PUT", "/webhooks/shop", 405},
	} {
		r := f.do(tt.method, tt.target, nil)
		if r.StatusCode != tt.status {
			t.Errorf("%s %s: %d, want %d", tt.method, tt.target, r.StatusCode, tt.status)
		}
		id := r.Header.Get("X-Request-Id")
		if len(id) != 12 || seen[id] {
			t.Errorf("%s %s: X-Request-Id %q, want a new one", tt.method, tt.target, id)
		}
		seen[id] = true
		for name, value := range map[string]string{
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Permissions-Policy":         "camera=(), microphone=(), geolocation=()",
		} {
			if got := r.Header.Get(name); got != value {
				t.Errorf("%s %s: %s is %q, want %q", tt.method, tt.target, name, got, value)
			}
		}
		if tt.status == 405 && r.Header.Get("Allow") != "GET, POST" {
			t.Errorf("Allow is %q", r.Header.Get("Allow"))
		}
	}
}

func TestTheQueryIsNeverLogged(t *testing.T) {
	t.Parallel()
	f := newFace(t, func(http.Header, []byte) (bot.Batch, error) { return bot.Batch{}, bot.ErrSignature }, nil)
	for _, target := range []string{
		"/webhooks/shop?hub.verify_token=hunter2", "/webhooks/shop/?hub.verify_token=hunter2",
		"/nowhere?hub.verify_token=hunter2", "/hunter2",
	} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			f.do(method, target, strings.NewReader("{}"))
		}
	}
	log := f.log.String()
	if strings.Contains(log, "hunter2") {
		t.Errorf("the log holds what stood in an address:\n%s", log)
	}
	// Of the twelve, gin answers two itself: it takes a final slash away with a redirect.
	if n := strings.Count(log, "msg=request "); n != 10 {
		t.Errorf("%d lines about 10 requests:\n%s", n, log)
	}
}

func TestAddressesOfCustomers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		proxies []string
		from    string
		header  http.Header
		want    string
	}{
		{"by default nobody is believed", nil, "203.0.113.9:1234", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, "203.0.113.9:1234"},
		{"not even this machine", nil, "127.0.0.1:1234", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, "127.0.0.1:1234"},
		{"a trusted proxy is", []string{"127.0.0.1"}, "127.0.0.1:1234", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, "198.51.100.1:0"},
		{"a trusted network is", []string{"10.0.0.0/8"}, "10.9.9.9:1234", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, "198.51.100.1:0"},
		{"an address of six bytes more", []string{"::1"}, "[::1]:1234", http.Header{"X-Forwarded-For": {"2001:db8::1"}}, "[2001:db8::1]:0"},
		{"a stranger is not, whoever is trusted", []string{"10.0.0.0/8"}, "203.0.113.9:1234", http.Header{"X-Forwarded-For": {"198.51.100.1"}}, "203.0.113.9:1234"},
		{"what the customer put in front counts for nothing", []string{"127.0.0.1"}, "127.0.0.1:1", http.Header{"X-Forwarded-For": {"1.2.3.4, 198.51.100.1"}}, "198.51.100.1:0"},
		{"nor in a header line of its own", []string{"127.0.0.1"}, "127.0.0.1:1", http.Header{"X-Forwarded-For": {"1.2.3.4", "198.51.100.1"}}, "198.51.100.1:0"},
		{"two proxies in a row", []string{"127.0.0.1", "10.0.0.0/8"}, "127.0.0.1:1", http.Header{"X-Forwarded-For": {"1.2.3.4, 198.51.100.1, 10.1.1.1"}}, "198.51.100.1:0"},
		{"nonsense of a proxy leaves the proxy's address", []string{"127.0.0.1"}, "127.0.0.1:1", http.Header{"X-Forwarded-For": {"unknown"}}, "127.0.0.1:1"},
		{"other headers are not read", []string{"127.0.0.1"}, "127.0.0.1:1", http.Header{"X-Real-Ip": {"1.2.3.4"}, "Forwarded": {"for=1.2.3.4"}}, "127.0.0.1:1"},
		{"without a header it is the proxy", []string{"127.0.0.1"}, "127.0.0.1:1", nil, "127.0.0.1:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFace(t, nil, nil, tt.proxies...)
			f.router.GET("/who", func(c *gin.Context) { c.String(200, "%s", c.Request.RemoteAddr) })
			req := httptest.NewRequest("GET", "/who", nil)
			req.RemoteAddr = tt.from
			if tt.header != nil {
				req.Header = tt.header
			}
			w := httptest.NewRecorder()
			f.router.ServeHTTP(w, req)
			want(t, w.Result(), 200, tt.want)
		})
	}
}

func TestAProxyThatIsNoAddressIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := web.NewRouter([]string{"proxy.example.org"}, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "trusted_proxies") {
		t.Errorf("error %v", err)
	}
}

// FuzzReceive: whatever is sent to whatever path with whatever answer of a
// channel, there is one of the known answers, and 200 only after Handle.
func FuzzReceive(f *testing.F) {
	f.Add("POST", "/webhooks/shop", []byte("{}"), int64(2), uint8(0), "")
	f.Add("POST", "/webhooks/shop", []byte("{}"), int64(-1), uint8(1), "127.0.0.1")
	f.Add("POST", "/webhooks/shop", []byte("{}"), int64(1<<40), uint8(2), "a, b,,")
	f.Add("GET", "/webhooks/shop?hub.verify_token=right&hub.challenge=%0d%0aX:y", []byte(nil), int64(0), uint8(3), "::1%eth0")
	f.Add("POST", "/webhooks/../webhooks//shop/", []byte("x"), int64(7), uint8(4), "[::]:1")
	known := map[int]bool{200: true, 301: true, 307: true, 400: true, 401: true, 403: true, 404: true, 405: true, 413: true, 500: true}
	f.Fuzz(func(t *testing.T, method, target string, body []byte, length int64, answer uint8, forwarded string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || method == "" {
			return
		}
		handled := false
		face := newFace(t, func(_ http.Header, got []byte) (bot.Batch, error) {
			if !bytes.Equal(got, body) {
				t.Errorf("Decode was given %q of %q", got, body)
			}
			switch answer % 5 {
			case 1:
				return bot.Batch{}, bot.ErrSignature
			case 2:
				return bot.Batch{}, bot.ErrMalformed
			case 3:
				panic("internal detail")
			}
			return bot.Batch{}, nil
		}, func(context.Context, bot.Batch) error {
			if handled = answer%5 == 0; !handled {
				return errors.New("internal detail")
			}
			return nil
		}, "192.0.2.0/24")
		req := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		req.Method, req.URL, req.ContentLength = method, u, length
		req.Header.Set("X-Forwarded-For", forwarded)
		w := httptest.NewRecorder()
		face.router.ServeHTTP(w, req)
		if !known[w.Code] {
			t.Errorf("%s %q: %d", method, target, w.Code)
		}
		if method == "POST" && w.Code == 200 && !handled {
			t.Errorf("POST %q: 200, and nothing was stored", target)
		}
		if strings.Contains(w.Body.String(), "internal detail") {
			t.Errorf("the answer tells %q", w.Body)
		}
	})
}
