package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"frontdesk/flows"
)

func newSchema() *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "schema",
		Short: "Prints the JSON Schema of flow files, for editors",
		Long: `schema prints what flow files may hold as a JSON Schema. An editor that knows it completes
keys, explains them, and underlines what is unknown, missing or of another kind while one
writes. Name the file in the first line of flow files, and of those that they include:

  # yaml-language-server: $schema=./flows.schema.json

It sees the form only; whether a flow is right says frontdesk check.`,
		Example: `  frontdesk schema --output flows.schema.json`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if output == "" {
				_, err := c.OutOrStdout().Write(flows.Schema())
				return err
			}
			if err := os.WriteFile(output, flows.Schema(), 0o644); err != nil { //nolint:gosec // it is for everybody to read
				return fmt.Errorf("writing the schema: %w", err)
			}
			return nil
		},
	}
	c.Flags().StringVar(&output, "output", "", "write to this file instead of standard output")
	return c
}
