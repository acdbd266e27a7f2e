package meta_test

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/adapters/meta"
)

func TestNewGraph(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, version string
		token         meta.Secret
		want          []string // what is reported
	}{
		"the defaults":            {"", "", "EAAhush", nil},
		"another address":         {"https://graph.example/", "v25.0", "EAAhush", nil},
		"this machine":            {"http://127.0.0.1:8081", "v26.0", "EAAhush", nil},
		"this machine, IPv6":      {"http://[::1]:8081", "v26.0", "EAAhush", nil},
		"this machine by name":    {"http://localhost:8081", "v26.0", "EAAhush", nil},
		"no TLS to elsewhere":     {"http://graph.example", "", "EAAhush", []string{"graph_url"}},
		"a name like this one":    {"http://localhost.example", "", "EAAhush", []string{"graph_url"}},
		"no scheme":               {"graph.example", "", "EAAhush", []string{"graph_url"}},
		"another scheme":          {"ftp://graph.example", "", "EAAhush", []string{"graph_url"}},
		"a password in it":        {"https://a:hush@graph.example", "", "EAAhush", []string{"graph_url"}},
		"a query in it":           {"https://graph.example?access_token=hush", "", "EAAhush", []string{"graph_url"}},
		"no address at all":       {"https://hush\x7f", "", "EAAhush", []string{"graph_url"}},
		"a version without v":     {"", "26.0", "EAAhush", []string{"graph_version"}},
		"a version with a path":   {"", "v26.0/x", "EAAhush", []string{"graph_version"}},
		"no token":                {"", "", "", []string{"access_token: missing"}},
		"a token with a line end": {"", "", "EAAhush\n", []string{"access_token: holds"}},
		"all of it":               {"x", "y", "hush hush", []string{"graph_url", "graph_version", "access_token"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := meta.NewGraph(meta.WhatsApp, c.base, c.version, c.token)
			got := strings.Split(fmt.Sprint(err), "\n")
			if c.want == nil && err != nil || c.want != nil && len(got) != len(c.want) {
				t.Fatalf("got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
			if strings.Contains(fmt.Sprint(err), "hush") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "äöü": 3, "🙂": 2, "e\u0301": 2, "\xff": 1} {
		if got := meta.Length(s); got != want {
			t.Errorf("%q has %d, want %d", s, got, want)
		}
	}
}
