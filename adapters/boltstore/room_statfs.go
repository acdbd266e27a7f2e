//go:build linux || darwin

package boltstore

import "syscall"

// freeBytes is how much may still be written below dir; false: that is not known.
func freeBytes(dir string) (uint64, bool) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, false
	}
	return st.Bavail * uint64(st.Bsize), true
}
