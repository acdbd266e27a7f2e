package boltstore

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// writeAt is how the store writes to its files.
type writeAt func(b []byte, offset int64) (int, error)

// theFile is the name that intercept gives the store's own file; the parts of the
// journal have names that end with ".journal" and a number.
const theFile = ""

// intercept puts f between the store and its files. bbolt keeps its own in fields,
// for its own tests; there is no other way to a disk that fails on demand.
func intercept(s *Store, f func(name string, next writeAt, b []byte, offset int64) (int, error)) {
	field := (*writeAt)(inside(s.db, "ops", "writeAt"))
	next := *field
	*field = func(b []byte, offset int64) (int, error) { return f(theFile, next, b, offset) }
	s.journal.write = func(to *os.File, b []byte, offset int64) (int, error) {
		return f(strings.TrimPrefix(to.Name(), s.db.Path()), to.WriteAt, b, offset)
	}
}

// inside gives the address of a field that bbolt does not export.
func inside(db *bolt.DB, path ...string) unsafe.Pointer {
	v := reflect.ValueOf(db).Elem()
	for _, name := range path {
		v = v.FieldByName(name)
	}
	return v.Addr().UnsafePointer()
}

// openFast opens a store whose writes are not flushed, as no test cuts the power of
// this machine.
func openFast(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

func begin(t *testing.T) *Store {
	t.Helper()
	return openFast(t, filepath.Join(t.TempDir(), "frontdesk.db"))
}

func finish(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// move is one write of the script: one transaction when nobody else writes.
type move func(ctx context.Context, s *Store) error

// noon is when everything in the script happens.
func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// people are the customers of the script.
func people() []string { return []string{"ada", "bob", "cleo"} }

// script is a day at the desk: every kind of write, texts of one page and of
// many, pages that become free and are used again.
func script() []move {
	steps := []move{
		func(ctx context.Context, s *Store) error { return s.SaveAgent(ctx, handoff.Agent{Name: "eve"}) },
		func(ctx context.Context, s *Store) error {
			return s.KeepFlows(ctx, "v1", flows.Files{Root: "flows.yaml"})
		},
	}
	for _, id := range people() {
		steps = append(steps, meets(id), says(id, "One moment.", 0))
	}
	lease := func(ctx context.Context, s *Store) error {
		_, _, err := s.Due(ctx, noon(), time.Minute, map[string]int{"whatsapp": 100})
		return err
	}
	return append(steps,
		lease,
		sent("ada", 2),
		func(ctx context.Context, s *Store) error {
			return s.Retry(ctx, bot.Retry{Conversation: "bob", Seq: 2, At: noon().Add(time.Hour), Begun: true, Unknown: true, Code: "timeout"})
		},
		says("cleo", "A long story.", 30_000),
		escalates("ada"),
		sent("cleo", 2),
		lease,
		func(ctx context.Context, s *Store) error {
			return s.Keep(ctx, []bot.Event{{Channel: "whatsapp", Kind: "account_update", At: noon(), Body: []byte(`{"a": 1}`)}})
		},
		says("bob", "And another.", 0),
	)
}

// meets is a first message with its answer.
func meets(id string) move {
	return func(ctx context.Context, s *Store) error {
		c := bot.Conversation{
			ID: id, Channel: "whatsapp", Contact: "k" + id, Version: 1, LastSeq: 2, NewestInbound: noon(), SilentAt: noon().Add(time.Hour),
			Flow: flows.State{Version: "v1", Flow: "start", Node: "ask"}, CreatedAt: noon(), UpdatedAt: noon(),
		}
		contact := bot.Contact{ID: "k" + id, Name: id, Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: id}}, CreatedAt: noon()}
		return s.Commit(ctx, []bot.Change{{
			Event: id + ".1", Contact: &contact, Conversation: c,
			Messages: []bot.Message{line(id, 1, bot.AuthorCustomer, "Hello"), line(id, 2, bot.AuthorBot, "What is it about?")}, Deliveries: []bot.Delivery{{Conversation: id, Seq: 2, Author: bot.AuthorBot, DueAt: noon()}},
		}})
	}
}

// says is a further answer, longer by padding bytes.
func says(id, text string, padding int) move {
	return changes(id, func(c *bot.Change) {
		seq := c.Conversation.LastSeq + 1
		c.Conversation.LastSeq, c.Event = seq, bot.MessageID(id, seq)
		c.Messages = []bot.Message{line(id, seq, bot.AuthorBot, text+strings.Repeat("-"+id, padding/4))}
		c.Deliveries = []bot.Delivery{{Conversation: id, Seq: seq, Author: bot.AuthorBot, DueAt: noon()}}
	})
}

// escalates hands the conversation to a person, which cancels what waits.
func escalates(id string) move {
	return changes(id, func(c *bot.Change) {
		c.Conversation.Epoch++
		c.Conversation.Status, c.Conversation.Ticket = handoff.Queued, "t"+id
		c.Ticket = &handoff.Ticket{ID: "t" + id, Conversation: id, OpenedAt: noon(), PromisedBy: noon().Add(time.Hour)}
	})
}

// changes is a commit that follows the newest.
func changes(id string, f func(c *bot.Change)) move {
	return func(ctx context.Context, s *Store) error {
		snap, err := s.Load(ctx, bot.Lookup{Conversation: id})
		if err != nil {
			return err
		}
		c := bot.Change{Base: snap.Conversation.Version, Conversation: snap.Conversation}
		c.Conversation.Version++
		f(&c)
		return s.Commit(ctx, []bot.Change{c})
	}
}

func sent(id string, seq uint64) move {
	return func(ctx context.Context, s *Store) error {
		return s.Done(ctx, bot.Outcome{Conversation: id, Seq: seq, State: bot.StateSent, At: noon(), ExternalID: "wamid." + bot.MessageID(id, seq)})
	}
}

// line is a message whose text names its customer, so that nobody else's can be taken for it.
func line(id string, seq uint64, by bot.Author, text string) bot.Message {
	m := bot.Message{Conversation: id, Seq: seq, Author: by, Kind: bot.KindText, Text: text + " (" + id + ")", At: noon(), State: bot.StateQueued, StateAt: noon()}
	if by == bot.AuthorCustomer {
		m.State = bot.StateReceived
	}
	return m
}

// contents is all that the store's methods tell, as text. It takes leases, so it
// is asked of copies only.
func contents(t *testing.T, s *Store) string {
	t.Helper()
	all := make(map[string]any)
	keep := func(what string, v any, err error) {
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
		all[what] = v
	}
	ctx := t.Context()
	for _, id := range people() {
		var events []string
		for seq := range uint64(9) {
			events = append(events, id+".1", bot.MessageID(id, seq))
		}
		snap, err := s.Load(ctx, bot.Lookup{Channel: "whatsapp", Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: id}}, Events: events})
		keep(id, snap, err)
		transcript, err := s.Transcript(ctx, id, 0, 100)
		keep(id+"'s transcript", transcript, err)
	}
	later := noon().Add(24 * time.Hour)
	tickets, _, err := s.Tickets(ctx, bot.TicketFilter{}, "", 100)
	keep("tickets", tickets, err)
	wakes, next, err := s.Wakes(ctx, later, 100)
	keep("wakes", []any{wakes, next}, err)
	standings, err := s.Standings(ctx)
	keep("standings", standings, err)
	files, err := s.Flows(ctx, "v1")
	keep("flows", files, err)
	agents, err := s.Agents(ctx)
	keep("agents", agents, err)
	due, next, err := s.Due(ctx, later, time.Minute, map[string]int{"whatsapp": 100})
	keep("due", []any{due, next}, err)
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// disk is what the files of a store hold, by the end of their names.
type disk map[string][]byte

// put writes the files for a store at path.
func (d disk) put(t *testing.T, path string) {
	t.Helper()
	for name, b := range d {
		if err := os.WriteFile(path+name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// brought brings the file up to date with the journal.
func brought(ctx context.Context, s *Store) error {
	tx, err := s.upToDate(ctx)
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// image is what the files of an open store hold, without what bbolt keeps ahead.
func image(t *testing.T, s *Store) disk {
	t.Helper()
	d := make(disk)
	for _, name := range journalPaths(s.db.Path()) {
		b, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		d[strings.TrimPrefix(name, s.db.Path())] = b
	}
	var size int64
	if err := s.db.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(io.NewSectionReader(s.file, 0, size))
	if err != nil {
		t.Fatal(err)
	}
	d[theFile] = b
	return d
}

// reread is the contents of the files as the next process finds them. They must be
// whole by bbolt's own check.
func reread(t *testing.T, files disk) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	files.put(t, path)
	s, err := Open(path, Options{NoSync: true})
	if err != nil {
		t.Errorf("Open: %v", err)
		return ""
	}
	defer finish(t, s)
	wholesome(t, s)
	return contents(t, s)
}

// wholesome runs bbolt's own check of pages and free pages.
func wholesome(t *testing.T, s *Store) {
	t.Helper()
	if err := s.db.View(func(tx *bolt.Tx) error {
		var all []error
		for err := range tx.Check() {
			all = append(all, err)
		}
		return errors.Join(all...)
	}); err != nil {
		t.Errorf("the file is not consistent: %v", err)
	}
}

// The disk goes away under an open store.
func TestAFailedWriteIsToldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "frontdesk.db"), Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	s.journal.write = func(*os.File, []byte, int64) (int, error) { return 0, os.ErrClosed }
	for range 2 {
		if err := meets("ada")(t.Context(), s); !errors.Is(err, os.ErrClosed) {
			t.Errorf("Commit: %v", err)
		}
	}
	if _, err := s.Load(t.Context(), bot.Lookup{Conversation: "ada"}); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("Load after a failed commit: %v", err)
	}
	finish(t, s)
}

// The file goes away, and the journal is there still.
func TestWhatTheFileDidNotTakeIsInTheJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	intercept(s, func(name string, next writeAt, b []byte, offset int64) (int, error) {
		if name == theFile {
			return 0, os.ErrClosed
		}
		return next(b, offset)
	})
	for _, id := range people() {
		if err := meets(id)(t.Context(), s); err != nil {
			t.Errorf("Commit: %v", err)
		}
		if err := brought(t.Context(), s); !errors.Is(err, os.ErrClosed) {
			t.Errorf("bringing the file up to date: %v", err)
		}
	}
	if err := s.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Close: %v", err)
	}
	s = openFast(t, path)
	defer finish(t, s)
	for _, id := range people() {
		if _, err := s.Load(t.Context(), bot.Lookup{Conversation: id}); err != nil {
			t.Errorf("Load: %v", err)
		}
	}
}

func TestAPanicWhileWritingStopsWriting(t *testing.T) {
	t.Parallel()
	s := begin(t)
	if err := s.update(t.Context(), func(*writer) error { panic("invalid page type") }); !errors.Is(err, ErrDamaged) {
		t.Errorf("update: %v", err)
	}
	if err := s.SaveAgent(t.Context(), handoff.Agent{Name: "ada"}); !errors.Is(err, ErrDamaged) {
		t.Errorf("the next write: %v", err)
	}
	if err := s.Check(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("Check: %v", err)
	}
	select {
	case <-s.Failed():
	default:
		t.Error("the store does not say that it must be opened again")
	}
	if _, err := s.Agents(t.Context()); err != nil {
		t.Errorf("reading: %v", err)
	}
	finish(t, s)
}
