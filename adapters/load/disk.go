package load

import (
	"context"
	"os"
	"time"
)

// flushEvery is often enough to meet what hinders everybody who flushes, and too
// seldom to be in anybody's way.
const flushEvery = 50 * time.Millisecond

// disk tells what a flush costs on the program's disk while the program is under
// load: a program that keeps what it takes cannot be quicker.
type disk struct{ flushes *meter }

// play writes a page of 4 KiB to the same place of a file in the folder and flushes
// it, until ctx ends. Where it cannot, nothing is measured.
func (d *disk) play(ctx context.Context, folder string) {
	if folder == "" {
		return
	}
	f, err := os.CreateTemp(folder, "flush-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name()) //nolint:errcheck // the folder goes anyway
	defer f.Close()           //nolint:errcheck // nobody reads it
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	page := make([]byte, 4096)
	for n := byte(0); ; n++ {
		select {
		case <-ctx.Done():
			d.flushes.lap()
			return
		case <-tick.C:
		}
		page[0] = n // what did not change need not be flushed
		begun := time.Now()
		_, err := f.WriteAt(page, 0)
		if err == nil {
			err = f.Sync()
		}
		if err == nil {
			d.flushes.record(time.Since(begun))
		}
	}
}
