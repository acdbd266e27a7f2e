package boltstore

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// backlog is what the journal has and the file does not.
type backlog struct {
	rows   *layer
	number uint64 // of the newest record; that of the file when there is none
	any    bool   // there are records, if only such as the file has too
}

// journaled is a record as it was found.
type journaled struct {
	number uint64
	body   []byte
}

// readJournal reads what was written after record number from of the file at path.
// The last record may be there in part, when its write was under way: nobody was
// told that it is durable. Any other that is missing is ErrDamaged.
func readJournal(path string, file fileID, from uint64) (left backlog, err error) {
	left = backlog{rows: (&layer{}).next(), number: from}
	var found []journaled
	for _, name := range journalPaths(path) {
		b, err := os.ReadFile(name) //nolint:gosec // beside the operator's own file
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return left, err
		}
		records, err := readPart(b, file)
		if err != nil {
			return left, fmt.Errorf("%s: %w", name, err)
		}
		found = append(found, records...)
	}
	left.any = len(found) > 0
	slices.SortFunc(found, func(a, b journaled) int { return cmp.Compare(a.number, b.number) })
	for _, r := range found {
		switch {
		case r.number <= from:
			continue
		case r.number != left.number+1:
			return left, fmt.Errorf("%w: the journal lacks record %d, and has record %d", ErrDamaged, left.number+1, r.number)
		}
		if err := left.take(r.body); err != nil {
			return left, fmt.Errorf("record %d of the journal: %w", r.number, err)
		}
		left.number = r.number
	}
	return left, nil
}

// readPart finds the records of a part, wherever they begin: behind one that
// is damaged there may be others, which is how it is told from the last one. Behind
// the newest is what is left of older ones, with the words of customers at any place.
// So only the first of a part may be of another file: who sends words that look like
// a record does not know the file's id.
func readPart(b []byte, file fileID) (found []journaled, err error) {
	magic := binary.LittleEndian.AppendUint32(nil, recordMagic)
	for at := 0; at+recordHead <= len(b); {
		ours := bytes.Equal(b[at+atFile:at+atNumber], file[:])
		if !bytes.HasPrefix(b[at:], magic) || (!ours && at > 0) {
			at += recordStep
			continue
		}
		r, size, ok := readRecord(b[at:])
		switch {
		case !ok:
			at += recordStep
			continue
		case !ours:
			return nil, fmt.Errorf("%w: it is the journal of another file; put that file beside it, or remove the journal", ErrForeign)
		}
		found = append(found, r)
		at += (size + recordStep - 1) / recordStep * recordStep
	}
	return found, nil
}

// readRecord reads the record at the beginning of b. ok is false when it is not whole.
func readRecord(b []byte) (r journaled, size int, ok bool) {
	order := binary.LittleEndian
	length := uint64(order.Uint32(b[atLength:]))
	if length > uint64(len(b)-recordHead) {
		return r, 0, false
	}
	size = recordHead + int(length)
	if order.Uint32(b[atChecksum:]) != checksum(b[:size]) {
		return r, 0, false
	}
	return journaled{order.Uint64(b[atNumber:]), b[recordHead:size]}, size, true
}

// take adds the writes of a record.
func (left *backlog) take(body []byte) error {
	for len(body) > 0 {
		bucket := int(body[0])
		key, rest, ok := cutBytes(body[1:], 0)
		value, rest, whole := cutBytes(rest, 1)
		if !ok || !whole || bucket >= bucketCount {
			return fmt.Errorf("%w: it says what nobody wrote", ErrDamaged)
		}
		left.rows.put(bucket, key, value)
		body = rest
	}
	return nil
}

// cutBytes takes a length, which is more by offset, and so many bytes from b. They
// are nil when the length is less than offset.
func cutBytes(b []byte, offset uint64) (head, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 {
		return nil, nil, false
	}
	b = b[size:]
	if n < offset {
		return nil, b, true
	}
	if n -= offset; n > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n:n], b[n:], true
}
