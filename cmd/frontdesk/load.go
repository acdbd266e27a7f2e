package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/adapters/load"
)

// loadFlags are what load was asked for.
type loadFlags struct {
	load.Options
	load.Bounds
	self                   bool
	config, graphListen    string
	numbers                int
	statuses, fail, growth string
	hangs                  []string
	form, plot             string
}

func newLoad(env getenv) *cobra.Command {
	var f loadFlags
	c := &cobra.Command{
		Use:   "load",
		Short: "Puts a running program under load, and proves that it loses nothing",
		Long: `load plays both sides of WhatsApp for a running program: it posts the signed webhooks of
many customers, is the Graph API that the answers are sent to, and tells their statuses
back. It measures how long webhooks and answers take, and ties every answer to its message:
one that is lost, comes twice or in the wrong order is found. A message is due by the
schedule, whatever the program does, so that one which stalls cannot slow its own measuring.

With --self it starts the program itself, in a folder that is removed again. Otherwise the
program serves the files that load init writes, and --config names them here, too. Another
machine is put under load with --anywhere only.

It exits 0 when nothing was lost, doubled or reordered and every bound was kept, 1 when not,
2 when nothing was measured. Ctrl+C ends it early and prints what was until then.
docs/load.md tells what the figures mean.`,
		Example: `  frontdesk load --self --rate 1000 --duration 1m --plot load.svg

  frontdesk load init try
  frontdesk serve try/flows.yaml --config try/frontdesk.yaml
  frontdesk load --config try/frontdesk.yaml --rate 200`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.read(); err != nil {
				return err
			}
			collectLess(env) // the program needs the cores
			if f.self {
				return f.loadSelf(c)
			}
			return f.loadRunning(c, env)
		},
	}
	f.add(c)
	c.AddCommand(newLoadInit())
	return c
}

func (f *loadFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false // they are in the order in which one asks for them
	s.BoolVar(&f.self, "self", false, "start the program, too, and stop it afterwards")
	s.StringVar(&f.config, "config", "", "the operator's file of the running program")
	s.StringVar(&f.Target, "target", "", "where its webhooks are (default: the file's listen)")
	s.BoolVar(&f.Anywhere, "anywhere", false, "the target need not be this machine")
	s.StringVar(&f.graphListen, "graph-listen", "", "HOST:PORT at which to be the Graph API (default: the file's graph_url)")
	s.Float64Var(&f.Rate, "rate", 100, "messages a second; 0: as many as --concurrency makes")
	s.DurationVar(&f.Duration, "duration", 10*time.Second, "how long messages are sent")
	s.IntVar(&f.Senders, "senders", 10_000, "customers, who write in turn")
	s.IntVar(&f.numbers, "channels", 0, "numbers they write to (default: all of the file; with --self one for every 40 messages a second)")
	s.IntVar(&f.Batch, "batch", 1, "messages in one webhook")
	s.IntVar(&f.Concurrency, "concurrency", 0, "webhooks under way at most (default: 64 with --rate 0, 512 otherwise)")
	s.BoolVar(&f.Retry, "retry", false, "send a webhook again until it gets its 200, as Meta does")
	s.DurationVar(&f.Grace, "grace", 30*time.Second, "how long the last answers are waited for")
	s.StringVar(&f.statuses, "statuses", "sent,delivered,read", `what is told of each answer; "" for nothing`)
	s.DurationVar(&f.Trouble.Delay, "graph-delay", 0, "how long the Graph API takes for an answer, such as 50ms")
	s.StringVar(&f.fail, "graph-fail", "0%", "the share of requests that it refuses, such as 1%")
	s.StringSliceVar(&f.hangs, "graph-hang", nil, "when it answers nothing, such as 30s@2m: for 30 s from the second minute on")
	s.DurationVar(&f.WebhookP99, "max-webhook-p99", 0, "bound of the 99th percentile of webhooks, such as 25ms")
	s.DurationVar(&f.AnswerP99, "max-answer-p99", 0, "bound of the 99th percentile of answers, such as 60ms")
	s.StringVar(&f.growth, "max-rss-growth", "", "bound of what the program's memory grows by after the first quarter, such as 64MB")
	s.BoolVar(&f.Steady, "steady", false, "memory and goroutines of the program must be flat in the second half")
	s.StringVar(&f.plot, "plot", "", "draw the run into this SVG file")
	s.StringVarP(&f.form, "output", "o", "text", "text or json")
}

// read reads what is more than a number, and reports every fault at once.
func (f *loadFlags) read() error {
	var faults []error
	fault := func(flag string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", flag, err))
		}
	}
	var err error
	f.Trouble.Fail, err = load.ParseShare(f.fail)
	fault("--graph-fail", err)
	for _, h := range f.hangs {
		hang, err := load.ParseHang(h)
		f.Trouble.Hangs = append(f.Trouble.Hangs, hang)
		fault("--graph-hang", err)
	}
	if f.growth != "" {
		f.MemoryGrowth, err = load.ParseBytes(f.growth)
		fault("--max-rss-growth", err)
	}
	if f.form != "text" && f.form != "json" {
		fault("-o", fmt.Errorf("%q is neither text nor json", f.form))
	}
	if f.numbers < 0 || f.numbers > mostNumbers {
		fault("--channels", fmt.Errorf("%d is not between 1 and %d", f.numbers, mostNumbers))
	}
	if f.self && (f.config != "" || f.Target != "" || f.graphListen != "") {
		faults = append(faults, errors.New("--self starts a program of its own; leave out --config, --target and --graph-listen"))
	}
	fault("--plot", checkPlot(f.plot))
	if f.statuses != "" {
		f.Statuses = strings.Split(f.statuses, ",")
	}
	if f.Concurrency == 0 {
		f.Concurrency = 512
		if f.Rate == 0 {
			f.Concurrency = 64
		}
	}
	return errors.Join(faults...)
}

// checkPlot finds out before a long run that nothing could be drawn after it.
func checkPlot(path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); path != "" && (err != nil || !info.IsDir()) {
		return fmt.Errorf("there is no folder %s", dir)
	}
	return nil
}

// play plays, lets stop end what was started for it, and judges.
func (f *loadFlags) play(c *cobra.Command, at net.Listener, stop func() error) error {
	progress := load.NewProgress(c.ErrOrStderr(), isTerminal(c.ErrOrStderr()))
	r, err := load.Play(c.Context(), f.Options, at, progress.Show)
	progress.End()
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	missed := r.Missed(f.Bounds)
	if err := f.print(c.OutOrStdout(), r, missed); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	if err := f.draw(r); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	if len(missed) > 0 {
		return errFindings
	}
	return nil
}

func (f *loadFlags) print(w io.Writer, r *load.Report, missed []string) error {
	if f.form == "text" {
		return r.Table(w, missed)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		*load.Report
		Missed []string `json:"missed"`
	}{r, append([]string{}, missed...)})
}

func (f *loadFlags) draw(r *load.Report) error {
	if f.plot == "" {
		return nil
	}
	out, err := os.Create(f.plot)
	if err != nil {
		return err
	}
	return errors.Join(r.Plot(out), out.Close())
}

// isTerminal reports whether a person looks at w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
