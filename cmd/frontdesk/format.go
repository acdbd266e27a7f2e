package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"frontdesk/flows/layout"
	"frontdesk/flows/source"
)

// formatter is one run of fmt.
type formatter struct {
	check, diff bool
	in          io.Reader
	out, err    io.Writer
	found       bool // something that ends the run with exit code 1
}

func newFormat() *cobra.Command {
	var f formatter
	c := &cobra.Command{
		Use:   "fmt FILES...",
		Short: "Gives flow files their one layout, and keeps comments and what they say",
		Long: `fmt rewrites flow files in the layout of flows.example.yaml: two spaces a level, keys in
the order of the language, at most one blank line in a row, quotes where they mean something.
What a file says stays the same, and so do its comments. The names of the files that changed
are printed. - reads standard input and writes to standard output.

With --check nothing is written and the names of the files that would change are printed;
with --diff nothing is written either, and what would change is shown.

It exits 0 when it is done, 1 when a file is no YAML (which leaves it as it is) or, with
--check, would change, 2 when a file could not be read or written.`,
		Example: `  frontdesk fmt flows.yaml
  frontdesk fmt --check flows.yaml flows/*.yaml
  frontdesk fmt - < flows.yaml`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%s takes the files to lay out; none is given\nusage: %s", c.CommandPath(), c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			f.in, f.out, f.err = c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr()
			return f.run(args)
		},
	}
	c.Flags().BoolVar(&f.check, "check", false, "write nothing, print the names of files that would change, and exit 1 if there are any")
	c.Flags().BoolVar(&f.diff, "diff", false, "write nothing, show what would change as a unified diff")
	return c
}

// run lays out every file, whatever becomes of the others.
func (f *formatter) run(paths []string) error {
	var faults []error
	for _, path := range paths {
		if err := f.file(path); err != nil {
			faults = append(faults, err)
		}
	}
	switch err := errors.Join(faults...); {
	case err != nil:
		return err
	case f.found:
		return errFindings
	default:
		return nil
	}
}

func (f *formatter) file(path string) error {
	name, piped := path, path == "-"
	var src []byte
	var err error
	if piped {
		name = "stdin"
		src, err = io.ReadAll(io.LimitReader(f.in, source.MaxSize+1))
	} else {
		src, err = readBounded(path, source.MaxSize)
	}
	if err != nil {
		return err
	}
	out, findings := layout.Format(name, src)
	if source.Failed(findings) {
		f.found = true
		shown := f.out
		if piped { // where the file is expected no findings are
			shown = f.err
		}
		return source.Render(shown, findings, map[string][]byte{name: src})
	}
	return f.give(path, name, src, out)
}

// give does with a file that is laid out what was asked for.
func (f *formatter) give(path, name string, src, out []byte) error {
	changed := string(src) != string(out)
	f.found = f.found || f.check && changed
	switch {
	case f.diff:
		_, err := io.WriteString(f.out, layout.Diff(name, string(src), string(out)))
		return err
	case path == "-" && !f.check:
		_, err := f.out.Write(out)
		return err
	case !changed:
		return nil
	case !f.check:
		if err := replace(path, out); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(f.out, name)
	return err
}

// replace writes a file anew with the permissions it has. Whoever reads it
// meanwhile, or after a crash, finds the old text or the new one.
func replace(path string, text []byte) (err error) {
	path, err = filepath.EvalSymlinks(path) // a link stays one
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(temp.Name()))
		}
	}()
	if err := errors.Join(put(temp, text, info.Mode().Perm()), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

func put(f *os.File, text []byte, mode os.FileMode) error {
	if _, err := f.Write(text); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	return f.Sync()
}
