package caller

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
)

// Errors of an attempt. None holds an address, a header or a word of an answer.
var (
	errRefused = errors.New("the address is not one that flows may call")
	errPlain   = errors.New("a secret would travel unencrypted")
	errTLS     = errors.New("no encrypted connection could be agreed on")
)

// maxHeader bounds the headers of an answer, in bytes.
const maxHeader = 64 << 10

// guard dials for flows. It is the same for every attempt.
type guard struct {
	zones    zones
	allow    allowances
	resolver *net.Resolver
	roots    *x509.CertPool
}

// transport makes the connections of one attempt, and all of them end with ctx:
// net/http lets a dial go on after its request has ended. A connection serves
// one request, so that net/http cannot send one again on its own: it would,
// because of the idempotency key, and one attempt is one request. secret says
// that the headers hold one.
func (g guard) transport(ctx context.Context, secret bool) *http.Transport {
	return &http.Transport{
		Proxy:                  nil, // the environment's would see what is called, and dial for us unguarded
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
		DialContext: func(_ context.Context, network, target string) (net.Conn, error) {
			return g.dial(ctx, network, target, secret)
		},
		DialTLSContext: func(_ context.Context, network, target string) (net.Conn, error) {
			return g.dialTLS(ctx, network, target)
		},
	}
}

// dial connects to HOST:PORT. Every address that the host's name leads to is
// judged in the moment before it is connected to: what a name server says a
// second time changes nothing.
func (g guard) dial(ctx context.Context, network, target string, guarded bool) (net.Conn, error) {
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, errRefused
	}
	d := net.Dialer{
		Resolver: g.resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			return g.judge(server(host, port), address, guarded)
		},
	}
	return d.DialContext(ctx, network, target)
}

// judge says whether a server's address may be connected to. guarded forbids
// what is not the operator's own network: a secret would travel there in clear.
func (g guard) judge(server, address string, guarded bool) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errRefused
	}
	a := ap.Addr().Unmap()
	switch {
	case g.allow.permit(g.zones, server, a):
		return nil
	case !g.zones.public(a):
		return errRefused
	case guarded:
		return errPlain
	default:
		return nil
	}
}

func (g guard) dialTLS(ctx context.Context, network, target string) (net.Conn, error) {
	plain, err := g.dial(ctx, network, target, false)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return nil, errRefused
	}
	conn := tls.Client(plain, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: g.roots})
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = plain.Close() // it is of no use, whatever closing says
		if timedOut(err) || lost(err) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %w", errTLS, err)
	}
	return conn, nil
}
