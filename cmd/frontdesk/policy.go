package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/bot/window"
)

// policyForms are the ways in which a policy is printed. A file to begin with has
// every row; the others have what holds at a moment.
var policyForms = map[string]func(w io.Writer, t window.Table, at time.Time) error{
	"text": policyText, "json": policyJSON, "yaml": policyYAML,
}

func newPolicy() *cobra.Command {
	var at, channel, file, form string
	c := &cobra.Command{
		Use:   "policy",
		Short: "Prints until when platforms let one answer, and what that costs",
		Long: `policy prints what holds on each kind of channel: until when a bot, a person and an approved
template may be sent, what is free and what a message costs, with the platform's page that says
so. A price that is not known is never shown as nothing.

With -o yaml it prints all rows, of every time, as a policy file to begin with. The operator's
file names it (policy: FILE); it replaces the channels that it names.

It exits 0 when it is done, 2 when a flag or the file has a fault.`,
		Example: `  frontdesk policy --channel whatsapp
  frontdesk policy --at 2026-09-30
  frontdesk policy -o yaml > policy.yaml
  frontdesk policy --file policy.yaml           what holds with your file, or what is wrong in it`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			print, ok := policyForms[form]
			if !ok {
				return fmt.Errorf("-o: %q is none of %s", form, strings.Join(slices.Sorted(maps.Keys(policyForms)), ", "))
			}
			moment, err := policyMoment(at)
			if err != nil {
				return err
			}
			t, err := policyTable(file, channel)
			if err != nil {
				return err
			}
			return print(c.OutOrStdout(), t, moment)
		},
	}
	c.Flags().StringVar(&at, "at", "", "a day, or a time as 2026-10-01T12:00:00Z (default now)")
	c.Flags().StringVar(&channel, "channel", "", "only this kind of channel")
	c.Flags().StringVar(&file, "file", "", "a policy file instead of what is shipped, for the channels it names")
	c.Flags().StringVarP(&form, "output", "o", "text", "text, json or yaml")
	return c
}

func policyMoment(s string) (time.Time, error) {
	if s == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("--at: %q is no moment; write e.g. 2026-10-01 or 2026-10-01T12:00:00Z", s)
}

func policyTable(file, channel string) (t window.Table, err error) {
	t = window.Shipped()
	if file != "" {
		if t, err = loadPolicy(file); err != nil {
			return t, err
		}
	}
	switch {
	case channel == "":
		return t, nil
	case !slices.Contains(t.Channels(), channel):
		return t, fmt.Errorf("--channel: unknown kind %q; %s", channel, oneOfHint(channel, t.Channels()))
	}
	return t.Only(channel), nil
}

// policyText writes a policy for people.
func policyText(w io.Writer, t window.Table, at time.Time) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "what holds at %s\n", at.Format("2006-01-02 15:04 MST"))
	for _, channel := range t.Channels() {
		fmt.Fprintf(&b, "\n%s\n", channel)
		policyWords(&b, t.Only(channel).At(at))
	}
	_, err := w.Write(b.Bytes())
	return err
}
