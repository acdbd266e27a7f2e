package boltstore

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// The disk goes away under an open store.
func TestAFailedWriteIsToldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "frontdesk.db"), Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	if err := s.file.Close(); err != nil {
		t.Fatal(err)
	}
	change := bot.Change{
		Contact:      &bot.Contact{ID: "k"},
		Conversation: bot.Conversation{ID: "a", Channel: "whatsapp", Contact: "k", Version: 1},
	}
	for range 2 {
		if err := s.Commit(t.Context(), []bot.Change{change}); !errors.Is(err, os.ErrClosed) {
			t.Errorf("Commit: %v", err)
		}
	}
	if _, err := s.Load(t.Context(), bot.Lookup{Conversation: "a"}); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("Load after a failed commit: %v", err)
	}
	_ = s.Close() // the file is closed already, and bbolt says so
}

func TestAPanicWhileWritingStopsWriting(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "frontdesk.db"), Options{NoSync: true})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	if err := s.update(t.Context(), func(*writer) error { panic("invalid page type") }); !errors.Is(err, ErrDamaged) {
		t.Errorf("update: %v", err)
	}
	if err := s.SaveAgent(t.Context(), handoff.Agent{Name: "ada"}); !errors.Is(err, ErrDamaged) {
		t.Errorf("the next write: %v", err)
	}
	if err := s.Check(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("Check: %v", err)
	}
	if _, err := s.Agents(t.Context()); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}
