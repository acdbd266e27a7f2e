package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"frontdesk/flows/source"
)

// place is where a command finds the store: the file of a data folder, and the
// address of the program that may have it open.
type place struct {
	env                      getenv
	configPath, dataDir, ops string // flags
}

// flags adds what names a store to c and the commands below it.
func (p *place) flags(c *cobra.Command) {
	c.PersistentFlags().StringVar(&p.configPath, "config", "", "the operator's file; only what is about the store is read of it")
	c.PersistentFlags().StringVar(&p.dataDir, "data", "", "folder of the store (default ./frontdesk-data)")
	c.PersistentFlags().StringVar(&p.ops, "ops", "", "ask the program with this operator's address HOST:PORT, wherever it keeps its data")
}

// read gives the operator's file as far as it is about the store; flags win over
// the environment, and the environment over the file.
func (p *place) read(c *cobra.Command) (config, error) {
	path := p.configPath
	if !c.Flags().Changed("config") {
		path = p.env("FRONTDESK_CONFIG")
	}
	flags := settings{}
	if c.Flags().Changed("data") {
		flags.data = &p.dataDir
	}
	ours := func(name string) string {
		if name == "FRONTDESK_DATA" || name == "FRONTDESK_OPS_LISTEN" {
			return p.env(name)
		}
		return ""
	}
	cfg, err := storeConfig(path)
	return cfg, errors.Join(err, cfg.override(flags, ours))
}

// file is the path of the store's file.
func (c config) file() string { return filepath.Join(c.data, "frontdesk.db") }

// storeConfig reads of the operator's file what is about the store, whatever else
// is wrong in it: secrets may be missing where somebody makes a backup.
func storeConfig(path string) (config, error) {
	c := defaults()
	if path == "" {
		return c, nil
	}
	src, err := readBounded(path, source.MaxSize)
	if err != nil {
		return c, fmt.Errorf("the operator's file: %w", err)
	}
	r := configReader{doc: source.Parse(path, src, configCodes)}
	values := map[string]source.Node{}
	for _, e := range r.doc.Root.Entries() {
		values[e.Name] = e.Value
	}
	if n, ok := values["data"]; ok {
		r.data(n, &c.data)
	}
	r.address(values["ops_listen"], &c.opsListen, checkOpsAddress)
	r.keep(values["keep"], &c.keep)
	c.calendars = calendars{}
	for _, e := range values["channels"].Entries() {
		r.channelKeep(e, &c.keep)
		c.calendars.read(e)
	}
	return c, r.fault(path, src)
}
