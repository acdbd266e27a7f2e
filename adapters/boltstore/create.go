package boltstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	bolt "go.etcd.io/bbolt"
)

// create makes a new file at path unless there is one. It is written under another
// name and appears whole: so a file that is empty, or ends too early, is always
// one that lost something, and never one that was about to be made.
func create(path string, noSync bool) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	if err = errors.Join(f.Close(), fill(f.Name(), noSync)); err == nil {
		err = appear(f.Name(), path)
	}
	err = errors.Join(err, removed(f.Name()))
	if err != nil || noSync {
		return err
	}
	// A flush of the file says nothing of its name, nor of the folder's.
	return errors.Join(flushFolder(filepath.Dir(path)), flushFolder(filepath.Dir(filepath.Dir(path))))
}

func fill(path string, noSync bool) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockWait, NoSync: noSync, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	return errors.Join(db.Update(func(tx *bolt.Tx) error { return writerTo(tx).create() }), db.Close())
}

// appear names the file at from to. When another process was faster, its file
// stays: it may be in use already.
func appear(from, to string) error {
	if err := alsoNamed(from, to); !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// alsoNamed gives a file a second name, which nothing has yet, or another one
// where the file system knows no second names.
func alsoNamed(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, os.ErrExist) {
		return err
	}
	return os.Rename(from, to)
}

func flushFolder(path string) error {
	f, err := os.Open(path) //nolint:gosec // the operator's own path
	if err != nil {
		return err
	}
	err = f.Sync()
	if runtime.GOOS != "linux" || errors.Is(err, syscall.EINVAL) {
		err = nil // not every system knows it for folders, nor every file system
	}
	return errors.Join(err, f.Close())
}

// existing opens the file for bbolt, which would make an empty one a new store, and
// panics where a file ends too early.
func existing(name string, flag int, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(name, flag&^os.O_CREATE, mode) //nolint:gosec // the operator's own path
	if err != nil {
		return nil, err
	}
	if err := long(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// advised adds to an error of Open what can be done about it.
func advised(err error) error {
	switch {
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("%w (put a backup in its place with frontdesk store restore)", err)
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("%w (choose another data folder, or put a backup in its place with frontdesk store restore)", err)
	}
	return err
}
