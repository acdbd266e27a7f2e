package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/flows"
)

func newPlan(env getenv) *cobra.Command {
	var configPath, ops, old, form string
	c := &cobra.Command{
		Use:   "plan NEW",
		Short: "Tells what a new flow file changes, and for whom",
		Long: `plan compares a flow file with the one that is running: which states are new, gone, moved
or changed, how many conversations stand in them, and what happens to each group when the
new file is loaded. It asks the running program on its operator's address and changes nothing.

With --old it compares two files, without conversations.

It exits 0 when nothing changes for anybody, or only for new conversations, 1 when running
conversations will begin anew or the new file has errors, 2 when it could not run.`,
		Example: `  frontdesk plan flows.yaml
  frontdesk plan flows.yaml --config frontdesk.yaml
  frontdesk plan flows.yaml --old flows.before.yaml`,
		Args: one("the new flow file"),
		RunE: func(c *cobra.Command, args []string) error {
			if form != "text" && form != "json" {
				return fmt.Errorf("-o: %q is neither text nor json", form)
			}
			l, err := readFlows(args[0])
			if err != nil {
				return err
			}
			if l.set == nil {
				if err := text(c.OutOrStdout(), l); err != nil {
					return err
				}
				return errFindings
			}
			r, err := before(c, env, old, configPath, ops)
			if err != nil {
				return err
			}
			p := newPlanOf(r, l)
			if err := p.print(c.OutOrStdout(), form); err != nil {
				return fmt.Errorf("printing the plan: %w", err)
			}
			if p.anew() > 0 {
				return errFindings
			}
			return nil
		},
	}
	c.Flags().StringVar(&configPath, "config", "", "the operator's file, for its ops_listen")
	c.Flags().StringVar(&ops, "ops", "", "operator's address HOST:PORT of the running program (default 127.0.0.1:9090)")
	c.Flags().StringVar(&old, "old", "", "compare with this flow file instead of what is running")
	c.Flags().StringVarP(&form, "output", "o", "text", "text or json")
	return c
}

// before is what the new file is compared with.
func before(c *cobra.Command, env getenv, old, configPath, ops string) (running, error) {
	if old != "" {
		l, err := readFlows(old)
		if err != nil {
			return running{}, err
		}
		if err := l.err(); err != nil {
			return running{}, err
		}
		return running{Version: l.set.Version, Flows: map[string]edition{l.set.Version: editionOf(l.files)}}, nil
	}
	if ops == "" {
		if !c.Flags().Changed("config") {
			configPath = env("FRONTDESK_CONFIG")
		}
		cfg, err := loadConfig(configPath, env)
		if err == nil {
			err = cfg.override(settings{}, env)
		}
		if err != nil {
			return running{}, err
		}
		if ops = cfg.opsListen; ops == "" {
			return running{}, errors.New("the operator's file sets no ops_listen; name the address with --ops, or compare two files with --old")
		}
	}
	return ask(c.Context(), ops)
}

// ask asks the running program which flows it runs.
func ask(ctx context.Context, ops string) (r running, err error) {
	const most = 256 << 20 // all versions that somebody stands in
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	at := "http://" + strings.TrimSuffix(strings.TrimPrefix(ops, "http://"), "/") + "/-/flows"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return r, fmt.Errorf("--ops: %q is no address HOST:PORT", ops)
	}
	resp, err := http.DefaultClient.Do(req)
	if _, refused := errors.AsType[*net.OpError](err); refused {
		return r, fmt.Errorf("nothing answers on %s; is frontdesk running? (name its operator's address with --ops, or compare two files with --old)", ops)
	}
	if err != nil {
		return r, fmt.Errorf("asking the running program: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return r, fmt.Errorf("%s answered %s; is it the operator's address?", at, resp.Status)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, most)).Decode(&r); err != nil {
		return r, fmt.Errorf("%s gave no flows: %w", at, err)
	}
	return r, nil
}

// What happens to the conversations that stand in a state.
const (
	fateStay   = "stay"   // nothing: they are on the new version already
	fateFinish = "finish" // they finish on the version they began on
	fateMove   = "move"   // they go on in another state of the new version
	fateAnew   = "anew"   // they begin anew, as their version cannot be read any more
)

// plan is what a new flow file changes.
type plan struct {
	From    string        `json:"from"`
	Unread  bool          `json:"unread,omitempty"` // this program cannot read From: what changes is not known
	To      string        `json:"to"`
	Added   []string      `json:"added"`
	Removed []string      `json:"removed"`
	Changed []planChange  `json:"changed"`
	Moved   []planMove    `json:"moved"`
	Words   []string      `json:"other"`
	Running []planRunning `json:"running"`
}

type planChange struct {
	State string   `json:"state"`
	What  []string `json:"what"`
}

type planMove struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// planRunning is a group of conversations.
type planRunning struct {
	Version       string `json:"version"`
	State         string `json:"state"`
	Conversations int    `json:"conversations"`
	Change        string `json:"change"` // "unchanged", "changed", "removed" in the new file
	Fate          string `json:"fate"`
	To            string `json:"to,omitempty"` // with move
}

func newPlanOf(r running, l loaded) plan {
	p := plan{
		From: r.Version, To: l.set.Version, Added: []string{}, Removed: []string{}, Changed: []planChange{}, Moved: []planMove{},
		Words: []string{}, Running: []planRunning{},
	}
	if old := r.set(r.Version); old != nil {
		p.compare(flows.Compare(old, l.set))
	} else {
		p.Unread = true
	}
	differences := map[string]*flows.Difference{}
	for _, s := range r.Standings {
		d, known := differences[s.Version]
		if !known {
			if old := r.set(s.Version); old != nil {
				found := flows.Compare(old, l.set)
				d = &found
			}
			differences[s.Version] = d
		}
		g := groupOf(s, d, l.set)
		if g.Fate == fateAnew && s.Version == r.Version {
			g.Fate = fateFinish // the program that runs it can read it
		}
		p.Running = append(p.Running, g)
	}
	return p
}

func (p *plan) compare(d flows.Difference) {
	for _, at := range d.Added {
		p.Added = append(p.Added, at.String())
	}
	for _, at := range d.Removed {
		p.Removed = append(p.Removed, at.String())
		if to, ok := d.Moved[at]; ok {
			p.Moved = append(p.Moved, planMove{at.String(), to.String()})
		}
	}
	for _, c := range d.Changed {
		p.Changed = append(p.Changed, planChange{c.Place.String(), c.What})
	}
	p.Words = append(p.Words, d.Words...)
}

// groupOf tells what happens to the conversations of one state. d is the
// difference of their version to the new one; nil when it cannot be read.
func groupOf(s standing, d *flows.Difference, set *flows.Set) planRunning {
	at := flows.Place{Flow: s.Flow, Node: s.State}
	g := planRunning{Version: s.Version, State: at.String(), Conversations: s.Conversations, Change: "unchanged", Fate: fateFinish}
	if d != nil {
		for _, c := range d.Changed {
			if c.Place == at {
				g.Change = "changed"
			}
		}
		for _, gone := range d.Removed {
			if gone == at {
				g.Change = "removed"
			}
		}
	}
	moved, ok := set.Adopt(flows.State{Version: s.Version, Flow: s.Flow, Node: s.State})
	switch {
	case s.Version == set.Version:
		g.Fate = fateStay
	case ok:
		g.Fate, g.To = fateMove, moved.Place().String()
	case d == nil:
		g.Fate, g.Change = fateAnew, "unknown"
	}
	return g
}

// anew is how many conversations begin anew.
func (p plan) anew() int {
	n := 0
	for _, g := range p.Running {
		if g.Fate == fateAnew {
			n += g.Conversations
		}
	}
	return n
}

func (p plan) print(w io.Writer, form string) error {
	if form == "json" {
		return indented(w, p)
	}
	var b bytes.Buffer
	if p.From == p.To {
		fmt.Fprintf(&b, "version %s is running already\n", p.To)
	} else {
		fmt.Fprintf(&b, "version %s -> %s\n", p.From, p.To)
		p.printStates(&b)
	}
	p.printRunning(&b)
	_, err := w.Write(b.Bytes())
	return err
}

func (p plan) printStates(b *bytes.Buffer) {
	moved := map[string]string{}
	for _, m := range p.Moved {
		moved[m.From] = m.To
	}
	if p.Unread {
		b.WriteString("\nthis frontdesk cannot read the version that is running, so what changes is not known\n")
		return
	}
	if len(p.Added)+len(p.Removed)+len(p.Changed)+len(p.Words) == 0 {
		b.WriteString("\nnothing changes but comments and layout\n")
		return
	}
	fmt.Fprintf(b, "\nstates: %d new, %d gone, %d changed\n", len(p.Added), len(p.Removed), len(p.Changed))
	for _, s := range p.Added {
		fmt.Fprintf(b, "  + %s\n", s)
	}
	for _, s := range p.Removed {
		if to := moved[s]; to != "" {
			fmt.Fprintf(b, "  - %s, moved to %s\n", s, to)
			continue
		}
		fmt.Fprintf(b, "  - %s\n", s)
	}
	for _, c := range p.Changed {
		fmt.Fprintf(b, "  ~ %s\n", c.State)
		for _, what := range c.What {
			fmt.Fprintf(b, "      %s\n", what)
		}
	}
	if len(p.Words) > 0 {
		fmt.Fprintf(b, "also changed: %s\n", strings.Join(p.Words, ", "))
	}
}

func (p plan) printRunning(b *bytes.Buffer) {
	total, counts := 0, map[string]int{}
	for _, g := range p.Running {
		total += g.Conversations
		counts[g.Change] += g.Conversations
	}
	if total == 0 {
		b.WriteString("\nno conversations are running\n")
		return
	}
	fmt.Fprintf(b, "\n%s running: %d in unchanged states, %d in changed, %d in removed",
		counted(total, "conversation"), counts["unchanged"], counts["changed"], counts["removed"])
	if n := counts["unknown"]; n > 0 {
		fmt.Fprintf(b, ", %d in versions that cannot be read", n)
	}
	b.WriteString("\n")
	for _, g := range p.Running {
		fate := map[string]string{
			fateStay: "stay as they are", fateFinish: "finish on version " + g.Version, fateMove: "move to " + g.To,
			fateAnew: "begin anew: version " + g.Version + " cannot be read",
		}[g.Fate]
		fmt.Fprintf(b, "  %6d  %-30s %-9s  %s\n", g.Conversations, g.State, g.Change, fate)
	}
}
