package load

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/meta"
)

// testPoster posts to the channel load1 of a server.
func testPoster(t *testing.T, server *httptest.Server) *poster {
	t.Helper()
	p, err := newPoster(&Options{Target: server.URL, Channels: testWriter().channels}, &counts{answers: map[string]int{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	return p
}

func TestPostIsSignedAndItsConnectionUsedAgain(t *testing.T) {
	t.Parallel()
	var from atomic.Value
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != `{"a":1}` || meta.Verify("secret", r.Header, body) != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v: %s with %v", err, body, r.Header)
		}
		if was := from.Swap(r.RemoteAddr); was != nil && was != r.RemoteAddr {
			t.Errorf("from %v and then from %s", was, r.RemoteAddr)
		}
		if r.URL.Path != "/webhooks/load1" || r.Host == "" {
			t.Errorf("to %s of %s", r.URL.Path, r.Host)
		}
		_, _ = io.WriteString(w, strings.Repeat("thank you ", 1000)) // in chunks
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	defer server.Close()
	p := testPoster(t, server)
	for range 3 {
		if !p.post(t.Context(), 0, []byte(`{"a":1}`)) {
			t.Fatalf("%v", p.counts.answers)
		}
	}
}

func TestAConnectionThatEndedWhileItWasIdleIsReplaced(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	p := testPoster(t, server)
	for range 3 {
		if !p.post(t.Context(), 0, nil) {
			t.Fatalf("%v", p.counts.answers)
		}
		server.CloseClientConnections()
	}
}

func TestWhyAWebhookGotNoAnswer(t *testing.T) {
	t.Parallel()
	wait := make(chan struct{})
	for _, c := range []struct {
		name, want string
		handler    http.HandlerFunc
	}{
		{"refused", "503", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }},
		{"cut", "no connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"silent", "no answer in time", func(http.ResponseWriter, *http.Request) { <-wait }},
	} {
		server := httptest.NewServer(c.handler)
		p := testPoster(t, server)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if c.name != "silent" {
			ctx = t.Context()
		}
		if p.post(ctx, 0, nil) || p.counts.answers[c.want] != 1 {
			t.Errorf("%s: counted %v, want %q", c.name, p.counts.answers, c.want)
		}
		if c.name == "silent" {
			close(wait)
		}
		cancel()
		server.Close()
		if p.post(t.Context(), 0, nil) || p.counts.answers["no connection"] == 0 {
			t.Errorf("%s, then closed: counted %v", c.name, p.counts.answers)
		}
	}
}

func TestAnotherMachineIsReachedOverTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	p := testPoster(t, server)
	if p.post(t.Context(), 0, nil) {
		t.Error("a certificate that nobody vouches for was believed")
	}
	p.lines.tls = server.Client().Transport.(*http.Transport).TLSClientConfig
	if !p.post(t.Context(), 0, nil) {
		t.Errorf("%v", p.counts.answers)
	}
}

func TestStatusesAreToldInTheirOrderUntilTheyAreTaken(t *testing.T) {
	t.Parallel()
	var came []string
	var n int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		body, _ := io.ReadAll(r.Body)
		for _, s := range decoded(t, body).Receipts {
			came = append(came, s.ExternalID+" "+string(s.State))
		}
	}))
	defer server.Close()
	p := testPoster(t, server)
	teller := newTeller([]string{"sent", "read"}, testWriter(), p, p.counts)
	for beat, id := range []string{"wamid.1", "wamid.2", "", ""} {
		if id != "" {
			teller.accepted(0, told{id: id, sender: 1})
		}
		teller.beat(t.Context(), 0, time.Now())
		teller.posts.Wait()
		if waits := []int{1, 1, 0, 0}[beat]; teller.waiting() != waits {
			t.Errorf("after beat %d %d statuses wait, want %d", beat, teller.waiting(), waits)
		}
	}
	want := "wamid.1 sent, wamid.2 sent, wamid.1 read, wamid.2 read"
	if got := strings.Join(came, ", "); got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	if c := p.counts.told; c.Told != 4 || c.Webhooks != 3 || c.Again != 1 || c.Untold != 0 {
		t.Errorf("counted %+v", c)
	}
}
