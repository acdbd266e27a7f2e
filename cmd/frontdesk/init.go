package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/flows"
)

// start holds a folder for each business that init can write.
//
//go:embed start
var start embed.FS

// templates are the names of the folders in start, the default first.
func templates() []string { return []string{"shop", "clinic", "restaurant"} }

func newInit() *cobra.Command {
	var template string
	c := &cobra.Command{
		Use:   "init DIR",
		Short: "Writes a business to start from: a flow file that you make your own",
		Long: `init writes a whole business into a folder: a flow file that passes the check, a schema
with which editors complete and explain what you write, and a README. It makes the
folder, and writes over nothing that is there.

  shop         prices, orders and returns looked up in a shop system, opening hours
  clinic       emergencies first, appointments, prescriptions; in English and German
  restaurant   tables, the menu as a document, takeaway; in several files`,
		Example: `  frontdesk init myshop
  frontdesk init praxis --template clinic`,
		Args: one("the folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains(templates(), template) {
				return fmt.Errorf("--template: %q is none of %s", template, strings.Join(templates(), ", "))
			}
			files, err := business(template)
			if err != nil {
				return err
			}
			if err := lay(args[0], files); err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintln(c.OutOrStdout(), "wrote", filepath.Join(args[0], filepath.FromSlash(f.name)))
			}
			at := filepath.Join(args[0], "flows.yaml")
			fmt.Fprintf(c.OutOrStdout(), "\nnext:\n  frontdesk check %s\n  frontdesk demo --flows %s\n", at, at)
			return nil
		},
	}
	c.Flags().StringVar(&template, "template", templates()[0], strings.Join(templates(), ", "))
	return c
}

// file is one that init writes.
type file struct {
	name    string // with slashes, below the folder
	content []byte
}

// business gives the files of a template and the schema of flow files, by name.
func business(template string) ([]file, error) {
	files := []file{{"flows.schema.json", flows.Schema()}}
	root := path.Join("start", template)
	err := fs.WalkDir(start, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := start.ReadFile(name)
		files = append(files, file{strings.TrimPrefix(name, root+"/"), content})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the template %s: %w", template, err)
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

// lay writes files into a folder. Where some are there already it writes none,
// and its error names them.
func lay(dir string, files []file) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // files of the author's that hold no secrets
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // what was written is closed by itself
	var there []string
	for _, f := range files {
		if _, err := root.Lstat(filepath.FromSlash(f.name)); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, filepath.Join(dir, filepath.FromSlash(f.name)))
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("nothing was written, as there are already\n  %s\nname another folder, or move them away", strings.Join(there, "\n  "))
	}
	for _, f := range files {
		if err := f.write(root); err != nil {
			return err
		}
	}
	return nil
}

// write makes a file that is not there yet.
func (f file) write(root *os.Root) error {
	name := filepath.FromSlash(f.name)
	if below := filepath.Dir(name); below != "." {
		if err := root.MkdirAll(below, 0o755); err != nil {
			return err
		}
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(f.content)
	return errors.Join(err, out.Close())
}
