package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/flows/encoder"
)

func newEncoder(env getenv) *cobra.Command {
	p := &place{env: env}
	c := group(&cobra.Command{
		Use:   "encoder",
		Short: "Installs a model by which English questions are understood in other words",
		Long: `encoder is about a file in the data folder (--data, or FRONTDESK_DATA, or what the operator's
file says, or ./frontdesk-data): the Universal Sentence Encoder Lite, a model of English
by Google under the Apache License 2.0. With it common questions are understood that share no
word with their examples. Without it everything works, by words alone.`,
	})
	c.PersistentFlags().StringVar(&p.configPath, "config", "", "the operator's file; only its data is read")
	c.PersistentFlags().StringVar(&p.dataDir, "data", "", "folder of the store (default ./frontdesk-data)")
	c.AddCommand(encoderInstall(p), encoderStatus(p), encoderRemove(p))
	return c
}

// encoder is the path of the encoder's file.
func (c config) encoder() string { return filepath.Join(c.data, "encoder-use-lite.bin") }

// openEncoder reads the encoder's file; fs.ErrNotExist when none is installed.
func openEncoder(path string) (*encoder.Encoder, error) {
	src, err := os.ReadFile(path) //nolint:gosec // in the operator's data folder
	if err != nil {
		return nil, fmt.Errorf("reading the encoder: %w", err)
	}
	e, err := encoder.Open(src)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; frontdesk encoder install makes it anew", path, err)
	}
	return e, nil
}

func encoderStatus(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Tells whether the encoder is installed and sound, and how fast it is here",
		Long: `status checks the whole file and encodes some sentences.

It exits 0 when the encoder is there and sound, 1 when none is installed, 2 when it cannot be used.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.read(c)
			if err != nil {
				return err
			}
			e, err := openEncoder(cfg.encoder())
			if errors.Is(err, fs.ErrNotExist) {
				_, err := fmt.Fprintln(c.OutOrStdout(), "no encoder is installed; frontdesk encoder install does it")
				return errors.Join(errFindings, err)
			}
			if err != nil {
				return err
			}
			return tellEncoder(c.OutOrStdout(), cfg.encoder(), e)
		},
	}
}

func encoderRemove(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "remove",
		Short: "Removes the encoder",
		Long: `remove takes the encoder's file away. A program that runs goes on with it until it is started
again; common questions are found by words alone then.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.read(c)
			if err != nil {
				return err
			}
			said := "removed " + cfg.encoder()
			if err := os.Remove(cfg.encoder()); errors.Is(err, fs.ErrNotExist) {
				said = "no encoder is installed; nothing was removed"
			} else if err != nil {
				return fmt.Errorf("removing the encoder: %w", err)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), said)
			return err
		},
	}
}

// tellEncoder says what is installed.
func tellEncoder(w io.Writer, path string, e *encoder.Encoder) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `%s is sound: %s, version %s
the Universal Sentence Encoder Lite, Apache License 2.0, from %s %s
a sentence takes %s here (%s)
`, path, inBytes(info.Size()), e.Version(), encoder.Package, encoder.PackageVersion, pace(e), e.Kernel())
	return err
}

// pace is what a sentence of usual length takes: the median of some.
func pace(e *encoder.Encoder) time.Duration {
	point := make([]float32, e.Size())
	times := make([]time.Duration, 15)
	for i := range times {
		begun := time.Now()
		e.Encode(point, "I ordered a new card two weeks ago, when will it come?")
		times[i] = time.Since(begun)
	}
	slices.Sort(times)
	return times[len(times)/2].Round(10 * time.Microsecond)
}
