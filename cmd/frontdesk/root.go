package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
)

// getenv reads the environment; os.Getenv but in tests.
type getenv func(string) string

// newRoot makes the command line.
func newRoot(env getenv) *cobra.Command {
	root := &cobra.Command{
		Use:   "frontdesk",
		Short: "Answers customers from flows in one YAML file, and hands over to people in time",
		Example: `  frontdesk demo                              try everything, no account needed
  frontdesk check flows.yaml                  is the flow file right?
  frontdesk serve flows.yaml --config frontdesk.yaml`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newServe(env), newDemo(env), newCheck(), newAgent(env))
	return root
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
