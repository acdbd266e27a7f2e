package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
)

func newStore(env getenv) *cobra.Command {
	p := &place{env: env}
	c := group(&cobra.Command{
		Use:   "store",
		Short: "Checks and backs up the file that holds everything, and tells what is in it",
		Long: `store works on the file in the data folder: --data, or FRONTDESK_DATA, or what the
operator's file (--config, or FRONTDESK_CONFIG) says, or ./frontdesk-data. When a program
has it open, check, backup, stats and audit ask that program on its operator's address
(--ops, or FRONTDESK_OPS_LISTEN, or ops_listen of the operator's file); restore, compact
and check --mend need it stopped.`,
	})
	p.flags(c)
	c.AddCommand(storeCheck(p), storeBackup(p), storeRestore(p), storeCompact(p), storeStats(p), storeAudit(p))
	return c
}

// look gives the store to be read: its file, or the program that has it open.
func (p *place) look(c *cobra.Command) (care, config, error) {
	cfg, err := p.read(c)
	if err != nil {
		return nil, cfg, err
	}
	if p.ops != "" {
		return overOps{at: p.ops}, cfg, nil
	}
	store, err := boltstore.Look(cfg.file())
	if err == nil {
		return atHand{store: store, retention: cfg.keep, tell: slowly(c.ErrOrStderr())}, cfg, nil
	}
	at, err := p.running(cfg, err)
	return at, cfg, err
}

// change gives the store to be written to.
func (p *place) change(c *cobra.Command) (care, config, error) {
	at, cfg, err := p.look(c) // Open would make an empty store where there is none
	looked, ok := at.(atHand)
	if err != nil || !ok {
		return at, cfg, err
	}
	if err := looked.close(); err != nil {
		return nil, cfg, err
	}
	store, err := boltstore.Open(cfg.file(), boltstore.Options{})
	if err == nil {
		return atHand{store: store, retention: cfg.keep}, cfg, nil
	}
	at, err = p.running(cfg, err)
	return at, cfg, err
}

// running gives the program that has the file open, when that is why it could
// not be opened.
func (p *place) running(cfg config, err error) (care, error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, noStore(cfg.file())
	case !errors.Is(err, boltstore.ErrInUse):
		return nil, err
	case cfg.opsListen == "":
		return nil, fmt.Errorf("%w; it has no operator's address that could be asked (ops_listen), so stop it first", err)
	}
	path, err := filepath.Abs(cfg.file())
	if err != nil {
		return nil, err
	}
	return overOps{at: cfg.opsListen, file: path}, nil
}

func noStore(path string) error {
	return fmt.Errorf("there is no store at %s; is it the right folder? See --data and --config", path)
}

// formOf refuses a form in which nothing is printed.
func formOf(form string) error {
	if form != "text" && form != "json" {
		return fmt.Errorf("-o: %q is neither text nor json", form)
	}
	return nil
}

// slowly tells on w how far something has come, once it takes long.
func slowly(w io.Writer) func(what string, rows int) {
	const least, every = 2 * time.Second, time.Second
	next := time.Now().Add(least)
	return func(what string, rows int) {
		if now := time.Now(); now.After(next) {
			next = now.Add(every)
			_, _ = fmt.Fprintf(w, "%s: %d\n", what, rows) // who does not read it misses nothing
		}
	}
}

// inBytes is a size in words.
func inBytes(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	size, exp := float64(n)/unit, 0
	for size >= unit && exp < 3 {
		size, exp = size/unit, exp+1
	}
	return fmt.Sprintf("%.1f %ciB", size, "KMGT"[exp])
}

// took is a duration in words.
func took(begun time.Time) string { return time.Since(begun).Round(100 * time.Millisecond).String() }
