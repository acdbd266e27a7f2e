package meta_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

func graph(t testing.TB, url string) *meta.Graph {
	t.Helper()
	g, err := meta.NewGraph(meta.WhatsApp, url, "v26.0", "EAAhush")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func serve(t testing.TB, handler http.HandlerFunc) *meta.Graph {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return graph(t, server.URL)
}

func TestPostAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header map[string]string
		body   string
		want   string // class, code, pause
	}{
		"an answer":                       {200, nil, `{"id":"7"}`, ""},
		"an answer with keys to come":     {201, nil, `{"id":"7","mood":[1]}`, ""},
		"no JSON":                         {200, nil, `<html>`, "unknown answer 0s"},
		"an answer of another type":       {200, nil, `[1]`, "unknown answer 0s"},
		"nothing":                         {200, nil, ``, "unknown answer 0s"},
		"more than anybody would read":    {200, nil, `{"id":"` + strings.Repeat("x", 1<<20) + `"}`, "unknown answer 0s"},
		"an error under 200":              {200, nil, `{"error":{"code":131047}}`, "fail 131047 0s"},
		"an error with odd neighbours":    {400, nil, `{"error":{"message":5,"code":"131047","is_transient":"no"}}`, "fail 131047 0s"},
		"an error without a code":         {400, nil, `{"error":{"message":"no"}}`, "alarm http_400 0s"},
		"an error that is a word":         {400, nil, `{"error":"no"}`, "alarm http_400 0s"},
		"a cut error":                     {503, nil, `{"error":{"code":13`, "retry http_503 0s"},
		"to wait for seconds":             {429, map[string]string{"Retry-After": "7"}, ``, "wait http_429 7s"},
		"to wait for a negative time":     {429, map[string]string{"Retry-After": "-7"}, ``, "wait http_429 0s"},
		"to wait for ever":                {429, map[string]string{"Retry-After": "99999999999999"}, ``, "wait http_429 24h0m0s"},
		"to wait until a date long past":  {503, map[string]string{"Retry-After": "Mon, 02 Jan 2006 15:04:05 GMT"}, ``, "retry http_503 0s"},
		"to wait until a date far ahead":  {503, map[string]string{"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, ``, "retry http_503 24h0m0s"},
		"to wait for nobody knows":        {503, map[string]string{"Retry-After": "soon"}, ``, "retry http_503 0s"},
		"a redirect, which is not obeyed": {307, map[string]string{"Location": "http://127.0.0.1:1/"}, ``, "alarm http_307 0s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			var out struct{ ID string }
			err := g.Post(t.Context(), "123/messages", struct{}{}, &out)
			if got := describe(t, err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want == "" && out.ID != "7" {
				t.Errorf("the answer was read as %+v", out)
			}
		})
	}
}

func describe(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	return fmt.Sprintf("%s %s %s", e.Class, e.Code, e.RetryAfter)
}

func TestPostWritesTheRequest(t *testing.T) {
	t.Parallel()
	g := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]string{"ID": strings.Join([]string{
			r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), strings.TrimSpace(string(body)),
		}, " | ")})
	})
	var out struct{ ID string }
	if err := g.Post(t.Context(), "123/messages", map[string]string{"text": "a & <b>"}, &out); err != nil {
		t.Fatal(err)
	}
	if want := `POST | /v26.0/123/messages | Bearer EAAhush | application/json | {"text":"a & <b>"}`; out.ID != want {
		t.Errorf("got  %s\nwant %s", out.ID, want)
	}
}

// What was not written was not accepted; what was written may have been.
func TestPostKnowsWhatWasWritten(t *testing.T) {
	t.Parallel()
	t.Run("a name that is none", func(t *testing.T) {
		t.Parallel()
		g := graph(t, "https://graph.invalid")
		want(t, g.Post(t.Context(), "1/messages", 1, nil), bot.ClassRetry, "connection")
	})
	t.Run("a server without TLS", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(server.Close)
		g := graph(t, strings.Replace(server.URL, "http:", "https:", 1))
		want(t, g.Post(t.Context(), "1/messages", 1, nil), bot.ClassRetry, "connection")
	})
	t.Run("a handshake that never ends", func(t *testing.T) {
		t.Parallel()
		l := listen(t)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel() // when the client has begun to speak
			if c, err := l.Accept(); err == nil {
				_, _ = c.Read(make([]byte, 1))
				t.Cleanup(func() { _ = c.Close() })
			}
		}()
		g := graph(t, "https://"+l.Addr().String())
		want(t, g.Post(ctx, "1/messages", 1, nil), bot.ClassRetry, "cancelled")
	})
	t.Run("cancelled when the request has come", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		g := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			cancel()
			<-r.Context().Done()
		})
		want(t, g.Post(ctx, "1/messages", 1, nil), bot.ClassUnknown, "cancelled")
	})
	t.Run("no answer in time", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		l := listen(t) // the connection is made, and nobody reads
		g := graph(t, "http://"+l.Addr().String())
		want(t, g.Post(ctx, "1/messages", 1, nil), bot.ClassUnknown, "timeout")
	})
	t.Run("the connection breaks in the answer", func(t *testing.T) {
		t.Parallel()
		g := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"id":`)
			panic(http.ErrAbortHandler)
		})
		want(t, g.Post(t.Context(), "1/messages", 1, &struct{}{}), bot.ClassUnknown, "connection")
	})
	t.Run("what cannot be written", func(t *testing.T) {
		t.Parallel()
		want(t, graph(t, "http://127.0.0.1:1").Post(t.Context(), "1/messages", func() {}, nil), bot.ClassFail, "request")
	})
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func want(t *testing.T, err error, class bot.Class, code string) {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) || e.Class != class || e.Code != code {
		t.Errorf("got %v, want %s %s", err, class, code)
	}
	if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("the error shows where the request went: %v", err)
	}
}

func TestNumberTime(t *testing.T) {
	t.Parallel()
	const never = "never"
	for raw, want := range map[string]string{
		`"1795341600"`: "2026-11-22T10:00:00Z", `1795341600`: "2026-11-22T10:00:00Z",
		`"1795341600001"`: "2026-11-22T10:00:00.001Z", `1795341600001`: "2026-11-22T10:00:00.001Z",
		`1000000000000`: "2001-09-09T01:46:40Z",
		`0`:             never, `-1`: never, `""`: never, `null`: never, `true`: never, `{}`: never, `1.5`: never, `"soon"`: never,
		`999999999999`: never, `9223372036854775807`: never, `9223372036854775808`: never,
	} {
		var n meta.Number
		if err := json.Unmarshal([]byte(raw), &n); err != nil {
			t.Fatal(err)
		}
		got := never
		if at, ok := n.Time(); ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%s is read as %s, want %s", raw, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, limit := rapid.String().Draw(t, "s"), rapid.IntRange(0, 20).Draw(t, "limit")
		got := meta.Clip(s, limit)
		clean := strings.ReplaceAll(s, "\x00", "")
		if len(got) > limit || !strings.HasPrefix(clean, got) || strings.ToValidUTF8(got, "") != got {
			t.Fatalf("%q at %d is %q", s, limit, got)
		}
		if rest := clean[len(got):]; rest != "" && len(got)+len(string([]rune(rest)[:1])) <= limit {
			t.Fatalf("%q at %d is %q, and one more would fit", s, limit, got)
		}
	})
}
