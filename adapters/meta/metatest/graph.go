// Package metatest is the far side of Meta's platforms for tests: a Graph API
// that checks every request it gets, answers as Meta does and can misbehave, and
// the webhooks that Meta sends. It never leaves this machine. Only tests import it.
package metatest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/meta"
)

// Options is a Graph server. The zero value of every field is usable.
type Options struct {
	Addr      string   // where to listen; empty: a free port of 127.0.0.1
	Version   string   // of the Graph API; empty: meta.DefaultVersion
	Token     string   // the bearer token; empty: any
	Numbers   []string // phone number ids that it serves, as WhatsApp
	Pages     []string // page ids that it serves, as Messenger; the first is "me"
	AppSecret string   // signs the webhooks of the status player

	// Fail is asked for every request, which has passed or failed the checks
	// already. n counts all requests from 1. nil, or a nil Fault, is Meta on a
	// good day. It is called from many goroutines.
	Fail func(n int, r Request) *Fault
	// Away is asked for every probe, see meta.Graph.Probe. A Fault says how the
	// server is out of reach; of it Delay, Hang, Close and Status count.
	Away func() *Fault
	// Statuses are told of each accepted message, in this order, once SetCallback
	// was called: "sent", "delivered", "read". Messenger's "sent" is its echo.
	Statuses []string
}

// Fault is what goes wrong with one request. The parts are tried in the order in
// which they are written here.
type Fault struct {
	Accept     bool          // the message is taken, whatever is answered
	Delay      time.Duration // before anything is answered
	Hang       bool          // no answer until the client leaves
	Close      bool          // the connection is closed without an answer
	RetryAfter string        // the header
	Status     int           // of the answer; 0: 400, or 200 with Body
	Body       string        // the answer, in place of Graph's
	Code       int           // of a Graph error
	Subcode    int           //
	Message    string        // the words of a Graph error; empty: some
}

// Graph is a running server. Its methods may be called from many goroutines.
type Graph struct {
	o        Options
	listener net.Listener
	server   *http.Server
	player   *player
	prefix   string         // of the message ids, new for each server
	wait     sync.WaitGroup // the server and the requests under way
	ctx      context.Context
	cancel   context.CancelFunc

	mu         sync.Mutex
	closed     bool
	requests   int
	probes     int
	sent       []Request
	violations []string
	changed    chan struct{} // closed and replaced whenever something was accepted or refused
}

// NewGraph starts a server for a test. When the test ends it is closed, and the
// test fails when a request broke the platform's rules; a test that expects that
// calls Violations, which forgets them.
func NewGraph(t testing.TB, o Options) *Graph {
	t.Helper()
	g, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		g.Close()
		for _, v := range g.Violations() {
			t.Errorf("the Graph API was used wrongly: %s", v)
		}
	})
	return g
}

// Start starts a server; the caller closes it.
func Start(o Options) (*Graph, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Version == "" {
		o.Version = meta.DefaultVersion
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("graph server: %w", err)
	}
	g := &Graph{o: o, listener: listener, prefix: rand.Text()[:8], changed: make(chan struct{})}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	g.player = newPlayer(g.ctx, o)
	g.server = &http.Server{Handler: g, ReadHeaderTimeout: 10 * time.Second}
	g.wait.Go(func() {
		if err := g.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			g.violate(fmt.Sprintf("the server ended: %v", err))
		}
	})
	return g, nil
}

// URL is where the server is: a channel's GraphURL.
func (g *Graph) URL() string { return "http://" + g.listener.Addr().String() }

// SetCallback starts the status player: from now on every accepted message is
// followed by its statuses to url, signed, each tried until it is answered with
// 200, as Meta does.
func (g *Graph) SetCallback(url string) { g.player.setCallback(url) }

// Close ends all requests and the status player, and waits for both. It may be
// called twice.
func (g *Graph) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.cancel()
	_ = g.server.Close()
	g.wait.Wait()
	g.player.close()
}

// Sent gives what was accepted so far, in order.
func (g *Graph) Sent() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.sent)
}

// SentTo gives what was accepted for one recipient (+phone, user id or PSID), in order.
func (g *Graph) SentTo(recipient string) []Request {
	return slices.DeleteFunc(g.Sent(), func(r Request) bool { return r.To != recipient })
}

// Requests is how many requests came, accepted or not.
func (g *Graph) Requests() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requests
}

// Probes is how many requests asked whether the server answers. Requests does not count them.
func (g *Graph) Probes() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.probes
}

// Violations gives how requests broke the platform's rules since it was last
// asked, each with the request's method and path.
func (g *Graph) Violations() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.violations
	g.violations = nil
	return v
}

// Wait returns when n messages were accepted, or with ctx's error.
func (g *Graph) Wait(ctx context.Context, n int) error {
	for {
		g.mu.Lock()
		got, changed := len(g.sent), g.changed
		g.mu.Unlock()
		if got >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d messages were sent: %w", got, n, ctx.Err())
		}
	}
}

// begin counts a request in, so that Close waits for it: http.Server does not.
func (g *Graph) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.wait.Add(1)
	}
	return !g.closed
}

func (g *Graph) violate(v string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.violations = append(g.violations, v)
}

// accept notes r under a new id.
func (g *Graph) accept(r *Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := fmt.Sprintf("%s%06d", g.prefix, len(g.sent)+1)
	r.ExternalID = "m_" + id
	if r.Platform == meta.WhatsApp {
		r.ExternalID = "wamid." + id
	}
	g.sent = append(g.sent, *r)
	close(g.changed)
	g.changed = make(chan struct{})
}
