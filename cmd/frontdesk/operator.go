package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/flows/source"
)

// The codes of findings in the operator's file.
var configCodes = source.Codes{
	Syntax: "C101", Unknown: "C102", Refused: "C102", Duplicate: "C103", Missing: "C104", Type: "C105", Value: "C106",
}

const (
	codeSecret  = "C201" // a secret that cannot be read, or cannot be one
	codeAddress = "C202" // no address
	codeChannel = "C203" // a channel that cannot be as it is written
)

var (
	channelName  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	digits       = regexp.MustCompile(`^[0-9]{1,32}$`)
	graphVersion = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)
)

// kinds are the channels there are.
var kinds = []string{"whatsapp", "messenger", "webchat"}

// configReader reads the operator's file and gathers every fault in it.
type configReader struct {
	doc      *source.Document
	dir      string // of the file: the files of secrets are relative to it
	getenv   func(string) string
	accounts map[string]string // kind and account: the channel that has it
	beside   error             // what is wrong in the policy file
}

// parseConfig reads the operator's file. Its error shows every finding, and no
// value that may be a secret.
func parseConfig(path string, src []byte, getenv func(string) string) (config, error) {
	r := configReader{
		doc: source.Parse(path, src, configCodes), dir: filepath.Dir(path), getenv: getenv, accounts: map[string]string{},
	}
	c := r.read()
	if err := r.fault(path, src); err != nil {
		return config{}, err
	}
	return c, nil
}

// configData is the data folder that the operator's file names, whatever else is
// wrong in the file: agents may be added before the secrets are there.
func configData(path string) (string, error) {
	data := defaults().data
	if path == "" {
		return data, nil
	}
	src, err := readBounded(path, source.MaxSize)
	if err != nil {
		return "", fmt.Errorf("the operator's file: %w", err)
	}
	r := configReader{doc: source.Parse(path, src, configCodes)}
	for _, e := range r.doc.Root.Entries() {
		if e.Name == "data" {
			r.data(e.Value, &data)
		}
	}
	return data, r.fault(path, src)
}

// fault is an error that shows every finding, or nil when the file can be used.
func (r *configReader) fault(path string, src []byte) error {
	findings := r.doc.Findings()
	if !source.Failed(findings) {
		return r.beside
	}
	err := findingsError(concealFindings(findings), path, concealSource(src))
	if r.beside != nil {
		return fmt.Errorf("%w\n%w", err, r.beside)
	}
	return err
}

func (r *configReader) data(n source.Node, to *string) {
	s, ok := n.Text()
	switch {
	case !ok:
	case checkFolder(s) != nil:
		n.Report(configCodes.Value, "data is empty", "name the folder of the store, or remove the key")
	default:
		*to = s
	}
}

func (r *configReader) read() config {
	c := defaults()
	top := r.doc.Root.Fields(source.Keys{
		Known: []string{"listen", "ops_listen", "data", "public_url", "trusted_proxies", "policy", "channels", "calls", "keep", "traces"},
	})
	r.address(top.Get("listen"), &c.listen, checkAddress)
	r.address(top.Get("ops_listen"), &c.opsListen, checkOpsAddress)
	r.data(top.Get("data"), &c.data)
	c.publicURL = r.publicURL(top.Get("public_url"))
	for _, n := range top.Get("trusted_proxies").List() {
		c.proxies = append(c.proxies, r.proxy(n)...)
	}
	r.keep(top.Get("keep"), &c.keep)
	channels := top.Need("channels")
	if isMapping(channels) && len(channels.Entries()) == 0 {
		channels.Report(configCodes.Missing, "there is no channel", "add one, e.g. web: {kind: webchat}")
	}
	for _, e := range channels.Entries() {
		r.channel(e, &c)
	}
	r.policy(top.Get("policy"), &c)
	c.calls = r.calls(top.Get("calls"))
	c.traces = r.traces(top.Get("traces"))
	return c
}

// policy reads the policy file, if there is one, and gives every channel its rules.
func (r *configReader) policy(n source.Node, c *config) {
	if name, ok := n.Text(); ok {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.dir, path)
		}
		t, err := loadPolicy(path)
		switch at, missing := errors.AsType[*fs.PathError](err); {
		case missing:
			n.Report(configCodes.Value, fmt.Sprintf("the policy file cannot be read: %v", at.Err), "name one, relative to this file; or remove the key")
		case err != nil:
			r.beside = err
		default:
			c.policy, c.policyPath = t, path
		}
	}
	for i := range c.channels {
		ch := &c.channels[i]
		ch.window = ch.terms(c.policy)
		r.priced(ch)
	}
}

func (r *configReader) address(n source.Node, to *string, check func(string) error) {
	if digits.MatchString(n.Raw()) { // quotes would not mend it
		n.Report(codeAddress, fmt.Sprintf("%s is a port without a host", n.Raw()), fmt.Sprintf("write 127.0.0.1:%[1]s or :%[1]s", n.Raw()))
		return
	}
	s, ok := n.Text()
	if !ok {
		return
	}
	if check(s) != nil {
		n.Report(codeAddress, fmt.Sprintf("%q is no address to listen on", s), addressHint)
		return
	}
	*to = s
}

// server reads the address of a server; path says whether it may have a path.
func (r *configReader) server(n source.Node, path bool) (*url.URL, bool) {
	s, ok := n.Text()
	if !ok {
		return nil, false
	}
	u, err := url.Parse(s)
	switch {
	case err == nil && u.User != nil:
		n.Report(codeAddress, "an address with a name and a password in it", "write https://HOST")
	case err == nil && (u.RawQuery != "" || u.ForceQuery || u.Fragment != ""):
		n.Report(codeAddress, "an address with something behind ? or #", "write https://HOST")
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		n.Report(codeAddress, fmt.Sprintf("%q is no address of a server", s), "write https://HOST")
	case !path && strings.Trim(u.Path, "/") != "":
		n.Report(codeAddress, fmt.Sprintf("%q has a path", s), "write https://HOST; the pages are at its root")
	default:
		return u, true
	}
	return nil, false
}

func (r *configReader) publicURL(n source.Node) string {
	u, ok := r.server(n, false)
	if !ok {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// graphURL reads where the Graph API is. The access token goes there with every
// message, so plain http is only for this machine.
func (r *configReader) graphURL(n source.Node) string {
	u, ok := r.server(n, true)
	if !ok {
		return meta.DefaultURL
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		n.Report(codeAddress, "the access token would travel unencrypted", "write https://; http:// is only for this machine")
	}
	return strings.TrimRight(u.String(), "/")
}

func (r *configReader) proxy(n source.Node) []string {
	s, ok := n.Text()
	if !ok {
		return nil
	}
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		if _, err := netip.ParsePrefix(s); err != nil {
			n.Report(codeAddress, fmt.Sprintf("%q is no address or network", s), "write e.g. 127.0.0.1 or 10.0.0.0/8")
			return nil
		}
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
	at, kind := kindOf(e)
	ch.kind = kind
	r.channelKeep(e, &c.keep)
	switch kind {
	case "webchat":
		e.Value.Fields(source.Keys{Known: []string{"kind", "keep"}})
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
		unknownKind(e, at, kind)
		return
	}
	c.channels = append(c.channels, ch)
}

// kindOf looks at the kind before the keys are known, as they depend on it.
func kindOf(e source.Entry) (at source.Node, kind string) {
	for _, f := range e.Value.Entries() {
		if f.Name == "kind" {
			return f.Value, f.Value.Raw()
		}
	}
	return e.Key, ""
}

// isMapping tells a mapping, be it empty, from what was reported as none.
func isMapping(n source.Node) bool {
	var names []string
	for _, e := range n.Entries() {
		names = append(names, e.Name)
	}
	return n.Fields(source.Keys{Known: names}).Exists()
}

func unknownKind(e source.Entry, at source.Node, kind string) {
	if !isMapping(e.Value) {
		return // reported by kindOf
	}
	hint := "write kind: " + strings.Join(kinds, ", or kind: ")
	if near, ok := source.Nearest(kind, kinds); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	if kind == "" {
		at.Report(configCodes.Missing, fmt.Sprintf("channel %q does not say its kind", e.Name), hint)
		return
	}
	at.Report(codeChannel, fmt.Sprintf("unknown kind %q of channel", kind), hint)
}

// graph reads a channel of Meta's and reports whether it is off.
func (r *configReader) graph(e source.Entry, ch *channelConfig, account string) (off bool) {
	keys := []string{
		"kind", account, "access_token", "access_token_file", "app_secret", "app_secret_file",
		"verify_token", "verify_token_file", "graph_url", "graph_version", "unknown_wait", "rate", "keep",
	}
	if ch.kind == "messenger" {
		keys = append(keys, "human_agent")
	} else {
		keys = append(keys, "spend_cap", "account_timezone")
	}
	f := e.Value.Fields(source.Keys{Known: keys})
	ch.humanAgent, _ = f.Get("human_agent").Bool()
	ch.zone = accountZone(f.Get("account_timezone"))
	if misspelt(e, keys, account) {
		ch.account = r.account(f.Get(account), account)
	} else {
		ch.account = r.account(f.Need(account), account)
	}
	ch.graphURL = r.graphURL(f.Get("graph_url"))
	ch.graphVersion = r.version(f.Get("graph_version"))
	ch.unknownWait = 2 * time.Minute
	if d, ok := f.Get("unknown_wait").Duration(); ok {
		if d == 0 {
			f.Get("unknown_wait").Report(configCodes.Value, "unknown_wait is nothing", "leave it out for 2m")
		}
		ch.unknownWait = d
	}
	ch.rate, _ = f.Get("rate").Int(1, meta.MostRate)
	ch.capSays, ch.capAt = r.spendCap(f.Get("spend_cap")), f.Get("spend_cap")
	if off := r.secrets(e, f, ch, keys); off {
		return true
	}
	if ch.account == "" {
		return false
	}
	key := ch.kind + " " + ch.account
	if first, ok := r.accounts[key]; ok {
		f.Get(account).Report(codeChannel, fmt.Sprintf("channel %q has this account already", first),
			"a message would belong to both; remove one")
		return false
	}
	r.accounts[key] = ch.name
	return false
}

// accountZone reads by whose clocks the platform counts an account's months; nil: UTC.
func accountZone(n source.Node) *time.Location {
	name, ok := n.Text()
	if !ok {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		n.Report(configCodes.Value, fmt.Sprintf("%q is no time zone", name), "write one as Europe/Vienna, as it is set for the account at Meta; or leave it out for UTC")
		return nil
	}
	return zone
}

func (r *configReader) version(n source.Node) string {
	switch {
	case !n.Exists():
		return meta.DefaultVersion
	case graphVersion.MatchString(n.Raw()):
		return n.Raw()
	case n.Raw() != "": // a bare 26 or 26.0 too, which quotes would not mend
		n.Report(configCodes.Value, fmt.Sprintf("%q is no version", n.Raw()), "write it like "+meta.DefaultVersion)
	default:
		if _, ok := n.Text(); ok {
			n.Report(configCodes.Value, "graph_version is empty", "write it like "+meta.DefaultVersion)
		}
	}
	return ""
}

func (r *configReader) account(n source.Node, key string) string {
	s, ok := n.Text()
	if !ok || digits.MatchString(s) {
		return s
	}
	hint := "it is the number that Meta's app dashboard shows, in quotes"
	if strings.Contains(s, "${") {
		hint = "only secrets are read from the environment; " + hint
	}
	n.Report(configCodes.Value, fmt.Sprintf("%q is no %s", s, key), hint)
	return ""
}
