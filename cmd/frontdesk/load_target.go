package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"frontdesk/adapters/load"
)

// mostNumbers bounds the numbers of a load; each is a channel of the program.
const mostNumbers = 1000

// loadSelf starts this very program, in a folder of its own, and plays to it.
func (f *loadFlags) loadSelf(c *cobra.Command) error {
	f.Channels = load.KitChannels(f.needed(), newLoadSecret())
	f.Target = "http://127.0.0.1" // until its port is known
	if err := f.Check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "frontdesk-load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder left in the temporary ones does no harm
	at, err := graphListener(c.Context(), "127.0.0.1:0", false)
	if err != nil {
		return err
	}
	kit := newKit(dir, f.Channels)
	kit.Graph = at.Addr().String()
	child, err := startKit(c.Context(), kit)
	if err != nil {
		return errors.Join(err, at.Close())
	}
	f.Target, f.Ops, f.Folder = child.Public, child.Ops, dir
	fmt.Fprintf(c.ErrOrStderr(), "under load: %s, its metrics: %s/metrics\n", child.Public, child.Ops)
	return f.play(c, at, child.Stop)
}

// needed is how many numbers --self has. A number may send 80 messages a second,
// in and out together.
func (f *loadFlags) needed() int {
	const each, atFullSpeed = 40, 50
	switch {
	case f.numbers > 0:
		return f.numbers
	case f.Rate > 0:
		return int(min(math.Ceil(f.Rate/each), mostNumbers))
	default:
		return atFullSpeed
	}
}

func startKit(ctx context.Context, k *load.Kit) (*load.Child, error) {
	if err := k.Write(); err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return k.Start(ctx, program)
}

// loadRunning plays to the program that serves the operator's file.
func (f *loadFlags) loadRunning(c *cobra.Command, env getenv) error {
	if f.config = cmp.Or(f.config, env("FRONTDESK_CONFIG")); f.config == "" {
		return errors.New("name the operator's file of the running program with --config, or start one with --self\n" +
			"(frontdesk load init DIR writes files to begin with)")
	}
	cfg, err := loadConfig(f.config, env)
	if err == nil {
		err = cfg.override(settings{}, env)
	}
	if err != nil {
		return err
	}
	graphAt, err := f.take(cfg)
	if err != nil {
		return fmt.Errorf("%s: %w", f.config, err)
	}
	f.Target = cmp.Or(f.Target, "http://"+near(cfg.listen))
	if cfg.opsListen != "" && !f.Anywhere {
		f.Ops = "http://" + near(cfg.opsListen)
	}
	if err := f.Check(); err != nil {
		return err
	}
	at, err := graphListener(c.Context(), graphAt, f.Anywhere)
	if err != nil {
		return err
	}
	return f.play(c, at, func() error { return nil })
}

// take takes the WhatsApp channels of the operator's file, and tells where the
// Graph API is to be. Answers that would go elsewhere are refused before
// anything is sent: there may be people.
func (f *loadFlags) take(cfg config) (graphAt string, err error) {
	for _, ch := range cfg.channels {
		if ch.kind != "whatsapp" || f.numbers > 0 && len(f.Channels) == f.numbers {
			continue
		}
		u, err := url.Parse(ch.graphURL)
		switch {
		case err != nil || u.Scheme != "http" || !load.Loopback(u.Hostname()):
			return "", fmt.Errorf("channel %q sends its answers to %s, where load is not; give it a graph_url such as http://%s", ch.name, ch.graphURL, defaultGraph)
		case graphAt != "" && graphAt != u.Host:
			return "", fmt.Errorf("channel %q sends its answers to %s, others to %s; write one graph_url", ch.name, u.Host, graphAt)
		}
		graphAt = u.Host
		f.Channels = append(f.Channels, load.Channel{Name: ch.name, Number: ch.account, Secret: ch.appSecret})
	}
	if len(f.Channels) < f.numbers {
		return "", fmt.Errorf("--channels: there are %d WhatsApp channels, not %d", len(f.Channels), f.numbers)
	}
	return cmp.Or(f.graphListen, graphAt), nil
}

// near is an address to listen on as this machine reaches it.
func near(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listen
}

func graphListener(ctx context.Context, address string, anywhere bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("--graph-listen: %q is no address HOST:PORT", address)
	}
	if !anywhere && !load.Loopback(host) {
		return nil, fmt.Errorf("--graph-listen: %s is open to other machines, which needs --anywhere", address)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot be the Graph API on %s: %w", address, err)
	}
	return l, nil
}

// defaultGraph is where load is the Graph API for the files of load init.
const defaultGraph = "127.0.0.1:9191"

// numberRate is how many messages a second Meta lets a busy number send, when it
// has raised the usual 80 (Meta, throughput, 2025-11-21). With it the program is
// measured, and not its regard for the limit.
const numberRate = 1000

// newKit is a folder whose addresses are those that everything has by default.
func newKit(dir string, channels []load.Channel) *load.Kit {
	return &load.Kit{Dir: dir, Channels: channels, Listen: defaults().listen, OpsListen: defaults().opsListen, Graph: defaultGraph, Rate: numberRate}
}
