package meta_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

func TestAProbeTellsWhetherAnybodyAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		there  bool
	}{
		"an answer":                     {200, true},
		"a refused token":               {401, true},
		"an account that is not there":  {404, true},
		"too many requests":             {429, true},
		"a redirect, which is no fault": {302, true},
		"a fault of the server":         {500, false},
		"a gateway without an answer":   {502, false},
		"a server without room":         {503, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan string, 1)
			g := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked <- r.Method + " " + r.URL.RequestURI() + " " + r.Header.Get("Authorization")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, `{"error":{"code":2}}`)
			})
			err := g.Probe(t.Context(), "123")
			if (err == nil) != c.there {
				t.Errorf("the probe says %v, want that somebody is there: %t", err, c.there)
			}
			if got := <-asked; got != "GET /v26.0/123?fields=id Bearer EAAhush" {
				t.Errorf("asked %q", got)
			}
			secretless(t, err)
		})
	}
}

func TestAProbeOfNobodyFailsInTime(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	closed := graph(t, server.URL)
	server.Close()
	hangs := graph(t, "http://"+listen(t).Addr().String()) // the connection is made, and nobody reads
	for name, g := range map[string]*meta.Graph{"nobody listens": closed, "nobody answers": hangs} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			err := g.Probe(ctx, "123")
			if err == nil {
				t.Error("the probe says that somebody is there")
			}
			secretless(t, err)
		})
	}
}

func secretless(t *testing.T, err error) {
	t.Helper()
	if err != nil && (strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "127.0.0.1")) {
		t.Errorf("the error shows a secret, or where the request went: %v", err)
	}
}

// What is lost on the way says that the server is away; what we cancelled, and
// an answer that nobody understands, do not.
func TestPostSaysWhetherTheServerIsAway(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	closed := graph(t, server.URL)
	server.Close()
	hangs := graph(t, "http://"+listen(t).Addr().String())
	nonsense := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })
	late, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	t.Cleanup(end)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		g    *meta.Graph
		ctx  context.Context
		want bool
	}{
		"nobody listens":                    {closed, t.Context(), true},
		"nobody answers in time":            {hangs, late, true},
		"the send was cancelled":            {hangs, gone, false},
		"an answer that nobody understands": {nonsense, t.Context(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var e *bot.SendError
			if err := c.g.Post(c.ctx, "1/messages", 1, &struct{}{}); !errors.As(err, &e) || e.Host != c.want {
				t.Errorf("got %+v, want away: %t", err, c.want)
			}
		})
	}
}

func TestTheTestServerAnswersProbes(t *testing.T) {
	t.Parallel()
	away := true
	server := metatest.NewGraph(t, metatest.Options{
		Token: "EAAhush", Numbers: []string{"123"},
		Away: func() *metatest.Fault {
			if !away {
				return nil
			}
			away = false
			return &metatest.Fault{Status: 503}
		},
	})
	g := graph(t, server.URL())
	if err := g.Probe(t.Context(), "123"); err == nil {
		t.Error("a server that is away answers")
	}
	if err := g.Probe(t.Context(), "123"); err != nil {
		t.Error(err)
	}
	if server.Probes() != 2 || server.Requests() != 0 {
		t.Errorf("%d probes and %d requests, want 2 and 0", server.Probes(), server.Requests())
	}
	if err := g.Probe(t.Context(), "77"); err != nil {
		t.Error(err)
	}
	if v := server.Violations(); len(v) != 1 {
		t.Errorf("an unknown account broke the rules %q, want once", v)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	for rate, burst := range map[int]int{-1: 0, 0: 0, 1: 1, 9: 1, 40: 4, 80: 8, 5000: 500, 5001: 0} {
		if err := meta.CheckRate(rate, 80); (err == nil) != (burst > 0) {
			t.Errorf("a rate of %d: %v", rate, err)
		}
		if burst > 0 && meta.Burst(rate) != burst {
			t.Errorf("at %d a second %d go at once, want %d", rate, meta.Burst(rate), burst)
		}
	}
}
