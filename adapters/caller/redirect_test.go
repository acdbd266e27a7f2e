package caller_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

func TestRedirectsAreFollowedWithinTheServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method string
		status, hops int
		want         outcome
	}{
		{"one", "GET", 302, 1, outcome{Result: flows.Called{Status: 200, Body: "GET /0 "}}},
		{"three", "GET", 301, 3, outcome{Result: flows.Called{Status: 200, Body: "GET /0 "}}},
		{"four are too many", "GET", 302, 4, outcome{Result: flows.Called{Status: 302}}},
		{"with the body", "POST", 307, 2, outcome{Result: flows.Called{Status: 200, Body: "POST /0 {}"}}},
		{"with the body, for good", "POST", 308, 1, outcome{Result: flows.Called{Status: 200, Body: "POST /0 {}"}}},
		{"to where the answer is", "POST", 303, 1, outcome{Result: flows.Called{Status: 200, Body: "GET /0 "}}},
		{"that would make a question of an order", "POST", 302, 1, outcome{Result: flows.Called{Status: 302}}},
		{"that would make a question of an order, for good", "POST", 301, 1, outcome{Result: flows.Called{Status: 301}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := shop(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Key") != "hush-hush-hush" || r.Header.Get("Idempotency-Key") != "c1:7" {
					t.Errorf("%s without its headers: %v", r.URL, r.Header)
				}
				var left int
				if _, err := fmt.Sscanf(r.URL.Path, "/%d", &left); err != nil || left > 0 {
					http.Redirect(w, r, fmt.Sprintf("/%d", left-1), tt.status)
					return
				}
				body, _ := io.ReadAll(r.Body)
				answers(200, "text/plain", r.Method+" "+r.URL.Path+" "+string(body))(w, r)
			})
			r := flows.Call{
				Method: tt.method, URL: fmt.Sprintf("%s/%d", s.URL, tt.hops), Timeout: patience,
				Headers: map[string]string{"X-Key": "{{ secret.key }}"},
			}
			if tt.method == "POST" {
				r.Body = []byte("{}")
			}
			got := call(t.Context(), newCaller(t, caller.Config{Secrets: map[string]caller.Secret{"key": "hush-hush-hush"}}), r)
			if s, ok := got.Result.Body.(string); ok {
				tt.want.Result.Body = strings.TrimSpace(tt.want.Result.Body.(string))
				got.Result.Body = s
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestARedirectToAnotherServerIsTheAnswer(t *testing.T) {
	t.Parallel()
	var strangers atomic.Int32
	stranger := shop(t, func(http.ResponseWriter, *http.Request) { strangers.Add(1) })
	for _, to := range []string{
		stranger.URL + "/?steal", // another port
		strings.Replace(named(t, stranger, "evil.example"), "http:", "https:", 1),
		"//evil.example/", "http://shop.example/", "ftp://shop.example/", "http://user:pass@evil.example/", "",
	} {
		s := shop(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		})
		c := newCaller(t, caller.Config{
			Secrets:  map[string]caller.Secret{"key": "hush-hush-hush"},
			Resolver: names(func(string) []string { return []string{"127.0.0.1"} }).resolver(),
		})
		r := get(named(t, s, "shop.example"))
		r.Headers = map[string]string{"Authorization": "Bearer {{ secret.key }}"}
		if diff := cmp.Diff(outcome{Result: flows.Called{Status: 307}}, call(t.Context(), c, r)); diff != "" {
			t.Errorf("to %q (-want +got):\n%s", to, diff)
		}
	}
	if n := strangers.Load(); n != 0 {
		t.Errorf("%d requests reached another server", n)
	}
}

func TestARedirectToNoAddressIsABrokenAnswer(t *testing.T) {
	t.Parallel()
	s := shop(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://[")
		w.WriteHeader(http.StatusFound)
	})
	want := outcome{Result: flows.Called{Error: caller.CodeAnswer}}
	if diff := cmp.Diff(want, call(t.Context(), newCaller(t, caller.Config{}), get(s.URL))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
