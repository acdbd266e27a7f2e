package caller

import (
	"errors"
	"net/netip"
	"testing"
)

func TestWhichAddressesArePublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "93.184.216.34": true, "172.15.255.255": true, "172.32.0.0": true, "100.63.255.255": true,
		"100.128.0.0": true, "192.169.0.0": true, "198.17.255.255": true, "223.255.255.255": true, "11.0.0.0": true,
		"2606:4700::1111": true, "2a00:1450::1": true, "2001:4860:4860::8888": true, "2001:200::1": true,
		"::ffff:8.8.8.8": true, "64:ff9b::808:808": true, "2002:808:808::1": true,

		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.0": false, "10.255.255.255": false, "100.64.0.0": false, "100.127.255.255": false,
		"127.0.0.1": false, "127.255.255.255": false, "169.254.0.1": false, "169.254.169.254": false, "172.16.0.0": false,
		"172.31.255.255": false, "192.0.0.1": false, "192.0.2.1": false, "192.168.0.1": false, "198.18.0.1": false,
		"198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false,
		"255.255.255.255": false, "100.100.100.200": false, "168.63.129.16": false, "192.88.99.1": false,
		"::": false, "::1": false, "::ffff:0.0.0.0": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"::ffff:169.254.169.254": false, "::127.0.0.1": false, "::ffff:0:127.0.0.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b::a83f:8110": false, "64:ff9b:1::808:808": false,
		"2002:7f00:1::": false, "2002:a00:1::1": false, "2002:a9fe:a9fe::": false, "2002:c0a8:101::1": false,
		"2001:0:808:808::": false, "2001:db8::1": false, "3fff::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"fe80::1": false, "fe80::1%eth0": false, "2606:4700::1111%eth0": false, "fec0::1": false, "ff02::1": false, "ff0e::1": false,
		"100::1": false, "4000::1": false, "5f00::1": false,
	} {
		if got := newZones().public(netip.MustParseAddr(address).Unmap()); got != want {
			t.Errorf("%s: public %t, want %t", address, got, want)
		}
	}
}

func TestWhatTheOperatorAllows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		allow, server, address string
		want                   error
	}{
		{"10.0.0.0/8", "erp.internal:80", "10.1.2.3:80", nil},
		{"10.0.0.0/8", "erp.internal:80", "[::ffff:10.1.2.3]:80", nil},
		{"10.0.0.0/8", "erp.internal:80", "[64:ff9b::a00:1]:80", errRefused},
		{"10.0.0.0/8", "erp.internal:80", "11.1.2.3:80", nil},
		{"10.0.0.0/8", "erp.internal:80", "192.168.1.1:80", errRefused},
		{"10.1.2.3", "erp.internal:80", "10.1.2.3:80", nil},
		{"10.1.2.3", "erp.internal:80", "10.1.2.4:80", errRefused},
		{"fd12::/16", "erp.internal:80", "[fd12::1]:80", nil},
		{"fd12::/16", "erp.internal:80", "[fd13::1]:80", errRefused},
		{"64:ff9b::/96", "erp.internal:80", "[64:ff9b::a00:1]:80", nil},
		{"erp.internal:80", "erp.internal:80", "10.1.2.3:80", nil},
		{"erp.internal:80", "erp.internal:80", "[fd12::1]:80", nil},
		{"erp.internal:80", "erp.internal:80", "127.0.0.1:80", nil},
		{"erp.internal:80", "erp.internal:81", "10.1.2.3:81", errRefused},
		{"erp.internal:80", "erp.internal.example:80", "10.1.2.3:80", errRefused},
		{"erp.internal:80", "erp.internal:80", "169.254.1.1:80", errRefused},
		{"erp.internal:80", "erp.internal:80", "224.0.0.1:80", errRefused},
		{"erp.internal:80", "erp.internal:80", "0.0.0.0:80", errRefused},
		{"erp.internal:80", "erp.internal:80", "100.100.100.200:80", errRefused},
		{"erp.internal:80", "erp.internal:80", "[fd00:ec2::254]:80", errRefused},
		{"[fd12::1]:443", "[fd12::1]:443", "[fd12::1]:443", nil},
		{"0.0.0.0/0", "x:80", "127.0.0.1:80", nil},
		{"0.0.0.0/0", "x:80", "169.254.169.254:80", errRefused},
		{"169.254.0.0/16", "x:80", "169.254.169.254:80", errRefused},
		{"100.64.0.0/10", "x:80", "100.100.100.200:80", errRefused},
		{"169.254.169.254", "x:80", "169.254.169.254:80", nil},
		{"fd00:ec2::254/128", "x:80", "[fd00:ec2::254]:80", nil},
		{"10.0.0.0/8", "x:80", "no address", errRefused},
	} {
		a, err := ParseAllowed(tt.allow)
		if err != nil {
			t.Fatal(err)
		}
		g := guard{zones: newZones(), allow: allowances{a}}
		if got := g.judge(tt.server, tt.address, false); !errors.Is(got, tt.want) {
			t.Errorf("allow %s: %s at %s: %v, want %v", tt.allow, tt.server, tt.address, got, tt.want)
		}
	}
}

func TestASecretTravelsInClearOnlyWhereTheOperatorAllowsIt(t *testing.T) {
	t.Parallel()
	a, err := ParseAllowed("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	g := guard{zones: newZones(), allow: allowances{a}}
	for address, want := range map[string]error{"10.1.2.3:80": nil, "8.8.8.8:80": errPlain, "192.168.1.1:80": errRefused} {
		if got := g.judge("shop.example:80", address, true); !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if code, again := failed(errPlain); code != CodeSecret || again {
		t.Errorf("%s, again %t", code, again)
	}
}

func TestAllowedIsReadOrSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.1.2.3": "10.1.2.3/32", "::ffff:10.1.2.3": "10.1.2.3/32", "fd12::/16": "fd12::/16", "::1": "::1/128",
		"ERP.internal:8443": "erp.internal:8443", "erp.internal.:8443": "", "erp_1:080": "erp_1:80", "[FD12::1]:80": "[fd12::1]:80",
		"10.1.2.3:80": "10.1.2.3:80", "localhost:1": "localhost:1",
		"": "", "erp.internal": "", "10.1.2.3/8": "", "10.0.0.0/33": "", "::ffff:10.0.0.0/104": "", "fe80::1%eth0": "", "[fe80::1%eth0]:80": "",
		"erp.internal:": "", "erp.internal:0": "", "erp.internal:65536": "", "erp.internal:https": "", ":80": "", "a b:80": "",
		"https://erp.internal:80": "", "*.internal:80": "", "-a:80": "", "a..b:80": "", "erp.internal:80/path": "",
	} {
		a, err := ParseAllowed(s)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is accepted as %s", s, a)
		case want != "" && (err != nil || a.String() != want):
			t.Errorf("%q: %s, %v, want %s", s, a, err, want)
		}
	}
}
