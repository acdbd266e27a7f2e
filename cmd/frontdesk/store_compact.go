package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
)

func storeCompact(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "Writes the store anew, without the free space in it",
		Long: `compact writes the store into a new file and puts that in the place of the old one, or
changes nothing. The program must be stopped, and the disk needs room for a second file.

What was erased or removed stays readable in the free pages of the file until they are used
again; after compact it is not in the file any more.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if p.ops != "" {
				return errors.New("a running program's store cannot be compacted, so --ops has no meaning here; stop it first")
			}
			cfg, err := p.read(c)
			if err != nil {
				return err
			}
			before, after, err := boltstore.Compact(cfg.file())
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return noStore(cfg.file())
			case errors.Is(err, boltstore.ErrInUse):
				return fmt.Errorf("%w; stop it first", err)
			case err != nil:
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %s before, %s now\n", cfg.file(), inBytes(before), inBytes(after))
			return err
		},
	}
}
