package boltstore

import (
	"errors"
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
