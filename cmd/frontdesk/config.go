package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"frontdesk/adapters/caller"
	"frontdesk/adapters/meta"
	"frontdesk/adapters/trace"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows/source"
)

// config is what the operator decides: addresses, the data folder, channels, calls.
type config struct {
	listen     string
	opsListen  string // empty: no operator's face
	data       string // a relative one is relative to the working directory, in the file as in the flag
	publicURL  string // how the outside reaches us; https makes cookies Secure
	proxies    []string
	policy     window.Table // what platforms allow, and what it costs
	policyPath string       // of the file that says so; empty: it is as shipped
	channels   []channelConfig
	off        []string // channels without any of their secrets
	keep       bot.Retention
	calendars  calendars // by whose clocks the months of accounts are counted; only storeConfig fills it
	// calls is what flows may call besides public addresses, and the secrets of
	// their headers; who calls and who logs is for the caller's maker to add.
	calls  caller.Config
	traces trace.Config // no endpoint: nothing is traced
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
	rate         int            // messages a second; 0: the kind's own
	humanAgent   bool           // Meta granted the feature: people may answer for longer than the bot
	printed      bool           // the demo's: what would be sent is printed
	zone         *time.Location // by whose clocks the account's months are counted; nil: UTC
	window       window.Terms   // of the policy; no rules: as shipped
	cap          bot.Cap        // what the number may spend in a month
	capSays      bot.Cap        // as much of that as the file says
	capAt        source.Node    // where
}

// terms are those of the channel by a policy.
func (c channelConfig) terms(policy window.Table) window.Terms {
	t := policy.For(c.kind, c.granted()...)
	t.Zone = c.zone
	return t
}

// granted are the tags that a channel's account may use.
func (c channelConfig) granted() []string {
	if c.humanAgent {
		return []string{window.HumanAgent}
	}
	return nil
}

func defaults() config {
	return config{
		listen: "127.0.0.1:8080", opsListen: "127.0.0.1:9090", data: "./frontdesk-data", keep: defaultRetention(), policy: window.Shipped(),
	}
}

// loadConfig reads the operator's file; an empty path means there is none, and
// the web chat is the only channel. All faults come at once in one error.
func loadConfig(path string, getenv func(string) string) (config, error) {
	if path == "" {
		c := defaults()
		c.channels = []channelConfig{{name: "web", kind: "webchat", window: c.policy.For("webchat")}}
		return c, nil
	}
	src, err := readBounded(path, source.MaxSize)
	if err != nil {
		return config{}, fmt.Errorf("the operator's file: %w", err)
	}
	return parseConfig(path, src, getenv)
}

// findingsError is an error whose text shows every finding at its place.
func findingsError(findings []source.Diagnostic, path string, src []byte) error {
	var b bytes.Buffer
	_ = source.Render(&b, findings, map[string][]byte{path: src}) // a Buffer takes everything
	return fmt.Errorf("%s is not usable:\n%s", path, strings.TrimRight(b.String(), "\n"))
}

// readBounded reads a file up to one byte more than limit, so that the reader
// sees that it is too large.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// settings are where a value may come from besides the file: flags win over the
// environment, the environment over the file.
type settings struct{ listen, opsListen, data *string }

// override puts flags and environment over what the file says, and reports
// every fault in them. A flag is nil when it was not given; an empty name of the
// environment counts as not set.
func (c *config) override(flags settings, getenv func(string) string) error {
	var faults []error
	for _, s := range []struct {
		flag      *string
		name, env string
		to        *string
		check     func(string) error
	}{
		{flags.listen, "--listen", "FRONTDESK_LISTEN", &c.listen, checkAddress},
		{flags.opsListen, "--ops-listen", "FRONTDESK_OPS_LISTEN", &c.opsListen, checkOpsAddress},
		{flags.data, "--data", "FRONTDESK_DATA", &c.data, checkFolder},
	} {
		from, value := s.env, getenv(s.env)
		if s.flag != nil {
			from, value = s.name, *s.flag
		} else if value == "" {
			continue
		}
		if err := s.check(value); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", from, err))
			continue
		}
		*s.to = value
	}
	return errors.Join(faults...)
}

const addressHint = "write HOST:PORT, e.g. 127.0.0.1:8080 or :8080"

var hostName = regexp.MustCompile(`^[A-Za-z0-9._-]*$`)

// checkAddress reports that s is no address to listen on. It asks no name server.
func checkAddress(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err == nil && (hostName.MatchString(host) || net.ParseIP(host) != nil) {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%q is no address to listen on; %s", s, addressHint)
}

// checkOpsAddress is checkAddress for the operator's face, which may be left out.
func checkOpsAddress(s string) error {
	if s == "" {
		return nil
	}
	return checkAddress(s)
}

func checkFolder(s string) error {
	if s == "" {
		return errors.New("it is empty; name the folder of the store")
	}
	return nil
}
