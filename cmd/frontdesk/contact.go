package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/bot"
)

const whoIs = `WHO is a contact's or a conversation's id, the id by which a platform knows the customer, or
a phone number in any writing; CHANNEL:WHO looks on one channel only. When several
contacts may be meant they are listed, and nothing is done.`

func newContact(env getenv) *cobra.Command {
	p := &place{env: env}
	c := group(&cobra.Command{
		Use:   "contact",
		Short: "Hands out or erases everything that is kept of a customer",
		Long: `contact answers customers who ask what is kept of them, or ask that it be erased. It works
on the data folder, or asks the program that has it open, as frontdesk store does.`,
	})
	p.flags(c)
	c.AddCommand(contactExport(p), contactErase(p))
	return c
}

func contactExport(p *place) *cobra.Command {
	var text bool
	c := &cobra.Command{
		Use:   "export WHO",
		Short: "Prints everything that is kept of a customer",
		Long: `export prints one JSON document: the contact with all names, the conversations with what their
flows remember, every message, ticket and note, and the platform's events that name the
contact. --text prints a transcript for people instead.

` + whoIs,
		Example: "  frontdesk contact export +436601234567 > export.json\n  frontdesk contact export messenger:24001 --text",
		Args:    one("who is meant"),
		RunE: func(c *cobra.Command, args []string) error {
			at, _, err := p.look(c)
			if err != nil {
				return err
			}
			found, err := only(c, at, args[0])
			var e export
			if err == nil {
				e, err = at.export(c.Context(), found.ID)
			}
			if err := errors.Join(err, at.close()); err != nil {
				return err
			}
			return e.print(c.OutOrStdout(), text)
		},
	}
	c.Flags().BoolVar(&text, "text", false, "a transcript instead of JSON")
	return c
}

func contactErase(p *place) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "erase WHO",
		Short: "Removes everything that is kept of a customer, for good",
		Long: `erase removes what export prints, what waits to be sent to the customer, and all that leads
there, at once or not at all. A row of the audit stays: when, by whom, which contact's id,
and how much; frontdesk store audit lists them. A customer who writes again is a new contact.

A message that is being sent in that moment is not called back. The bytes stay in free pages of
the file until frontdesk store compact, and in backups.

` + whoIs,
		Example: "  frontdesk contact erase +436601234567\n  frontdesk contact erase 7hq3k2 --yes",
		Args:    one("who is meant"),
		RunE: func(c *cobra.Command, args []string) error {
			at, _, err := p.change(c)
			if err != nil {
				return err
			}
			row, err := erase(c, at, args[0], yes)
			if err := errors.Join(err, at.close()); err != nil {
				return err
			}
			heard := ""
			if row.Misses > 0 {
				heard = fmt.Sprintf(", %s that were not understood", counted(row.Misses, "text"))
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "erased contact %s: %s, %s, %s, %s, %d waiting to be sent%s\n",
				row.Contact, counted(row.Conversations, "conversation"), counted(row.Messages, "message"), counted(row.Tickets, "ticket"),
				counted(row.Events, "event"), row.Deliveries, heard)
			return err
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func erase(c *cobra.Command, at care, who string, yes bool) (row bot.Audit, err error) {
	found, err := only(c, at, who)
	if err == nil && !yes {
		err = confirm(c, found)
	}
	if err != nil {
		return row, err
	}
	by := whoami()
	if _, asked := at.(overOps); asked {
		by += " (ops)"
	}
	return at.erase(c.Context(), found.ID, by)
}

// only gives the one contact that is meant.
func only(c *cobra.Command, at care, who string) (exportedContact, error) {
	list, err := at.find(c.Context(), who)
	switch {
	case err != nil:
		return exportedContact{}, err
	case len(list) == 0:
		return exportedContact{}, fmt.Errorf("nobody is known as %q: it is no id of a contact or a conversation, and no name on a channel", who)
	case len(list) == 1:
		return list[0], nil
	}
	var b strings.Builder
	for _, one := range list {
		fmt.Fprintf(&b, "\n  %s", one.line())
	}
	return exportedContact{}, fmt.Errorf("%q may mean %d contacts; name one by its id or as CHANNEL:WHO%s", who, len(list), b.String())
}

// confirm asks on a terminal. Where nobody can answer it is no.
func confirm(c *cobra.Command, who exportedContact) error {
	if in, ok := c.InOrStdin().(*os.File); ok && !terminal(in) {
		return fmt.Errorf("%s would be erased for good; there is no terminal to confirm it on, so say --yes", who.line())
	}
	if _, err := fmt.Fprintf(c.ErrOrStderr(), "%s will be erased for good. Write yes to go on: ", who.line()); err != nil {
		return err
	}
	line, err := bufio.NewReader(io.LimitReader(c.InOrStdin(), 100)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if strings.TrimSpace(line) != "yes" {
		return errors.New("nothing was erased")
	}
	return nil
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// whoami is who runs this program, for the audit.
func whoami() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return fmt.Sprintf("user %d", os.Getuid())
}
