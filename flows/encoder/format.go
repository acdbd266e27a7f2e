package encoder

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// What Open refuses. A file that is refused is mended by making it anew with Convert.
var (
	// ErrForeign is a file of something else.
	ErrForeign = errors.New("this is no encoder file")
	// ErrFormat is a file that another version of this program wrote.
	ErrFormat = errors.New("the encoder file has another format")
	// ErrDamaged is a file that was cut or changed.
	ErrDamaged = errors.New("the encoder file is damaged")
)

// A file is a head, the model, and the SHA-256 of all that. Numbers are little endian.
//
//	magic   8 bytes
//	format  4 bytes
//	length  8 bytes, of the whole file
const (
	magic    = "fdpoints"
	format   = 1
	headSize = len(magic) + 4 + 8
	// revision is raised when the points of a file change though the file does not.
	revision = 1
)

// Open makes an encoder of a file that Convert wrote. It keeps src, which must
// not change afterwards. Errors wrap ErrForeign, ErrFormat or ErrDamaged.
func Open(src []byte) (*Encoder, error) {
	body, sum, err := unseal(src)
	if err != nil {
		return nil, err
	}
	e := &Encoder{version: fmt.Sprintf("use-lite-%d-%x", revision, sum[:6]), using: fastest()}
	e.pool.New = func() any { return new(scratch) }
	if err := e.model.read(body); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return e, nil
}

// unseal gives what is between head and checksum, and the checksum.
func unseal(src []byte) (body, sum []byte, err error) {
	if !bytes.HasPrefix(src, []byte(magic)) {
		return nil, nil, fmt.Errorf("%w: it does not begin with %q", ErrForeign, magic)
	}
	if len(src) < headSize {
		return nil, nil, fmt.Errorf("%w: it is cut after %d bytes", ErrDamaged, len(src))
	}
	if v := binary.LittleEndian.Uint32(src[len(magic):]); v != format {
		return nil, nil, fmt.Errorf("%w: %d, and this program reads %d", ErrFormat, v, format)
	}
	want := binary.LittleEndian.Uint64(src[len(magic)+4:])
	if uint64(len(src)) != want || len(src) < headSize+sha256.Size {
		return nil, nil, fmt.Errorf("%w: it has %d bytes of %d", ErrDamaged, len(src), want)
	}
	at := len(src) - sha256.Size
	got := sha256.Sum256(src[:at])
	if !bytes.Equal(got[:], src[at:]) {
		return nil, nil, fmt.Errorf("%w: its checksum does not fit", ErrDamaged)
	}
	return src[headSize:at], src[at:], nil
}

// seal puts head and checksum around a body.
func seal(body []byte) []byte {
	file := append(make([]byte, 0, headSize+len(body)+sha256.Size), magic...)
	file = binary.LittleEndian.AppendUint32(file, format)
	file = binary.LittleEndian.AppendUint64(file, uint64(headSize+len(body)+sha256.Size))
	file = append(file, body...)
	sum := sha256.Sum256(file)
	return append(file, sum[:]...)
}
