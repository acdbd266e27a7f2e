package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is what `go list -json` tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
}

// importRule says what the packages under a path may import.
type importRule struct {
	packages string   // the package and all below it
	inside   []string // of ours, and all below; "" alone: anything
	third    []string // third-party modules; nil: none
	never    []string // of the standard library
}

// The house's rules; docs/design.md tells why. The first that matches holds.
var importRules = []importRule{
	{"frontdesk/flows/source", []string{"frontdesk/flows/match"}, []string{"gopkg.in/yaml.v3"}, []string{"net/http", "os"}},
	{"frontdesk/flows/match", nil, []string{"github.com/blevesearch/snowballstem"}, []string{"net/http", "os"}},
	{"frontdesk/flows/encoder/encodertest", nil, nil, []string{"net/http", "os"}},
	{"frontdesk/flows/addition", []string{"frontdesk/flows"}, []string{"gopkg.in/yaml.v3"}, []string{"net/http", "os"}},
	{"frontdesk/flows/likeness", []string{"frontdesk/flows/match"}, nil, []string{"net/http", "os"}},
	{"frontdesk/flows/encoder", nil, []string{"golang.org/x/sys", "golang.org/x/text"}, []string{"net/http", "os"}},
	{"frontdesk/flows/carry", nil, nil, []string{"net/http", "os"}},
	{"frontdesk/flows/hours", nil, nil, []string{"net/http", "os"}},
	{"frontdesk/flows/value", []string{"frontdesk/flows/match"}, []string{"github.com/nyaruka/phonenumbers"}, []string{"net/http", "os"}},
	{"frontdesk/flows/explain", nil, nil, []string{"net/http", "os"}},
	{"frontdesk/flows/draw", []string{"frontdesk/flows"}, nil, []string{"net/http", "os"}},
	{"frontdesk/flows/layout", []string{"frontdesk/flows/source"}, []string{"gopkg.in/yaml.v3"}, []string{"net/http", "os"}},
	{
		"frontdesk/flows",
		[]string{"frontdesk/flows"},
		[]string{"github.com/looplab/fsm", "github.com/expr-lang/expr", "github.com/abadojack/whatlanggo", "golang.org/x/text"},
		[]string{"net/http", "os"},
	},
	{"frontdesk/handoff", nil, []string{"github.com/looplab/fsm"}, []string{"net/http", "os"}},
	{"frontdesk/bot/window", nil, nil, []string{"net/http", "os"}},
	{"frontdesk/bot", []string{"frontdesk/flows", "frontdesk/handoff", "frontdesk/bot/window"}, nil, []string{"net/http", "os"}},
	{"frontdesk/adapters/meta/metatest", []string{""}, []string{"github.com/google/go-cmp", "github.com/rogpeppe/go-internal"}, nil},
	{"frontdesk/adapters/storetest", []string{""}, []string{"pgregory.net/rapid", "github.com/google/go-cmp"}, nil},
	{"frontdesk/adapters/channeltest", []string{""}, []string{"pgregory.net/rapid", "github.com/google/go-cmp"}, nil},
	{"frontdesk/adapters/meta", []string{"frontdesk/bot"}, nil, nil},
	{"frontdesk/adapters/whatsapp", []string{"frontdesk/bot", "frontdesk/flows/carry", "frontdesk/adapters/meta"}, nil, nil},
	{"frontdesk/adapters/messenger", []string{"frontdesk/bot", "frontdesk/flows/carry", "frontdesk/adapters/meta"}, nil, nil},
	{"frontdesk/adapters/load", []string{"frontdesk/adapters/meta"}, []string{"github.com/HdrHistogram/hdrhistogram-go"}, nil},
	{"frontdesk/adapters/page", []string{"frontdesk/bot"}, []string{"golang.org/x/time"}, nil},
	{"frontdesk/adapters/points", nil, nil, []string{"net/http"}},
	{"frontdesk/adapters/caller", []string{"frontdesk/bot", "frontdesk/flows"}, nil, nil},
	{"frontdesk/adapters/webchat", []string{"frontdesk/bot", "frontdesk/flows/carry", "frontdesk/handoff", "frontdesk/adapters/page"}, nil, nil},
	{"frontdesk/adapters/boltstore", []string{"frontdesk/bot", "frontdesk/flows", "frontdesk/handoff"}, []string{"go.etcd.io/bbolt", "github.com/tidwall/btree", "google.golang.org/protobuf", "golang.org/x/sys"}, []string{"net/http"}},
	{"frontdesk/adapters/inbox", []string{"frontdesk/bot", "frontdesk/handoff", "frontdesk/adapters/page"}, []string{"github.com/gin-gonic/gin", "golang.org/x/crypto"}, nil},
	{
		"frontdesk/adapters/web",
		[]string{"frontdesk/bot", "frontdesk/handoff"},
		[]string{"github.com/gin-gonic/gin", "github.com/prometheus/client_golang", "golang.org/x/sync"},
		nil,
	},
	{"frontdesk/adapters/trace", []string{"frontdesk/bot"}, []string{"go.opentelemetry.io/otel"}, nil},
	{"frontdesk/cmd/frontdesk", []string{""}, []string{"github.com"}, nil},
}

func TestEveryPackageImportsOnlyWhatTheHouseAllows(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		i := slices.IndexFunc(importRules, func(r importRule) bool { return within(p.ImportPath, r.packages) })
		if i < 0 {
			t.Errorf("%s has no import rule; add one to importRules and to docs/design.md", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !importRules[i].allows(imported) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

func TestTestKitsAreImportedByTestsOnly(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		for _, imported := range p.Imports {
			if isKit(imported) && !isKit(p.ImportPath) {
				t.Errorf("%s imports the test kit %s", p.ImportPath, imported)
			}
		}
	}
}

func TestTheImportRulesRefuseWhatTheyShould(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, imported string
		want           bool
	}{
		{"frontdesk/flows", "net/http", false},
		{"frontdesk/flows", "net/url", true},
		{"frontdesk/flows", "frontdesk/bot", false},
		{"frontdesk/bot", "frontdesk/adapters/boltstore", false},
		{"frontdesk/bot", "github.com/gin-gonic/gin", false},
		{"frontdesk/adapters/inbox", "frontdesk/adapters/boltstore", false},
		{"frontdesk/adapters/whatsapp", "frontdesk/adapters/messenger", false},
		{"frontdesk/adapters/whatsapp", "frontdesk/adapters/meta", true},
	} {
		i := slices.IndexFunc(importRules, func(r importRule) bool { return within(c.path, r.packages) })
		if got := importRules[i].allows(c.imported); got != c.want {
			t.Errorf("may %s import %s? got %v, want %v", c.path, c.imported, got, c.want)
		}
	}
}

func (r importRule) allows(imported string) bool {
	switch {
	case within(imported, "frontdesk"):
		return slices.ContainsFunc(r.inside, func(p string) bool { return p == "" || within(imported, p) })
	case strings.Contains(strings.SplitN(imported, "/", 2)[0], "."):
		return slices.ContainsFunc(r.third, func(p string) bool { return within(imported, p) })
	default:
		return !slices.Contains(r.never, imported)
	}
}

func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

func isKit(path string) bool {
	return slices.Contains([]string{
		"frontdesk/adapters/storetest", "frontdesk/adapters/channeltest", "frontdesk/adapters/meta/metatest", "frontdesk/flows/encoder/encodertest",
	}, path)
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "frontdesk/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
