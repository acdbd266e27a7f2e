package boltstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
)

// Copy is a copy of the file as it was at one moment, beside it on the disk. Close
// removes it; a process that dies leaves nothing either, where a file that is open
// can be removed.
type Copy struct {
	*os.File       // at its beginning
	Size     int64 // bytes
}

// Close closes and removes the copy.
func (c *Copy) Close() error {
	err := c.File.Close()
	_ = os.Remove(c.Name()) // where it could not be removed while it was open
	return err
}

// Copy copies the file. Whoever reads the copy may be slow: no transaction is open
// meanwhile, which would keep the file from growing and its pages from being used
// again. It returns bot.ErrFull when the disk has no room for a second file. When
// ctx ends, its error is returned.
func (s *Store) Copy(ctx context.Context) (*Copy, error) {
	c, err := s.beside()
	if err != nil {
		return nil, fmt.Errorf("copying the data file: %w", err)
	}
	if err = s.view(func(v view) error { return room(filepath.Dir(s.db.Path()), v.tx.Size()) }); err == nil {
		c.Size, err = s.WriteTo(ctx, c.File)
	}
	if err == nil {
		_, err = c.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = c.Close()
		if isFull(err) {
			err = fmt.Errorf("%w: %w", bot.ErrFull, err)
		}
		return nil, fmt.Errorf("copying the data file: %w", err)
	}
	return c, nil
}

// beside makes a file for a copy.
func (s *Store) beside() (*Copy, error) {
	f, err := os.CreateTemp(filepath.Dir(s.db.Path()), filepath.Base(s.db.Path())+".copy-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // it lives on until it is closed; Windows removes it then
	return &Copy{File: f}, nil
}

// WriteTo writes a copy of the file to w and says how many bytes it has. A
// transaction is open meanwhile: where others write, w must be quick, see Copy.
func (s *Store) WriteTo(ctx context.Context, w io.Writer) (n int64, err error) {
	var tx *bolt.Tx
	switch {
	case !s.looks():
		tx, err = s.upToDate(ctx)
	case s.under != nil:
		return s.writeUpToDate(ctx, w)
	default:
		tx, err = s.db.Begin(false)
	}
	if err != nil {
		return 0, closed(err)
	}
	defer func() { _ = tx.Rollback() }()
	err = guard(func() error {
		n, err = tx.WriteTo(&patient{ctx, w})
		return err
	})
	if gone := ctx.Err(); err != nil && gone != nil {
		err = gone // bbolt tells it in words only
	}
	return n, err
}

// writeUpToDate writes a copy of a file that lacks what its journal has, with that.
func (s *Store) writeUpToDate(ctx context.Context, w io.Writer) (n int64, err error) {
	c, err := s.beside()
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.Close() }() // bbolt closes it too
	err = s.view(func(v view) error {
		_, err := v.tx.WriteTo(&patient{ctx, c.File})
		return err
	})
	if err != nil {
		return 0, err
	}
	db, err := bolt.Open(c.Name(), 0o600, &bolt.Options{
		Timeout: lockWait, NoSync: true, FreelistType: bolt.FreelistMapType,
		OpenFile: func(string, int, os.FileMode) (*os.File, error) { return c.File, nil },
	})
	if err != nil {
		return 0, err
	}
	err = (&Store{db: db}).bring(s.under, s.number, pace{})
	if err == nil {
		err = db.View(func(tx *bolt.Tx) error {
			n, err = tx.WriteTo(&patient{ctx, w})
			return err
		})
	}
	return n, errors.Join(err, db.Close())
}

// patient is a writer that ends with its context.
type patient struct {
	ctx context.Context
	to  io.Writer
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.to.Write(b)
}

// spare is what must be left of the disk after a copy was written to it: the
// program goes on writing.
const spare = 64 << 20

// room returns bot.ErrFull when the folder has no room for so many bytes.
func room(dir string, size int64) error {
	free, known := freeBytes(dir)
	if known && free < uint64(size)+spare {
		return fmt.Errorf("%w: %s has room for %d MiB, a copy of the file needs %d MiB", bot.ErrFull, dir, free>>20, (size+spare)>>20)
	}
	return nil
}

// compactedAtOnce is how many bytes are copied in one transaction.
const compactedAtOnce = 16 << 20

// Compact writes the file at path anew, without the free pages in it and what was
// written there before, and puts it in the place of the old one. Nobody may have
// it open; it returns ErrInUse otherwise, and bot.ErrFull when the disk has no
// room for a second one. The sizes are in bytes.
func Compact(path string) (before, after int64, err error) {
	src, err := lookUpToDate(path)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	before, err = sizeOf(path)
	if err == nil {
		err = room(filepath.Dir(path), before)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("compacting %s: %w", path, err)
	}
	to := path + ".compact"
	if err := errors.Join(removed(to), guard(func() error { return compactTo(to, src.db) })); err != nil {
		return 0, 0, fmt.Errorf("compacting %s: %w", path, errors.Join(err, removed(to)))
	}
	if after, err = sizeOf(to); err == nil {
		err = Place(to, path)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("compacting %s: %w", path, err)
	}
	return before, after, nil
}

// lookUpToDate is Look at a file that has all there is.
func lookUpToDate(path string) (*Store, error) {
	for { // between two of these another program may have begun, and died
		s, err := Look(path)
		if err != nil || s.under == nil {
			return s, err
		}
		if err := s.Close(); err != nil {
			return nil, err
		}
		if s, err = Open(path, Options{}); err != nil {
			return nil, err
		}
		if err := s.Close(); err != nil {
			return nil, err
		}
	}
}

// compactTo copies every bucket, record by record.
func compactTo(path string, src *bolt.DB) error {
	dst, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	if err := errors.Join(bolt.Compact(dst, src, compactedAtOnce), dst.Sync()); err != nil {
		return errors.Join(err, dst.Close())
	}
	return dst.Close()
}

// Place puts the file at from, which must be flushed, with its journal, in the place
// of to and its journal. After a crash there is one of them, whole, but that what was
// at to may lack its journal, and what comes from from may have its journal there.
func Place(from, to string) error {
	// First: with the journal of to the new file would not be what it is to be.
	if err := removeJournal(to); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	there := journalPaths(to)
	for i, name := range journalPaths(from) {
		if err := os.Rename(name, there[i]); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system knows it for folders
	return dir.Close()
}

func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// removed removes a file; that there is none is no error.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
