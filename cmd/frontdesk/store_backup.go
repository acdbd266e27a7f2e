package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
)

func storeBackup(p *place) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copies the store to a file, while the program is running or not",
		Long: `backup writes a copy of the store as it is at one moment, checks the copy as check does,
and only then gives it its name: FILE is never half a backup. A running program makes the
copy beside its data first, so it needs room for a second file there, and nobody waits
for a slow reader.

It exits 0 when FILE is a sound copy, 1 when the copy has findings (it is left as
FILE.part then), 2 when it could not be made.`,
		Example: "  frontdesk store backup desk-$(date +%F).db --config frontdesk.yaml",
		Args:    one("the file to write"),
		RunE: func(c *cobra.Command, args []string) error {
			if ok, err := exists(args[0]); err != nil {
				return err
			} else if ok && !force {
				return fmt.Errorf("%s is there already; --force replaces it", args[0])
			}
			at, _, err := p.look(c)
			if err != nil {
				return err
			}
			err = backup(c, at, args[0])
			return errors.Join(err, at.close())
		},
	}
	c.Flags().BoolVar(&force, "force", false, "replace FILE when it is there")
	return c
}

func backup(c *cobra.Command, at care, to string) error {
	begun, part := time.Now(), to+".part"
	if err := download(c.Context(), at, part); err != nil {
		return errors.Join(fmt.Errorf("backing up: %w", err), os.Remove(part))
	}
	checked, err := checkFile(c.Context(), part, slowly(c.ErrOrStderr()))
	if err != nil {
		return fmt.Errorf("the copy is no store, and is left as %s: %w", part, err)
	}
	if len(checked.Findings) > 0 {
		if err := printFindings(c.OutOrStdout(), checked); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.OutOrStdout(), "the copy is left as %s; the store itself may have the same findings\n", part)
		return errors.Join(errFindings, err)
	}
	if err := boltstore.Place(part, to); err != nil {
		return fmt.Errorf("naming the backup: %w", err)
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "wrote %s in %s: %s\n", to, took(begun), holds(checked))
	return err
}

// download writes the copy and flushes it.
func download(ctx context.Context, at care, part string) error {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	_, err = at.copy(ctx, w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// checkFile checks a file that no program has open.
func checkFile(ctx context.Context, path string, tell func(string, int)) (checked boltstore.Checked, err error) {
	s, err := boltstore.Look(path)
	if err != nil {
		return checked, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Inspect(ctx, tell)
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// copyFile copies a file to a new one and flushes it.
func copyFile(from, to string) error {
	src, err := os.Open(from) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer src.Close()                                                    //nolint:errcheck // only read
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) //nolint:gosec // beside the store
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	if err == nil {
		err = dst.Sync()
	}
	return errors.Join(err, dst.Close())
}
