package caller_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

// patience is for what must not time out, be the machine as busy as it may.
const patience = 30 * time.Second

// shop serves a system of the business on this machine.
func shop(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// answers is a handler that always gives the same.
func answers(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// local lets flows call this machine.
func local(t *testing.T) []caller.Allowed { return allowed(t, "127.0.0.1/32") }

func allowed(t *testing.T, list ...string) []caller.Allowed {
	t.Helper()
	var all []caller.Allowed
	for _, s := range list {
		a, err := caller.ParseAllowed(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

func newCaller(t *testing.T, c caller.Config) *caller.Caller {
	t.Helper()
	if c.Allow == nil {
		c.Allow = local(t)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	made, err := caller.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func get(address string) flows.Call {
	return flows.Call{Method: "GET", URL: address, Timeout: patience, Tries: 1}
}

// outcome is what a Call gives, to be compared at once.
type outcome struct {
	Result flows.Called
	Again  bool
	After  time.Duration
}

func call(ctx context.Context, c *caller.Caller, r flows.Call) outcome {
	result, again, after := c.Call(ctx, "c1:7", r)
	return outcome{result, again, after}
}

// named is where a server is, by a name instead of its address.
func named(t *testing.T, s *httptest.Server, name string) string {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Scheme + "://" + net.JoinHostPort(name, u.Port())
}

// names is a name server that knows IPv4 addresses only, which may change with
// every question.
type names func(name string) []string

// resolver asks the name server within this process.
func (n names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go n.serve(there)
		return here, nil
	}}
}

// serve answers the questions of one connection as DNS over TCP does (RFC 1035, 4).
func (n names) serve(conn net.Conn) {
	defer conn.Close()
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		query := make([]byte, size)
		if _, err := io.ReadFull(conn, query); err != nil {
			return
		}
		answer := n.answer(query)
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func (n names) answer(query []byte) []byte {
	const header, typeA = 12, 1
	var labels []string
	end := header
	for query[end] != 0 {
		labels = append(labels, string(query[end+1:end+1+int(query[end])]))
		end += 1 + int(query[end])
	}
	question := query[header : end+5]
	var addresses []string
	if binary.BigEndian.Uint16(query[end+1:]) == typeA {
		addresses = n(strings.Join(labels, "."))
	}
	out := append(bytes.Clone(query[:2]), 0x81, 0x80, 0, 1, 0, byte(len(addresses)), 0, 0, 0, 0)
	out = append(out, question...)
	for _, a := range addresses {
		ip := netip.MustParseAddr(a).As4()
		out = append(out, 0xc0, header, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4)
		out = append(out, ip[:]...)
	}
	return out
}

// lines gathers what is logged.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func (l *lines) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: level}))
}
