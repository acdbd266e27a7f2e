package caller_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

func TestACallGivesStatusAndBody(t *testing.T) {
	t.Parallel()
	const long = "äöü"
	for _, tt := range []struct {
		name        string
		status      int
		media, body string
		want        outcome
	}{
		{"JSON", 200, "application/json", `{"state":"sent","n":3,"list":[1.5,true,null]}`, outcome{Result: flows.Called{
			Status: 200, Body: map[string]any{"state": "sent", "n": 3.0, "list": []any{1.5, true, nil}},
		}}},
		{"JSON with a charset", 201, "application/json; charset=utf-8", `"made"`, outcome{Result: flows.Called{Status: 201, Body: "made"}}},
		{"JSON of another kind", 404, "application/problem+json", `{"title":"no"}`, outcome{Result: flows.Called{Status: 404, Body: map[string]any{"title": "no"}}}},
		{"JSON behind a byte order mark", 200, "application/json", "\ufeff 7", outcome{Result: flows.Called{Status: 200, Body: 7.0}}},
		{"no body", 204, "application/json", "", outcome{Result: flows.Called{Status: 204}}},
		{"an empty body that says it is JSON", 200, "application/json", " \n", outcome{Result: flows.Called{Status: 200}}},
		{"a text", 200, "text/plain; charset=utf-8", "sent yesterday\n", outcome{Result: flows.Called{Status: 200, Body: "sent yesterday"}}},
		{"a long text", 200, "text/plain", strings.Repeat(long, 400), outcome{Result: flows.Called{Status: 200, Body: strings.Repeat(long, 333) + "ä"}}},
		{"a page", 200, "text/html", "<p>sent</p>", outcome{Result: flows.Called{Status: 200}}},
		{"a nameless body", 200, "", `{"a":1}`, outcome{Result: flows.Called{Status: 200}}},
		{"broken JSON", 200, "application/json", `{"state":`, outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
		{"two values", 200, "application/json", `{} {}`, outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
		{"a number that is none", 200, "application/json", `1e999`, outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
		{"a refusal with broken JSON", 404, "application/json", `<html>`, outcome{Result: flows.Called{Status: 404}}},
		{"a fault", 500, "text/html", "oops", outcome{Result: flows.Called{Status: 500}, Again: true}},
		{"a fault with broken JSON", 502, "application/json", "<html>", outcome{Result: flows.Called{Status: 502}, Again: true}},
		{"not implemented", 501, "text/html", "", outcome{Result: flows.Called{Status: 501}}},
		{"too early", 425, "text/plain", "later", outcome{Result: flows.Called{Status: 425, Body: "later"}, Again: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := shop(t, func(w http.ResponseWriter, r *http.Request) {
				if tt.media == "" {
					w.Header()["Content-Type"] = nil
					_, _ = io.WriteString(w, tt.body)
					return
				}
				answers(tt.status, tt.media, tt.body)(w, r)
			})
			got := call(t.Context(), newCaller(t, caller.Config{}), get(s.URL))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// seen is what a system got.
type seen struct {
	Method, Path, Body string
	Header             http.Header
}

func TestTheRequestIsWhatTheFlowSaid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call flows.Call
		want seen
	}{
		{
			"a question",
			flows.Call{Method: "GET"},
			seen{"GET", "/orders?q=1", "", http.Header{"Accept": {"application/json"}, "User-Agent": {"frontdesk/v1.2.3"}, "Idempotency-Key": {"c1:7"}}},
		},
		{
			"a body",
			flows.Call{Method: "POST", Body: []byte(`{"a":1}`)},
			seen{"POST", "/orders?q=1", `{"a":1}`, http.Header{
				"Accept": {"application/json"}, "Content-Type": {"application/json"}, "User-Agent": {"frontdesk/v1.2.3"}, "Idempotency-Key": {"c1:7"},
			}},
		},
		{
			"headers of its own",
			flows.Call{Method: "PATCH", Body: []byte(`{}`), Headers: map[string]string{
				"authorization": "Bearer {{ secret.shop_token }}", "accept": "application/vnd.shop+json",
				"Content-Type": "application/merge-patch+json", "X-Both": "{{secret.a}}/{{  secret.a  }}", "Idempotency-Key": "mine",
			}},
			seen{"PATCH", "/orders?q=1", "{}", http.Header{
				"Accept": {"application/vnd.shop+json"}, "Authorization": {"Bearer s3cret-of-shop"}, "Content-Type": {"application/merge-patch+json"},
				"X-Both": {"1/1"}, "User-Agent": {"frontdesk/v1.2.3"}, "Idempotency-Key": {"c1:7"},
			}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got seen
			s := shop(t, func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				for _, name := range []string{"Accept-Encoding", "Connection", "Content-Length"} {
					r.Header.Del(name)
				}
				got = seen{r.Method, r.RequestURI, string(body), r.Header}
			})
			c := newCaller(t, caller.Config{Version: "v1.2.3", Secrets: map[string]caller.Secret{"shop_token": "s3cret-of-shop", "a": "1"}})
			tt.call.URL, tt.call.Timeout = s.URL+"/orders?q=1", patience
			if diff := cmp.Diff(outcome{Result: flows.Called{Status: 200}}, call(t.Context(), c, tt.call)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatCannotBeSentIsNotTried(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call flows.Call
		want string
	}{
		{"another scheme", flows.Call{Method: "GET", URL: "ftp://shop.example/"}, caller.CodeRefused},
		{"a file", flows.Call{Method: "GET", URL: "file:///etc/passwd"}, caller.CodeRefused},
		{"no scheme", flows.Call{Method: "GET", URL: "shop.example/orders"}, caller.CodeRefused},
		{"no host", flows.Call{Method: "GET", URL: "https:///orders"}, caller.CodeRequest},
		{"no address", flows.Call{Method: "GET", URL: "https://shop example/"}, caller.CodeRequest},
		{"a line break in the address", flows.Call{Method: "GET", URL: "https://shop.example/\n"}, caller.CodeRequest},
		{"no method", flows.Call{URL: "https://shop.example/"}, caller.CodeRequest},
		{"a tunnel", flows.Call{Method: "CONNECT", URL: "https://shop.example/"}, caller.CodeRequest},
		{"a line break in a header", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Name": "Ana\r\nX-Admin: 1"}}, caller.CodeRequest},
		{"no header", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X Name": "Ana"}}, caller.CodeRequest},
		{"a header of the connection", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"host": "inner"}}, caller.CodeRequest},
		{"an unknown secret", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Key": "{{ secret.other }}"}}, caller.CodeSecret},
		{"what is no secret's name", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Key": "{{ secret['a'] }}"}}, caller.CodeSecret},
		{"a secret within an expression", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Key": "{{ lower(secret.a) }}"}}, caller.CodeSecret},
		{"a name that is no secret's", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Key": "{{ a }}"}}, caller.CodeSecret},
		{"a secret without a name", flows.Call{Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Key": "{{secret}}"}}, caller.CodeSecret},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dials := names(func(string) []string { t.Error("a name was asked for"); return nil })
			c := newCaller(t, caller.Config{Secrets: map[string]caller.Secret{"a": "1"}, Resolver: dials.resolver()})
			tt.call.Timeout = patience
			if diff := cmp.Diff(outcome{Result: flows.Called{Error: tt.want}}, call(t.Context(), c, tt.call)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAConnectionThatFailsMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	cutOff := func(head string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = io.WriteString(conn, head)
			_ = conn.Close()
		}
	}
	lost := outcome{Result: flows.Called{Error: caller.CodeConnection}, Again: true}
	const begun = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
	for _, tt := range []struct {
		name, method string
		serve        http.HandlerFunc
		want         outcome
	}{
		{"before an answer", "POST", cutOff(""), lost},
		{"within the headers", "POST", cutOff("HTTP/1.1 200 OK\r\nContent-Type: appl"), lost},
		{"within the body of what was asked", "GET", cutOff(begun), lost},
		{"within the body of what was done", "POST", cutOff(begun), outcome{Result: flows.Called{Error: caller.CodeConnection}}},
		{"no HTTP", "GET", cutOff("220 mail.example ready\r\n"), outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
		{"headers without an end", "GET", cutOff("HTTP/1.1 200 OK\r\nX-A: " + strings.Repeat("a", 1<<17) + "\r\n\r\n"), outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
		{"no gzip", "GET", cutOff("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\nplain text, which is no gzip"), outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
		{"packed in another way", "GET", cutOff("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: br\r\n\r\nxx"), outcome{Result: flows.Called{Error: caller.CodeAnswer}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			s := shop(t, func(w http.ResponseWriter, r *http.Request) { requests++; tt.serve(w, r) })
			r := get(s.URL)
			r.Method = tt.method
			if diff := cmp.Diff(tt.want, call(t.Context(), newCaller(t, caller.Config{}), r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if s.Close(); requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		s := httptest.NewServer(http.NotFoundHandler())
		s.Close()
		if diff := cmp.Diff(lost, call(t.Context(), newCaller(t, caller.Config{}), get(s.URL))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a name that nobody knows", func(t *testing.T) {
		t.Parallel()
		c := newCaller(t, caller.Config{Resolver: names(func(string) []string { return nil }).resolver()})
		if diff := cmp.Diff(lost, call(t.Context(), c, get("https://shop.example"))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAnotherSideMayAskForAWait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		header string
		again  bool
		after  time.Duration
	}{
		{429, "7", true, 7 * time.Second},
		{503, "3600", true, time.Minute},
		{503, "99999999999999999999", true, time.Minute},
		{503, "Wed, 21 Oct 2099 07:28:00 GMT", true, time.Minute},
		{503, "Wed, 21 Oct 2015 07:28:00 GMT", true, 0},
		{503, "-5", true, 0},
		{503, "soon", true, 0},
		{503, "", true, 0},
		{404, "7", false, 0},
		{200, "7", false, 0},
	} {
		t.Run(fmt.Sprint(tt.status, " ", tt.header), func(t *testing.T) {
			t.Parallel()
			s := shop(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				w.WriteHeader(tt.status)
			})
			want := outcome{flows.Called{Status: tt.status}, tt.again, tt.after}
			if diff := cmp.Diff(want, call(t.Context(), newCaller(t, caller.Config{}), get(s.URL))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheEnvironmentsProxyIsNotUsed(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	s := shop(t, answers(200, "text/plain", "direct"))
	c := newCaller(t, caller.Config{Resolver: names(func(string) []string { return []string{"127.0.0.1"} }).resolver()})
	got := call(t.Context(), c, get(named(t, s, "shop.example")))
	if diff := cmp.Diff(outcome{Result: flows.Called{Status: 200, Body: "direct"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoCookieIsKept(t *testing.T) {
	t.Parallel()
	s := shop(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" {
			t.Errorf("cookies %q", r.Header.Get("Cookie"))
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/next", http.StatusFound)
		}
	})
	c := newCaller(t, caller.Config{})
	for range 2 {
		if got := call(t.Context(), c, get(s.URL)); got.Result.Status != 200 {
			t.Errorf("%+v", got)
		}
	}
}

func TestACancelledCallEndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	s := shop(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel(errors.New("stopping"))
		<-r.Context().Done()
	})
	want := outcome{Result: flows.Called{Error: caller.CodeConnection}, Again: true}
	if diff := cmp.Diff(want, call(ctx, newCaller(t, caller.Config{}), get(s.URL))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewReportsEveryFault(t *testing.T) {
	t.Parallel()
	_, err := caller.New(caller.Config{MaxBody: -1, Secrets: map[string]caller.Secret{
		"Shop": "hush", "empty": "", "lines": "hush\nhush", "letters": "hüsh", "space": " hush", "good": "Bearer hush",
	}})
	const want = `calls: "Shop" cannot be the name of a secret; write small letters, digits and _, beginning with a letter, at most 40
empty: missing
letters: holds a line break, a space at an end or a letter that no header can carry; paste it again
lines: holds a line break, a space at an end or a letter that no header can carry; paste it again
space: holds a line break, a space at an end or a letter that no header can carry; paste it again
MaxBody is negative; leave it out for 1 MiB`
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
	if _, err := caller.New(caller.Config{}); err != nil {
		t.Errorf("the zero Config is refused: %v", err)
	}
}

func TestTheVersionIsToldWhenItIsAWord(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"": "frontdesk", "(devel)": "frontdesk", "v1.0.0": "frontdesk/v1.0.0", "a b": "frontdesk"} {
		var agent string
		s := shop(t, func(_ http.ResponseWriter, r *http.Request) { agent = r.UserAgent() })
		call(t.Context(), newCaller(t, caller.Config{Version: version}), get(s.URL))
		if agent != want {
			t.Errorf("version %q: %q, want %q", version, agent, want)
		}
	}
}
