package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

func storeRestore(p *place) *cobra.Command {
	var force, send bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Puts a backup in the place of the store",
		Long: `restore checks the backup and makes it the store of the data folder. The program must be
stopped. A store that is there already stays unless --force is given; then it is kept
beside the new one, with the date in its name.

What happened after the backup is not in it: messages that came and went since, and what
agents did. So nothing in the backup is sent that waited to be sent, as most of it was sent
since: such a message becomes "unknown", and people decide. Nothing happens either that was
due meanwhile: a flow is not told of silence, and a call to a system of the business is
not made again. --send-waiting leaves all of that as it was in the backup: right for a
backup of a program that was stopped and did not run since, as when you move to another
machine.`,
		Example: "  frontdesk store restore desk-2026-03-02.db --data ./frontdesk-data --force",
		Args:    one("the backup"),
		RunE: func(c *cobra.Command, args []string) error {
			if p.ops != "" {
				return errors.New("a running program's store cannot be replaced, so --ops has no meaning here; stop it first")
			}
			cfg, err := p.read(c)
			if err != nil {
				return err
			}
			r := restoring{c: c, from: args[0], to: cfg.file(), force: force, send: send, now: time.Now().UTC()}
			return r.run(c.Context())
		},
	}
	c.Flags().BoolVar(&force, "force", false, "keep the store that is there aside, and put the backup in its place")
	c.Flags().BoolVar(&send, "send-waiting", false, "send what waited when the backup was made, and let happen what was due since")
	return c
}

// restoring is one restore on its way.
type restoring struct {
	c           *cobra.Command
	from, to    string
	force, send bool
	now         time.Time
}

// run prepares the backup beside the store, whole, and then swaps the names: a
// crash before leaves the old store, one after has the new one.
func (r restoring) run(ctx context.Context) error {
	release, taken, err := r.hold()
	if err != nil {
		return err
	}
	defer release()
	if taken && !r.force {
		return fmt.Errorf("there is a store at %s already; --force keeps it aside and puts the backup in its place", r.to)
	}
	ready := r.to + ".restore"
	checked, row, err := r.prepare(ctx, ready)
	if err != nil || len(checked.Findings) > 0 {
		if gone := os.Remove(ready); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	if err != nil {
		return fmt.Errorf("restoring %s: %w", r.from, err)
	}
	if len(checked.Findings) > 0 {
		if err := printFindings(r.c.OutOrStdout(), checked); err != nil {
			return err
		}
		_, err := fmt.Fprintf(r.c.OutOrStdout(), "%s is not sound; nothing was changed\n", r.from)
		return errors.Join(errFindings, err)
	}
	aside := ""
	if taken {
		aside = r.to + "." + r.now.Format("2006-01-02T15-04-05")
		if err := boltstore.Place(r.to, aside); err != nil {
			return fmt.Errorf("keeping the store aside: %w", err)
		}
	}
	if err := boltstore.Place(ready, r.to); err != nil {
		return fmt.Errorf("putting the backup in its place: %w", err)
	}
	return r.tell(checked, row, aside)
}

// hold keeps programs from opening the store that is there. One that is damaged
// cannot be held, and is no store that a program could open.
func (r restoring) hold() (release func(), taken bool, err error) {
	old, err := boltstore.Look(r.to)
	switch {
	case err == nil:
		return func() { _ = old.Close() }, true, nil // only read
	case errors.Is(err, boltstore.ErrInUse):
		return nil, true, fmt.Errorf("%w; stop it first", err)
	case errors.Is(err, fs.ErrNotExist):
		return func() {}, false, os.MkdirAll(filepath.Dir(r.to), 0o700)
	default:
		return func() {}, true, nil
	}
}

// prepare copies the backup and makes of it what is to be the store.
func (r restoring) prepare(ctx context.Context, ready string) (checked boltstore.Checked, row bot.Audit, err error) {
	part := ready + ".part"
	defer func() { _ = os.Remove(part) }() // unless it got its place
	if err := r.copy(ctx, part); err != nil {
		return checked, row, err
	}
	// Takes away the journal of a restore that was killed, too.
	if err := boltstore.Place(part, ready); err != nil {
		return checked, row, err
	}
	if err := bringUpToDate(ready); err != nil {
		return checked, row, err
	}
	if checked, err = checkFile(ctx, ready, slowly(r.c.ErrOrStderr())); err != nil || len(checked.Findings) > 0 {
		return checked, row, err
	}
	s, err := boltstore.Open(ready, boltstore.Options{})
	if err != nil {
		return checked, row, err
	}
	row, err = s.Restored(ctx, bot.Audit{At: r.now, By: whoami(), What: bot.AuditRestore}, !r.send)
	return checked, row, errors.Join(err, s.Close())
}

// copy copies the backup, with what its journal has when it is the file of a program
// that crashed.
func (r restoring) copy(ctx context.Context, to string) error {
	s, err := boltstore.Look(r.from)
	if _, older := errors.AsType[*boltstore.FormatError](err); older {
		return copyFile(r.from, to)
	}
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // only read, and kept from being written meanwhile
	return download(ctx, atHand{store: s}, to)
}

// bringUpToDate opens a file, which may be of an older format. What that leaves
// beside it is a copy of the backup.
func bringUpToDate(path string) error {
	s, err := boltstore.Open(path, boltstore.Options{})
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	older, err := filepath.Glob(path + ".format*")
	for _, name := range older {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

func (r restoring) tell(checked boltstore.Checked, row bot.Audit, aside string) error {
	said := fmt.Sprintf("%s is the store at %s now: %s\n", r.from, r.to, holds(checked))
	if row.Deliveries > 0 {
		said += fmt.Sprintf("%s waited to be sent and will not be, as it may have been sent since; its state is unknown\n", counted(row.Deliveries, "message"))
	}
	if row.Conversations > 0 {
		said += fmt.Sprintf("%s had something due, which will not happen\n", counted(row.Conversations, "conversation"))
	}
	if aside != "" {
		said += fmt.Sprintf("the store that was there is kept as %s\n", aside)
	}
	_, err := fmt.Fprint(r.c.OutOrStdout(), said)
	return err
}
