package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
)

func newServe(env getenv) *cobra.Command {
	var (
		logs                             logFlags
		configPath, listen, ops, dataDir string
	)
	c := &cobra.Command{
		Use:   "serve FLOWS",
		Short: "Serves the webhooks, the web chat and the agents' inbox",
		Long: `serve runs everything in one process on one file. Flags win over the environment
(FRONTDESK_CONFIG, FRONTDESK_LISTEN, FRONTDESK_OPS_LISTEN, FRONTDESK_DATA), and the
environment over the operator's file. Without a file the web chat is the only channel.

In the operator's file a secret is ${NAME} of the environment, or KEY_file: PATH relative
to the folder of the operator's file. A relative data folder is relative to the working
directory, wherever it is given.

SIGHUP, or POST /-/reload on the operator's address, reads the flow file and the policy file
again, and keeps both as they were when one has a fault. SIGTERM ends within ten seconds.`,
		Example: "  frontdesk serve flows.example.yaml --config frontdesk.yaml",
		Args:    one("the flow file"),
		RunE: func(c *cobra.Command, args []string) error {
			log, err := logs.logger(c.ErrOrStderr())
			if err != nil {
				return err
			}
			if !c.Flags().Changed("config") {
				configPath = env("FRONTDESK_CONFIG")
			}
			cfg, err := loadConfig(configPath, env)
			err = errors.Join(err, cfg.override(changed(c, &listen, &ops, &dataDir), env))
			if err != nil {
				_, flowsErr := loadFlows(args[0]) // all faults at once
				return errors.Join(err, flowsErr)
			}
			collectLess(env)
			a, err := newApp(options{config: cfg, flows: args[0], log: log})
			if err != nil {
				return err
			}
			return a.serve(c.Context(), func() { a.announce(c.OutOrStdout(), cfg) })
		},
	}
	c.Flags().StringVar(&configPath, "config", "", "the operator's file")
	c.Flags().StringVar(&listen, "listen", "", "public address HOST:PORT (default 127.0.0.1:8080)")
	c.Flags().StringVar(&ops, "ops-listen", "", `operator's address HOST:PORT, "" for none (default 127.0.0.1:9090)`)
	c.Flags().StringVar(&dataDir, "data", "", "folder of the store (default ./frontdesk-data)")
	logs.add(c)
	return c
}

// changed tells which of the flags were given.
func changed(c *cobra.Command, listen, ops, data *string) settings {
	given := func(name string, value *string) *string {
		if c.Flags().Changed(name) {
			return value
		}
		return nil
	}
	return settings{listen: given("listen", listen), opsListen: given("ops-listen", ops), data: given("data", data)}
}

// serve is run with SIGHUP read as "load the flows again". announce is called
// when it is: whoever reads the addresses may send one.
func (a *app) serve(ctx context.Context, announce func()) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	ended := make(chan struct{})
	var reloader sync.WaitGroup
	reloader.Go(func() {
		for {
			select {
			case <-hup:
				_ = a.reload(ctx) // logged, and the old flows stay
			case <-ended:
				return
			}
		}
	})
	defer func() {
		signal.Stop(hup)
		close(ended)
		reloader.Wait()
	}()
	announce()
	return a.run(ctx)
}

// announce prints where everything is, one line each.
func (a *app) announce(w io.Writer, c config) {
	base := c.publicURL
	if base == "" {
		base = "http://" + reachable(a.publicAt.Addr())
	}
	var b strings.Builder
	if a.chat {
		fmt.Fprintf(&b, "chat     %s/chat\n", base)
	}
	fmt.Fprintf(&b, "inbox    %s/inbox\n", base)
	for _, name := range a.hooks {
		fmt.Fprintf(&b, "webhook  %s/webhooks/%s\n", base, name)
	}
	if a.opsAt != nil {
		fmt.Fprintf(&b, "ops      http://%s\n", reachable(a.opsAt.Addr()))
	}
	for _, name := range c.off {
		fmt.Fprintf(&b, "off      %s: none of its secrets is set\n", name)
	}
	_, _ = io.WriteString(w, b.String()) // a closed terminal is no reason not to serve
}

// reachable is an address that a browser on this machine can open.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
