package caller_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

var refused = outcome{Result: flows.Called{Error: caller.CodeRefused}}

func TestInnerAddressesAreRefusedBeforeAnythingIsConnected(t *testing.T) {
	t.Parallel()
	c := newCaller(t, caller.Config{Allow: []caller.Allowed{}})
	for _, host := range []string{
		"127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "100.100.100.200",
		"168.63.129.16", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
		"[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[fe80::1]", "[fd00:ec2::254]", "[fc00::1]",
		"[ff02::1]", "[::127.0.0.1]", "[2001:db8::1]", "[2001:0:7f00:1::]",
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(refused, call(t.Context(), c, get("http://"+host+":9/orders?q=1"))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestANameThatLeadsInsideIsRefused(t *testing.T) {
	t.Parallel()
	for _, addresses := range [][]string{{"127.0.0.1"}, {"10.0.0.1"}, {"169.254.169.254"}, {"10.0.0.1", "127.0.0.1"}} {
		c := newCaller(t, caller.Config{
			Allow: []caller.Allowed{}, Resolver: names(func(string) []string { return addresses }).resolver(),
		})
		if diff := cmp.Diff(refused, call(t.Context(), c, get("http://shop.example:9/"))); diff != "" {
			t.Errorf("%v (-want +got):\n%s", addresses, diff)
		}
	}
}

func TestANameThatLeadsElsewhereTheSecondTimeIsRefused(t *testing.T) {
	t.Parallel()
	var requests, asked atomic.Int32
	s := shop(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.URL.Path == "/leads/on" {
			http.Redirect(w, r, "/inside", http.StatusTemporaryRedirect)
		}
	})
	rebinding := names(func(string) []string {
		if asked.Add(1) == 1 {
			return []string{"127.0.0.1"}
		}
		return []string{"10.255.255.1"}
	})
	c := newCaller(t, caller.Config{Resolver: rebinding.resolver()})
	if diff := cmp.Diff(refused, call(t.Context(), c, get(named(t, s, "shop.example")+"/leads/on"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(refused, call(t.Context(), c, get(named(t, s, "shop.example")))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestOfSeveralAddressesOnlyThePermittedIsUsed(t *testing.T) {
	t.Parallel()
	s := shop(t, answers(200, "text/plain", "here"))
	c := newCaller(t, caller.Config{Resolver: names(func(string) []string { return []string{"10.255.255.1", "127.0.0.1"} }).resolver()})
	got := call(t.Context(), c, get(named(t, s, "shop.example")))
	if diff := cmp.Diff(outcome{Result: flows.Called{Status: 200, Body: "here"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheOperatorAllowsAServerByItsName(t *testing.T) {
	t.Parallel()
	s, other := shop(t, answers(200, "text/plain", "in stock")), shop(t, answers(200, "text/plain", "other"))
	all := names(func(name string) []string {
		if name == "credentials.internal" {
			return []string{"169.254.169.254"}
		}
		return []string{"127.0.0.1"}
	})
	c := newCaller(t, caller.Config{
		Allow:    allowed(t, "ERP.internal:"+portOf(t, s), "credentials.internal:80"),
		Resolver: all.resolver(),
	})
	good := outcome{Result: flows.Called{Status: 200, Body: "in stock"}}
	for address, want := range map[string]outcome{
		named(t, s, "erp.internal"):     good,
		named(t, s, "Erp.Internal"):     good,
		named(t, s, "erp.internal."):    good,
		named(t, other, "erp.internal"): refused,
		named(t, s, "crm.internal"):     refused,
		named(t, s, "127.0.0.1"):        refused,
		"http://credentials.internal":   refused,
	} {
		if diff := cmp.Diff(want, call(t.Context(), c, get(address))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func TestTheOperatorAllowsAServerByItsAddress(t *testing.T) {
	t.Parallel()
	s, other := shop(t, answers(200, "text/plain", "in stock")), shop(t, answers(200, "text/plain", "other"))
	c := newCaller(t, caller.Config{Allow: allowed(t, "127.0.0.1:"+portOf(t, s))})
	good := outcome{Result: flows.Called{Status: 200, Body: "in stock"}}
	for address, want := range map[string]outcome{
		s.URL: good, named(t, s, "::ffff:127.0.0.1"): good, other.URL: refused,
	} {
		if diff := cmp.Diff(want, call(t.Context(), c, get(address))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func portOf(t *testing.T, s *httptest.Server) string {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}
