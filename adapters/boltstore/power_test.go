package boltstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// written is one write of the store to one of its files.
type written struct {
	name   string // see intercept
	offset int64
	b      []byte
	counts bool // it is a record of the journal, which makes a move of the script count
}

// meta reports whether it is a meta page, which makes a transaction count.
//
// bbolt flushes all other pages before it writes that page, and that page before
// it answers (tx.Commit of v1.5.0; a file that must grow is flushed before). The
// journal is flushed after each write. So what a crash of the machine may lose is
// known from the order of the writes.
func (w written) meta() bool { return w.name == theFile && w.offset < 2*int64(os.Getpagesize()) }

// flushed reports whether everything before it was flushed when it was written.
func (w written) flushed(before written) bool {
	return w.meta() || before.meta() || before.name != theFile
}

// recorded plays the script and gives every write, the files before the first of
// them, and how long the file was in the end. After some moves the file is brought
// up to date, as it is now and then: no time passes, so it is not otherwise.
func recorded(t *testing.T) (writes []written, before disk, size int) {
	t.Helper()
	s := openFast(t, t.TempDir()+"/frontdesk.db")
	defer finish(t, s)
	before = image(t, s)
	intercept(s, func(name string, next writeAt, b []byte, offset int64) (int, error) {
		record := name != theFile && strings.HasPrefix(string(b), "FDJ1")
		writes = append(writes, written{name, offset, append([]byte(nil), b...), record})
		return next(b, offset)
	})
	for i, do := range script() {
		err := do(t.Context(), s)
		switch {
		case err != nil || i%3 == 0:
		case i%3 == 1:
			err = brought(t.Context(), s)
		default:
			err = bringSlowly(t.Context(), s)
		}
		if err != nil {
			t.Fatalf("move %d: %v", i, err)
		}
	}
	writes = slices.Clip(writes) // without those of Close
	return writes, before, len(image(t, s)[theFile])
}

// bringSlowly is brought in transactions of a few rows each.
func bringSlowly(ctx context.Context, s *Store) error {
	return s.hand(ctx, &job{ask: func() error {
		s.turnOver()
		s.followed(s.bring(s.under, s.number, pace{haste: make(chan struct{}), rows: 3}))
		return s.unsettled
	}})
}

// sector is what a disk writes whole or not at all.
const sector = 512

// outage is a loss of power after some of the writes.
type outage struct {
	files  disk // as they are found afterwards
	counts int  // how many moves of the script must be there
}

// cut gives the files after a loss of power behind the first n writes. Those that
// were not flushed yet arrive as arrives says: sector by sector.
func cut(writes []written, before disk, size, n int, arrives func(sectors int) []bool) outage {
	o := outage{files: disk{theFile: make([]byte, size)}}
	copy(o.files[theFile], before[theFile])
	flushed := 0 // writes up to here were flushed
	for i := 1; i < n; i++ {
		if writes[i].flushed(writes[i-1]) {
			flushed = i
		}
	}
	for i, w := range writes[:n] {
		sectors := (len(w.b) + sector - 1) / sector
		there := arrives(sectors)
		whole := true
		for j := range sectors {
			if i < flushed || there[j] {
				o.files.write(w.name, w.b[j*sector:min((j+1)*sector, len(w.b))], int(w.offset)+j*sector)
			} else {
				whole = false
			}
		}
		if w.counts && whole {
			o.counts++
		}
	}
	return o
}

func (d disk) write(name string, b []byte, offset int) {
	if missing := offset + len(b) - len(d[name]); missing > 0 {
		d[name] = append(d[name], make([]byte, missing)...)
	}
	copy(d[name][offset:], b)
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
	var writes []written
	var before disk
	var size int
	synctest.Test(t, func(t *testing.T) { writes, before, size = recorded(t) })
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
				if got := reread(t, o.files); got != want[o.counts] {
					t.Errorf("not what it was after %d moves", o.counts)
				}
			}
		})
	}
}
