package main

import "runtime/debug"

// What Go's collector may use. Little is in use at a time, a few megabytes, so
// that by its own measure it runs many times a second under load: with this one
// the whole way of a message takes about a seventh less of the processor. Above the limit it takes the time it needs:
// 64 MiB of webhooks may be under way at once.
const (
	rubbish     = 400       // percent of what is in use
	memoryLimit = 384 << 20 // bytes, without the file that the kernel shows us
)

// collectLess is for the programs that serve. GOGC and GOMEMLIMIT win.
func collectLess(env getenv) {
	if env("GOGC") == "" {
		debug.SetGCPercent(rubbish)
	}
	if env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
