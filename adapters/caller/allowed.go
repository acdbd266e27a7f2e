package caller

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Allowed is what the operator lets flows call besides public addresses: a
// network, or one server of the inner network by its name and port.
type Allowed struct {
	network netip.Prefix
	server  string // HOST:PORT as server writes it; empty: a network
}

// String is the exception as the operator's file would say it.
func (a Allowed) String() string {
	if a.server != "" {
		return a.server
	}
	return a.network.String()
}

var (
	hostPattern = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$`)
	errAllowed  = errors.New("write a network such as 10.0.0.0/8, an address, or HOST:PORT")
)

// ParseAllowed reads an exception: 10.0.0.0/8, 10.1.2.3, erp.internal:8443 or
// [fd12::1]:8443. Its error says what to write instead.
func ParseAllowed(s string) (Allowed, error) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return allowedNetwork(p)
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return Allowed{network: netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())}, nil
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		if hostPattern.MatchString(strings.ToLower(s)) {
			return Allowed{}, fmt.Errorf("%q says no port; write e.g. %s:443", s, s)
		}
		return Allowed{}, fmt.Errorf("%q is no network and no server; %w", s, errAllowed)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return Allowed{}, fmt.Errorf("%q has no usable port; write HOST:PORT with a port between 1 and 65535", s)
	}
	if a, err := netip.ParseAddr(host); !hostPattern.MatchString(strings.ToLower(host)) && (err != nil || a.Zone() != "") {
		return Allowed{}, fmt.Errorf("%q is no network and no server; %w", s, errAllowed)
	}
	return Allowed{server: server(host, strconv.FormatUint(n, 10))}, nil
}

func allowedNetwork(p netip.Prefix) (Allowed, error) {
	if p.Addr().Is4In6() {
		return Allowed{}, fmt.Errorf("%q is a network of IPv4 written as IPv6; write it as IPv4, such as 10.0.0.0/8", p)
	}
	if p != p.Masked() {
		return Allowed{}, fmt.Errorf("%q is an address within a network; write %s for the network, or %s for the address", p, p.Masked(), p.Addr())
	}
	return Allowed{network: p}, nil
}

// server is HOST:PORT in the one way in which servers are compared.
func server(host, port string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return net.JoinHostPort(a.Unmap().String(), port)
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(host), "."), port)
}

// allowances are the operator's exceptions.
type allowances []Allowed

// permit reports whether the address a may be dialled for a server. A metadata
// address must be allowed by itself, not by a network that happens to hold it.
// A name stands for a server of the inner network: it cannot lead to what is
// neither there nor public.
func (l allowances) permit(z zones, server string, a netip.Addr) bool {
	metadata := slices.Contains(z.metadata, a)
	return slices.ContainsFunc(l, func(e Allowed) bool {
		switch {
		case e.server != "":
			return e.server == server && z.inner.contain(a) && !metadata
		case metadata:
			return e.network.IsSingleIP() && e.network.Addr() == a
		default:
			return e.network.Contains(a)
		}
	})
}
