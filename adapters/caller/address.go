package caller

import (
	"net/netip"
	"slices"
)

// nets are networks by what they are for.
type nets []netip.Prefix

func (n nets) contain(a netip.Addr) bool {
	return slices.ContainsFunc(n, func(p netip.Prefix) bool { return p.Contains(a) })
}

func networks(list ...string) nets {
	n := make(nets, 0, len(list))
	for _, s := range list {
		n = append(n, netip.MustParsePrefix(s))
	}
	return n
}

// zones is what the addresses of the internet are told apart by. It is built
// once for each Caller.
type zones struct {
	special, global, nat64, sixToFour nets
	inner                             nets
	metadata                          []netip.Addr
}

// newZones follows the registries of IANA: IPv4 and IPv6 Special-Purpose Address
// Space (RFC 6890), IPv6 Global Unicast (2000::/3 is all that is given out).
func newZones() zones {
	return zones{
		special: networks(
			"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
			"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
			"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
			"2001::/23", // with Teredo, whose IPv4 address is hidden in it
			"2001:db8::/32", "3fff::/20",
		),
		global:    networks("2000::/3"),
		nat64:     networks("64:ff9b::/96"), // RFC 6052: networks without IPv4 reach all of it through these
		sixToFour: networks("2002::/16"),    // RFC 3056
		inner:     networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128"),
		// Where clouds hand out credentials: AWS and most others, ECS, EKS,
		// Alibaba, Azure, Oracle, Google.
		metadata: []netip.Addr{
			netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254"),
			netip.MustParseAddr("169.254.170.2"), netip.MustParseAddr("169.254.170.23"), netip.MustParseAddr("fd00:ec2::23"),
			netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("168.63.129.16"),
			netip.MustParseAddr("192.0.0.192"), netip.MustParseAddr("fd20:ce::254"),
		},
	}
}

// public reports whether a is an address that anybody on the internet may call.
// a is unmapped. An IPv4 address inside an IPv6 one is judged by itself.
func (z zones) public(a netip.Addr) bool {
	if a.Is4() {
		return !z.special.contain(a) && !slices.Contains(z.metadata, a)
	}
	b := a.As16()
	switch {
	case z.nat64.contain(a):
		return z.public(netip.AddrFrom4([4]byte(b[12:])))
	case z.sixToFour.contain(a):
		return z.public(netip.AddrFrom4([4]byte(b[2:])))
	default:
		return z.global.contain(a) && !z.special.contain(a)
	}
}
