package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"frontdesk/flows"
	"frontdesk/flows/draw"
)

func newGraph() *cobra.Command {
	var format, output string
	c := &cobra.Command{
		Use:   "graph FLOWS [FLOW]",
		Short: "Draws the states of a flow file and the ways between them",
		Long: `graph draws what a flow file may do, all of it or one flow: as Mermaid, which GitHub shows in
a block marked mermaid, as DOT for graphviz, or as SVG, which every browser shows. The same
file gives the same drawing.

With --output it writes to a file, whose ending (.svg, .dot, .gv) says the format when
--format does not.

It exits 0 when it is done, 2 when the file cannot be read or may not be served.`,
		Example: `  frontdesk graph flows.yaml --output flows.svg
  frontdesk graph flows.yaml track
  frontdesk graph flows.yaml --format dot | dot -Tpdf > flows.pdf`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return fmt.Errorf("%s takes the flow file and, if only one is to be drawn, the name of a flow; %d arguments are given\nusage: %s",
					c.CommandPath(), len(args), c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			write, err := drawing(format, output)
			if err != nil {
				return err
			}
			set, err := loadFlows(args[0])
			if err != nil {
				return err
			}
			g := set.Graph()
			if len(args) == 2 {
				if g, err = draw.Only(g, args[1]); err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
			}
			var b bytes.Buffer
			if err := write(&b, g); err != nil {
				return err
			}
			if output == "" {
				_, err = c.OutOrStdout().Write(b.Bytes())
				return err
			}
			return os.WriteFile(output, b.Bytes(), 0o644) //nolint:gosec // a drawing is for everybody to see
		},
	}
	c.Flags().StringVar(&format, "format", "", "mermaid, dot or svg (default mermaid)")
	c.Flags().StringVar(&output, "output", "", "write to this file instead of standard output")
	return c
}

// drawing finds what draws in a format; "" is what the ending of the output
// says, or Mermaid.
func drawing(format, output string) (func(io.Writer, flows.Graph) error, error) {
	if format == "" {
		switch filepath.Ext(output) {
		case ".svg":
			format = "svg"
		case ".dot", ".gv":
			format = "dot"
		default:
			format = "mermaid"
		}
	}
	switch format {
	case "mermaid":
		return draw.Mermaid, nil
	case "dot":
		return draw.DOT, nil
	case "svg":
		return draw.SVG, nil
	default:
		return nil, fmt.Errorf("--format: %q is none of mermaid, dot, svg", format)
	}
}
