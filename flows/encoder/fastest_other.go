//go:build !amd64 && !arm64

package encoder

// fastest is the best arithmetic of this machine.
func fastest() arithmetic { return portable() }
