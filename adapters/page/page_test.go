package page

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"frontdesk/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAssetsChangeTheirNameWithTheirContent(t *testing.T) {
	t.Parallel()
	urls := map[string]bool{}
	for _, body := range []string{"a", "b"} {
		a, err := NewAssets("/s/", fstest.MapFS{"page.css": {Data: []byte(body)}, "x.bin": {Data: []byte("x")}})
		if err != nil {
			t.Fatal(err)
		}
		url, err := a.URL("page.css")
		if err != nil || urls[url] || !strings.HasPrefix(url, "/s/page.") || !strings.HasSuffix(url, ".css") {
			t.Errorf("%q, %v", url, err)
		}
		urls[url] = true
		if _, err := a.URL("page.js"); err == nil {
			t.Error("a file that is not there has a URL")
		}
		rec := httptest.NewRecorder()
		a.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, url, nil))
		if rec.Code != http.StatusOK || rec.Body.String() != body || rec.Header().Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%d %q %v", rec.Code, rec.Body, rec.Header())
		}
		rec = httptest.NewRecorder()
		a.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/s/page.css", nil))
		if rec.Code != http.StatusNotFound {
			t.Errorf("without the hash: %d", rec.Code)
		}
	}
}

func TestAModuleImportsFilesByTheNamesTheyAreServedUnder(t *testing.T) {
	t.Parallel()
	main := fstest.MapFS{"page.js": {Data: []byte(`import { follow } from "./stream.js";`)}}
	a, err := NewAssets("/s/", Base, main)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := a.URL("stream.js")
	if err != nil {
		t.Fatal(err)
	}
	page, err := a.URL("page.js")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(a.files[page]), `import { follow } from "`+stream+`";`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := NewAssets("/s/", main); err == nil || !strings.Contains(err.Error(), "page.js: there is no static file stream.js") {
		t.Errorf("an import of a file that is not there: %v", err)
	}
}

func TestPeer(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.7:5000":              "192.0.2.7",
		"[::ffff:192.0.2.7]:5000":     "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:5000": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:5000":         "fe80::/64",
		"@":                           "@",
		"192.0.2.7":                   "192.0.2.7",
		"pipe:1":                      "pipe",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = remote
		if got := Peer(r); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := NewLimiter(time.Second, 3, 100)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i := range 3 {
		if _, ok := l.Take("a", now); !ok {
			t.Fatalf("attempt %d was refused", i+1)
		}
	}
	if wait, ok := l.Take("a", now); ok || wait != time.Second {
		t.Errorf("the fourth: %v, %v", wait, ok)
	}
	if wait, ok := l.Take("a", now.Add(400*time.Millisecond)); ok || Seconds(wait) != 1 {
		t.Errorf("a refusal counted as an attempt: %v, %v", wait, ok)
	}
	if _, ok := l.Take("b", now); !ok {
		t.Error("another key was refused")
	}
	if _, ok := l.Take("a", now.Add(time.Second)); !ok {
		t.Error("refused after the wait")
	}
}

func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	l := NewLimiter(time.Second, 3, 100)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i := range 1000 {
		l.Take(fmt.Sprint("key", i), now)
	}
	if len(l.byKey) != 100 || l.order.Len() != 100 {
		t.Errorf("remembers %d keys, %d in order", len(l.byKey), l.order.Len())
	}
	if l.byKey["key999"] == nil || l.byKey["key0"] != nil {
		t.Error("forgot the newest before the oldest")
	}
	l.Take("later", now.Add(3*time.Second))
	if len(l.byKey) != 1 || l.order.Len() != 1 {
		t.Errorf("still remembers %d rested keys", len(l.byKey)-1)
	}
}

// oneConn is a listener of a single connection in memory, on which deadlines
// run by the bubble's clock.
type oneConn struct {
	conns chan net.Conn
	addr  net.Addr
}

func (l oneConn) Accept() (net.Conn, error) {
	if c, ok := <-l.conns; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (l oneConn) Close() error   { close(l.conns); return nil }
func (l oneConn) Addr() net.Addr { return l.addr }

func TestStreamOutlivesTheServersTimeouts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		l := oneConn{conns: make(chan net.Conn, 1), addr: there.LocalAddr()}
		l.conns <- there
		hints, done := make(chan bot.Hint), make(chan struct{})
		server := &http.Server{ReadTimeout: time.Minute, WriteTimeout: time.Minute, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			Stream{Hints: hints, Done: done, Data: func(bot.Hint) string { return "{}" }}.Serve(w, r)
		})}
		stopped := make(chan error)
		go func() { stopped <- server.Serve(l) }()
		if _, err := io.WriteString(here, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		got := make(chan string)
		go func() {
			body, _ := io.ReadAll(here)
			got <- string(body)
		}()
		time.Sleep(5 * time.Minute)
		select {
		case hints <- bot.Hint{}:
		case body := <-got:
			t.Errorf("it ended: %q", body)
		}
		close(done)
		synctest.Wait()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-stopped
		if body := <-got; !strings.Contains(body, "event: hint") {
			t.Errorf("no hint: %q", body)
		}
	})
}

// gone is a connection whose other end is gone.
type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error)       { return 0, errors.New("gone") }
func (gone) WriteString(string) (int, error) { return 0, errors.New("gone") }

func TestStreamEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		begin func(*Stream)
	}{
		{"with the server", func(s *Stream) { done := make(chan struct{}); close(done); s.Done = done }},
		{"with the hub", func(s *Stream) { h := make(chan bot.Hint); close(h); s.Hints = h }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := Stream{Hints: make(chan bot.Hint), Data: func(bot.Hint) string { return "{}" }}
				c.begin(&s)
				rec := httptest.NewRecorder()
				s.Serve(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
				if !strings.HasPrefix(rec.Body.String(), "retry: 2000\nevent: hello\n") {
					t.Errorf("%q", rec.Body)
				}
			})
		})
	}
	Stream{Hints: make(chan bot.Hint)}.Serve(gone{httptest.NewRecorder()}, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	p := NewPlaces(2, 3)
	var leaves []func()
	for _, c := range []struct {
		key    string
		status int
	}{
		{"a", http.StatusOK},
		{"a", http.StatusOK},
		{"a", http.StatusTooManyRequests},
		{"b", http.StatusOK},
		{"b", http.StatusServiceUnavailable},
		{"a", http.StatusTooManyRequests},
	} {
		leave, status := p.Take(c.key)
		if status != c.status || (leave == nil) != (c.status != http.StatusOK) {
			t.Errorf("%s: %d, want %d", c.key, status, c.status)
		}
		if leave != nil {
			leaves = append(leaves, leave)
		}
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		key := map[int]string{http.StatusTooManyRequests: "a", http.StatusServiceUnavailable: "b"}[status]
		rec := httptest.NewRecorder()
		if _, ok := p.Hold(rec, key); ok || rec.Code != status || rec.Header().Get("Retry-After") != "5" {
			t.Errorf("%v: %d %v", ok, rec.Code, rec.Header())
		}
	}
	for _, leave := range leaves {
		leave()
	}
	if p.taken != 0 || len(p.byKey) != 0 {
		t.Errorf("%d places are still taken, of %v", p.taken, p.byKey)
	}
}

func TestPlacesAreNotLost(t *testing.T) {
	t.Parallel()
	p := NewPlaces(5, 20)
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			for range 100 {
				if leave, ok := p.Hold(httptest.NewRecorder(), fmt.Sprint(i%7)); ok {
					leave()
				}
			}
		})
	}
	group.Wait()
	if p.taken != 0 || len(p.byKey) != 0 {
		t.Errorf("%d places are still taken, of %v", p.taken, p.byKey)
	}
}
