package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/adapters/web"
	"frontdesk/bot"
)

// ops is the operator's face with a program behind it that is ready and
// reloads, or says why not.
func ops(ready, reload error, reloaded *int) http.Handler {
	return web.NewOps(web.OpsConfig{
		Gatherer: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
		Ready: func(context.Context) error { return ready },
		Reload: func(context.Context) error {
			if reloaded != nil {
				*reloaded++
			}
			return reload
		},
		Quote: func(_ context.Context, asked url.Values) (any, error) {
			return map[string]string{"quote": asked.Get("author") + " to " + asked.Get("conversation") + ": " + asked.Get("text")}, reload
		},
		Flows: func(context.Context) (any, error) { return map[string]string{"version": "v1"}, reload },
	})
}

func TestOps(t *testing.T) {
	t.Parallel()
	refused := errors.New("flows.yaml is not usable:\nflows.yaml:3:1: F203 unknown state")
	formed := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	sameSite := http.Header{"Sec-Fetch-Site": {"same-origin"}}
	for _, tt := range []struct {
		name           string
		method, target string
		header         http.Header
		form           string // the body
		ready, reload  error
		status         int
		body           string
		reloads        int
	}{
		{name: "it lives", method: "GET", target: "/healthz", status: 200, body: "ok\n"},
		{name: "it lives even when it is not ready", method: "GET", target: "/healthz", ready: errors.New("stopping"), status: 200, body: "ok\n"},
		{name: "it is ready", method: "GET", target: "/readyz", status: 200, body: "ready\n"},
		{name: "it says why it is not ready", method: "GET", target: "/readyz", ready: errors.New("100% stopping"), status: 503, body: "100% stopping\n"},
		{name: "a reload", method: "POST", target: "/-/reload", status: 200, body: "reloaded\n", reloads: 1},
		{name: "a reload that is refused shows every finding", method: "POST", target: "/-/reload", reload: refused, status: 422, body: refused.Error() + "\n", reloads: 1},
		{name: "a reload from our own page", method: "POST", target: "/-/reload", header: sameSite, status: 200, body: "reloaded\n", reloads: 1},
		{name: "a reload from another site", method: "POST", target: "/-/reload", header: http.Header{"Sec-Fetch-Site": {"cross-site"}}, status: 403},
		{name: "a reload from an older browser on another site", method: "POST", target: "/-/reload", header: http.Header{"Origin": {"https://evil.example"}}, status: 403},
		{name: "a reload is no link", method: "GET", target: "/-/reload", status: 405, body: "405 method not allowed"},
		{name: "which flows are running", method: "GET", target: "/-/flows", status: 200, body: `{"version":"v1"}`},
		{name: "why that is not known", method: "GET", target: "/-/flows", reload: errors.New("damaged"), status: 500, body: "damaged\n"},
		{name: "what a message costs", method: "GET", target: "/-/quote?conversation=c1&author=human", status: 200, body: `{"quote":"human to c1: "}`},
		{name: "what words cost that are in no address", method: "POST", target: "/-/quote?conversation=c1", header: formed, form: "author=human&text=a+b", status: 200, body: `{"quote":"human to c1: a b"}`},
		{name: "a form that is none", method: "POST", target: "/-/quote", header: formed, form: "text=%zz", status: 400, body: "the body is not understood: invalid URL escape \"%zz\"\n"},
		{name: "a quote for nobody", method: "GET", target: "/-/quote?author=human", reload: bot.ErrNotFound, status: 404, body: "not found\n"},
		{name: "a quote for a channel that is off", method: "GET", target: "/-/quote", reload: bot.ErrChannelOff, status: 503, body: "the channel is switched off\n"},
		{name: "metrics are read only", method: "POST", target: "/metrics", status: 405, body: "405 method not allowed"},
		{name: "the pages are not here", method: "GET", target: "/inbox", status: 404, body: "404 page not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reloads := 0
			req := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.form))
			if tt.header != nil {
				req.Header = tt.header
			}
			w := httptest.NewRecorder()
			ops(tt.ready, tt.reload, &reloads).ServeHTTP(w, req)
			want(t, w.Result(), tt.status, tt.body)
			if reloads != tt.reloads {
				t.Errorf("%d reloads, want %d", reloads, tt.reloads)
			}
			if w.Header().Get("X-Request-Id") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}

// patient is a writer that remembers until when may be written.
type patient struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (p *patient) SetWriteDeadline(t time.Time) error { p.until = t; return nil }

func TestProfilesAreForTheOperatorOnly(t *testing.T) {
	t.Parallel()
	for target, least := range map[string]time.Duration{
		"/debug/pprof/":                           time.Minute,
		"/debug/pprof/goroutine?debug=1":          time.Minute,
		"/debug/pprof/cmdline?seconds=120":        3 * time.Minute,
		"/debug/pprof/trace?seconds=0.01":         time.Minute,
		"/debug/pprof/heap?debug=1&seconds=bogus": 90 * time.Second,
	} {
		w := &patient{ResponseRecorder: httptest.NewRecorder()}
		begun := time.Now()
		ops(nil, nil, nil).ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		if target != "/debug/pprof/heap?debug=1&seconds=bogus" && (w.Code != 200 || w.Body.Len() == 0) {
			t.Errorf("%s: %d with %d bytes", target, w.Code, w.Body.Len())
		}
		if got := w.until.Sub(begun); got < least {
			t.Errorf("%s may be written for %v, want %v at least", target, got, least)
		}
		for _, method := range []string{"GET", "POST"} {
			if r := newFace(t, nil, nil).do(method, target, nil); r.StatusCode != 404 {
				t.Errorf("%s %s in public: %d, want 404", method, target, r.StatusCode)
			}
		}
	}
}
