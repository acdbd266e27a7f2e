package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/adapters/web"
	"frontdesk/bot"
)

// careOps is the operator's face of a program whose store is called data.db, and
// what it was asked. Everything else than err is a line that repeats the question.
func careOps(err error) (http.Handler, *[]string) {
	asked := &[]string{}
	does := func(words ...any) (any, error) {
		*asked = append(*asked, strings.TrimSpace(fmt.Sprintln(words...)))
		return map[string]string{"did": (*asked)[len(*asked)-1]}, err
	}
	care := &web.Care{
		Holds:  func(path string) bool { return path == "/data.db" },
		Stats:  func(context.Context) (any, error) { return does("stats") },
		Check:  func(context.Context) (any, error) { return does("check") },
		Audits: func(_ context.Context, limit int) (any, error) { return does("audits", limit) },
		Find:   func(_ context.Context, who string) (any, error) { return does("find", who) },
		Person: func(_ context.Context, contact string) (any, error) { return does("export", contact) },
		Erase:  func(_ context.Context, contact, by string) (any, error) { return does("erase", contact, by) },
		Misses: func(_ context.Context, f bot.MissFilter) (any, error) {
			return does("misses", f.From.Format(time.DateOnly), f.Until.Format(time.DateOnly), f.Channel, f.Limit)
		},
		Costs: func(_ context.Context, from, until time.Time, each func(any) error) error {
			row, err := does("costs", from.Format(time.DateOnly), until.Format(time.DateOnly))
			return errors.Join(each(row), err)
		},
		Copy: func(context.Context) (io.ReadCloser, int64, error) {
			_, err := does("copy")
			return io.NopCloser(strings.NewReader("the file")), 8, err
		},
	}
	return web.NewOps(web.OpsConfig{Gatherer: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler), Care: care}), asked
}

func TestCare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		method, target string
		body           string
		header         http.Header
		err            error
		status         int
		want           string // the body
		did            []string
	}{
		{name: "stats", method: "GET", target: "/-/store/stats", status: 200, want: `{"did":"stats"}`, did: []string{"stats"}},
		{name: "rows of the audit", method: "GET", target: "/-/store/audit?limit=7", status: 200, want: `{"did":"audits 7"}`, did: []string{"audits 7"}},
		{name: "a check", method: "POST", target: "/-/store/check?file=/data.db", status: 200, want: `{"did":"check"}`, did: []string{"check"}},
		{name: "a copy", method: "POST", target: "/-/store/copy", status: 200, want: "the file", did: []string{"copy"}},
		{name: "a copy that could not be made", method: "POST", target: "/-/store/copy", err: errors.New("the disk is full"), status: 500, want: "the disk is full\n", did: []string{"copy"}},
		{
			name: "a contact is found", method: "POST", target: "/-/contact/find", body: `{"who":"+43 660"}`,
			status: 200, want: `{"did":"find +43 660"}`, did: []string{"find +43 660"},
		},
		{
			name: "a contact is exported", method: "POST", target: "/-/contact/export", body: `{"contact":"k1"}`,
			status: 200, want: `{"did":"export k1"}`, did: []string{"export k1"},
		},
		{
			name: "a contact is erased", method: "POST", target: "/-/contact/erase", body: `{"contact":"k1","by":"ana"}`,
			status: 200, want: `{"did":"erase k1 ana"}`, did: []string{"erase k1 ana"},
		},
		{
			name: "nobody", method: "POST", target: "/-/contact/export", body: `{"contact":"k2"}`, err: fmt.Errorf("contact k2: %w", bot.ErrNotFound),
			status: 404, want: "contact k2: not found\n", did: []string{"export k2"},
		},
		{name: "no question", method: "POST", target: "/-/contact/erase", body: `k1`, status: 400, want: "the body is not understood: invalid character 'k' looking for beginning of value\n"},
		{name: "a question that does not end", method: "POST", target: "/-/contact/find", body: `{"who":"` + strings.Repeat("1", 5000) + `"}`, status: 400, want: "the body is not understood: http: request body too large\n"},
		{name: "another file", method: "POST", target: "/-/contact/erase?file=/other.db", body: `{"contact":"k1"}`, status: 409, want: "this program works on another file\n"},
		{
			name: "another site", method: "POST", target: "/-/contact/erase", body: `{"contact":"k1"}`,
			header: http.Header{"Sec-Fetch-Site": {"cross-site"}}, status: 403,
		},
		{
			name: "what was not understood", method: "GET", target: "/-/answers/misses?from=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z&channel=x&limit=7",
			status: 200, want: `{"did":"misses 2026-10-01 2026-11-01 x 7"}`, did: []string{"misses 2026-10-01 2026-11-01 x 7"},
		},
		{
			name: "what was not understood, ever", method: "GET", target: "/-/answers/misses?limit=1",
			status: 200, want: `{"did":"misses 0001-01-01 0001-01-01  1"}`, did: []string{"misses 0001-01-01 0001-01-01  1"},
		},
		{
			name: "what was not understood at no time", method: "GET", target: "/-/answers/misses?from=x",
			status: 400, want: "the body is not understood: from is a time as 2026-10-01T12:00:00Z: parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"\n",
		},
		{
			name: "what messages cost", method: "GET", target: "/-/costs?from=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z",
			status: 200, want: "{\"did\":\"costs 2026-10-01 2026-11-01\"}\n{\"end\":true}\n", did: []string{"costs 2026-10-01 2026-11-01"},
		},
		{
			name: "rows that break off say so", method: "GET", target: "/-/costs?from=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z", err: errors.New("broken"),
			status: 200, want: "{\"did\":\"costs 2026-10-01 2026-11-01\"}\n{\"end\":true,\"error\":\"broken\"}\n", did: []string{"costs 2026-10-01 2026-11-01"},
		},
		{name: "an erasure is no link", method: "GET", target: "/-/contact/erase", status: 405, want: "405 method not allowed"},
		{name: "a copy is no link", method: "GET", target: "/-/store/copy", status: 405, want: "405 method not allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h, did := careOps(tt.err)
			req := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, strings.NewReader(tt.body))
			maps.Copy(req.Header, tt.header)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			if w.Code != tt.status || w.Body.String() != tt.want {
				t.Errorf("%d %q, want %d %q", w.Code, w.Body, tt.status, tt.want)
			}
			if diff := cmp.Diff(tt.did, append([]string(nil), *did...)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWithoutCareThereAreNoRoutesForIt(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	ops(nil, nil, nil).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/-/store/stats", http.NoBody))
	if w.Code != http.StatusNotFound {
		t.Errorf("%d, want 404", w.Code)
	}
}
