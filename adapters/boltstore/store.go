// Package boltstore keeps everything in one bbolt file: the default store, for
// one process on one machine.
//
// Reads are short transactions that copy their result out. Writes go through
// one goroutine that appends all that wait to a journal as one record, so that
// many senders share one flush of the disk; the file follows a moment later, see
// settle.go. The package decides nothing: what is written comes from package bot,
// and so does every moment in time.
package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"frontdesk/bot"
)

var _ bot.Store = (*Store)(nil)

// Errors of Open and of a closed Store. Callers compare with errors.Is.
var (
	// ErrInUse is returned by Open when another process has the file open.
	ErrInUse = errors.New("the data folder is in use by another frontdesk process")
	// ErrForeign is wrapped by Open when the file was not written by frontdesk.
	ErrForeign = errors.New("this is not a data file of frontdesk")
	// ErrDamaged is wrapped by Open when the file is cut off or broken, and by
	// any method that meets a broken page or record later.
	ErrDamaged = errors.New("the data file is damaged")
	// ErrFailed is wrapped by every method that writes, once the disk failed in
	// such a way that nobody knows whether the last write is durable. See Store.Failed.
	ErrFailed = errors.New("the disk failed while writing; nothing more is written until frontdesk is started again")
	// ErrClosed is returned by every method after Close.
	ErrClosed = errors.New("the store is closed")
)

// FormatError is returned by Open for a file whose format is newer than this
// program, and by Look for an older one as well.
type FormatError struct{ Found, Known int }

func (e *FormatError) Error() string {
	if e.Found < e.Known {
		return fmt.Sprintf("the data file was written by an older frontdesk (format %d, this one knows %d); the next start brings it up to date", e.Found, e.Known)
	}
	return fmt.Sprintf("the data file was written by a newer frontdesk (format %d, this one knows %d)", e.Found, e.Known)
}

// format is the number of the file's layout: buckets, keys and records.
//
//  1. As it began.
//  2. Conversations know when they wake, and are counted by where they stand.
//  3. All of a conversation stands side by side, and records are no longer JSON.
//  4. What was written last may be in a journal beside the file, and nothing leads
//     to messages by the platforms' ids any more.
//  5. Open tickets are listed by their place in line, and what messages cost is kept.
//  6. What was not understood is kept.
const format = 6

// lockWait is how long Open waits for a process that is about to end.
const lockWait = time.Second

// defaultBatch is far more than ever waits at once; it only bounds what one record
// of the journal takes of the memory.
const defaultBatch = 1024

// Options changes how a Store works. Its zero value is right for production.
type Options struct {
	// Flush is called once per batch of writes, right after the journal was
	// flushed and before its callers are told. Benchmarks stand in for a slower
	// disk with it. It runs on the writing goroutine.
	Flush func()
	// Observe is told of every batch of writes: how many writes shared it, and
	// how long it took until they were durable. It runs on the writing goroutine.
	Observe func(writes int, took time.Duration)
	// MaxBatch is the most writes that share a flush; 0: 1024. With 1 each has
	// its own, which is what benchmarks compare with.
	MaxBatch int
	// NoSync leaves out the flush, so that a crash of the machine loses data
	// and may break the file. Only for tests.
	NoSync bool
}

// Store is an open file. Its methods may be called from many goroutines.
type Store struct {
	db       *bolt.DB
	file     *os.File
	ahead    ahead
	flush    func()
	observe  func(writes int, took time.Duration)
	maxBatch int
	resident *resident // owned by the writing goroutine

	jobs    chan *job     // unbuffered: a job that was taken is always answered
	closing chan struct{} // closed by Close
	written chan struct{} // closed when the writing goroutine has ended
	failed  chan struct{} // closed when broken is set
	close   func() error  // sync.OnceValue

	now     atomic.Pointer[shown] // what readers see beside the file
	settled chan error            // what came of bringing the file up to date

	// What follows is owned by the writing goroutine until written is closed.
	journal   *journal
	top       *layer        // what is written to
	since     time.Time     // when the first of it was written
	wrote     time.Time     // when the newest was
	rested    bool          // nothing was since the file's memory was let go
	under     *layer        // what the file is brought up to date with; nil: nothing
	number    uint64        // of the newest record in it
	turn      uint64        // see shown
	settling  bool          // it is under way
	haste     chan struct{} // closed: it does so without pauses
	unsettled error         // why it did not work the last time
	again     time.Time     // when it is tried again then
	changed   []write       // room for those of a batch
	broken    error         // why nothing more is written
	full      bool          // a write found no room, and no Check found any since
	ended     error         // what came of ending the writing
}

// Open opens the file at path and creates it, and its folder, when they are
// missing. It returns ErrInUse, ErrForeign, ErrDamaged or *FormatError when the
// file cannot be used; the caller must Close what it gets otherwise.
//
// Sends that a process which is gone had begun become due at once: the lock on
// the file proves that nobody else is sending.
func Open(path string, o Options) (*Store, error) {
	s := &Store{
		flush:    o.Flush,
		observe:  o.Observe,
		maxBatch: o.MaxBatch,
		jobs:     make(chan *job),
		closing:  make(chan struct{}),
		settled:  make(chan error, 1),
		top:      (&layer{}).next(),
		written:  make(chan struct{}),
		failed:   make(chan struct{}),
	}
	if s.maxBatch <= 0 {
		s.maxBatch = defaultBatch
	}
	s.close = sync.OnceValue(s.shut)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	err := s.open(path, o.NoSync)
	if older, ok := errors.AsType[*olderError](err); ok {
		if err = s.renew(path, older.format); err == nil {
			err = s.open(path, o.NoSync)
		}
	}
	if err != nil {
		return nil, advised(fmt.Errorf("opening %s: %w", path, err))
	}
	s.resident, s.ahead.on = newResident(), !o.NoSync
	s.reveal()
	go s.write()
	return s, nil
}

func (s *Store) open(path string, noSync bool) error {
	err := guard(func() (err error) {
		if err := create(path, noSync); err != nil {
			return fmt.Errorf("creating the data file: %w", err)
		}
		s.db, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout:         lockWait,
			NoSync:          noSync,
			FreelistType:    bolt.FreelistMapType,
			InitialMmapSize: mapSize(),
			// bbolt panics on some broken files and forgets the descriptor, and
			// with it the lock.
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				f, err := existing(name, flag, mode)
				s.file = f
				return f, err
			},
		})
		if err != nil {
			return err
		}
		if err := errors.Join(s.stays(path), checkPages(s.file)); err != nil {
			return err
		}
		return s.prepare(path, !noSync)
	})
	if _, older := errors.AsType[*olderError](err); err == nil || older {
		return err
	}
	if _, ok := errors.AsType[*panicError](err); ok && s.file != nil {
		if found := checkPages(s.file); found != nil {
			err = found // bbolt's panics say where it was, but not what is wrong
		}
		_ = s.file.Close() // not db.Close, which may wait for a lock that the panic left behind
	} else if s.db != nil {
		_ = s.db.Close()
	}
	if s.file != nil {
		_ = s.file.Close() // which bbolt does not always do; twice does no harm
	}
	switch info, statErr := os.Stat(path); {
	case errors.Is(err, berrors.ErrTimeout):
		return ErrInUse
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return fmt.Errorf("%w: %w", ErrForeign, err)
	case isFull(err):
		return fmt.Errorf("%w: %w", bot.ErrFull, err)
	case errors.Is(err, ErrDamaged):
		return err
	case statErr == nil && info.Size() < 4*int64(os.Getpagesize()): // less than an empty file has
		return fmt.Errorf("%w: it ends after %d bytes: %w", ErrDamaged, info.Size(), err)
	}
	return err
}

// stays checks that the file that was locked is the one at path still: somebody
// may have put another in its place while we waited for the lock, as compact does.
func (s *Store) stays(path string) error {
	locked, err := s.file.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Stat(path); err != nil || !os.SameFile(locked, there) {
		return fmt.Errorf("%w: it put another file in this one's place", ErrInUse)
	}
	return nil
}

// mapSize is how much address space is reserved at once. A mapping that must
// grow waits for every reader, so it is made larger than most files become.
// Windows makes the file itself as large as the mapping.
func mapSize() int {
	if runtime.GOOS == "windows" {
		return 0
	}
	return 1 << (strconv.IntSize / 2) // 4 GiB where addresses have 64 bits, next to nothing elsewhere
}

// Check returns nil when the store reads and takes writes, and says otherwise
// what any method would: ErrDamaged or ErrFailed when nothing is written any more
// (see Failed), and ErrClosed after Close. It waits its turn behind the writes
// that wait, so ctx should have a deadline. It writes nothing, unless a write found
// the disk full: then it tries whether there is room again, and says bot.ErrFull
// while there is none. Meanwhile small writes may still find their place in the file.
func (s *Store) Check(ctx context.Context) error {
	err := s.view(func(v view) error {
		found, err := v.format()
		if err == nil && found < format {
			err = ErrDamaged
		}
		return err
	})
	if err == nil {
		err = s.hand(ctx, &job{ask: s.probe})
	}
	if err != nil {
		return fmt.Errorf("checking the store: %w", err)
	}
	return nil
}

// Close waits for the writes that were taken and closes the file. Writes that
// still wait get ErrClosed. It may be called again and from many goroutines.
func (s *Store) Close() error { return s.close() }

func (s *Store) shut() error {
	close(s.closing)
	<-s.written
	s.resident.close()
	if _, panicked := errors.AsType[*panicError](s.broken); panicked {
		// bbolt's own Close may wait for ever for a lock that a panic left behind.
		return errors.Join(s.ended, s.file.Close())
	}
	return errors.Join(s.ended, s.db.Close())
}

// closed tells that nothing can be read after Close.
func closed(err error) error {
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// panicError is a panic of bbolt, or the fault of a page that cannot be read.
type panicError struct{ value any }

func (e *panicError) Error() string        { return fmt.Sprintf("%v: %v", ErrDamaged, e.value) }
func (e *panicError) Is(target error) bool { return target == ErrDamaged }

// guard turns a panic under f into a *panicError: one broken page must not end
// the process.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p}
		}
	}()
	return f()
}
