package boltstore

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// residentMost is how many bytes of files may stay mapped into the process while
// it rests. The kernel maps sixteen pages for each one that is read, so that with a
// large file all of it would count as our memory within minutes and stay so. What
// is let go stays in the kernel's cache, but each page of it must be mapped anew:
// under load letting go and mapping anew took about a sixth of a processor.
const residentMost = 96 << 20

// resident watches how much of the file is mapped. It belongs to the writing
// goroutine, and the mapping must not be moved meanwhile.
type resident struct {
	statm *os.File // of this process; nil: not to be had
	most  uint64
	buf   [128]byte
}

func newResident() *resident {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return &resident{}
	}
	return &resident{statm: f, most: residentMost}
}

func (r *resident) close() {
	if r.statm != nil {
		_ = r.statm.Close()
	}
}

// letGo takes the mapping at address out of the process when too much is mapped.
// Whoever reads there, now or later, gets the same bytes. size may be less than
// what is mapped, never more.
func (r *resident) letGo(address uintptr, size int64) {
	if r.statm == nil || r.mapped() <= r.most {
		return
	}
	// A kernel that cannot do so costs nothing but the memory.
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, address, uintptr(size), syscall.MADV_DONTNEED)
}

// mapped is how many bytes of files are resident (proc(5): the third number of
// statm, in pages). 0: not known.
func (r *resident) mapped() uint64 {
	n, err := r.statm.ReadAt(r.buf[:], 0)
	fields := bytes.Fields(r.buf[:n])
	if n == 0 && err != nil || len(fields) < 3 {
		return 0
	}
	pages, err := strconv.ParseUint(string(fields[2]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}
