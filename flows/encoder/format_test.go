package encoder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"frontdesk/flows/encoder/encodertest"
)

func TestAFileThatWasCutIsRefused(t *testing.T) {
	t.Parallel()
	file := converted(t, encodertest.New())
	for n := range file {
		if _, err := Open(file[:n]); !errors.Is(err, ErrDamaged) && (n >= len(magic) || !errors.Is(err, ErrForeign)) {
			t.Fatalf("%d bytes of %d: %v", n, len(file), err)
		}
	}
	if _, err := Open(append(slices.Clone(file), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte too many: %v", err)
	}
}

func TestAFileWithAFlippedBitIsRefused(t *testing.T) {
	t.Parallel()
	file := converted(t, encodertest.New())
	for i := range file {
		bit := byte(1) << (i % 8)
		file[i] ^= bit
		if _, err := Open(file); err == nil {
			t.Fatalf("byte %d: nothing was noticed", i)
		}
		file[i] ^= bit
	}
	opened(t, file)
}

func TestWhatIsRefusedIsNamed(t *testing.T) {
	t.Parallel()
	file := converted(t, encodertest.New())
	later := slices.Clone(file)
	binary.LittleEndian.PutUint32(later[len(magic):], format+1)
	body, _, err := unseal(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		src  []byte
		want error
		says string
	}{
		{"nothing", nil, ErrForeign, magic},
		{"another kind of file", []byte("\x1f\x8b\x08 a .tgz"), ErrForeign, magic},
		{"a later format", later, ErrFormat, "2, and this program reads 1"},
		{"half a file", file[:len(file)/2], ErrDamaged, "bytes of"},
		{"no model", seal(nil), ErrDamaged, "a part is missing"},
		{"a part missing", seal(body[:len(body)-1]), ErrDamaged, "a part is missing"},
		{"a part too many", seal(append(slices.Clone(body), 0)), ErrDamaged, "1 bytes too many"},
		{"an odd width", seal(changed(body, 2, encodertest.Width+1)), ErrDamaged, "33 numbers of a point"},
		{"more heads than fit", seal(changed(body, 4, 3)), ErrDamaged, "3 heads"},
		{"too wide", seal(changed(body, 3, 4096)), ErrDamaged, "4096 hidden numbers: want 16 to 2048, a multiple of 16"},
		{"layers without end", seal(changed(body, 5, math.MaxUint32)), ErrDamaged, "layers"},
		{"a number that is none", seal(changed(body, len(body)/4-1-encodertest.Width*encodertest.Width/4, 0x7fc00000)), ErrDamaged, "not finite"},
	} {
		_, err := Open(c.src)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// changed puts another number at a place of the body, counted in numbers.
func changed(body []byte, place int, n uint32) []byte {
	b := bytes.Clone(body)
	at := 4 * place
	if place > 5 {
		at += len(b) % 4 // the end is what such a place is counted to
	}
	binary.LittleEndian.PutUint32(b[at:], n)
	return b
}

func TestHeadsShareTheNumbersEvenly(t *testing.T) {
	t.Parallel()
	size := shape{pieces: 100, embed: 32, width: 64, hidden: 16, heads: 4, layers: 1}
	if err := size.check(); err != nil {
		t.Error(err)
	}
	size.heads = 3
	if err := size.check(); err == nil || !strings.Contains(err.Error(), "3 heads: each needs a multiple of 8 of the 32 and 64 numbers") {
		t.Errorf("%v", err)
	}
}
