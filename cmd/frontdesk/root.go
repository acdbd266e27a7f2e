package main

import (
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// getenv reads the environment; os.Getenv but in tests.
type getenv func(string) string

// newRoot makes the command line.
func newRoot(env getenv) *cobra.Command {
	root := group(&cobra.Command{
		Use:   "frontdesk",
		Short: "Answers customers from flows in one YAML file, and hands over to people in time",
		Example: `  frontdesk demo                              try everything, no account needed
  frontdesk check flows.yaml                  is the flow file right?
  frontdesk serve flows.yaml --config frontdesk.yaml`,
		SilenceUsage:  true,
		SilenceErrors: true,
	})
	info, _ := debug.ReadBuildInfo()
	root.Version = version(info) // --version
	root.SetVersionTemplate("{{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true // it works, and need not be the first thing one reads
	root.AddCommand(newServe(env), newDemo(env), newInit(), newCheck(env), newExplain(), newPlan(env), newPolicy(), newCosts(env), newAnswers(env), newFormat(), newGraph(), newSchema(), newAgent(env), newStore(env), newEncoder(env), newContact(env), newLoad(env), newSimulate(), newVersion())
	return root
}

// one is for a command that takes exactly one argument and says which.
func one(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes one argument, %s; %d are given\nusage: %s", c.CommandPath(), what, len(args), c.UseLine())
		}
		return nil
	}
}

// group is a command that only holds others. Without this cobra takes a
// misspelt one for a wish to read the help, and the program exits 0.
func group(c *cobra.Command) *cobra.Command {
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		c.SuggestionsMinimumDistance = 2 // cobra sets it for the root only
		hint := fmt.Sprintf("see %s --help", c.CommandPath())
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			hint = fmt.Sprintf("did you mean %q?", strings.Join(near, `" or "`))
		}
		return fmt.Errorf("unknown command %q for %q; %s", args[0], c.CommandPath(), hint)
	}
	return c
}

// logFlags are how a command logs.
type logFlags struct{ level, format string }

func (f *logFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.level, "log-level", "info", "debug, info, warn or error; texts of messages are never logged above debug")
	c.Flags().StringVar(&f.format, "log-format", "text", "text or json")
}

func (f *logFlags) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.level)); err != nil {
		return nil, fmt.Errorf("--log-level: %q is none of debug, info, warn, error", f.level)
	}
	o := &slog.HandlerOptions{Level: level}
	switch f.format {
	case "text":
		return slog.New(slog.NewTextHandler(w, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, o)), nil
	default:
		return nil, fmt.Errorf("--log-format: %q is neither text nor json", f.format)
	}
}
