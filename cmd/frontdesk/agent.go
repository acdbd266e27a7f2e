package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

var agentName = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,39}$`)

func newAgent(env getenv) *cobra.Command {
	var configPath, dataDir string
	c := group(&cobra.Command{
		Use:   "agent",
		Short: "Adds and lists the people who answer in the inbox",
		Long: `agent works on the data folder of a frontdesk that is stopped: the store belongs to one
process at a time. The folder is --data, or FRONTDESK_DATA, or what the operator's file
(--config, or FRONTDESK_CONFIG) says, or ./frontdesk-data.`,
	})
	c.PersistentFlags().StringVar(&configPath, "config", "", "the operator's file; only its data is read")
	c.PersistentFlags().StringVar(&dataDir, "data", "", "folder of the store (default ./frontdesk-data)")
	path := func(c *cobra.Command) (string, error) {
		if !c.Flags().Changed("config") {
			configPath = env("FRONTDESK_CONFIG")
		}
		flags := settings{}
		if c.Flags().Changed("data") {
			flags.data = &dataDir
		}
		data, err := configData(configPath)
		cfg := config{data: data}
		onlyData := func(name string) string {
			if name == "FRONTDESK_DATA" {
				return env(name)
			}
			return ""
		}
		if err := errors.Join(err, cfg.override(flags, onlyData)); err != nil {
			return "", err
		}
		return filepath.Join(cfg.data, "frontdesk.db"), nil
	}
	add := func(c *cobra.Command) (*boltstore.Store, error) {
		path, err := path(c)
		if err != nil {
			return nil, err
		}
		return boltstore.Open(path, boltstore.Options{})
	}
	list := func(c *cobra.Command) (*boltstore.Store, error) {
		path, err := path(c)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) { // reading must not make an empty store
			return nil, fmt.Errorf("there is no store at %s; is it the right folder? See --data and --config", path)
		}
		return boltstore.Open(path, boltstore.Options{})
	}
	c.AddCommand(agentAdd(add), agentList(list))
	return c
}

func agentAdd(open func(*cobra.Command) (*boltstore.Store, error)) *cobra.Command {
	var (
		display string
		again   bool
	)
	c := &cobra.Command{
		Use:     "add NAME",
		Short:   "Adds an agent and prints a generated password, once",
		Example: "  frontdesk agent add ana --display \"Ana Lopez\"\n  frontdesk agent add ana --again     a new password for ana",
		Args:    one("the agent's name"),
		RunE: func(c *cobra.Command, args []string) (err error) {
			name := args[0]
			if !agentName.MatchString(name) {
				return fmt.Errorf("%q cannot be an agent's name: small letters, digits, . _ and -, beginning with a letter, at most 40", name)
			}
			store, err := open(c)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, store.Close()) }()
			known, err := store.Agent(c.Context(), name)
			switch {
			case err == nil && !again:
				return fmt.Errorf("there is an agent %s already; --again gives a new password", name)
			case err != nil && !errors.Is(err, bot.ErrNotFound):
				return err
			}
			if display == "" {
				if display = known.Display; display == "" {
					display = name
				}
			}
			agent, password := newPasswordFor(name, display)
			if !known.CreatedAt.IsZero() {
				agent.CreatedAt = known.CreatedAt
			}
			// A new password ends what was begun with the old one.
			if err := errors.Join(store.SaveAgent(c.Context(), agent), store.DeleteSessions(c.Context(), name)); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s signs in with the password %s\n", name, password)
			return err
		},
	}
	c.Flags().StringVar(&display, "display", "", "how colleagues see the agent (default NAME)")
	c.Flags().BoolVar(&again, "again", false, "give an agent that exists a new password")
	return c
}

func agentList(open func(*cobra.Command) (*boltstore.Store, error)) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "Lists the agents",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			store, err := open(c)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, store.Close()) }()
			agents, err := store.Agents(c.Context())
			if err != nil {
				return err
			}
			for _, a := range agents {
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%s\t%s\tsince %s\n", a.Name, a.Display, a.CreatedAt.Format("2006-01-02")); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
