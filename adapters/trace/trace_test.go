package trace_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/adapters/trace"
	"frontdesk/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tracer(t *testing.T, endpoint string, sample float64, log *slog.Logger) *trace.Tracer {
	t.Helper()
	tr, err := trace.New(trace.Config{Endpoint: endpoint, Sample: sample, Version: "v1.2.3", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// finish closes a tracer and says how long it took.
func finish(t *testing.T, tr *trace.Tracer, within time.Duration) (took time.Duration, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	begun := time.Now()
	err = tr.Close(ctx)
	return time.Since(begun), err
}

func TestSpansReachTheCollectorWhenTheTracerIsClosed(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	tr := tracer(t, c.URL, 1, quiet())
	ctx, endWebhook := bot.StartSpan(t.Context(), tr, "webhook", slog.String("channel", "shop"), slog.Int("messages", 3))
	_, endCommit := bot.StartSpan(ctx, tr, "commit", slog.String("conversation", "c01f"))
	endCommit(fmt.Errorf("storing \"my card is 4111\": %w", bot.ErrConflict))
	endWebhook(errors.New("the customer wrote: my card is 4111"))
	if _, err := finish(t, tr, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	spans := c.got()
	if len(spans) != 2 {
		t.Fatalf("%d spans came, want 2", len(spans))
	}
	commit, webhook := spans[0], spans[1]
	want := span{id: commit.id, parent: webhook.id, name: "commit", status: "conflict", failed: true, ids: map[string]any{"frontdesk.conversation": "c01f"}}
	if diff := cmp.Diff(want, commit, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("commit (-want +got):\n%s", diff)
	}
	want = span{id: webhook.id, name: "webhook", status: "error", failed: true, ids: map[string]any{"frontdesk.channel": "shop", "frontdesk.messages": 3}}
	if diff := cmp.Diff(want, webhook, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("webhook (-want +got):\n%s", diff)
	}
	if bytes.Contains(c.raw, []byte("4111")) {
		t.Error("what a customer wrote was exported with an error")
	}
	for _, part := range []string{"service.name", "frontdesk", "v1.2.3"} {
		if !bytes.Contains(c.raw, []byte(part)) {
			t.Errorf("the resource does not hold %q", part)
		}
	}
}

func TestTheCollectorsPathIsKept(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/otlp", "/otlp/"} {
		c := newCollector(t)
		tr := tracer(t, c.URL+path, 1, quiet())
		_, end := tr.Start(t.Context(), "handle")
		end(nil)
		if _, err := finish(t, tr, 5*time.Second); err != nil {
			t.Fatal(err)
		}
		want := "POST " + strings.TrimSuffix(path, "/") + "/v1/traces"
		if c.paths[want] != 1 {
			t.Errorf("with %q the requests were %v, want %s", path, c.paths, want)
		}
	}
}

func TestOnlyTheShareThatIsAskedForIsRecorded(t *testing.T) {
	t.Parallel()
	const walks = 4000
	for sample, want := range map[float64][2]int{0: {0, 0}, 0.25: {800, 1200}, 1: {walks, walks}} {
		c := newCollector(t)
		tr := tracer(t, c.URL, sample, quiet())
		for range walks / 4 { // four spans each, of which all or none are there
			ctx, end := tr.Start(t.Context(), "handle")
			for _, name := range []string{"load", "decide", "commit"} {
				_, end := tr.Start(ctx, name)
				end(nil)
			}
			end(nil)
		}
		if _, err := finish(t, tr, 10*time.Second); err != nil {
			t.Fatal(err)
		}
		if got := len(c.got()); got < want[0] || got > want[1] || got%4 != 0 {
			t.Errorf("with %v of them %d spans came, want %v", sample, got, want)
		}
	}
}

// TestADeadCollectorCostsNothingButSpans: nobody waits for it, whatever it does.
func TestADeadCollectorCostsNothingButSpans(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(hangs.Close)
	t.Cleanup(func() { close(release) })
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "full", http.StatusServiceUnavailable) }))
	t.Cleanup(refuses.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, url := range map[string]string{"one that hangs": hangs.URL, "one that refuses": refuses.URL, "one that is gone": gone.URL} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			tr := tracer(t, url, 1, slog.New(slog.NewTextHandler(&log, nil)))
			begun := time.Now()
			for range 20_000 { // far more than there is room for
				_, end := tr.Start(t.Context(), "handle", slog.Int("messages", 1))
				end(nil)
			}
			if took := time.Since(begun); took > 30*time.Second { // one that waited for each batch would take minutes
				t.Errorf("20,000 spans took %v", took)
			}
			took, err := finish(t, tr, 200*time.Millisecond)
			if took > 4*time.Second { // one request alone may take five
				t.Errorf("closing took %v (%v)", took, err)
			}
			if n := strings.Count(log.String(), "level=WARN"); err == nil && n != 1 {
				t.Errorf("%d lines in the log, want one:\n%s", n, log.String())
			}
		})
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := trace.New(trace.Config{Endpoint: "http://[::1", Log: quiet()}); err == nil {
		t.Error("it was taken")
	}
}

func BenchmarkSpan(b *testing.B) {
	for name, sample := range map[string]float64{"recorded": 1, "one in a hundred": 0.01} {
		b.Run(name, func(b *testing.B) {
			tr, err := trace.New(trace.Config{Endpoint: "http://127.0.0.1:1", Sample: sample, Log: quiet()})
			if err != nil {
				b.Fatal(err)
			}
			defer tr.Close(context.Background())
			b.ReportAllocs()
			for b.Loop() {
				_, end := bot.StartSpan(context.Background(), tr, "load", slog.String("channel", "shop"))
				end(nil)
			}
		})
	}
}
