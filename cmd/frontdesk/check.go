package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"frontdesk/flows"
	"frontdesk/flows/source"
)

func newCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check FLOWS",
		Short: "Reports every fault of a flow file with its place and its mend",
		Long: `check reads a flow file and prints every finding as file:line:column: CODE summary,
with the line it is in. It starts nothing and needs no network.

It exits 0 when the file may be served, 1 when it may not, 2 when it could not be read.
Warnings are printed and do not count.`,
		Example: "  frontdesk check flows.example.yaml",
		Args:    one("the flow file"),
		RunE: func(c *cobra.Command, args []string) error {
			src, err := readBounded(args[0], source.MaxSize)
			if err != nil {
				return err
			}
			set, findings := flows.Parse(args[0], src)
			if err := source.Render(c.OutOrStdout(), findings, map[string][]byte{args[0]: src}); err != nil {
				return err
			}
			if set == nil {
				return errFindings
			}
			fmt.Fprintf(c.OutOrStdout(), "%s may be served (version %s)\n", args[0], set.Version)
			return nil
		},
	}
}

// loadFlows reads a flow file that is to be served; its error shows every finding.
func loadFlows(path string) (*flows.Set, error) {
	src, err := readBounded(path, source.MaxSize)
	if err != nil {
		return nil, err
	}
	set, findings := flows.Parse(path, src)
	if set == nil {
		return nil, findingsError(findings, path, src)
	}
	return set, nil
}
