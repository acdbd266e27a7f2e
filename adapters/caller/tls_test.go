package caller_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

// secureShop serves with a certificate for example.com and 127.0.0.1.
func secureShop(t *testing.T, config *tls.Config) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(answers(200, "text/plain", "encrypted"))
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, roots
}

func TestAnEncryptedConnectionIsAgreedOnOrRefused(t *testing.T) {
	t.Parallel()
	fault := outcome{Result: flows.Called{Error: caller.CodeTLS}}
	for _, tt := range []struct {
		name   string
		config *tls.Config
		host   string
		trust  bool
		want   outcome
	}{
		{"a good certificate", nil, "example.com", true, outcome{Result: flows.Called{Status: 200, Body: "encrypted"}}},
		{"a certificate nobody vouches for", nil, "example.com", false, fault},
		{"a certificate for another name", nil, "shop.example", true, fault},
		{"an old protocol", &tls.Config{MaxVersion: tls.VersionTLS11}, "example.com", true, fault},
		{"a certificate is wanted of us", &tls.Config{ClientAuth: tls.RequireAnyClientCert}, "example.com", true, fault},
		{"a certificate is wanted of us, the older way", &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}, "example.com", true, fault},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, roots := secureShop(t, tt.config)
			if !tt.trust {
				roots = x509.NewCertPool()
			}
			c := newCaller(t, caller.Config{Roots: roots, Resolver: names(func(string) []string { return []string{"127.0.0.1"} }).resolver()})
			if diff := cmp.Diff(tt.want, call(t.Context(), c, get(named(t, s, tt.host)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatSpeaksNoTLS(t *testing.T) {
	t.Parallel()
	s := shop(t, answers(200, "text/plain", "in clear"))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	address := strings.Replace(s.URL, "http:", "https:", 1)
	want := outcome{Result: flows.Called{Error: caller.CodeTLS}}
	if diff := cmp.Diff(want, call(t.Context(), newCaller(t, caller.Config{}), get(address))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// rude accepts connections and does with them what serve does.
func rude(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return l.Addr().String()
}

func TestAHandshakeThatBreaksOrHangsMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	t.Run("breaks", func(t *testing.T) {
		t.Parallel()
		at := rude(t, func(c net.Conn) { c.Close() })
		want := outcome{Result: flows.Called{Error: caller.CodeConnection}, Again: true}
		if diff := cmp.Diff(want, call(t.Context(), newCaller(t, caller.Config{}), get("https://"+at))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("hangs", func(t *testing.T) {
		t.Parallel()
		at := rude(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c); c.Close() })
		r := get("https://" + at)
		r.Timeout = 50 * time.Millisecond
		want := outcome{Result: flows.Called{Error: caller.CodeTimeout}, Again: true}
		if diff := cmp.Diff(want, call(t.Context(), newCaller(t, caller.Config{}), r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
