package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// mostMended is how many findings are mended in one write.
const mostMended = 20_000

// Mend makes the indexes of the file at path agree with its records, and says
// what it did, a line each. Records that cannot be read stay as they are. Nobody
// may have the file open; it returns ErrInUse otherwise.
func Mend(ctx context.Context, path string) (lines []string, err error) {
	s, err := Open(path, Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for {
		var done []string
		err := s.update(ctx, func(w *writer) (err error) {
			done, err = w.mendSome(ctx)
			return err
		})
		if err != nil {
			return lines, fmt.Errorf("mending %s: %w", path, err)
		}
		if len(done) == 0 || endsWith(lines, done) { // what cannot be mended after all is no reason to try for ever
			return lines, nil
		}
		lines = append(lines, done...)
	}
}

func endsWith(lines, done []string) bool {
	return len(lines) >= len(done) && slices.Equal(lines[len(lines)-len(done):], done)
}

// mendAll mends what can be mended, in the write of w.
func (w *writer) mendAll() error {
	var before []string
	for {
		done, err := w.mendSome(context.Background())
		if err != nil || len(done) == 0 || slices.Equal(done, before) {
			return err
		}
		before = done
	}
}

// mendSome mends some findings, and says which. What one of them mended may be
// what another was about: both are right afterwards.
func (w *writer) mendSome(ctx context.Context) (done []string, err error) {
	var checked Checked
	i := inspection{view: w.view, ctx: ctx, limit: mostMended, mends: true, out: &checked}
	if err := i.run(); err != nil {
		return nil, err
	}
	for _, f := range checked.Findings {
		if err := f.mend(w); err != nil {
			return done, fmt.Errorf("%s: %w", f.Where, err)
		}
		done = append(done, f.Where+": "+f.What)
	}
	return done, nil
}
