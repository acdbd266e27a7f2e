package boltstore

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/bot"
)

func TestADiskWithoutRoomForACopyIsToldBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := room(dir, 1); err != nil {
		t.Errorf("room for a byte: %v", err)
	}
	if _, known := freeBytes(dir); !known {
		return
	}
	if err := room(dir, 1<<60); !errors.Is(err, bot.ErrFull) {
		t.Errorf("room for 2^60 bytes: %v", err)
	}
}

func TestAFileThatWasReplacedWhileItsLockWasWaitedForIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := &Store{file: f}
	if err := s.stays(path); err != nil {
		t.Errorf("a file that is there: %v", err)
	}
	if err := errors.Join(os.WriteFile(path+".compact", nil, 0o600), Place(path+".compact", path)); err != nil {
		t.Fatal(err)
	}
	if err := s.stays(path); !errors.Is(err, ErrInUse) {
		t.Errorf("a file that was replaced: %v", err)
	}
}
