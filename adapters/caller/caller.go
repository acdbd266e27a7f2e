package caller

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
)

const (
	// DefaultMaxBody is how much of an answer is read unless Config says so.
	DefaultMaxBody = 1 << 20
	// defaultTimeout bounds an attempt of a Call that sets no time.
	defaultTimeout = 10 * time.Second
)

// Config says who calls and what may be called. The zero value calls public
// addresses without secrets.
type Config struct {
	Secrets  map[string]Secret // by the name that flows know them by
	Allow    []Allowed         // what may be called besides public addresses
	Version  string            // of frontdesk, for the User-Agent; what is no word is left out
	MaxBody  int64             // bytes of an answer that are read, unpacked; 0: DefaultMaxBody
	Resolver *net.Resolver     // nil: the system's
	Roots    *x509.CertPool    // whose certificates are believed; nil: the system's
	Log      *slog.Logger      // nil: nothing is logged
}

// Caller carries requests to systems of the business. Its methods may be called
// from many goroutines; it starts none that outlives a Call by more than a
// moment, and there is nothing to close.
type Caller struct {
	guard   guard
	secrets keyring
	agent   string
	maxBody int64
	lanes   lanes
	log     *slog.Logger
}

var _ bot.Caller = (*Caller)(nil)

// New gives a Caller, or every fault of the config; no error holds a secret.
func New(c Config) (*Caller, error) {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		faults = append(faults, CheckName(name), CheckSecret(name, c.Secrets[name]))
	}
	if c.MaxBody < 0 {
		faults = append(faults, errors.New("MaxBody is negative; leave it out for 1 MiB"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("calls: %w", err)
	}
	agent := "frontdesk"
	if token(c.Version) {
		agent += "/" + c.Version
	}
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	return &Caller{
		guard:   guard{zones: newZones(), allow: slices.Clone(c.Allow), resolver: c.Resolver, roots: c.Roots},
		secrets: newKeyring(maps.Clone(c.Secrets)), agent: agent, maxBody: c.MaxBody, log: log,
	}, nil
}

// Call makes one attempt: one request, and at most three redirects within the
// same server. result has either a Status, or an Error that is one of the codes
// of this package. call.Timeout, or 10 s without one, bounds all of it, with
// waiting for a place beside other calls to the host and reading the body. When
// ctx is cancelled the result is CodeConnection.
//
// again is true when no connection came about or it broke before an answer (for
// GET also within it), when the time was over, and for the statuses 408, 425,
// 429, 500, 502, 503 and 504. after is at most a minute.
//
// Body is JSON with every number a float64 and texts cut at 1,000 characters; a
// text/plain as a text, cut alike; nil for everything else. An answer that
// repeats a secret of the request holds <secret> in its place.
func (c *Caller) Call(ctx context.Context, id string, call flows.Call) (result flows.Called, again bool, after time.Duration) {
	begun := time.Now()
	timeout := call.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p, unknown, err := c.prepare(ctx, id, call)
	if err == nil {
		result, again, after, err = c.attempt(ctx, p)
	}
	if err != nil {
		result.Error, again = failed(err)
	}
	c.tell(ctx, told{id: id, call: call, unknown: unknown, result: result, err: err, took: time.Since(begun)})
	return result, again, after
}

// attempt sends a request, waiting for a place first. An error means that no
// answer came.
func (c *Caller) attempt(ctx context.Context, p prepared) (result flows.Called, again bool, after time.Duration, err error) {
	leave, err := c.lanes.enter(ctx, strings.ToLower(p.URL.Host))
	if err != nil {
		return flows.Called{}, false, 0, err
	}
	defer leave()
	client := http.Client{Transport: c.guard.transport(ctx, len(p.secrets) > 0), CheckRedirect: follow}
	resp, err := client.Do(p.Request)
	if err != nil {
		return flows.Called{}, false, 0, ended(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := read(resp, c.maxBody, hider(p.secrets))
	if err != nil {
		err = ended(ctx, err)
	}
	result, again, after = answered(resp.Request.Method, resp, body, err, time.Now())
	return result, again, after, nil
}

// ended adds to an error that ctx ended, if it did: net/http gives the cause
// instead, which may be anything.
func ended(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}
