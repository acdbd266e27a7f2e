package boltstore

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// written is one write of bbolt to its file.
type written struct {
	move   int // of the script, from 0
	offset int64
	b      []byte
}

// meta reports whether it is a meta page, which makes a transaction count.
//
// bbolt flushes all other pages before it writes that page, and that page before
// it answers (tx.Commit of v1.5.0; a file that must grow is flushed before). So
// what a crash of the machine may lose is known from the order of the writes.
func (w written) meta() bool { return w.offset < 2*int64(os.Getpagesize()) }

// recorded plays the script and gives every write, the file before the first of
// them, and how long it was in the end.
func recorded(t *testing.T) (writes []written, before []byte, size int) {
	t.Helper()
	s := openFast(t, t.TempDir()+"/frontdesk.db")
	defer finish(t, s)
	before = image(t, s)
	var at int
	intercept(s, func(next writeAt, b []byte, offset int64) (int, error) {
		writes = append(writes, written{at, offset, append([]byte(nil), b...)})
		return next(b, offset)
	})
	for i, do := range script() {
		at = i
		if err := do(t.Context(), s); err != nil {
			t.Fatalf("move %d: %v", i, err)
		}
	}
	return writes, before, len(image(t, s))
}

// sector is what a disk writes whole or not at all.
const sector = 512

// outage is a loss of power after some of the writes.
type outage struct {
	file   []byte // as it is found afterwards
	counts int    // how many moves of the script must be there
}

// cut gives the file after a loss of power behind the first n writes. Those that
// were not flushed yet arrive as arrives says: sector by sector.
func cut(writes []written, before []byte, size, n int, arrives func(sectors int) []bool) outage {
	o := outage{file: make([]byte, size)}
	copy(o.file, before)
	flushed := 0 // writes up to here were flushed
	for i := range n {
		if writes[i].meta() || (i > 0 && writes[i-1].meta()) {
			flushed = i // the flush before a meta page, and the one behind it
		}
	}
	for i, w := range writes[:n] {
		sectors := (len(w.b) + sector - 1) / sector
		there := arrives(sectors)
		for j := range sectors {
			if i < flushed || there[j] {
				copy(o.file[w.offset+int64(j*sector):], w.b[j*sector:min((j+1)*sector, len(w.b))])
			}
		}
		// All that a meta page says is in its first sector.
		if w.meta() && (i < flushed || there[0]) {
			o.counts = w.move + 1
		}
	}
	return o
}

func everything(sectors int) []bool {
	all := make([]bool, sectors)
	for i := range all {
		all[i] = true
	}
	return all
}

// The machine may stop behind each write: with all that was written, or with any
// part of what was not flushed yet.
func TestTheFileOpensAfterPowerWasLost(t *testing.T) {
	t.Parallel()
	want := states(t)
	writes, before, size := recorded(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d writes", seed, len(writes))
	for n := range len(writes) + 1 {
		t.Run(fmt.Sprintf("behind write %d", n), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			some := func(sectors int) []bool {
				list := make([]bool, sectors)
				for i := range list {
					list[i] = random.IntN(2) == 0
				}
				return list
			}
			for _, arrives := range []func(int) []bool{everything, some, some, some} {
				o := cut(writes, before, size, n, arrives)
				if got := reread(t, o.file); got != want[o.counts] {
					t.Errorf("not what it was after %d moves", o.counts)
				}
			}
		})
	}
}
