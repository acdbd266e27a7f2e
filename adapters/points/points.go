// Package points keeps what a sentence encoder made of the examples of a flow file,
// so that the next start need not ask it again.
package points

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Cache holds points by the hash of their text. It may be used from many
// goroutines.
type Cache struct {
	path string
	head []byte // magic, the encoder's version and its size: what was kept by another is worth nothing
	size int

	mu    sync.Mutex
	by    map[key][]float32
	used  map[key]bool // since the last Save
	added bool
}

// key is the hash of a text, as far as it is kept.
type key [16]byte

const magic = "frontdesk points 1\n"

// Open reads the cache in the file path, for an encoder of a version whose points
// have size numbers. What is not there, cannot be read, is of another encoder or
// not sound is as nothing: it is only a cache. Save tells what is wrong with its place.
func Open(path, version string, size int) *Cache {
	c := &Cache{path: path, size: size, by: map[key][]float32{}, used: map[key]bool{}}
	c.head = binary.LittleEndian.AppendUint32(fmt.Appendf(nil, "%s%s\n", magic, version), uint32(size))
	if src, err := os.ReadFile(path); err == nil { //nolint:gosec // in the operator's data folder
		c.read(src)
	}
	return c
}

// read takes the points of a file whose checksum holds.
func (c *Cache) read(src []byte) {
	if len(src) < sha256.Size {
		return
	}
	body, sum := src[:len(src)-sha256.Size], src[len(src)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return
	}
	body, ok := bytes.CutPrefix(body, c.head)
	each := len(key{}) + 4*c.size
	if !ok || len(body)%each != 0 {
		return
	}
	for row := range slices.Chunk(body, each) {
		point := make([]float32, c.size)
		for i := range point {
			point[i] = math.Float32frombits(binary.LittleEndian.Uint32(row[len(key{})+4*i:]))
		}
		c.by[key(row)] = point
	}
}

// Point is the point of a text: the one that is kept, or what encode writes. The
// caller must not write to it.
func (c *Cache) Point(text string, encode func(dst []float32)) []float32 {
	sum := sha256.Sum256([]byte(text))
	k := key(sum[:len(key{})])
	if point, ok := c.take(k); ok {
		return point
	}
	point := make([]float32, c.size)
	encode(point)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by[k], c.used[k], c.added = point, true, true
	return point
}

func (c *Cache) take(k key) ([]float32, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	point, ok := c.by[k]
	if ok {
		c.used[k] = true
	}
	return point, ok
}

// Save writes what was used since the last Save, and forgets the rest: examples
// that are gone are not kept for ever. It writes nothing when nothing changed.
func (c *Cache) Save() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.added && len(c.used) == len(c.by) {
		clear(c.used)
		return nil
	}
	body := slices.Clone(c.head)
	for _, k := range slices.SortedFunc(maps.Keys(c.used), func(a, b key) int { return bytes.Compare(a[:], b[:]) }) {
		body = append(body, k[:]...)
		for _, x := range c.by[k] {
			body = binary.LittleEndian.AppendUint32(body, math.Float32bits(x))
		}
	}
	for k := range c.by {
		if !c.used[k] {
			delete(c.by, k)
		}
	}
	clear(c.used)
	c.added = false
	sum := sha256.Sum256(body)
	if err := replace(c.path, append(body, sum[:]...)); err != nil {
		return fmt.Errorf("keeping the points of examples: %w", err)
	}
	return nil
}

// replace writes a file beside the old one and then takes its place, so that who
// reads it meets the one or the other.
func replace(path string, src []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".points-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(src)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
