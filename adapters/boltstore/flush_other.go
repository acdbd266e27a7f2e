//go:build !linux

package boltstore

import "os"

func flushData(f *os.File) error { return f.Sync() }
