package boltstore

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// cursor walks through a bucket, and trusts no page to be in order: in one that is
// damaged a key may lead back to where the walk came from, and the walk would have
// no end, or it may be gigabytes long. It panics then, which guard turns into
// ErrDamaged.
type cursor struct {
	*bolt.Cursor
	bucket string
	last   []byte // the key before, copied: a page may move while it is written to
}

func (c *cursor) First() (key, value []byte) { return c.at(c.Cursor.First()) }

func (c *cursor) Last() (key, value []byte) { return c.at(c.Cursor.Last()) }

// Seek goes to the first key that is not before another one.
func (c *cursor) Seek(seek []byte) (key, value []byte) {
	key, value = c.Cursor.Seek(seek)
	if key != nil && bytes.Compare(key, seek) < 0 {
		panic(c.fault())
	}
	return c.at(key, value)
}

func (c *cursor) Next() (key, value []byte) {
	key, value = c.Cursor.Next()
	if key != nil && bytes.Compare(key, c.last) <= 0 {
		panic(c.fault())
	}
	return c.at(key, value)
}

func (c *cursor) Prev() (key, value []byte) {
	key, value = c.Cursor.Prev()
	if key != nil && bytes.Compare(key, c.last) >= 0 {
		panic(c.fault())
	}
	return c.at(key, value)
}

func (c *cursor) at(key, value []byte) ([]byte, []byte) {
	if len(key) > bolt.MaxKeySize {
		panic(c.fault())
	}
	c.last = append(c.last[:0], key...)
	return key, value
}

func (c *cursor) fault() string { return fmt.Sprintf("bucket %s is not in order", c.bucket) }
