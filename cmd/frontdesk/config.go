package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/flows/source"
)

// config is what the operator decides: addresses, the data folder, channels.
type config struct {
	listen    string
	opsListen string // empty: no operator's face
	data      string
	publicURL string // how the outside reaches us; https makes cookies Secure
	proxies   []string
	channels  []channelConfig
	off       []string // channels without any of their secrets
}

// channelConfig is one entry of channels.
type channelConfig struct {
	name, kind   string
	account      string // phone_number_id or page_id
	accessToken  meta.Secret
	appSecret    meta.Secret
	verifyToken  meta.Secret
	graphURL     string
	graphVersion string
	unknownWait  time.Duration
	printed      bool // the demo's: what would be sent is printed
}

func defaults() config {
	return config{listen: "127.0.0.1:8080", opsListen: "127.0.0.1:9090", data: "./frontdesk-data"}
}

// The codes of findings in the operator's file.
var configCodes = source.Codes{
	Syntax: "C101", Unknown: "C102", Refused: "C102", Duplicate: "C103", Missing: "C104", Type: "C105", Value: "C106",
}

const (
	codeSecret  = "C201" // a secret that cannot be read
	codeAddress = "C202" // no address
	codeChannel = "C203" // a channel that cannot be as it is written
)

var (
	channelName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	envName     = regexp.MustCompile(`^\$\{([A-Z_][A-Z0-9_]*)\}$`)
	digits      = regexp.MustCompile(`^[0-9]{1,32}$`)
)

// configReader reads the operator's file and gathers every fault in it.
type configReader struct {
	doc    *source.Document
	dir    string // of the file: relative paths are from there
	getenv func(string) string
}

// loadConfig reads the operator's file; an empty path means there is none, and
// the web chat is the only channel. All faults come at once in one error.
func loadConfig(path string, getenv func(string) string) (config, error) {
	if path == "" {
		c := defaults()
		c.channels = []channelConfig{{name: "web", kind: "webchat"}}
		return c, nil
	}
	src, err := readBounded(path)
	if err != nil {
		return config{}, err
	}
	return parseConfig(path, src, getenv)
}

func parseConfig(path string, src []byte, getenv func(string) string) (config, error) {
	r := configReader{doc: source.Parse(path, src, configCodes), dir: filepath.Dir(path), getenv: getenv}
	c := r.read()
	findings := r.doc.Findings()
	if !source.Failed(findings) {
		return c, nil
	}
	return config{}, findingsError(findings, path, src)
}

// findingsError is an error whose text shows every finding at its place.
func findingsError(findings []source.Diagnostic, path string, src []byte) error {
	var b bytes.Buffer
	_ = source.Render(&b, findings, map[string][]byte{path: src}) // a Buffer takes everything
	return fmt.Errorf("%s is not usable:\n%s", path, strings.TrimRight(b.String(), "\n"))
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	src, err := io.ReadAll(io.LimitReader(f, source.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return src, nil
}

func (r *configReader) read() config {
	c := defaults()
	top := r.doc.Root.Fields(source.Keys{
		Known: []string{"listen", "ops_listen", "data", "public_url", "trusted_proxies", "channels"},
	})
	r.address(top.Get("listen"), &c.listen)
	if n := top.Get("ops_listen"); n.Raw() != "" || !n.Exists() {
		r.address(n, &c.opsListen)
	} else {
		c.opsListen = ""
	}
	if s, ok := top.Get("data").Text(); ok {
		c.data = s
	}
	c.publicURL = r.url(top.Get("public_url"), "")
	for _, n := range top.Get("trusted_proxies").List() {
		c.proxies = append(c.proxies, r.proxy(n)...)
	}
	for _, e := range top.Need("channels").Entries() {
		r.channel(e, &c)
	}
	r.accounts(c)
	return c
}

func (r *configReader) address(n source.Node, to *string) {
	s, ok := n.Text()
	if !ok {
		return
	}
	if _, _, err := net.SplitHostPort(s); err != nil {
		n.Report(codeAddress, fmt.Sprintf("%q is no address to listen on", s), "write HOST:PORT, e.g. 127.0.0.1:8080 or :8080")
		return
	}
	*to = s
}

func (r *configReader) url(n source.Node, fallback string) string {
	s, ok := n.Text()
	if !ok {
		return fallback
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		n.Report(codeAddress, fmt.Sprintf("%q is no address of a server", s), "write https://HOST")
		return fallback
	}
	return strings.TrimRight(s, "/")
}

func (r *configReader) proxy(n source.Node) []string {
	s, ok := n.Text()
	if !ok {
		return nil
	}
	_, bad := netip.ParseAddr(s)
	if _, err := netip.ParsePrefix(s); err != nil && bad != nil {
		n.Report(codeAddress, fmt.Sprintf("%q is no address or network", s), "write e.g. 127.0.0.1 or 10.0.0.0/8")
		return nil
	}
	return []string{s}
}

// channel reads one channel. One whose secrets are all absent is off.
func (r *configReader) channel(e source.Entry, c *config) {
	if !channelName.MatchString(e.Name) {
		e.Key.Report(codeChannel, fmt.Sprintf("%q cannot be a channel's name", e.Name),
			"it becomes a path: small letters, digits, - and _, beginning with a letter, at most 40")
		return
	}
	ch := channelConfig{name: e.Name}
	ch.kind = kindOf(e.Value)
	switch ch.kind {
	case "webchat":
		e.Value.Fields(source.Keys{Known: []string{"kind"}})
		if slices.ContainsFunc(c.channels, func(o channelConfig) bool { return o.kind == "webchat" }) {
			e.Key.Report(codeChannel, "there is a web chat already", "one is served, at /chat")
		}
	case "whatsapp":
		if off := r.graph(e, &ch, "phone_number_id"); off {
			c.off = append(c.off, ch.name)
			return
		}
	case "messenger":
		if off := r.graph(e, &ch, "page_id"); off {
			c.off = append(c.off, ch.name)
			return
		}
	default:
		r.unknownKind(e)
		return
	}
	c.channels = append(c.channels, ch)
}

// kindOf looks at the kind before the keys are known, as they depend on it.
func kindOf(n source.Node) string {
	for _, f := range n.Entries() {
		if f.Name == "kind" {
			return f.Value.Raw()
		}
	}
	return ""
}

var kinds = []string{"whatsapp", "messenger", "webchat"}

func (r *configReader) unknownKind(e source.Entry) {
	at, got := e.Key, ""
	for _, f := range e.Value.Entries() {
		if f.Name == "kind" {
			at, got = f.Value, f.Value.Raw()
		}
	}
	hint := "write kind: " + strings.Join(kinds, ", or kind: ")
	if near, ok := source.Nearest(got, kinds); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	if got == "" {
		at.Report(configCodes.Missing, fmt.Sprintf("channel %q does not say its kind", e.Name), hint)
		return
	}
	at.Report(codeChannel, fmt.Sprintf("unknown kind %q of channel", got), hint)
}

// graph reads a channel of Meta's and reports whether it is off.
func (r *configReader) graph(e source.Entry, ch *channelConfig, account string) (off bool) {
	f := e.Value.Fields(source.Keys{Known: []string{
		"kind", account, "access_token", "access_token_file", "app_secret", "app_secret_file",
		"verify_token", "verify_token_file", "graph_url", "graph_version", "unknown_wait",
	}})
	secrets := []*meta.Secret{&ch.accessToken, &ch.appSecret, &ch.verifyToken}
	names := []string{"access_token", "app_secret", "verify_token"}
	absent := 0
	for i, name := range names {
		value, there := r.secret(f, name)
		*secrets[i] = value
		if !there {
			absent++
		}
	}
	ch.account = r.account(f, account)
	ch.graphURL = r.url(f.Get("graph_url"), "https://graph.facebook.com")
	ch.graphVersion = "v26.0"
	if s, ok := f.Get("graph_version").Text(); ok {
		ch.graphVersion = s
	}
	ch.unknownWait = 2 * time.Minute
	if d, ok := f.Get("unknown_wait").Duration(); ok {
		ch.unknownWait = d
	}
	if absent == len(names) {
		return true
	}
	for i, name := range names {
		if *secrets[i] == "" {
			r.missing(e, f, name)
		}
	}
	return false
}

func (r *configReader) account(f source.Fields, key string) string {
	n := f.Need(key)
	s, ok := n.Text()
	if ok && !digits.MatchString(s) {
		n.Report(configCodes.Value, fmt.Sprintf("%q is no %s", s, key), "it is the number that Meta's app dashboard shows, in quotes")
	}
	return s
}

// secret reads a secret from the file, the environment or a file of its own.
// there is false when nobody gave one; a fault in how it is given is reported
// and counts as there.
func (r *configReader) secret(f source.Fields, name string) (value meta.Secret, there bool) {
	if n := f.Get(name + "_file"); n.Exists() {
		if f.Has(name) {
			n.Report(codeSecret, fmt.Sprintf("both %s and %s_file are written", name, name), "keep one of them")
			return "", true
		}
		return r.secretFile(n), true
	}
	n := f.Get(name)
	if !n.Exists() || n.Raw() == "" {
		return "", false
	}
	if m := envName.FindStringSubmatch(n.Raw()); m != nil {
		v := strings.TrimSpace(r.getenv(m[1]))
		return meta.Secret(v), v != ""
	}
	if strings.Contains(n.Raw(), "${") {
		n.Report(codeSecret, name+" mixes text and a name of the environment", "write ${NAME} and nothing else, NAME in capitals")
		return "", true
	}
	s, _ := n.Text()
	return meta.Secret(s), true
}

func (r *configReader) secretFile(n source.Node) meta.Secret {
	path, ok := n.Text()
	if !ok {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	src, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	switch {
	case err != nil:
		n.Report(codeSecret, "the secret's file cannot be read: "+reason(err), "write a path, relative to this file")
	case len(bytes.TrimSpace(src)) == 0:
		n.Report(codeSecret, "the secret's file is empty", "put the secret into it, on one line")
	}
	return meta.Secret(bytes.TrimSpace(src))
}

// reason is an error of the file system without the path, which the finding shows anyway.
func reason(err error) string {
	if pe, ok := err.(*os.PathError); ok { //nolint:errorlint // os.ReadFile returns it unwrapped
		return pe.Err.Error()
	}
	return err.Error()
}

// missing reports an absent secret of a channel that has some of them.
func (r *configReader) missing(e source.Entry, f source.Fields, name string) {
	why := ""
	if name == "app_secret" {
		why = ": without it anybody could send messages in a customer's name"
	}
	n, hint := e.Key, fmt.Sprintf("add %s: ${NAME} or %s_file: PATH", name, name)
	if f.Has(name + "_file") {
		return // secretFile has told
	}
	if f.Has(name) {
		n = f.Get(name)
		if m := envName.FindStringSubmatch(n.Raw()); m != nil {
			hint = fmt.Sprintf("set %s in the environment, or remove all secrets to switch the channel off", m[1])
		}
		if strings.Contains(n.Raw(), "${") && !envName.MatchString(n.Raw()) {
			return // told already
		}
	}
	n.Report(configCodes.Missing, fmt.Sprintf("channel %q has no %s%s", e.Name, name, why), hint)
}

// accounts refuses two channels for one account: a message would belong to both.
func (r *configReader) accounts(c config) {
	seen := map[string]string{}
	for _, ch := range c.channels {
		if ch.account == "" {
			continue
		}
		key := ch.kind + " " + ch.account
		if first, ok := seen[key]; ok {
			r.doc.Root.Report(codeChannel, fmt.Sprintf("channels %q and %q are the same account %s", first, ch.name, ch.account), "remove one")
		}
		seen[key] = ch.name
	}
}

// settings are where a value may come from besides the file: flags win over the
// environment, the environment over the file.
type settings struct{ listen, opsListen, data *string }

// override puts flags and environment over what the file says. A flag is nil
// when it was not given.
func (c *config) override(flags settings, getenv func(string) string) error {
	var faults []string
	for _, s := range []struct {
		flag    *string
		env     string
		to      *string
		address bool
	}{
		{flags.listen, "FRONTDESK_LISTEN", &c.listen, true},
		{flags.opsListen, "FRONTDESK_OPS_LISTEN", &c.opsListen, true},
		{flags.data, "FRONTDESK_DATA", &c.data, false},
	} {
		from, value := s.env, getenv(s.env)
		if s.flag != nil {
			from, value = "the flag", *s.flag
		}
		if value == "" && s.flag == nil {
			continue
		}
		if _, _, err := net.SplitHostPort(value); s.address && value != "" && err != nil {
			faults = append(faults, fmt.Sprintf("%s: %q is no address to listen on; write HOST:PORT", from, value))
			continue
		}
		*s.to = value
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s", strings.Join(faults, "\n"))
	}
	return nil
}
