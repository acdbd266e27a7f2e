package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/flows/hours"
)

// simulation is what simulate was asked for.
type simulation struct {
	days, conversations, agents int
	loads                       []float64
	seed                        uint64
	hours, csv                  string
	lead, firstReply            time.Duration
	flows, market               string
	form                        string
}

func newSimulate() *cobra.Command {
	var s simulation
	c := &cobra.Command{
		Use:   "simulate",
		Short: "Lets the line run over made or recorded days, and tells how many windows are met",
		Long: `simulate lets customers wait in the very line that the inbox shows, over days that it makes up or
that a CSV file recorded, and prints how many were answered in time: by our order, by first come
first served, and by somebody who knew everything beforehand, whom nobody can beat.

Nothing is sent and nothing is stored. The same seed makes the same days. Times are UTC.
A CSV file has the columns opened_at, channel, queue, handling_seconds, window_closes: a row for
each conversation that a person had to answer. docs/queue.md tells what the figures mean.

It exits 0 when it is done, 2 when a flag or the file has a fault.`,
		Example: `  frontdesk simulate
  frontdesk simulate --agents 5 --load 1.1
  frontdesk simulate --csv october.csv --agents 3 --hours "mon-fri 09:00-17:00"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := s.run()
			if err != nil {
				return err
			}
			return s.print(c.OutOrStdout(), r)
		},
	}
	s.add(c)
	return c
}

func (s *simulation) add(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false // they are in the order in which one asks for them
	f.IntVar(&s.days, "days", 30, "how many days, from a Monday on")
	f.IntVar(&s.conversations, "conversations", 200_000, "conversations in these days, most of which the bot finishes")
	f.Float64SliceVar(&s.loads, "load", []float64{0.9}, "what people have to do, as a share of what they can; several with commas")
	f.IntVar(&s.agents, "agents", 4, "people on duty")
	f.StringVar(&s.hours, "hours", "mon-fri 09:00-18:00; sat 10:00-14:00", "when they are")
	f.Uint64Var(&s.seed, "seed", 1, "another one makes other days")
	f.DurationVar(&s.lead, "lead", 30*time.Minute, "how long before the last minute people want to have a conversation")
	f.DurationVar(&s.firstReply, "first-reply", time.Hour, "what is promised; without a window it is what counts")
	f.StringVar(&s.csv, "csv", "", "recorded conversations instead of made ones")
	f.StringVar(&s.flows, "flows", "", "count what the bot says by this flow file, and what that costs on WhatsApp")
	f.StringVar(&s.market, "market", "Brazil", "where the customers are whose messages are counted")
	f.StringVarP(&s.form, "output", "o", "text", "text or json")
}

// check finds every fault of the flags at once.
func (s *simulation) check() error {
	var faults []error
	for _, f := range []struct {
		bad  bool
		says string
	}{
		{s.days < 1 || s.days > 366, "--days: write a number from 1 to 366"},
		{s.conversations < 1 || s.conversations > 10_000_000, "--conversations: write a number from 1 to 10000000"},
		{s.agents < 1 || s.agents > 1000, "--agents: write a number from 1 to 1000"},
		{s.lead < 0 || s.firstReply < 0, "--lead, --first-reply: write a time such as 30m"},
		{s.form != "text" && s.form != "json", fmt.Sprintf("-o: %q is neither text nor json", s.form)},
		{len(s.loads) == 0, "--load: write a number such as 0.9"},
		{s.csv != "" && s.flows != "", "--flows: what a bot said is not in a file of recorded conversations; leave out --flows or --csv"},
	} {
		if f.bad {
			faults = append(faults, errors.New(f.says))
		}
	}
	for _, l := range s.loads {
		if !(l > 0 && l <= 10) {
			faults = append(faults, fmt.Errorf("--load: %v is not between 0 and 10", l))
		}
	}
	return errors.Join(faults...)
}

// run makes or reads the days and lets the lines run over them.
func (s *simulation) run() (simReport, error) {
	duty, err := s.duty()
	if err = errors.Join(s.check(), err); err != nil {
		return simReport{}, err
	}
	r := simReport{People: s.agents, Hours: s.hours, Seed: s.seed}
	if s.flows != "" {
		if r.Bot, err = s.talk(); err != nil {
			return r, err
		}
	}
	traces, err := s.traces(duty)
	for _, t := range traces {
		r.Runs = append(r.Runs, t.judge())
	}
	return r, err
}

func (s *simulation) traces(duty hours.Roster) ([]simTrace, error) {
	if s.csv != "" {
		t, err := s.recorded(duty)
		return []simTrace{t}, err
	}
	var list []simTrace
	for _, load := range s.loads {
		t, err := s.made(duty, load)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func (s *simulation) print(w io.Writer, r simReport) error {
	if s.form == "json" {
		return indented(w, r)
	}
	return r.text(w)
}
