package main

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/adapters/load"
	"frontdesk/adapters/meta"
)

func newLoadInit() *cobra.Command {
	var numbers int
	c := &cobra.Command{
		Use:   "init DIR",
		Short: "Writes a folder with which a program can be put under load",
		Long: `init writes an operator's file, whose WhatsApp numbers lead to the Graph API that load is
on this machine, and the flow file that load needs: every answer tells which message it
answers. It makes the folder, and writes over nothing that is there.`,
		Example: "  frontdesk load init try --channels 25",
		Args:    one("the folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if numbers < 1 || numbers > mostNumbers {
				return fmt.Errorf("--channels: %d is not between 1 and %d", numbers, mostNumbers)
			}
			dir := args[0]
			if err := newKit(dir, load.KitChannels(numbers, newLoadSecret())).Write(); err != nil {
				return err
			}
			flows, config := filepath.Join(dir, load.FlowsFile), filepath.Join(dir, load.ConfigFile)
			fmt.Fprintf(c.OutOrStdout(), "wrote %s\nwrote %s\n\nnext, in two terminals:\n", flows, config)
			fmt.Fprintf(c.OutOrStdout(), "  frontdesk serve %s --config %s\n  frontdesk load --config %s\n", flows, config, config)
			return nil
		},
	}
	c.Flags().IntVar(&numbers, "channels", 25, "how many numbers; each may send 80 messages a second")
	return c
}

// newLoadSecret signs the webhooks of one folder.
func newLoadSecret() meta.Secret { return meta.Secret("load-" + strings.ToLower(rand.Text())) }
