package web_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		Flows: func(context.Context) (any, error) { return map[string]string{"version": "v1"}, reload },
	})
}

func TestOps(t *testing.T) {
	t.Parallel()
	refused := errors.New("flows.yaml is not usable:\nflows.yaml:3:1: F203 unknown state")
	sameSite := http.Header{"Sec-Fetch-Site": {"same-origin"}}
	for _, tt := range []struct {
		name           string
		method, target string
		header         http.Header
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
		{name: "metrics are read only", method: "POST", target: "/metrics", status: 405, body: "405 method not allowed"},
		{name: "the pages are not here", method: "GET", target: "/inbox", status: 404, body: "404 page not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reloads := 0
			req := httptest.NewRequest(tt.method, tt.target, nil)
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

// TestMetrics holds every measurement with its labels, so that a label that
// could grow without end, or a renamed measurement, is seen.
func TestMetrics(t *testing.T) {
	t.Parallel()
	f := newFace(t, nil, nil)
	c := f.stats.Channel("shop")
	f.stats.Escalations.Store(1)
	f.stats.Conflicts.Store(2)
	f.stats.Duplicates.Store(3)
	f.stats.Calls.Begun.Store(21)
	f.stats.Calls.Succeeded.Store(22)
	f.stats.Calls.Failed.Store(23)
	f.stats.Calls.Retried.Store(24)
	f.stats.Swept.Messages.Store(1)
	f.stats.Swept.Conversations.Store(2)
	f.stats.Swept.Contacts.Store(3)
	f.stats.Swept.Events.Store(4)
	f.stats.Swept.Audit.Store(5)
	f.stats.Swept.Marks.Store(6)
	c.Inbound.Store(4)
	c.Receipts.Store(5)
	c.Events.Store(6)
	c.Sent.Store(7)
	c.Cancelled.Store(8)
	c.Closed.Store(9)
	c.Retry.Store(10)
	c.Wait.Store(11)
	c.Fail.Store(12)
	c.Alarm.Store(13)
	c.Unknown.Store(14)
	f.stats.Channel("a stranger's").Inbound.Store(99)
	f.m.Reloaded(true)
	f.m.Reloaded(false)
	f.m.Reloaded(false)
	f.do("POST", "/webhooks/shop", strings.NewReader("{}"))
	f.do("POST", "/webhooks/a-stranger", strings.NewReader("{}"))

	var got []string
	for line := range strings.Lines(f.metrics(t)) {
		if strings.HasPrefix(line, "frontdesk_") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum{") {
			got = append(got, strings.TrimSuffix(line, "\n"))
		}
	}
	all := []string{
		`frontdesk_calls_total{result="begun"} 21`,
		`frontdesk_calls_total{result="failed"} 23`,
		`frontdesk_calls_total{result="retried"} 24`,
		`frontdesk_calls_total{result="succeeded"} 22`,
		`frontdesk_channel_paused{channel="shop"} 0`,
		`frontdesk_conflicts_total 2`,
		`frontdesk_duplicates_total 3`,
		`frontdesk_escalations_total 1`,
		`frontdesk_events_total{channel="shop"} 6`,
		`frontdesk_messages_dropped_total{channel="shop",reason="stale"} 8`,
		`frontdesk_messages_dropped_total{channel="shop",reason="window_closed"} 9`,
		`frontdesk_messages_received_total{channel="shop"} 4`,
		`frontdesk_messages_sent_total{channel="shop"} 7`,
		`frontdesk_receipts_total{channel="shop"} 5`,
		`frontdesk_reloads_total{result="ok"} 1`,
		`frontdesk_reloads_total{result="refused"} 2`,
		`frontdesk_send_failures_total{channel="shop",class="alarm"} 13`,
		`frontdesk_send_failures_total{channel="shop",class="fail"} 12`,
		`frontdesk_send_failures_total{channel="shop",class="retry"} 10`,
		`frontdesk_send_failures_total{channel="shop",class="unknown"} 14`,
		`frontdesk_send_failures_total{channel="shop",class="wait"} 11`,
		`frontdesk_swept_total{kind="audit"} 5`,
		`frontdesk_swept_total{kind="contacts"} 3`,
		`frontdesk_swept_total{kind="conversations"} 2`,
		`frontdesk_swept_total{kind="events"} 4`,
		`frontdesk_swept_total{kind="marks"} 6`,
		`frontdesk_swept_total{kind="messages"} 1`,
		`frontdesk_webhook_seconds_count{channel="shop",code="200"} 1`,
	}
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReloadsAreCountedFromTheStart(t *testing.T) {
	t.Parallel()
	got := newFace(t, nil, nil).metrics(t)
	for _, result := range []string{"ok", "refused"} {
		if line := fmt.Sprintf("frontdesk_reloads_total{result=%q} 0\n", result); !strings.Contains(got, line) {
			t.Errorf("the metrics hold no %s", line)
		}
	}
}

func TestMetricsAreRegisteredWithWhatWasPassedIn(t *testing.T) {
	t.Parallel()
	stats := bot.NewStats(nil)
	web.NewMetrics(prometheus.NewRegistry(), stats, nil)
	web.NewMetrics(prometheus.NewRegistry(), stats, nil) // a global registry would panic here
}
