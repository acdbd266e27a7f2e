package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// crashed gives the files of a store whose process is gone: the file has what came
// before, and the journal a record for each of the people.
func crashed(t *testing.T) disk {
	t.Helper()
	s := begin(t)
	defer finish(t, s)
	if err := errors.Join(s.SaveAgent(t.Context(), handoff.Agent{Name: "eve"}), brought(t.Context(), s)); err != nil {
		t.Fatal(err)
	}
	for _, id := range people() {
		if err := meets(id)(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return image(t, s)
}

// records gives where the records of a part begin.
func records(t *testing.T, part []byte) (at []int) {
	t.Helper()
	for i := 0; i+recordHead <= len(part); i += recordStep {
		if _, _, ok := readRecord(part[i:]); ok && bytes.HasPrefix(part[i:], []byte("FDJ1")) {
			at = append(at, i)
		}
	}
	return at
}

// met says who of the people is known to a store of these files.
func met(t *testing.T, files disk) (names []string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	files.put(t, path)
	s, err := Open(path, Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	defer finish(t, s)
	wholesome(t, s)
	for _, id := range people() {
		if _, err := s.Load(t.Context(), bot.Lookup{Conversation: id}); err == nil {
			names = append(names, id)
		}
	}
	return names, nil
}

// newestPart is the name of the part with most records.
func newestPart(t *testing.T, files disk) (name string) {
	t.Helper()
	for n := range files {
		if n != theFile && (name == "" || len(records(t, files[n])) > len(records(t, files[name]))) {
			name = n
		}
	}
	return name
}

func TestAJournalIsReadAsFarAsItIsWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		harm func(part []byte, at []int) []byte
		want string // who is known, or what is said
	}{
		{"nothing", func(part []byte, _ []int) []byte { return part }, "ada bob cleo"},
		{"the last record lacks its end", func(part []byte, at []int) []byte { return part[:at[2]+recordHead+20] }, "ada bob"},
		{"a bit of the last record is wrong", func(part []byte, at []int) []byte { part[at[2]+recordHead+20] ^= 1; return part }, "ada bob"},
		{"a bit of the last record's number is wrong", func(part []byte, at []int) []byte { part[at[2]+atNumber] ^= 1; return part }, "ada bob"},
		{"the last record says that it is endless", func(part []byte, at []int) []byte { part[at[2]+atLength+3] = 0xff; return part }, "ada bob"},
		{"a customer wrote what looks like a record of another file", func(part []byte, _ []int) []byte {
			copy(part[len(part)-2*recordHead:], encodeRecord(nil, fileID{1}, 9, nil))
			return part
		}, "ada bob cleo"},
		{"it is cut off behind its first", func(part []byte, at []int) []byte { return part[:at[1]] }, "ada"},
		{"it is empty", func([]byte, []int) []byte { return nil }, ""},
		{"a bit of one in between is wrong", func(part []byte, at []int) []byte { part[at[1]+recordHead] ^= 1; return part }, "the journal lacks record 3, and has record 4"},
		{"the length of one in between is wrong", func(part []byte, at []int) []byte { part[at[1]+atLength] ^= 1; return part }, "the journal lacks record 3, and has record 4"},
		{"the first is gone", func(part []byte, at []int) []byte { clear(part[:at[1]]); return part }, "the journal lacks record 2, and has record 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := crashed(t)
			name := newestPart(t, files)
			files[name] = tt.harm(files[name], records(t, files[name]))
			names, err := met(t, files)
			got := strings.Join(names, " ")
			if err != nil {
				got = err.Error()
			}
			damaged := strings.Contains(tt.want, "lacks")
			if (!damaged && got != tt.want) || (damaged && (!errors.Is(err, ErrDamaged) || !strings.Contains(got, tt.want))) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// In a damaged page may stand a key of no length. Due removes it.
func TestTheRemovalOfAnEmptyKeyKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	gone := func(w *writer) error { return w.delete(inDue, nil) }
	if err := errors.Join(meets("ada")(t.Context(), s), s.update(t.Context(), gone)); err != nil {
		t.Fatal(err)
	}
	if names, err := met(t, image(t, s)); err != nil || len(names) != 1 {
		t.Errorf("the next process knows %v, %v", names, err)
	}
}

func TestTheJournalOfAnotherFileIsRefused(t *testing.T) {
	t.Parallel()
	files, others := crashed(t), crashed(t)
	name := newestPart(t, files)
	files[name] = others[newestPart(t, others)]
	if _, err := met(t, files); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "it is the journal of another file") {
		t.Errorf("Open: %v", err)
	}
}

// The older meta page counts when the newest was spoilt, and the journal has what
// the file does not know of then.
func TestASpoiltMetaPageLosesNothing(t *testing.T) {
	t.Parallel()
	for _, slowly := range []bool{false, true} {
		t.Run(fmt.Sprintf("slowly %v", slowly), func(t *testing.T) {
			t.Parallel()
			s := begin(t)
			defer finish(t, s)
			for i, id := range people() {
				bring := brought
				if slowly {
					bring = bringSlowly
				}
				if err := errors.Join(meets(id)(t.Context(), s), bring(t.Context(), s)); err != nil {
					t.Fatal(err)
				}
				for page := range 2 {
					files := image(t, s)
					files[theFile][page*os.Getpagesize()+headerSize+20] ^= 1
					if names, err := met(t, files); err != nil || len(names) != i+1 {
						t.Errorf("without meta page %d: %v, %v", page, names, err)
					}
				}
			}
		})
	}
}

// It has so even while a part is written over and the file does not follow yet.
func TestASpoiltMetaPageLosesNothingWhileTheJournalGoesOn(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer finish(t, s)
	turn := func(ctx context.Context, s *Store) error {
		return s.hand(ctx, &job{ask: func() error {
			s.turnOver()
			s.again = time.Now().Add(time.Hour) // no sooner does the file follow
			return nil
		}})
	}
	for _, do := range []move{meets("ada"), brought, meets("bob"), turn, meets("cleo")} {
		if err := do(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	for page := range 2 {
		files := image(t, s)
		files[theFile][page*os.Getpagesize()+headerSize+20] ^= 1
		if names, err := met(t, files); err != nil || len(names) != 3 {
			t.Errorf("without meta page %d: %v, %v", page, names, err)
		}
	}
}

// A journal goes when both meta pages know of all of it: when the store is closed, and
// when the next process finds that the file has it, by one of them, and writes nothing.
func TestASpoiltMetaPageLosesNothingOfAJournalThatIsGone(t *testing.T) {
	t.Parallel()
	for _, crash := range []bool{false, true} {
		t.Run(fmt.Sprintf("crash %v", crash), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "frontdesk.db")
			s := openFast(t, path)
			for _, id := range people() {
				if err := errors.Join(meets(id)(t.Context(), s), brought(t.Context(), s)); err != nil {
					t.Fatal(err)
				}
			}
			files := image(t, s)
			finish(t, s)
			if crash {
				files.put(t, path)
				finish(t, openFast(t, path))
			}
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for page := range 2 {
				file := bytes.Clone(whole)
				file[page*os.Getpagesize()+headerSize+20] ^= 1
				if names, err := met(t, disk{theFile: file}); err != nil || len(names) != 3 {
					t.Errorf("without meta page %d: %v, %v", page, names, err)
				}
			}
		})
	}
}

// Whoever looks at the files of a process that is gone sees all of it, and changes
// nothing.
func TestLookReadsTheJournal(t *testing.T) {
	t.Parallel()
	files := crashed(t)
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	files.put(t, path)
	s, err := Look(path)
	if err != nil {
		t.Fatalf("Look: %v", err)
	}
	checked, err := s.Inspect(t.Context(), nil)
	if err != nil || checked.Conversations != 3 || len(checked.Findings) > 0 {
		t.Errorf("found %+v, %v", checked, err)
	}
	var copied bytes.Buffer
	if n, err := s.WriteTo(t.Context(), &copied); err != nil || n != int64(copied.Len()) {
		t.Errorf("WriteTo: %d bytes of %d, %v", copied.Len(), n, err)
	}
	if _, err := s.Stats(t.Context(), noon(), bot.Retention{}); err != nil {
		t.Errorf("Stats after it: %v", err)
	}
	finish(t, s)
	for name, b := range files {
		if now, err := os.ReadFile(path + name); err != nil || !bytes.Equal(now, b) {
			t.Errorf("%q was changed, %v", name, err)
		}
	}
	if names, err := met(t, disk{theFile: copied.Bytes()}); err != nil || len(names) != 3 {
		t.Errorf("the copy knows %v, %v", names, err)
	}
	if _, _, err := Compact(path); err != nil {
		t.Fatalf("Compact: %v", err)
	}
	left, err := filepath.Glob(path + "*")
	if err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	if s, err = Look(path); err != nil {
		t.Fatalf("Look: %v", err)
	}
	defer finish(t, s)
	if checked, err := s.Inspect(t.Context(), nil); err != nil || checked.Conversations != 3 || len(checked.Findings) > 0 {
		t.Errorf("after Compact: %+v, %v", checked, err)
	}
}

// Two may look at once, and each of them makes a copy.
func TestTwoCopiesOfACrashedFileAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	crashed(t).put(t, path)
	var looks [2]*Store
	for i := range looks {
		s, err := Look(path)
		if err != nil {
			t.Fatalf("Look: %v", err)
		}
		defer finish(t, s)
		looks[i] = s
	}
	r, w := io.Pipe()
	var group sync.WaitGroup
	group.Go(func() {
		_, err := looks[0].WriteTo(t.Context(), w)
		_ = w.CloseWithError(err) // never fails
	})
	if _, err := io.ReadFull(r, make([]byte, 1)); err != nil {
		t.Errorf("the first copy: %v", err)
	}
	if _, err := looks[1].WriteTo(t.Context(), io.Discard); err != nil {
		t.Errorf("the second copy: %v", err)
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Errorf("the first copy: %v", err)
	}
	group.Wait()
}

func FuzzReadPart(f *testing.F) {
	file := fileID{1, 2, 3}
	whole := encodeRecord(nil, file, 7, []write{{3, row{[]byte("key"), []byte("value")}}, {5, row{key: []byte("gone")}}})
	f.Add(whole)
	f.Add(encodeRecord(bytes.Clone(whole), file, 8, nil))
	f.Fuzz(func(t *testing.T, part []byte) {
		found, err := readPart(part, file)
		if err != nil {
			return
		}
		for _, r := range found {
			left := backlog{rows: (&layer{}).next()}
			_ = left.take(r.body) // an error or not, but no panic
		}
	})
}
