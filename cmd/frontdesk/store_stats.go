package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

func storeStats(p *place) *cobra.Command {
	var form string
	c := &cobra.Command{
		Use:   "stats",
		Short: "Tells what is in the store, and what retention would remove",
		Long: `stats counts every record of the store and estimates nothing, so a million conversations may
take half a minute. It changes nothing, and a running program goes on meanwhile.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := formOf(form); err != nil {
				return err
			}
			at, _, err := p.look(c)
			if err != nil {
				return err
			}
			stats, err := at.stats(c.Context())
			if err := errors.Join(err, at.close()); err != nil {
				return err
			}
			if form == "json" {
				return indented(c.OutOrStdout(), stats)
			}
			return printStats(c.OutOrStdout(), stats)
		},
	}
	c.Flags().StringVarP(&form, "output", "o", "text", "text or json")
	return c
}

func printStats(w io.Writer, s boltstore.Stats) error {
	var b bytes.Buffer
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "file\t%s, format %d\n", inBytes(s.Bytes), s.Format)
	fmt.Fprintf(t, "free in it\t%s\n", inBytes(s.Free))
	for _, k := range s.Kinds {
		fmt.Fprintf(t, "%s\t%d\t%s\n", k.Name, k.Rows, inBytes(k.Bytes))
	}
	for _, g := range s.Conversations {
		fmt.Fprintf(t, "%s, %s\t%s\n", g.Channel, g.Status, counted(g.Conversations, "conversation"))
	}
	if !s.Oldest.IsZero() {
		fmt.Fprintf(t, "messages from\t%s\n", s.Oldest.Format(time.RFC3339))
		fmt.Fprintf(t, "messages to\t%s\n", s.Newest.Format(time.RFC3339))
	}
	fmt.Fprintf(t, "waiting to be sent\t%d\n", s.Waiting)
	fmt.Fprintf(t, "open tickets\t%d\n", s.OpenTickets)
	fmt.Fprintf(t, "kept no longer\t%s\n", sweptWords(s.Over))
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func sweptWords(n bot.Swept) string {
	var words []string
	for _, one := range []struct {
		n    int
		what string
	}{
		{n.Messages, "message"},
		{n.Tickets, "ticket"},
		{n.Conversations, "conversation"},
		{n.Contacts, "contact"},
		{n.Events, "event"},
		{n.Audit, "audit row"},
		{n.Costs, "row of the books"},
		{n.Marks, "mark"},
	} {
		if one.n > 0 {
			words = append(words, counted(one.n, one.what))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

func storeAudit(p *place) *cobra.Command {
	var form string
	var limit int
	c := &cobra.Command{
		Use:   "audit",
		Short: "Lists what was erased and restored, and by whom, newest first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := formOf(form); err != nil {
				return err
			}
			if limit < 1 {
				return errors.New("--limit: at least 1")
			}
			at, _, err := p.look(c)
			if err != nil {
				return err
			}
			rows, err := at.audits(c.Context(), limit)
			if err := errors.Join(err, at.close()); err != nil {
				return err
			}
			if form == "json" {
				return indented(c.OutOrStdout(), rows)
			}
			for _, row := range rows {
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%s  %s\n", row.At.Format(time.RFC3339), auditWords(row)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVarP(&form, "output", "o", "text", "text or json")
	c.Flags().IntVar(&limit, "limit", 100, "how many rows at most")
	return c
}

func auditWords(a bot.Audit) string {
	counts := fmt.Sprintf("%s, %s, %s, %s, %d waiting", counted(a.Conversations, "conversation"), counted(a.Messages, "message"),
		counted(a.Tickets, "ticket"), counted(a.Events, "event"), a.Deliveries)
	switch a.What {
	case bot.AuditErase:
		return fmt.Sprintf("%s erased contact %s: %s", a.By, a.Contact, counts)
	case bot.AuditRestore:
		return fmt.Sprintf("%s restored a backup: %d waiting messages not sent, %s stilled", a.By, a.Deliveries, counted(a.Conversations, "conversation"))
	default:
		return fmt.Sprintf("%s: %s %s: %s", a.By, a.What, a.Contact, counts)
	}
}
