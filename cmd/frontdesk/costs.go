package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// mostDifferences is how many are listed but in CSV.
const mostDifferences = 50

type costFlags struct {
	from, to, by, form string
	csv, differences   bool
}

func newCosts(env getenv) *cobra.Command {
	p := &place{env: env}
	var f costFlags
	c := &cobra.Command{
		Use:   "costs",
		Short: "Tells what messages cost, as predicted and as the platform reports",
		Long: `costs sums what messages cost that were decided in a span of time: by number, month, queue, flow
and author, and what merging texts spared. What the platform reported counts more than what was
predicted, and messages for which the two disagree are listed. A price that nobody knows is
counted as such, and never as nothing.

--csv prints a row for each message instead. It works on the data folder, or asks the program
that has it open, as frontdesk store does. It exits 0 when it is done, 2 otherwise.`,
		Example: `  frontdesk costs                              this month
  frontdesk costs --from 2026-10-01 --to 2026-10-31 --by number
  frontdesk costs --differences --csv > differences.csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c, p) },
	}
	p.flags(c)
	c.Flags().StringVar(&f.from, "from", "", "a day, or a time as 2026-10-01T12:00:00Z (default the first of this month, UTC)")
	c.Flags().StringVar(&f.to, "to", "", "the last day, or a time (default now)")
	c.Flags().StringVar(&f.by, "by", "", "only the sums by number, month, queue, flow or author")
	c.Flags().BoolVar(&f.csv, "csv", false, "a row for each message")
	c.Flags().BoolVar(&f.differences, "differences", false, "only messages that cost something else than predicted")
	c.Flags().StringVarP(&f.form, "output", "o", "text", "text or json")
	return c
}

func (f costFlags) run(c *cobra.Command, p *place) error {
	from, until, err := f.span(time.Now().UTC())
	if err == nil {
		err = formOf(f.form)
	}
	keys, unknown := f.keys()
	if err := errors.Join(err, unknown); err != nil {
		return err
	}
	if f.csv && (f.by != "" || f.form == "json") {
		return errors.New("--csv lists messages, not sums: leave out --by and -o")
	}
	at, _, err := p.look(c)
	if err != nil {
		return err
	}
	if f.csv {
		return errors.Join(f.list(c, at, from, until), at.close())
	}
	r, err := f.report(c, at, from, until, keys)
	if err := errors.Join(err, at.close()); err != nil {
		return err
	}
	if f.form == "json" {
		return indented(c.OutOrStdout(), r)
	}
	return r.text(c.OutOrStdout())
}

// takes reports whether a row is asked for.
func (f costFlags) takes(r costRow) bool { return !f.differences || r.Differs != "" }

func (f costFlags) list(c *cobra.Command, at care, from, until time.Time) error {
	out, err := newCostCSV(c.OutOrStdout())
	if err != nil {
		return err
	}
	err = at.costs(c.Context(), from, until, func(r costRow) error {
		if !f.takes(r) {
			return nil
		}
		return out.row(r)
	})
	return errors.Join(err, out.end())
}

func (f costFlags) report(c *cobra.Command, at care, from, until time.Time, keys []costKey) (costReport, error) {
	r := costReport{From: from, Until: until, Total: newCostSum()}
	r.Total.Groups = groups{}
	return r, at.costs(c.Context(), from, until, func(row costRow) error {
		if !f.takes(row) {
			return nil
		}
		r.Total.addTo(row, keys)
		switch {
		case row.Differs == "":
		case len(r.Differences) < mostDifferences:
			r.Differences = append(r.Differences, row)
		default:
			r.more++
		}
		return nil
	})
}

func (f costFlags) keys() ([]costKey, error) {
	if f.by == "" {
		return costKeys(), nil
	}
	var names []string
	for _, k := range costKeys() {
		if names = append(names, k.name); k.name == f.by {
			return []costKey{k}, nil
		}
	}
	return nil, fmt.Errorf("--by: %q is none of %s", f.by, strings.Join(names, ", "))
}

// span is what --from and --to say: both days count.
func (f costFlags) span(now time.Time) (from, until time.Time, err error) {
	from, until = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC), now.Truncate(time.Second)
	var faults []error
	for _, one := range []struct {
		name, says string
		to         *time.Time
		more       time.Duration // that a day is longer than its beginning
	}{{"--from", f.from, &from, 0}, {"--to", f.to, &until, day}} {
		if one.says == "" {
			continue
		}
		at, err := costMoment(one.says, one.more)
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

func costMoment(s string, more time.Duration) (time.Time, error) {
	if at, err := time.Parse(time.DateOnly, s); err == nil {
		return at.Add(more), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, fmt.Errorf("%q is no moment; write e.g. 2026-10-01 or 2026-10-01T12:00:00Z", s)
	}
	return at.UTC(), nil
}
