package caller

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"frontdesk/flows"
)

var (
	errRequest = errors.New("the request cannot be written")
	errSecret  = errors.New("a header names a secret that is not known")
)

// maxRedirects is how many redirects one attempt follows.
const maxRedirects = 3

// prepared is a request with its secrets filled in.
type prepared struct {
	*http.Request
	secrets []string // that its headers hold
}

// prepare writes a request. unknown names the secrets that err is about. Headers
// of the flow win over ours, except the idempotency key.
func (c *Caller) prepare(ctx context.Context, id string, call flows.Call) (p prepared, unknown []string, err error) {
	if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}, call.Method) {
		return prepared{}, nil, errRequest
	}
	u, err := url.Parse(call.URL)
	switch {
	case err != nil: // it would quote the URL
		return prepared{}, nil, errRequest
	case u.Scheme != "http" && u.Scheme != "https":
		return prepared{}, nil, errRefused
	case u.Hostname() == "":
		return prepared{}, nil, errRequest
	}
	var body io.Reader
	if len(call.Body) > 0 {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, call.URL, body)
	if err != nil {
		return prepared{}, nil, errRequest
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	p = prepared{Request: req}
	for name, value := range call.Headers {
		if transports(name) {
			return prepared{}, nil, errRequest
		}
		filled, used, missing := c.secrets.fill(value)
		req.Header.Set(name, filled)
		p.secrets, unknown = append(p.secrets, used...), append(unknown, missing...)
	}
	if len(unknown) > 0 {
		return prepared{}, unknown, errSecret
	}
	if id != "" {
		req.Header.Set("Idempotency-Key", id)
	}
	if !writable(req.Header) {
		return prepared{}, nil, errRequest
	}
	return p, nil, nil
}

// transports reports whether a header belongs to the connection: a flow's own
// would change how the answer comes, or do nothing.
func transports(name string) bool {
	return slices.Contains([]string{
		"Host", "Content-Length", "Transfer-Encoding", "Trailer", "Te", "Connection", "Keep-Alive", "Upgrade", "Expect",
		"Accept-Encoding", "Proxy-Authorization", "Proxy-Connection",
	}, http.CanonicalHeaderKey(name))
}

// writable reports whether headers can be sent: a customer's words may be in
// them, with a line break for example. net/http would tell which, but as late as
// when it dials.
func writable(h http.Header) bool {
	for name, values := range h {
		if !token(name) || slices.ContainsFunc(values, func(v string) bool {
			return strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
		}) {
			return false
		}
	}
	return true
}

// token reports whether s is one (RFC 9110, 5.6.2).
func token(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// follow decides about a redirect. One that is not followed is the answer: it is
// the next of too many, leads to another server, to which neither the headers
// nor the body may go, or would turn what the flow wants done into a question.
func follow(next *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	turned := next.Method != last.Method && next.Response.StatusCode != http.StatusSeeOther
	if len(via) > maxRedirects || turned || !sameServer(last.URL, next.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// sameServer reports whether both are of one server. That http becomes https on
// the usual ports is no other one; the way back is, as it is not encrypted.
func sameServer(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	return from.Scheme == to.Scheme && port(from) == port(to) ||
		from.Scheme == "http" && to.Scheme == "https" && port(from) == "80" && port(to) == "443"
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
