package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/handoff"
)

// runCommand runs a command in this process, with what is typed, and gives what it
// printed.
func runCommand(t *testing.T, typed string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := newRoot(func(string) string { return "" })
	root.SetArgs(args)
	root.SetIn(strings.NewReader(typed))
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestABackupOfAnOlderFormatIsRestored(t *testing.T) {
	t.Parallel()
	packed, err := os.Open("../../adapters/boltstore/testdata/format2.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	older, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	backup, err := os.Create(filepath.Join(dir, "backup.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(backup, older); err != nil {
		t.Fatal(err)
	}
	if err := backup.Close(); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	out, err := runCommand(t, "", "store", "restore", backup.Name(), "--data", data)
	if err != nil || !strings.Contains(out, "is the store at") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := runCommand(t, "", "store", "check", "--data", data); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	entries, err := os.ReadDir(data)
	if err != nil || len(entries) != 1 {
		t.Errorf("in the folder is %v, %v", entries, err)
	}
	if out, err := runCommand(t, "", "store", "check", "--data", filepath.Dir(backup.Name())); err == nil {
		t.Errorf("a folder without a store is checked:\n%s", out)
	}
}

// The journal of a program that crashed belongs to its file.
func TestTheFileOfACrashedProgramIsRestoredWithItsJournal(t *testing.T) {
	t.Parallel()
	folder, crashed, data := t.TempDir(), t.TempDir(), t.TempDir()
	s, err := boltstore.Open(filepath.Join(folder, "frontdesk.db"), boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := errors.Join(s.SaveAgent(t.Context(), handoff.Agent{Name: "eve"}), os.CopyFS(crashed, os.DirFS(folder))); err != nil {
		t.Fatal(err)
	}
	if out, err := runCommand(t, "", "store", "restore", filepath.Join(crashed, "frontdesk.db"), "--data", data); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	restored, err := boltstore.Open(filepath.Join(data, "frontdesk.db"), boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if _, err := restored.Agent(t.Context(), "eve"); err != nil {
		t.Errorf("what only the journal had: %v", err)
	}
}

// A restore that was killed leaves what it wrote to a journal of its own, which must
// not come into another backup.
func TestWhatAKilledRestoreLeftIsNotInTheNext(t *testing.T) {
	t.Parallel()
	folder, data := t.TempDir(), t.TempDir()
	path, backup := filepath.Join(folder, "frontdesk.db.restore"), filepath.Join(t.TempDir(), "backup.db")
	for _, name := range []string{"ana", "eve"} {
		s, err := boltstore.Open(path, boltstore.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if name == "ana" {
			err = errors.Join(s.SaveAgent(t.Context(), handoff.Agent{Name: name}), s.Close(), copyFile(path, backup))
		} else {
			err = errors.Join(s.SaveAgent(t.Context(), handoff.Agent{Name: name}), os.CopyFS(data, os.DirFS(folder)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if out, err := runCommand(t, "", "store", "restore", backup, "--data", data); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	restored, err := boltstore.Open(filepath.Join(data, "frontdesk.db"), boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if agents, err := restored.Agents(t.Context()); err != nil || len(agents) != 1 {
		t.Errorf("the store has %+v, %v", agents, err)
	}
}

// TestABackupOfABusyProgram makes a backup while customers write, kills the
// program, and puts the backup back: every message that got its 200 before is
// there, and none is sent for a second time.
func TestABackupOfABusyProgram(t *testing.T) {
	t.Parallel()
	const customers = 8
	p := newProgram(t, echo(t), metatest.Options{Statuses: []string{"sent", "delivered"}})
	p.start()
	hook := p.public + "/webhooks/whatsapp"
	p.graph.SetCallback(hook)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var group sync.WaitGroup
	var taken [customers]atomic.Int64
	for i := range customers {
		group.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				body := metatest.WhatsApp(number).Text(customer(i), fmt.Sprintf("wamid.%d.%d", i, n), time.Now(), fmt.Sprintf("line %d", n)).Body()
				if !delivered(ctx, hook, body) {
					return
				}
				taken[i].Store(int64(n + 1))
			}
		})
	}
	wait(t, 300*time.Millisecond)
	var before [customers]int64
	for i := range before {
		before[i] = taken[i].Load()
	}
	to := filepath.Join(t.TempDir(), "backup.db")
	out := p.run("store", "backup", to, "--ops", p.ops)
	if !strings.Contains(out, "wrote "+to) {
		t.Errorf("it says %s", out)
	}
	stop()
	group.Wait()
	p.kill()
	// What is told of messages that were sent after the backup would be taken for
	// those that get the same numbers now.
	p.graph.SetCallback("http://127.0.0.1:1")
	t.Log(p.run("store", "restore", to, "--force"))
	for i, least := range before {
		lines := 0
		for _, line := range p.transcript(phone(customer(i).Phone)) {
			if strings.HasPrefix(line, "customer received line") {
				lines++
			}
			if strings.HasPrefix(line, "bot queued") {
				t.Errorf("customer %d: %q waits to be sent", i, line)
			}
		}
		if int64(lines) < least || least == 0 {
			t.Errorf("customer %d: %d lines of %d that were taken before the backup", i, lines, least)
		}
	}
	sent := len(p.graph.Sent())
	p.start()
	p.accept("whatsapp", metatest.WhatsApp(number).Text(customer(0), "wamid.after", time.Now(), "after").Body())
	p.eventually("the answer", func() bool { return len(p.graph.Sent()) >= sent+2 })
	p.stop()
	diff(t, "what was sent after the restore", []string{"You said after", "Say something."}, texts(p.graph.Sent()[sent:]))
}
