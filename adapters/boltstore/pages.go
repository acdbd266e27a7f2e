package boltstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
)

// bbolt keeps a checksum of its two meta pages only, and trusts all others. What
// it would do with a page that says something else than was written is looked for
// here, by reading the file: its pages as bbolt v1 writes them, in the byte order
// of the machine.
const (
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	headerSize  = 16 // id, flags, count, overflow
	elementSize = 16 // of branches and leaves alike
)

// The kinds of pages, and of a leaf's elements.
const (
	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketInLeaf = 0x01
)

// metaPage is what one of the two meta pages says.
type metaPage struct{ pageSize, root, freelist, pages, txid uint64 }

// newestMeta gives the newer of the meta pages that are whole; ok is false when
// none is.
func newestMeta(f io.ReaderAt) (newest metaPage, ok bool) {
	offset := int64(os.Getpagesize()) // of the second, unless the first says otherwise
	for i := range 2 {
		b := make([]byte, headerSize+64)
		if _, err := f.ReadAt(b, int64(i)*offset); err != nil {
			continue
		}
		m, whole := parseMeta(b[headerSize:])
		if !whole {
			continue
		}
		if offset = int64(m.pageSize); !ok || m.txid > newest.txid {
			newest, ok = m, true
		}
	}
	return newest, ok
}

func parseMeta(b []byte) (m metaPage, whole bool) {
	order := binary.NativeEndian
	sum := fnv.New64a()
	_, _ = sum.Write(b[:56]) // never fails
	m = metaPage{
		pageSize: uint64(order.Uint32(b[8:])), root: order.Uint64(b[16:]), freelist: order.Uint64(b[32:]),
		pages: order.Uint64(b[40:]), txid: order.Uint64(b[48:]),
	}
	return m, order.Uint32(b) == metaMagic && order.Uint32(b[4:]) == metaVersion && order.Uint64(b[56:]) == sum.Sum64()
}

// long checks that a file has all the pages it should have. It may be asked of a
// file that another process is writing.
func long(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return fmt.Errorf("%w: it is empty", ErrDamaged)
	}
	if m, ok := newestMeta(f); ok && uint64(info.Size()) < m.pages*m.pageSize {
		return fmt.Errorf("%w: it has %d bytes and should have %d", ErrDamaged, info.Size(), m.pages*m.pageSize)
	}
	return nil
}

// checkPages checks what leads to the records, in a file that nobody writes to: that
// no page is used twice, which would lead bbolt round in circles, and none that
// counts as free, which the next write would write over. It reads one page in a
// hundred: those that hold records are not read, as the records have checksums of
// their own.
func checkPages(f io.ReaderAt) error {
	m, ok := newestMeta(f)
	if !ok {
		return nil // bbolt has a word for it
	}
	w := walk{f: f, meta: m, used: make(map[uint64]struct{})}
	if err := w.freelist(); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	top, err := w.tree(m.root)
	for len(top) > 0 && err == nil {
		var roots []uint64
		if roots, err = w.buckets(top[0]); err == nil {
			err = w.trees(roots)
		}
		top = top[1:]
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// walk is a walk through a file's pages.
type walk struct {
	f    io.ReaderAt
	meta metaPage
	used map[uint64]struct{} // pages that were come by, and those that are free
}

// page reads a page of one of the kinds, with what belongs to it.
func (w *walk) page(id uint64, kinds ...uint16) (b []byte, kind uint16, err error) {
	if id < 2 || id >= w.meta.pages {
		return nil, 0, fmt.Errorf("there is no page %d", id)
	}
	b = make([]byte, w.meta.pageSize)
	if _, err := w.f.ReadAt(b, int64(id*w.meta.pageSize)); err != nil {
		return nil, 0, fmt.Errorf("reading page %d: %w", id, err)
	}
	order := binary.NativeEndian
	kind = order.Uint16(b[8:])
	overflow := uint64(order.Uint32(b[12:]))
	switch {
	case order.Uint64(b) != id:
		return nil, 0, fmt.Errorf("page %d says that it is page %d", id, order.Uint64(b))
	case !slices.Contains(kinds, kind):
		return nil, 0, fmt.Errorf("page %d is of kind %#x", id, kind)
	case overflow >= w.meta.pages-id:
		return nil, 0, fmt.Errorf("page %d goes on behind the end", id)
	case overflow > 0:
		b = make([]byte, (overflow+1)*w.meta.pageSize)
		if _, err := w.f.ReadAt(b, int64(id*w.meta.pageSize)); err != nil {
			return nil, 0, fmt.Errorf("reading page %d: %w", id, err)
		}
	}
	return b, kind, nil
}

// use counts a page, and says when it is counted already.
func (w *walk) use(id uint64) error {
	if id < 2 || id >= w.meta.pages {
		return fmt.Errorf("there is no page %d", id)
	}
	if _, twice := w.used[id]; twice {
		return fmt.Errorf("page %d is used twice, or counts as free", id)
	}
	w.used[id] = struct{}{}
	return nil
}

// freelist counts the pages that are free, and those of the list itself.
func (w *walk) freelist() error {
	if w.meta.freelist == ^uint64(0) { // none is kept; bbolt finds them by itself
		return nil
	}
	b, _, err := w.page(w.meta.freelist, freelistPage)
	if err != nil {
		return fmt.Errorf("the list of free pages: %w", err)
	}
	order := binary.NativeEndian
	count, list := uint64(order.Uint16(b[10:])), b[headerSize:]
	if count == 0xFFFF { // there are more: the first number says how many
		count, list = order.Uint64(list), list[8:]
	}
	if count > uint64(len(list))/8 {
		return errors.New("the list of free pages goes on behind its end")
	}
	for i := range count {
		if err := w.use(order.Uint64(list[8*i:])); err != nil {
			return fmt.Errorf("the list of free pages: %w", err)
		}
	}
	for id := range uint64(len(b)) / w.meta.pageSize {
		if err := w.use(w.meta.freelist + id); err != nil {
			return err
		}
	}
	return nil
}

// trees walks through buckets by their first pages.
func (w *walk) trees(roots []uint64) error {
	for _, root := range roots {
		if _, err := w.tree(root); err != nil {
			return err
		}
	}
	return nil
}

// tree walks through one bucket and gives its leaves. All of these are at the same
// depth, so the first page of each level tells what kind the level is.
func (w *walk) tree(root uint64) (level []uint64, err error) {
	level = []uint64{root}
	if err := w.use(root); err != nil {
		return nil, err
	}
	for {
		_, kind, err := w.page(level[0], branchPage, leafPage)
		if err != nil || kind == leafPage {
			return level, err
		}
		if level, err = w.below(level); err != nil {
			return nil, err
		}
	}
}

// below gives the pages that a level of branches leads to.
func (w *walk) below(level []uint64) (next []uint64, err error) {
	for _, id := range level {
		b, _, err := w.page(id, branchPage)
		if err != nil {
			return nil, err
		}
		count := int(binary.NativeEndian.Uint16(b[10:]))
		if count == 0 || headerSize+count*elementSize > len(b) {
			return nil, fmt.Errorf("page %d says that it leads to %d others", id, count)
		}
		for i := range count {
			child := binary.NativeEndian.Uint64(b[headerSize+i*elementSize+8:])
			if err := w.use(child); err != nil {
				return nil, fmt.Errorf("page %d: %w", id, err)
			}
			next = append(next, child)
		}
	}
	return next, nil
}

// buckets gives the first pages of the buckets in a leaf. A small bucket is in the
// leaf itself and has none.
func (w *walk) buckets(leaf uint64) (roots []uint64, err error) {
	b, _, err := w.page(leaf, leafPage)
	if err != nil {
		return nil, err
	}
	order := binary.NativeEndian
	for i := range uint64(order.Uint16(b[10:])) {
		at := headerSize + i*elementSize
		if at+elementSize > uint64(len(b)) {
			return nil, fmt.Errorf("page %d goes on behind its end", leaf)
		}
		e := b[at:]
		if order.Uint32(e)&bucketInLeaf == 0 {
			continue
		}
		value := at + uint64(order.Uint32(e[4:])) + uint64(order.Uint32(e[8:]))
		if value+8 > uint64(len(b)) {
			return nil, fmt.Errorf("page %d goes on behind its end", leaf)
		}
		if root := order.Uint64(b[value:]); root != 0 {
			roots = append(roots, root)
		}
	}
	return roots, nil
}
