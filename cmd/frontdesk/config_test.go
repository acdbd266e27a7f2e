package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/adapters/caller"
	"frontdesk/adapters/web"
	"frontdesk/bot/window"
)

var update = flag.Bool("update", false, "rewrite the golden files with what comes out")

// marker is in every secret of these tests, so that a leak is found wherever it is.
const marker = "m4rker"

// TestConfig reads the operator's files in testdata/config. Beside
// frontdesk.yaml an archive may hold env, a line NAME=VALUE each, and files of
// secrets; "expected" is the error, or the config in words.
func TestConfig(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/config/*.txtar")
	if err != nil || len(paths) < 25 {
		t.Fatalf("%d golden files, want at least 25 (%v)", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := configOf(t, ar)
			for i, f := range ar.Files {
				if f.Name == "expected" {
					compareGolden(t, path, ar, i, got)
					return
				}
			}
			if !*update {
				t.Fatalf("%s holds nothing that is expected; run with -update and read what it wrote", path)
			}
			ar.Files = append(ar.Files, txtar.File{Name: "expected"})
			compareGolden(t, path, ar, len(ar.Files)-1, got)
		})
	}
}

func compareGolden(t *testing.T, path string, ar *txtar.Archive, i int, got string) {
	t.Helper()
	if *update {
		ar.Files[i].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(ar.Files[i].Data), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// configOf writes the files of an archive into a folder, loads the operator's
// file there and gives what came out of it.
func configOf(t *testing.T, ar *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	env := map[string]string{}
	for _, f := range ar.Files {
		switch f.Name {
		case "env":
			for line := range strings.Lines(string(f.Data)) {
				name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
				env[name] = value
			}
		case "expected":
		default:
			path := filepath.Join(dir, f.Name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	c, err := loadConfig(filepath.Join(dir, "frontdesk.yaml"), func(name string) string { return env[name] })
	if err == nil {
		acceptable(t, c)
		return describe(c)
	}
	got := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "") + "\n"
	if strings.Contains(got, marker) {
		t.Errorf("a secret is shown:\n%s", got)
	}
	return got
}

// acceptable holds what is accepted against what later takes it, which must
// have nothing left to refuse.
func acceptable(t *testing.T, c config) {
	t.Helper()
	if _, _, err := newPlatforms(c.channels, io.Discard); err != nil {
		t.Errorf("the config is accepted and its channels are refused: %v", err)
	}
	if _, err := web.NewRouter(c.proxies, discard()); err != nil {
		t.Errorf("the config is accepted and its proxies are refused: %v", err)
	}
	if _, err := caller.New(c.calls); err != nil {
		t.Errorf("the config is accepted and its calls are refused: %v", err)
	}
	if checkAddress(c.listen) != nil || checkOpsAddress(c.opsListen) != nil || checkFolder(c.data) != nil {
		t.Errorf("accepted: %s", describe(c))
	}
}

// describe is a config in words, with its secrets, as they are none here.
func describe(c config) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "listen %s\nops_listen %q\ndata %s\n", c.listen, c.opsListen, c.data)
	if c.publicURL != "" {
		fmt.Fprintf(&b, "public_url %s (secure %t)\n", c.publicURL, c.secure())
	}
	for _, p := range c.proxies {
		fmt.Fprintf(&b, "proxy %s\n", p)
	}
	for _, ch := range c.channels {
		fmt.Fprintf(&b, "channel %s: %s\n", ch.name, ch.kind)
		expected := c.policy.For(ch.kind, ch.granted()...)
		if expected.Zone = ch.zone; ch.zone != nil {
			fmt.Fprintf(&b, "  account_timezone %s\n", ch.zone)
		}
		if ch.cap.Any() { // it knows prices in the cap's currency only
			expected.Rates = ch.window.Rates
			for _, r := range expected.Rates {
				if r.Amount.Micros > 0 {
					fmt.Fprintf(&b, "  %s %s %s\n", r.Market, r.Category, r.Amount)
				}
			}
		}
		if !reflect.DeepEqual(ch.window, expected) {
			fmt.Fprintf(&b, "  has rules of its own: %v\n", ch.window.Rules)
		}
		if ch.kind != "webchat" {
			fmt.Fprintf(&b, "  account %s\n  access_token %s\n  app_secret %s\n  verify_token %s\n  graph %s %s, unknown_wait %s%s%s\n",
				ch.account, string(ch.accessToken), string(ch.appSecret), string(ch.verifyToken), ch.graphURL, ch.graphVersion, ch.unknownWait, rateOf(ch)+capOf(ch), humanOf(ch))
		}
	}
	for _, r := range c.policy.Rules {
		if !slices.ContainsFunc(window.Shipped().Rules, func(s window.Rule) bool { return reflect.DeepEqual(r, s) }) {
			fmt.Fprintf(&b, "policy %s %s %s\n", r.Channel, r.Author, ruleWords(r))
		}
	}
	for _, name := range c.off {
		fmt.Fprintf(&b, "off %s\n", name)
	}
	describeKeep(&b, c.keep)
	if c.traces.Endpoint != "" {
		fmt.Fprintf(&b, "traces %s, sample %v\n", c.traces.Endpoint, c.traces.Sample)
	}
	for _, a := range c.calls.Allow {
		fmt.Fprintf(&b, "calls may go to %s\n", a)
	}
	for _, name := range slices.Sorted(maps.Keys(c.calls.Secrets)) {
		fmt.Fprintf(&b, "calls have the secret %s %s\n", name, string(c.calls.Secrets[name]))
	}
	return b.String()
}

func capOf(ch channelConfig) string {
	if !ch.cap.Any() {
		return ""
	}
	return fmt.Sprintf(", at most %s, unknown %s", ch.cap.Amount, ch.cap.Unknown)
}

func rateOf(ch channelConfig) string {
	if ch.rate == 0 {
		return ""
	}
	return fmt.Sprintf(", rate %d", ch.rate)
}

func TestWithoutAFileTheWebChatIsTheOnlyChannel(t *testing.T) {
	t.Parallel()
	c, err := loadConfig("", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	const want = "listen 127.0.0.1:8080\nops_listen \"127.0.0.1:9090\"\ndata ./frontdesk-data\nchannel web: webchat\n"
	if diff := cmp.Diff(want, describe(c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none.yaml")
	_, err := loadConfig(path, func(string) string { return "" })
	if err == nil || !strings.Contains(err.Error(), "the operator's file") || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

func TestFlagsWinOverTheEnvironmentAndTheEnvironmentOverTheFile(t *testing.T) {
	t.Parallel()
	file := config{listen: "127.0.0.1:1", opsListen: "127.0.0.1:2", data: "file"}
	all := map[string]string{"FRONTDESK_LISTEN": ":11", "FRONTDESK_OPS_LISTEN": ":12", "FRONTDESK_DATA": "env"}
	for _, tt := range []struct {
		name  string
		flags settings
		env   map[string]string
		want  config
		err   string
	}{
		{name: "nothing given", want: file},
		{name: "the environment over the file", env: all, want: config{listen: ":11", opsListen: ":12", data: "env"}},
		{
			name: "flags over the environment", env: all,
			flags: settings{listen: new("[::1]:21"), opsListen: new("localhost:22"), data: new("flag")},
			want:  config{listen: "[::1]:21", opsListen: "localhost:22", data: "flag"},
		},
		{
			name: "each on its own", flags: settings{data: new("flag")}, env: map[string]string{"FRONTDESK_LISTEN": ":11"},
			want: config{listen: ":11", opsListen: "127.0.0.1:2", data: "flag"},
		},
		{name: "an empty name of the environment is not set", env: map[string]string{"FRONTDESK_LISTEN": ""}, want: file},
		{
			name: "an empty ops address is none", flags: settings{opsListen: new("")},
			want: config{listen: "127.0.0.1:1", data: "file"},
		},
		{
			name: "an empty flag for what must be there", flags: settings{listen: new(""), data: new("")},
			err: "--listen: \"\" is no address to listen on; write HOST:PORT, e.g. 127.0.0.1:8080 or :8080\n" +
				"--data: it is empty; name the folder of the store",
		},
		{
			name: "all faults at once", flags: settings{listen: new("8080")}, env: map[string]string{"FRONTDESK_OPS_LISTEN": "host"},
			err: "--listen: \"8080\" is no address to listen on; write HOST:PORT, e.g. 127.0.0.1:8080 or :8080\n" +
				"FRONTDESK_OPS_LISTEN: \"host\" is no address to listen on; write HOST:PORT, e.g. 127.0.0.1:8080 or :8080",
		},
		{
			name: "a good flag over a bad name of the environment", flags: settings{listen: new(":21")},
			env:  map[string]string{"FRONTDESK_LISTEN": "nonsense"},
			want: config{listen: ":21", opsListen: "127.0.0.1:2", data: "file"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := file
			err := c.override(tt.flags, func(name string) string { return tt.env[name] })
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Errorf("error\n%v\nwant\n%s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(describe(tt.want), describe(c)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for s, good := range map[string]bool{
		"127.0.0.1:8080": true, ":8080": true, "127.0.0.1:0": true, "localhost:80": true, "[::1]:80": true, "[::]:80": true,
		"desk.example.org:65535": true,
		"":                       false, "8080": false, "127.0.0.1": false, "127.0.0.1:": false, "127.0.0.1:http": false,
		"127.0.0.1:65536": false, "127.0.0.1:-1": false, "http://127.0.0.1:80": false, "::1:80": false, "a b:80": false,
		"127.0.0.1:80/path": false,
	} {
		t.Run(s, func(t *testing.T) {
			t.Parallel()
			if err := checkAddress(s); (err == nil) != good {
				t.Errorf("checkAddress = %v, want good %t", err, good)
			}
		})
	}
}

// written are ways in which a secret may stand in the operator's file, most of
// them wrong. %s is the secret.
var written = []string{
	"    access_token: %s\n",
	"    access_token: \"%s\"\n",
	"    access_token: '%s'\n",
	"    access_token: [%s]\n",
	"    access_token: {%s}\n",
	"    access_token: ${%s}\n",
	"    access_token: $%s\n",
	"    access_token: *%s\n",
	"    access_token: &%s\n",
	"    access_token: !%s\n",
	"    access_token: | %s\n",
	"    access_token: |\n      %s\n      %[1]s\n",
	"    access_token: a\n    access_token: %s\n",
	"    access_token: a b %s\n",
	"    access_token: %s #%[1]s\n",
	"    access_token: \"%s\n",
	"    access_token:%s\n",
	"    access_token\n",
	"    access_token : %s\n",
	"    \"access_token\": %s\n",
	"    acess_token: %s\n",
	"    aces_token:\n      - %s\n",
	"    apikey: %s\n",
	"    unknown_wait: 1m access_token: %s\n",
	"    unknown_wait: 1m, access_token: %s\n",
	"    access_token_file: none\n    access_token: %s\n",
	"\taccess_token: %s\n",
	"  access_token: %s\n",
	"access_token: %s\n",
	"  second: {kind: whatsapp, access_token: %s, app_secret: %[1]s}\n",
	"  second: {kind: whatsapp, access_token:%s}\n",
	"  second: {kind: webchat, access_token:%s: 1}\n",
	"  second: %s\n",
	"  second: [%s]\n",
	"  second:\n    kind: messenger\n    app_secret: %s\n    verify_token: {%[1]s: %[1]s}\n",
	"  ${A}: %s\n",
	"# access_token: %s\n\t\n",
	"calls:\n  secrets:\n    data: %s\n    kind: \"\\n%[1]s\"\n",
	"calls:\n  secrets:\n    data: [%s]\n",
	"calls:\n  secrets:\n    data: |\n      %s\n      %[1]s\n",
	"calls:\n  secrets: %s\n",
	"calls:\n  secrets: {data: %s: 1}\n",
	"calls: {secrets: {\n  data: %s\n  }}\n",
	"calls: {secrets: {\ndata: %s\n}}\n",
	"calls:\n  secrets: {\n  data: %s\n  }\n",
	"calls:\n  ? secrets\n  : shop_token: a\n    kind: %s\n",
	"calls:\n  \"secrets\":\n    data: %s\n",
	"\"calls\":\n  secrets: &all\n    data: %s\n",
	"calls:\n  secrets:\n    shop_token:%s\n",
	"calls:\n  secrets:\n    shop_token: a\n   data: %s\n",
	"calls:\n  secrets:\n    shop_token: a\n    shop_token: %s\n",
	"calls:\n  secrets:\n    data: x: %s\n",
	"calls:\n  secrets:\n    data_file: x: %s\n",
	"calls:\n  secrets:\n    data_file: none\n    data: %s\n",
	"calls:\n  secrets:\n# at the edge\n    data: &%s\n",
	"calls:\n  secrets:\n    - data: %s\n",
	"calls:\n  secret:\n    data: x: %s\n",
	"calls:\n\tsecrets:\n\t\tdata: %s\n",
	"calls:\n  allow: 10.0.0.0/8 shop: %s\n",
	"calls:\n  allow: [10.0.0.0/8, shop: %s]\n",
	"calls:\n  allow: [\"https://ana:%s@erp.internal\"]\n",
	"calls:\n  allow: [], secrets: {data: %s}\n",
}

// withSecret writes a secret into one of the ways, below a channel that is wrong in
// other ways too, so that there is an error.
func withSecret(way, secret string) []byte {
	const head = "listen: nonsense\nchannels:\n  whatsapp:\n    kind: whatsapp\n    phone_number_id: 12\n    graph_url: nonsense\n"
	return []byte(head + strings.ReplaceAll(strings.ReplaceAll(way, "%[1]s", secret), "%s", secret))
}

func TestNoSecretIsEverInAnError(t *testing.T) {
	t.Parallel()
	secrets := []string{marker, "EAAG" + marker, "12" + marker, "1 " + marker, "\u00e9" + marker, "a#" + marker, "${" + marker + "}", "a\r" + marker, "a\u2028" + marker}
	for i, way := range written {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for _, secret := range secrets {
				src := withSecret(way, secret)
				_, err := parseConfig("frontdesk.yaml", src, func(string) string { return marker + " with a space" })
				if err == nil {
					t.Fatalf("accepted:\n%s", src)
				}
				if strings.Contains(err.Error(), marker) {
					t.Errorf("a secret is shown:\n%s\nof\n%s", err, src)
				}
			}
		})
	}
}

// tricky would make of a secret another key of the file, which is shown rightly.
var tricky = regexp.MustCompile(`[,\n\r\x{85}\x{2028}\x{2029}]|:\s`)

// FuzzParseConfig: whatever the operator writes, nothing panics, no secret of
// the environment or of the file is in the error, and what is accepted is
// accepted by everything behind it.
func FuzzParseConfig(f *testing.F) {
	paths, err := filepath.Glob("testdata/config/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if file.Name == "frontdesk.yaml" {
				f.Add(file.Data, "EAAG", uint8(0))
			}
		}
	}
	for i := range written {
		f.Add([]byte("channels:"), "x", uint8(i))
	}
	f.Fuzz(func(t *testing.T, src []byte, secret string, way uint8) {
		// The files of secrets are the goldens' matter; a fuzzer must not read whatever it names.
		src = bytes.ReplaceAll(src, []byte("_file"), []byte("_fil"))
		src = bytes.ReplaceAll(src, []byte(marker), nil)
		inputs := [][]byte{src}
		if !tricky.MatchString(secret) {
			inputs = append(inputs, withSecret(written[int(way)%len(written)], secret+marker))
		}
		for _, in := range inputs {
			c, err := parseConfig("frontdesk.yaml", in, func(string) string { return marker })
			if err == nil {
				acceptable(t, c)
			} else if strings.Contains(err.Error(), marker) {
				t.Errorf("a secret is shown:\n%s", err)
			}
		}
	})
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func humanOf(ch channelConfig) string {
	if ch.humanAgent {
		return ", human agent"
	}
	return ""
}
