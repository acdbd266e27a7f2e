package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
)

func storeCheck(p *place) *cobra.Command {
	var form string
	var mend bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Verifies every page, record and index of the store",
		Long: `check reads the whole file: that its pages hang together, that every record can be read,
and that every index says what the records say, in both directions. A running program
checks a copy, so that nobody waits.

With --mend every index is made anew from the records, and what leads nowhere is removed.
Records that cannot be read stay as they are. The program must be stopped; make a backup
of the file first.

It exits 0 when everything is sound, 1 when there are findings, 2 when it could not check.`,
		Example: "  frontdesk store check --config frontdesk.yaml\n  frontdesk store check --data ./frontdesk-data --mend",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := formOf(form); err != nil {
				return err
			}
			if mend {
				if err := p.mend(c); err != nil {
					return err
				}
			}
			at, _, err := p.look(c)
			if err != nil {
				return err
			}
			checked, err := at.check(c.Context())
			if err := errors.Join(err, at.close()); err != nil {
				return err
			}
			return printChecked(c.OutOrStdout(), checked, form)
		},
	}
	c.Flags().StringVarP(&form, "output", "o", "text", "text or json")
	c.Flags().BoolVar(&mend, "mend", false, "make the indexes anew from the records; the program must be stopped")
	return c
}

// mend mends the file and says on stderr what it did.
func (p *place) mend(c *cobra.Command) error {
	cfg, err := p.read(c)
	if err != nil {
		return err
	}
	if p.ops != "" {
		return errors.New("--mend works on a stopped program's file, so it cannot be asked for with --ops")
	}
	if ok, err := exists(cfg.file()); err != nil || !ok {
		return errors.Join(err, noStore(cfg.file()))
	}
	done, err := boltstore.Mend(c.Context(), cfg.file())
	if errors.Is(err, boltstore.ErrInUse) {
		return fmt.Errorf("%w; stop it before its file is mended", err)
	}
	if err != nil {
		return err
	}
	for _, line := range done {
		if _, err := fmt.Fprintf(c.ErrOrStderr(), "mended: %s\n", line); err != nil {
			return err
		}
	}
	return nil
}

// printChecked prints what a check found; errFindings when that is anything.
func printChecked(w io.Writer, checked boltstore.Checked, form string) error {
	if form == "json" {
		if err := indented(w, checked); err != nil {
			return err
		}
	} else if err := printFindings(w, checked); err != nil {
		return err
	}
	if len(checked.Findings) > 0 {
		return errFindings
	}
	return nil
}

func printFindings(w io.Writer, checked boltstore.Checked) error {
	var b bytes.Buffer
	mendable := 0
	for _, f := range checked.Findings {
		fmt.Fprintf(&b, "%s: %s\n", f.Where, f.What)
		if f.Mendable {
			mendable++
		}
	}
	switch n := len(checked.Findings); {
	case n == 0:
		fmt.Fprintf(&b, "the store is sound: %s\n", holds(checked))
	case mendable == 0:
		fmt.Fprintf(&b, "%s in %s\n", counted(n, "finding"), holds(checked))
	default:
		fmt.Fprintf(&b, "%s in %s; frontdesk store check --mend mends %d\n", counted(n, "finding"), holds(checked), mendable)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// holds says how much a store holds.
func holds(c boltstore.Checked) string {
	return fmt.Sprintf("%s, %s, %s, %s, %s", counted(c.Contacts, "contact"), counted(c.Conversations, "conversation"),
		counted(c.Messages, "message"), counted(c.Tickets, "ticket"), inBytes(c.Bytes))
}
