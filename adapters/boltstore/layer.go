package boltstore

import (
	"bytes"
	"slices"

	"github.com/tidwall/btree"
)

// row is a key and what is stored there. In a layer a value of nil means that
// the key was removed.
type row struct{ key, value []byte }

// layer is what was written since the file was brought up to date, by bucket:
// the journal has it on the disk, the file does not have it yet. A layer that
// was shown to readers does not change any more, see next.
type layer struct {
	trees [bucketCount]*btree.BTreeG[row] // nil: nothing
	mine  [bucketCount]bool               // trees that nobody else has, and which may be changed
	size  int                             // bytes that were written to it, about
}

// degree is small, as the first write to a node copies it.
const degree = 8

// next is a layer that begins as l and may be changed. l must not be, from now on.
func (l *layer) next() *layer {
	return &layer{trees: l.trees, size: l.size}
}

func (l *layer) get(bucket int, key []byte) (value []byte, ok bool) {
	if l.trees[bucket] == nil {
		return nil, false
	}
	r, ok := l.trees[bucket].Get(row{key: key})
	return r.value, ok
}

// put keeps key and value; nil removes what the file has.
func (l *layer) put(bucket int, key, value []byte) {
	l.tree(bucket).Set(row{key, value})
	l.size += len(key) + len(value) + rowSize
}

// forget is for a key of which the file knows nothing.
func (l *layer) forget(bucket int, key []byte) { l.tree(bucket).Delete(row{key: key}) }

// rowSize is what a row takes besides its key and value.
const rowSize = 64

// rows are all rows, in order.
func (l *layer) rows() (all []write) {
	for i, t := range l.trees {
		if t == nil {
			continue
		}
		all = slices.Grow(all, t.Len())
		t.Scan(func(r row) bool {
			all = append(all, write{i, r})
			return true
		})
	}
	return all
}

func (l *layer) tree(bucket int) *btree.BTreeG[row] {
	switch {
	case l.mine[bucket]:
	case l.trees[bucket] == nil:
		before := func(a, b row) bool { return bytes.Compare(a.key, b.key) < 0 }
		l.trees[bucket] = btree.NewBTreeGOptions(before, btree.Options{Degree: degree, NoLocks: true})
	default:
		l.trees[bucket] = l.trees[bucket].Copy()
	}
	l.mine[bucket] = true
	return l.trees[bucket]
}
