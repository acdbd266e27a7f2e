package meta

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	// DefaultURL is where the Graph API is (Meta, OpenAPI document, 2025-11-21).
	DefaultURL = "https://graph.facebook.com"
	// DefaultVersion is current since 2026-07-29. The oldest living version
	// serves one that expired.
	DefaultVersion = "v26.0"

	// answerLimit bounds what is read of an answer; Graph's are below 2 KB.
	answerLimit = 1 << 20
	// postTimeout bounds a request when the caller's context does not.
	postTimeout = 30 * time.Second
	// poolSize is for as many sends at once as the dispatcher makes.
	poolSize = 64
	// idleTimeout is short: a request on a connection that the platform closes
	// at that moment has an unknown result, which costs minutes.
	idleTimeout = 30 * time.Second
)

var versionPattern = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)

// Graph sends requests to the Graph API for one account. Its methods may be
// called from many goroutines.
type Graph struct {
	platform Platform
	base     string // with the version, without a final slash
	host     string
	token    func() Secret
	client   *http.Client
}

// NewGraph gives a client for base and version; empty means the defaults. It
// reports every fault of its arguments. Plain http is only for this machine, as
// the token goes with every request.
func NewGraph(p Platform, base, version string, token Secret) (*Graph, error) {
	var faults []error
	if base == "" {
		base = DefaultURL
	}
	if version == "" {
		version = DefaultVersion
	}
	host, err := checkBase(base)
	if err != nil {
		faults = append(faults, err)
	}
	if !versionPattern.MatchString(version) {
		faults = append(faults, fmt.Errorf("graph_version: %q is no version; write it like %q", version, DefaultVersion))
	}
	if err := CheckSecret("access_token", token); err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          poolSize,
		MaxIdleConnsPerHost:   poolSize,
		IdleConnTimeout:       idleTimeout,
		ExpectContinueTimeout: time.Second,
	}
	return &Graph{
		platform: p,
		base:     strings.TrimSuffix(base, "/") + "/" + version,
		host:     host,
		token:    token.Hide(),
		client: &http.Client{
			Transport: transport,
			// The Graph API does not redirect; following one could carry the
			// message to a stranger.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Close closes idle connections. Requests may still be made afterwards.
func (g *Graph) Close() { g.client.CloseIdleConnections() }

// CheckSecret reports that a secret of this name cannot be one. The error does
// not hold it.
func CheckSecret(name string, s Secret) error {
	switch {
	case s == "":
		return fmt.Errorf("%s: missing", name)
	case strings.ContainsFunc(string(s), func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("%s: holds a space, a line break or a letter that no secret of Meta has; paste it again", name)
	default:
		return nil
	}
}

// checkBase gives the server of a base address.
func checkBase(base string) (host string, err error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("graph_url: not an address like %s", DefaultURL)
	}
	name := u.Hostname()
	local := name == "localhost" || net.ParseIP(name).IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return "", fmt.Errorf("graph_url: must begin with https:// (http:// only for this machine)")
	}
	return u.Host, nil
}

// Host is the server that requests go to, as "graph.facebook.com".
func (g *Graph) Host() string { return g.host }

// newPost builds the POST. The body is JSON without HTML escapes, as limits of
// the platform count what is read, not what is written.
func (g *Graph) newPost(ctx context.Context, path string, body any) (*http.Request, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, err
	}
	req, err := g.newRequest(ctx, http.MethodPost, path, &b)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

func (g *Graph) newRequest(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, g.base+"/"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+string(g.token()))
	req.Header.Set("User-Agent", "frontdesk")
	return req, nil
}
