package boltstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
)

// The journal is three files beside the store's own, its parts. What a batch of
// writes changes is appended to one of them and flushed: one write to the disk, at
// one place, of little more than was changed. The file itself follows a moment later,
// see settle; meanwhile the next part is written to, from its start. The part before
// stays until then, although the file has all of it: of the file's two meta pages
// the older one does not know of it, and that is the one that counts when the other
// was spoilt.
//
// A record is a head of recordHead bytes and a body, which is padded so that every
// record begins at a multiple of recordStep.
const (
	recordMagic = 0x314a4446 // "FDJ1"
	recordHead  = 32         // magic, length of the body, file, number, checksum, 4 bytes of nothing
	recordStep  = 8

	atLength   = 4
	atFile     = 8
	atNumber   = 16
	atChecksum = 24
)

const (
	journalFirst = 256 << 10 // bytes of a new journal
	journalStep  = 1 << 20   // by how much it grows at most, unless one record needs more
	journalMost  = 64 << 20  // what is more is given back when it is written over
)

// journalParts is how many files the journal has.
const journalParts = 3

// write is a row that a batch of writes changes. A value of nil removes it.
type write struct {
	bucket int
	row
}

// journal is what is written to. It belongs to the writing goroutine.
type journal struct {
	path   string // of the store's file
	file   fileID
	sync   bool
	parts  [journalParts]*os.File // nil: not made yet
	size   [journalParts]int64    // bytes that have their place on the disk
	active int                    // which of them is written to
	end    int64                  // where its next record goes
	number uint64                 // of the newest record
	buf    []byte

	write func(f *os.File, b []byte, offset int64) (int, error)
	flush func(f *os.File) error
}

// fileID tells a store's file from others.
type fileID [8]byte

func newJournal(path string, file fileID, sync bool, number uint64) *journal {
	return &journal{path: path, file: file, sync: sync, number: number, write: (*os.File).WriteAt, flush: flushData}
}

// journalPaths are the names of the parts, for the file at path.
func journalPaths(path string) (names [journalParts]string) {
	for i := range names {
		names[i] = fmt.Sprintf("%s.journal%d", path, i+1)
	}
	return names
}

// errUnflushed says that nobody knows whether a record is on the disk.
var errUnflushed = errors.New("flushing the journal")

// append writes one record and returns when it is durable. On an error that is not
// errUnflushed it is not there, and the next one takes its place.
func (j *journal) append(writes []write) error {
	j.buf = encodeRecord(j.buf[:0], j.file, j.number+1, writes)
	if err := j.reserve(j.end + int64(len(j.buf))); err != nil {
		return err
	}
	f := j.parts[j.active]
	if _, err := j.write(f, j.buf, j.end); err != nil {
		// It may be whole all the same, but for its padding.
		_, _ = j.write(f, make([]byte, recordHead), j.end)
		return err
	}
	if j.sync {
		// A flush that failed must not be tried again: the system may have marked
		// what was lost as clean.
		if err := j.flush(f); err != nil {
			return errors.Join(errUnflushed, err)
		}
	}
	j.end += int64(len(j.buf))
	j.number++
	if len(j.buf) > journalStep {
		j.buf = nil // one that was large is no reason to keep as much for ever
	}
	return nil
}

// reserve makes the journal so long that a record has its place before it is
// written: a flush then has no need to write where the file's blocks are.
func (j *journal) reserve(end int64) error {
	if j.parts[j.active] == nil {
		if err := j.create(j.active); err != nil {
			return err
		}
	}
	have := j.size[j.active]
	if end <= have {
		return nil
	}
	return j.lengthen(j.active, max(end+journalFirst, min(2*have, have+journalStep)))
}

func (j *journal) lengthen(part int, want int64) error {
	have := j.size[part]
	if _, err := j.write(j.parts[part], make([]byte, want-have), have); err != nil {
		return err
	}
	j.size[part] = want
	return nil
}

// extend makes the next part as long as the others, before it is written to. It
// runs beside the writing goroutine, which begins with that part only afterwards.
func (j *journal) extend(part int, want int64) error {
	if j.parts[part] == nil {
		if err := j.create(part); err != nil {
			return err
		}
	}
	f := j.parts[part]
	for j.size[part] < want {
		if err := j.lengthen(part, min(j.size[part]+journalStep, want)); err != nil {
			return err
		}
		if j.sync {
			if err := j.flush(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *journal) create(part int) error {
	f, err := os.OpenFile(journalPaths(j.path)[part], os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if j.sync {
		if err := flushFolder(filepath.Dir(j.path)); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	j.parts[part], j.size[part] = f, 0
	return nil
}

// turn goes on in the next part, which nobody needs any more.
func (j *journal) turn() {
	j.active, j.end = (j.active+1)%journalParts, 0
	if f := j.parts[j.active]; f != nil && j.size[j.active] > journalMost && f.Truncate(journalFirst) == nil {
		j.size[j.active] = journalFirst
	}
}

// close closes the parts, and removes them when the file has all there is.
func (j *journal) close(settled bool) error {
	var errs []error
	for _, f := range j.parts {
		if f == nil {
			continue
		}
		errs = append(errs, f.Close())
	}
	if settled {
		errs = append(errs, removeJournal(j.path))
	}
	return errors.Join(errs...)
}

func removeJournal(path string) error {
	var errs []error
	for _, name := range journalPaths(path) {
		errs = append(errs, removed(name))
	}
	return errors.Join(errs...)
}

func encodeRecord(b []byte, file fileID, number uint64, writes []write) []byte {
	b = append(b, make([]byte, recordHead)...)
	for _, w := range writes {
		b = binary.AppendUvarint(append(b, byte(w.bucket)), uint64(len(w.key)))
		b = append(b, w.key...)
		if w.value == nil {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(w.value))+1)
		b = append(b, w.value...)
	}
	order := binary.LittleEndian
	order.PutUint32(b, recordMagic)
	order.PutUint32(b[atLength:], uint32(len(b)-recordHead))
	copy(b[atFile:], file[:])
	order.PutUint64(b[atNumber:], number)
	order.PutUint32(b[atChecksum:], checksum(b))
	for len(b)%recordStep != 0 {
		b = append(b, 0)
	}
	return b
}

// checksum is that of a record, without the checksum itself.
func checksum(b []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(b[:atChecksum], table), table, b[recordHead:])
}
