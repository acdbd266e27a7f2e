package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/bot"
)

const (
	// mostMisses is how many are grouped, the newest: a page must not wait for more.
	mostMisses = 10_000
	// missSpan is how far back is looked where nothing else is said.
	missSpan = 30 * day
)

// missFlags say which misses are meant.
type missFlags struct {
	from, to, channel, form string
	limit                   int
}

func (f *missFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.from, "from", "", "a day, or a time as 2026-10-01T12:00:00Z (default 30 days ago)")
	c.Flags().StringVar(&f.to, "to", "", "the last day, or a time (default now)")
	c.Flags().StringVar(&f.channel, "channel", "", "only what came on this channel")
}

func newAnswersMisses(p *place) *cobra.Command {
	var f missFlags
	c := &cobra.Command{
		Use:   "misses",
		Short: "Tells what was not understood, grouped by what was written",
		Long: `misses lists what customers wrote that none of the common answers surely understood, in groups
that say nearly the same, what was written most often first: how often, by how many customers,
and which answer they chose of those that they were shown, or else which one was the likeliest.
frontdesk answers learn turns a group into examples of an answer, or into a new answer.

The newest 10,000 are looked at. The words are the customers' own, and may hold names and
numbers. It works on the data folder, or asks the program that has it open, as frontdesk store
does. It exits 0 when it is done, 2 otherwise.`,
		Example: `  frontdesk answers misses                              the last 30 days
  frontdesk answers misses --from 2026-10-01 --channel whatsapp
  frontdesk answers misses --limit 0 -o csv > misses.csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c, p) },
	}
	p.flags(c)
	f.add(c)
	c.Flags().IntVar(&f.limit, "limit", 20, "how many groups are listed; 0: all")
	c.Flags().StringVarP(&f.form, "output", "o", "text", "text, json or csv")
	return c
}

func (f missFlags) run(c *cobra.Command, p *place) error {
	if f.form != "text" && f.form != "json" && f.form != "csv" {
		return fmt.Errorf("-o: %q is none of text, json, csv", f.form)
	}
	if f.limit < 0 {
		return fmt.Errorf("--limit: %d groups cannot be listed; write 0 for all", f.limit)
	}
	r, err := f.report(c, p)
	if err != nil {
		return err
	}
	if f.limit > 0 && len(r.Groups) > f.limit {
		r.Left, r.Groups = len(r.Groups)-f.limit, r.Groups[:f.limit]
	}
	switch f.form {
	case "json":
		return indented(c.OutOrStdout(), r)
	case "csv":
		return r.csv(c.OutOrStdout())
	default:
		return r.text(c.OutOrStdout())
	}
}

// report reads what is meant from the store, and groups it.
func (f missFlags) report(c *cobra.Command, p *place) (missReport, error) {
	from, until, err := f.span(time.Now().UTC())
	if err != nil {
		return missReport{}, err
	}
	at, _, err := p.look(c)
	if err != nil {
		return missReport{}, err
	}
	rows, err := at.misses(c.Context(), bot.MissFilter{From: from, Until: until, Channel: f.channel, Limit: mostMisses})
	if err := errors.Join(err, at.close()); err != nil {
		return missReport{}, err
	}
	list := make([]bot.Miss, len(rows))
	for i, r := range rows {
		list[i] = r.miss()
	}
	return missReportOf(from, until, list), nil
}

func missReportOf(from, until time.Time, list []bot.Miss) missReport {
	r := missReport{From: from, Until: until, More: len(list) >= mostMisses, Groups: []missGroup{}}
	customers := make(map[string]bool)
	for _, m := range list {
		customers[m.Conversation] = true
	}
	r.Customers = len(customers)
	for i, g := range bot.GroupMisses(list) {
		r.Groups = append(r.Groups, missGroupOf(i+1, g))
		r.Times += g.Times
	}
	return r
}

// span is what --from and --to say: both days count.
func (f missFlags) span(now time.Time) (from, until time.Time, err error) {
	from, until = now.Add(-missSpan).Truncate(time.Second), now.Add(time.Second).Truncate(time.Second)
	var faults []error
	for _, one := range []struct {
		name, says string
		days       int // that a day is longer than its beginning
		to         *time.Time
	}{{"--from", f.from, 0, &from}, {"--to", f.to, 1, &until}} {
		if one.says == "" {
			continue
		}
		at, err := costMoment(one.says, one.days, time.UTC)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", one.name, err))
			continue
		}
		*one.to = at
	}
	if len(faults) == 0 && !from.Before(until) {
		faults = append(faults, fmt.Errorf("--to: %s is not after %s", until.Format(costTime), from.Format(costTime)))
	}
	return from, until, errors.Join(faults...)
}
