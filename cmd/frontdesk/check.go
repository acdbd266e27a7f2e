package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/flows"
	"frontdesk/flows/source"
)

func newCheck(env getenv) *cobra.Command {
	p := &place{env: env}
	var (
		form   string
		strict bool
	)
	c := &cobra.Command{
		Use:   "check FLOWS",
		Short: "Reports every fault of a flow file with its place and its mend",
		Long: `check reads a flow file with all that it includes and prints every finding as
file:line:column: CODE summary, with the line it is in. It starts nothing and needs no
network. Of a file without errors it tells what was proved: how many messages one of a
customer's can cause at most, and the longest run of states without waiting; and how many
questions like the examples of its answers will be answered, and rightly.

It exits 0 when the file may be served, 1 when it may not, 2 when it could not be read.
Warnings are printed and do not count, but with --strict.`,
		Example: `  frontdesk check flows.example.yaml
  frontdesk check flows.yaml -o github     as annotations of a pull request
  frontdesk check flows.yaml -o sarif      for code scanning`,
		Args: one("the flow file"),
		RunE: func(c *cobra.Command, args []string) error {
			print, ok := forms[form]
			if !ok {
				return fmt.Errorf("-o: %q is none of %s", form, strings.Join(slices.Sorted(maps.Keys(forms)), ", "))
			}
			l, err := readFlows(args[0])
			if err != nil {
				return err
			}
			if l.set != nil {
				t, err := p.teacher(c)
				if err != nil {
					return err
				}
				t.equip(l.set)
				l.findings = source.Sort(append(l.findings, l.set.Fights()...))
			}
			if err := print(c.OutOrStdout(), l); err != nil {
				return fmt.Errorf("printing the findings: %w", err)
			}
			if l.set == nil || strict && len(l.findings) > 0 {
				return errFindings
			}
			return nil
		},
	}
	c.Flags().StringVarP(&form, "output", "o", "text", "text, json, sarif or github")
	p.folder(c)
	c.Flags().BoolVar(&strict, "strict", false, "exit 1 for warnings, too")
	return c
}

// loaded is a flow file that was read, with whatever was found.
type loaded struct {
	path     string
	set      *flows.Set // nil when there are errors
	files    flows.Files
	findings []flows.Diagnostic
}

// readFlows reads a flow file from the disk with all that it includes.
func readFlows(path string) (loaded, error) {
	l := loaded{path: path}
	var err error
	l.set, l.files, l.findings, err = flows.Load(os.DirFS(filepath.Dir(path)), filepath.Base(path), path)
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("open %s: %w", path, at.Err)
	}
	return l, err
}

// sources are the files by the names that findings give them.
func (l loaded) sources() map[string][]byte {
	out := make(map[string][]byte, len(l.files.Content))
	for name, src := range l.files.Content {
		if name == l.files.Root {
			out[l.path] = src
			continue
		}
		out[filepath.ToSlash(filepath.Join(filepath.Dir(l.path), name))] = src
	}
	return out
}

// err is an error whose text shows every finding; nil when the file may be used.
func (l loaded) err() error {
	if l.set != nil {
		return nil
	}
	var b bytes.Buffer
	_ = source.Render(&b, l.findings, l.sources()) // a buffer takes everything
	return fmt.Errorf("%s is not usable:\n%s", l.path, strings.TrimRight(b.String(), "\n"))
}

// loadFlows reads a flow file that is to be served; its error shows every finding.
func loadFlows(path string) (*flows.Set, error) {
	l, err := readFlows(path)
	if err != nil {
		return nil, err
	}
	return l.set, l.err()
}

// text writes findings for people, and what was proved of a file that may be served.
func text(w io.Writer, l loaded) error {
	var b bytes.Buffer
	if err := source.Render(&b, l.findings, l.sources()); err != nil {
		return err
	}
	if n := len(l.findings); n > 0 {
		fmt.Fprintf(&b, "%s; frontdesk explain %s says more\n", counted(n, "finding"), l.findings[0].Code)
	}
	if l.set != nil {
		fmt.Fprintf(&b, "%s may be served (version %s)\n", l.path, l.set.Version)
		proved(&b, l.set)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// proved tells the figures that the check found.
func proved(b *bytes.Buffer, set *flows.Set) {
	facts := set.Facts()
	fmt.Fprintf(b, "  %s in %s\n", counted(facts.States, "state"), strings.Join(set.Languages, ", "))
	if len(facts.LongestRun) > 0 {
		fmt.Fprintf(b, "  longest run without waiting: %s: %s\n", counted(len(facts.LongestRun), "state"), way(facts.LongestRun))
	}
	for _, kind := range slices.Sorted(maps.Keys(facts.Messages)) {
		most := facts.Messages[kind]
		fmt.Fprintf(b, "  most messages for one of a customer's on %s: %d: %s\n", kind, most.Messages, way(most.Way))
	}
	expected(b, set)
}

// mostShown bounds how much of a way is shown.
const mostShown = 8

func way(names []string) string {
	if len(names) > mostShown {
		names = slices.Concat(names[:mostShown-1], []string{"..."}, names[len(names)-1:])
	}
	return strings.Join(names, " -> ")
}

// expected tells what the examples of the answers let one expect.
func expected(b *bytes.Buffer, set *flows.Set) {
	e, taught := set.Expect()
	switch {
	case !taught:
	case !e.Enough:
		fmt.Fprintf(b, "  %s to learn from: too few to say how many questions like them will be answered\n", counted(e.Examples, "example"))
	default:
		fmt.Fprintf(b, "  of 100 questions like the %s about %.0f will be answered at once, %.0f of 100 such answers right; %.0f are shown answers to choose from\n",
			counted(e.Examples, "example"), 100*e.Answered, 100*e.Right, 100*e.Offered)
	}
}
