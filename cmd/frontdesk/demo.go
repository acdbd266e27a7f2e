package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/adapters/inbox"
	"frontdesk/adapters/meta"
	"frontdesk/handoff"
)

func newDemo(env getenv) *cobra.Command {
	var (
		logs                                logFlags
		flowsPath, listenAt, opsAt, dataDir string
	)
	c := &cobra.Command{
		Use:   "demo",
		Short: "Starts everything with the example flows; no account anywhere is needed",
		Long: `demo serves flows.example.yaml with a web chat, the agents' inbox with a first agent,
and a WhatsApp webhook whose replies are printed here. With WHATSAPP_ACCESS_TOKEN,
WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN and WHATSAPP_PHONE_NUMBER_ID in the
environment it answers through that number instead.

Its data is thrown away when it ends, unless --data names a folder.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			log, err := logs.logger(c.ErrOrStderr())
			if err != nil {
				return err
			}
			if dataDir == "" {
				if dataDir, err = os.MkdirTemp("", "frontdesk-demo-"); err != nil {
					return err
				}
				defer os.RemoveAll(dataDir) //nolint:errcheck // a folder left in the temporary ones does no harm
			}
			cfg := config{listen: listenAt, opsListen: opsAt, data: dataDir}
			whatsapp, secrets := demoWhatsApp(env)
			cfg.channels = []channelConfig{{name: "web", kind: "webchat"}, whatsapp}
			if _, err := os.Stat(flowsPath); errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("there is no %s here; name a flow file with --flows FILE", flowsPath)
			}
			collectLess(env)
			a, err := newApp(options{config: cfg, flows: flowsPath, log: log, trial: true, printTo: c.OutOrStdout()})
			if err != nil {
				return err
			}
			name, password, err := a.demoAgent(c.Context())
			if err != nil {
				a.cleanUp()
				return err
			}
			return a.serve(c.Context(), func() {
				a.announce(c.OutOrStdout(), cfg)
				if needed := a.engine.Flows().Secrets(); len(needed) > 0 {
					fmt.Fprintf(c.OutOrStdout(), "calls    fail here: they need the secrets %s of an operator's file\n", strings.Join(needed, ", "))
				}
				fmt.Fprintf(c.OutOrStdout(), "\nsign in to the inbox as %s with the password %s\n%s\nStop with Ctrl+C.\n", name, password, secrets)
			})
		},
	}
	c.Flags().StringVar(&flowsPath, "flows", "flows.example.yaml", "the flow file")
	c.Flags().StringVar(&listenAt, "listen", "127.0.0.1:8080", "address HOST:PORT of the pages and the webhook")
	c.Flags().StringVar(&opsAt, "ops-listen", "127.0.0.1:9090", `operator's address HOST:PORT, "" for none`)
	c.Flags().StringVar(&dataDir, "data", "", "keep the data in this folder")
	logs.add(c)
	return c
}

// demoWhatsApp is a WhatsApp channel of the environment's secrets, or of made-up
// ones, and a line about them.
func demoWhatsApp(env getenv) (ch channelConfig, about string) {
	var missing []string
	read := func(name string) string {
		value := strings.TrimSpace(env(name))
		if value == "" {
			missing = append(missing, name)
		}
		return value
	}
	ch = channelConfig{
		name: "whatsapp", kind: "whatsapp", account: read("WHATSAPP_PHONE_NUMBER_ID"),
		accessToken: meta.Secret(read("WHATSAPP_ACCESS_TOKEN")), appSecret: meta.Secret(read("WHATSAPP_APP_SECRET")),
		verifyToken: meta.Secret(read("WHATSAPP_VERIFY_TOKEN")),
		graphURL:    meta.DefaultURL, graphVersion: meta.DefaultVersion, unknownWait: 2 * time.Minute,
	}
	if len(missing) == 0 {
		return ch, "The webhook answers through the WhatsApp number of the environment."
	}
	secret, token := "demo-"+strings.ToLower(rand.Text()), "demo-"+strings.ToLower(rand.Text()[:8])
	ch.account, ch.accessToken, ch.printed = "700100200300400", "unused", true
	ch.appSecret, ch.verifyToken = meta.Secret(secret), meta.Secret(token)
	about = fmt.Sprintf("The webhook believes what is signed with %s (verify token %s, phone_number_id %s);\nits replies are printed here.",
		secret, token, ch.account)
	if len(missing) < 4 { // somebody meant to use a real number
		about += "\nFor the number of the environment these are missing: " + strings.Join(missing, ", ")
	}
	return ch, about
}

// demoAgent gives the first agent a new password. With --data the name stays
// and the password is a new one.
func (a *app) demoAgent(ctx context.Context) (name, password string, err error) {
	agent, password := newPasswordFor("ana", "Ana")
	return agent.Name, password, a.store.SaveAgent(ctx, agent)
}

// newPasswordFor makes an agent with a generated password.
func newPasswordFor(name, display string) (handoff.Agent, string) {
	password := inbox.NewPassword()
	return handoff.Agent{Name: name, Display: display, Password: inbox.HashPassword(password), CreatedAt: time.Now().UTC()}, password
}
