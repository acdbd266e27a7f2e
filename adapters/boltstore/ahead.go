package boltstore

import (
	"os"

	bolt "go.etcd.io/bbolt"
)

// ahead gives the pages that the file will grow into next their places on the disk.
// bbolt only sets the file's length. Whatever is written there first makes the file
// system write down where it is, with a flush of its own journal, for which everybody
// who flushes something waits: a steady load would do so ten times a second.
type ahead struct {
	on   bool
	done int64 // up to here; whoever brings the file up to date owns it
}

// fillStep is how many bytes are filled at once: few, as whoever flushes meanwhile
// waits for them.
const fillStep = 256 << 10

// fill writes zeros behind the last page, where nobody reads, as far as the file
// reaches. That it fails does no harm: writing there in earnest will tell.
func (a *ahead) fill(f *os.File, db *bolt.DB) {
	if !a.on {
		return
	}
	var used int64
	err := db.View(func(tx *bolt.Tx) error {
		used = tx.Size()
		return nil
	})
	info, bad := f.Stat()
	if err != nil || bad != nil {
		return
	}
	a.done = max(a.done, used)
	end := min(info.Size(), a.done+fillStep)
	if a.done-used > fillStep/2 || end <= a.done {
		return
	}
	if _, err := f.WriteAt(make([]byte, end-a.done), a.done); err == nil && flushData(f) == nil {
		a.done = end
	}
}
