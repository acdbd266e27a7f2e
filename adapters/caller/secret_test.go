package caller_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

// hush is in every secret and in every query of these tests.
const hush = "hush-hush-hush"

func TestSecretPrintsAsNothingElse(t *testing.T) {
	t.Parallel()
	secret := caller.Secret(hush)
	made, err := caller.New(caller.Config{Secrets: map[string]caller.Secret{"key": secret}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s"} {
		for _, v := range []any{secret, &secret, struct{ S caller.Secret }{secret}, map[string]caller.Secret{"key": secret}, caller.Config{Secrets: map[string]caller.Secret{"key": secret}}, made} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("a line", "secret", secret, "within", struct{ S caller.Secret }{secret}, "caller", fmt.Sprintf("%+v", made))
	}
	if err := json.NewEncoder(&out).Encode(map[string]any{"list": []caller.Secret{secret}, "one": secret, "pointer": &secret}); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{hush, fmt.Sprintf("%x", hush), fmt.Sprintf("%X", hush), fmt.Sprintf("%d", []byte(hush))} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret shows as %q in:\n%s", form, out.String())
		}
	}
	if string(secret) != hush {
		t.Error("the value cannot be had")
	}
}

func TestNoSecretIsInALogOrAResult(t *testing.T) {
	t.Parallel()
	s := shop(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/echo":
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(r.Header)
		case "/echo/text":
			answers(400, "text/plain", "no: "+r.Header.Get("Authorization"))(w, r)
		case "/echo/broken":
			answers(200, "application/json", r.Header.Get("Authorization"))(w, r)
		case "/redirect":
			http.Redirect(w, r, "/echo?key="+r.Header.Get("X-Key"), http.StatusFound)
		case "/redirect/away":
			http.Redirect(w, r, "http://evil.example/?key="+r.Header.Get("X-Key"), http.StatusFound)
		case "/redirect/nowhere":
			w.Header().Set("Location", "http://["+r.Header.Get("X-Key"))
			w.WriteHeader(http.StatusFound)
		case "/hang":
			<-r.Context().Done()
		}
	})
	secure, _ := secureShop(t, nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	good := map[string]string{"Authorization": "Bearer {{ secret.key }}", "X-Key": "{{ secret.key }}"}
	for name, r := range map[string]flows.Call{
		"repeated":               {URL: s.URL + "/echo", Headers: good},
		"repeated as a text":     {URL: s.URL + "/echo/text", Headers: good},
		"repeated as no JSON":    {URL: s.URL + "/echo/broken", Headers: good},
		"redirected":             {URL: s.URL + "/redirect", Headers: good},
		"redirected away":        {URL: s.URL + "/redirect/away", Headers: good},
		"redirected nowhere":     {URL: s.URL + "/redirect/nowhere", Headers: good},
		"not in time":            {URL: s.URL + "/hang", Headers: good, Timeout: 50 * time.Millisecond},
		"not encrypted":          {URL: secure.URL + "/", Headers: good},
		"not allowed":            {URL: "http://10.0.0.1/", Headers: good},
		"not there":              {URL: "http://127.0.0.1:1/", Headers: good},
		"an unknown name beside": {URL: s.URL + "/echo", Headers: map[string]string{"X-Key": "{{ secret.key }} {{ secret.other }}"}},
		"a header that is none":  {URL: s.URL + "/echo", Headers: map[string]string{"X-Key": "{{ secret.key }}\n"}},
		"a password":             {URL: "http://ana:" + hush + "@10.0.0.1/", Headers: good},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out lines
			c := newCaller(t, caller.Config{Log: out.logger(slog.LevelDebug), Secrets: map[string]caller.Secret{"key": hush}})
			r.Method = "GET"
			r.URL += "?name=" + hush
			if r.Timeout == 0 {
				r.Timeout = patience
			}
			got := call(t.Context(), c, r)
			if shown := fmt.Sprintf("%+v %#v %s", got, got, out.String()); strings.Contains(shown, hush) {
				t.Errorf("a secret is shown:\n%s", shown)
			}
			if !strings.Contains(out.String(), `"msg":"called"`) {
				t.Errorf("nothing is logged: %s", out.String())
			}
		})
	}
}

func TestWhatAPersonShouldMendIsAWarning(t *testing.T) {
	t.Parallel()
	secure, _ := secureShop(t, nil)
	s := shop(t, answers(200, "text/plain", "fine"))
	for _, tt := range []struct{ name, address, header, want string }{
		{"an unknown secret", s.URL + "/orders?q", "{{ secret.other }}", `"msg":"a call names a secret that is not in the operator's file","call":"c1:7","secrets":["other"]`},
		{"what names none", s.URL + "/orders?q", "{{ secret.My name is Ana }}", `"call":"c1:7","secrets":[""]`},
		{"not allowed", "http://10.0.0.1/orders?q", "", `"msg":"a call to an address that is not allowed","call":"c1:7","host":"10.0.0.1"`},
		{"not encrypted", secure.URL + "/orders?q", "", `"msg":"a call found no encrypted connection","call":"c1:7","host":"127.0.0.1:`},
		{"nothing", s.URL + "/orders?q", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out lines
			c := newCaller(t, caller.Config{Log: out.logger(slog.LevelInfo)})
			r := get(tt.address)
			if tt.header != "" {
				r.Headers = map[string]string{"X-Key": tt.header}
			}
			call(t.Context(), c, r)
			if tt.want == "" && out.String() != "" || !strings.Contains(out.String(), tt.want) || strings.Contains(out.String(), "orders") {
				t.Errorf("logged:\n%s\nwant %s", out.String(), tt.want)
			}
		})
	}
}
