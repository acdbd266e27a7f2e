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
	c.Flags().StringVar(&f.from, "from", "", "a day, or a time as 2026-10-01T12:00:00Z (default the first of this month, on the clocks of account_timezone)")
	c.Flags().StringVar(&f.to, "to", "", "the last day, or a time (default now)")
	c.Flags().StringVar(&f.by, "by", "", "only the sums by number, month, queue, flow or author")
	c.Flags().BoolVar(&f.csv, "csv", false, "a row for each message")
	c.Flags().BoolVar(&f.differences, "differences", false, "only messages that cost something else than predicted")
	c.Flags().StringVarP(&f.form, "output", "o", "text", "text or json")
	return c
}

func (f costFlags) run(c *cobra.Command, p *place) error {
	now := time.Now()
	_, err := f.span(now, nil) // what is wrong with it is told before the store is looked for
	keys, unknown := f.keys()
	if err := errors.Join(err, formOf(f.form), unknown); err != nil {
		return err
	}
	if f.csv && (f.by != "" || f.form == "json") {
		return errors.New("--csv lists messages, not sums: leave out --by and -o")
	}
	at, cfg, err := p.look(c)
	if err != nil {
		return err
	}
	s, err := f.span(now, cfg.calendars)
	if err != nil {
		return errors.Join(err, at.close())
	}
	if f.csv {
		return errors.Join(f.list(c, at, s), at.close())
	}
	r, err := f.report(c, at, s, keys)
	if err := errors.Join(err, at.close()); err != nil {
		return err
	}
	if f.form == "json" {
		return indented(c.OutOrStdout(), r)
	}
	return r.text(c.OutOrStdout())
}

// takes reports whether a row of the span is asked for.
func (f costFlags) takes(r costRow, s costSpan) bool {
	return (!f.differences || r.Differs != "") && (s.months == nil || s.months(r.Channel) == r.Month)
}

func (f costFlags) list(c *cobra.Command, at care, s costSpan) error {
	out, err := newCostCSV(c.OutOrStdout())
	if err != nil {
		return err
	}
	err = at.costs(c.Context(), s.from, s.until, func(r costRow) error {
		if !f.takes(r, s) {
			return nil
		}
		return out.row(r)
	})
	return errors.Join(err, out.end())
}

func (f costFlags) report(c *cobra.Command, at care, s costSpan, keys []costKey) (costReport, error) {
	r := costReport{From: s.from, Until: s.until, Total: newCostSum()}
	r.Total.Groups = groups{}
	return r, at.costs(c.Context(), s.from, s.until, func(row costRow) error {
		if !f.takes(row, s) {
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

// costSpan is of which messages costs are told.
type costSpan struct {
	from, until time.Time
	months      func(channel string) string // the month that is asked for of each; nil: all of the span
}

// span is what --from and --to say, on the clocks by which a cap counts its months:
// both days count. Without them it is the month in which each account is.
func (f costFlags) span(now time.Time, in calendars) (costSpan, error) {
	zone := in.common()
	s := costSpan{from: in.begins(now), until: now.In(zone).Truncate(time.Second)}
	if f.from == "" && f.to == "" {
		s.months = func(channel string) string { return in.month(channel, now).String() }
	}
	var faults []error
	for _, one := range []struct {
		name, says string
		to         *time.Time
		days       int // from a day's beginning to what is meant
	}{{"--from", f.from, &s.from, 0}, {"--to", f.to, &s.until, 1}} {
		if one.says == "" {
			continue
		}
		at, err := costMoment(one.says, one.days, zone)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", one.name, err))
			continue
		}
		*one.to = at
	}
	if len(faults) == 0 && !s.from.Before(s.until) {
		faults = append(faults, fmt.Errorf("--to: %s is not after %s", s.until.Format(costTime), s.from.Format(costTime)))
	}
	return s, errors.Join(faults...)
}

func costMoment(s string, days int, zone *time.Location) (time.Time, error) {
	if at, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return at.AddDate(0, 0, days), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, fmt.Errorf("%q is no moment; write e.g. 2026-10-01 or 2026-10-01T12:00:00Z", s)
	}
	return at.In(zone), nil
}
