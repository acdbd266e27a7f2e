//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// ignoreFileLimit makes an error of a file that would become longer than the
// system allows (ulimit -f, LimitFSIZE), which the store tells as a full disk.
// Otherwise the system ends the program.
func ignoreFileLimit() { signal.Ignore(syscall.SIGXFSZ) }
