package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/flows/explain"
	"frontdesk/flows/source"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Tells what a finding of check means, with an example and its mend",
		Long: `explain tells what a finding of check means: why it is one, a flow that has it and
the same flow without it. Without a code it lists all that there are.`,
		Example: `  frontdesk explain F203
  frontdesk explain          all codes, each in a line`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("%s takes one code; %d are given\nusage: %s", c.CommandPath(), len(args), c.UseLine())
			}
			return nil
		},
		ValidArgs: explain.Codes(),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listCodes(c.OutOrStdout())
			}
			return explained(c.OutOrStdout(), args[0])
		},
	}
}

func listCodes(w io.Writer) error {
	var b strings.Builder
	for _, code := range explain.Codes() {
		e, _ := explain.Of(code)
		b.WriteString(code + "  " + e.Title + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// explained writes what a code means, in whatever case it is given.
func explained(w io.Writer, code string) error {
	if text, ok := explain.Text(strings.ToUpper(code)); ok {
		_, err := io.WriteString(w, text)
		return err
	}
	hint := "frontdesk explain lists them all"
	if near, ok := source.Nearest(strings.ToUpper(code), explain.Codes()); ok {
		hint = fmt.Sprintf("did you mean %s? %s", near, hint)
	}
	return fmt.Errorf("no finding has the code %q; %s", code, hint)
}
