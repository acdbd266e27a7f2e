package boltstore

import (
	"bytes"

	"github.com/tidwall/btree"
	bolt "go.etcd.io/bbolt"
)

// cursor walks through a bucket as a view shows it: the file's rows, under those
// that were written since. Nothing may be written while one is used. Keys and
// values are those of the transaction: they must be copied to be kept.
type cursor struct {
	file   pageCursor
	layers [mostLayers]btree.IterG[row]
	used   int                 // of layers
	at     [mostLayers + 1]row // where each of them is, the file last; no key: at the end
	last   []byte              // the key that was given
	back   bool                // they stand at or before last, and not at or behind it
}

// mostLayers is how many layers there are at most: the one that is written to,
// and the one that the file is just being brought up to date with.
const mostLayers = 2

func (v view) cursor(bucket string) *cursor {
	n := placeOf(bucket)
	c := &cursor{file: pageCursor{Cursor: v.bucket(n).Cursor(), bucket: bucket}}
	for _, l := range v.layers {
		if t := l.trees[n]; t != nil && t.Len() > 0 {
			c.layers[c.used].Init(t, false)
			c.used++
		}
	}
	return c
}

func (c *cursor) First() (key, value []byte) {
	for i := range c.used {
		c.step(i, c.layers[i].First())
	}
	c.at[c.used] = rowOf(c.file.First())
	return c.least()
}

func (c *cursor) Last() (key, value []byte) {
	for i := range c.used {
		c.step(i, c.layers[i].Last())
	}
	c.at[c.used] = rowOf(c.file.Last())
	return c.greatest()
}

// Seek goes to the first key that is not before another one.
func (c *cursor) Seek(seek []byte) (key, value []byte) {
	c.seek(seek)
	return c.least()
}

func (c *cursor) seek(seek []byte) {
	for i := range c.used {
		c.step(i, c.layers[i].Seek(row{key: seek}))
	}
	c.at[c.used] = rowOf(c.file.Seek(seek))
}

// Next and Prev follow a call that gave a key.
func (c *cursor) Next() (key, value []byte) {
	if c.back {
		c.seek(c.last)
	}
	c.leave(false)
	return c.least()
}

func (c *cursor) Prev() (key, value []byte) {
	if !c.back {
		for i := range c.used + 1 {
			c.retreat(i)
		}
	}
	c.leave(true)
	return c.greatest()
}

// retreat takes what stands behind the last key to it, or before it.
func (c *cursor) retreat(i int) {
	switch {
	case c.at[i].key != nil && bytes.Equal(c.at[i].key, c.last):
	case i < c.used && c.layers[i].Seek(row{key: c.last}):
		c.step(i, c.layers[i].Prev())
	case i < c.used:
		c.step(i, c.layers[i].Last())
	default:
		if k, _ := c.file.Seek(c.last); k != nil {
			c.at[i] = rowOf(c.file.Prev())
		} else {
			c.at[i] = rowOf(c.file.Last())
		}
	}
}

// leave moves on from the last key whatever stands there.
func (c *cursor) leave(back bool) {
	for i := range c.used + 1 {
		switch {
		case c.at[i].key == nil || !bytes.Equal(c.at[i].key, c.last):
		case i < c.used && back:
			c.step(i, c.layers[i].Prev())
		case i < c.used:
			c.step(i, c.layers[i].Next())
		case back:
			c.at[i] = rowOf(c.file.Prev())
		default:
			c.at[i] = rowOf(c.file.Next())
		}
	}
}

func (c *cursor) step(i int, ok bool) {
	c.at[i] = row{}
	if ok {
		c.at[i] = c.layers[i].Item()
	}
}

func rowOf(key, value []byte) row { return row{key, value} }

// least gives the first of all rows, and passes over those that were removed.
func (c *cursor) least() (key, value []byte) {
	c.back = false
	return c.pick(func(a, b []byte) bool { return bytes.Compare(a, b) < 0 })
}

func (c *cursor) greatest() (key, value []byte) {
	c.back = true
	return c.pick(func(a, b []byte) bool { return bytes.Compare(a, b) > 0 })
}

// pick gives the row that comes before all others; of the same key the newest.
func (c *cursor) pick(before func(a, b []byte) bool) (key, value []byte) {
	for {
		var best row
		newest := -1
		for i, r := range c.at[:c.used+1] {
			if r.key != nil && (newest < 0 || before(r.key, best.key)) {
				best, newest = r, i
			}
		}
		if newest < 0 {
			return nil, nil
		}
		c.last = append(c.last[:0], best.key...)
		if newest == c.used || best.value != nil {
			return best.key, best.value
		}
		c.leave(c.back)
	}
}

// pageCursor walks through a bucket of the file, and trusts no page to be in order:
// in one that is damaged a key may lead back to where the walk came from, and the
// walk would have no end, or it may be gigabytes long. It panics then, which guard
// turns into ErrDamaged.
type pageCursor struct {
	*bolt.Cursor
	bucket string
	last   []byte // the key before, copied: a page may move while it is written to
}

func (c *pageCursor) First() (key, value []byte) { return c.at(c.Cursor.First()) }

func (c *pageCursor) Last() (key, value []byte) { return c.at(c.Cursor.Last()) }

func (c *pageCursor) Seek(seek []byte) (key, value []byte) {
	key, value = c.Cursor.Seek(seek)
	if key != nil && bytes.Compare(key, seek) < 0 {
		panic(c.fault())
	}
	return c.at(key, value)
}

func (c *pageCursor) Next() (key, value []byte) {
	key, value = c.Cursor.Next()
	if key != nil && bytes.Compare(key, c.last) <= 0 {
		panic(c.fault())
	}
	return c.at(key, value)
}

func (c *pageCursor) Prev() (key, value []byte) {
	key, value = c.Cursor.Prev()
	if key != nil && bytes.Compare(key, c.last) >= 0 {
		panic(c.fault())
	}
	return c.at(key, value)
}

func (c *pageCursor) at(key, value []byte) ([]byte, []byte) {
	if len(key) > bolt.MaxKeySize {
		panic(c.fault())
	}
	c.last = append(c.last[:0], key...)
	return key, value
}

func (c *pageCursor) fault() string { return "bucket " + c.bucket + " is not in order" }
