package metatest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/bot"
)

// Decode is a channel's Decode.
type Decode func(header http.Header, body []byte, accounts map[string]string) (bot.Batch, error)

// The parts of a golden file: a webhook, and what is read from it.
const (
	goldenBody = "body.json"
	goldenWant = "want.txt"
)

// Golden decodes the webhooks of dir/*.txtar, signed with TestSecret, and
// compares what was read; update rewrites it. A file without it fails.
func Golden(t *testing.T, dir string, least int, update bool, accounts map[string]string, decode Decode) {
	files := Goldens(t, dir)
	if len(files) < least {
		t.Errorf("%d files in %s, want at least %d", len(files), dir, least)
	}
	for path, a := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			body, want := part(a, goldenBody), part(a, goldenWant)
			batch, err := decode(Signed(TestSecret, body), body, accounts)
			got := Print(batch, err)
			if update {
				a.Files = []txtar.File{{Name: goldenBody, Data: body}, {Name: goldenWant, Data: []byte(got)}}
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want == nil {
				t.Fatalf("%s has no %s; run with -update and read what it says", path, goldenWant)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s is read otherwise (- wanted, + got):\n%s", path, diff)
			}
		})
	}
}

// Goldens reads the golden files of dir by their paths.
func Goldens(t testing.TB, dir string) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*txtar.Archive{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = a
	}
	return files
}

// Bodies are the webhooks of dir/*.txtar: the seeds of a fuzz test.
func Bodies(t testing.TB, dir string) [][]byte {
	var all [][]byte
	for _, a := range Goldens(t, dir) {
		all = append(all, part(a, goldenBody))
	}
	return all
}

func part(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// Print writes what was read from a webhook, a line for each fact.
func Print(b bot.Batch, err error) string {
	var out bytes.Buffer
	if err != nil {
		fmt.Fprintf(&out, "error %v\n", err)
		fmt.Fprintf(&out, "  malformed %t, signature %t\n", errors.Is(err, bot.ErrMalformed), errors.Is(err, bot.ErrSignature))
	}
	line := func(key, format string, v any, shown bool) {
		if shown {
			fmt.Fprintf(&out, "  %s "+format+"\n", key, v)
		}
	}
	for _, i := range b.Messages {
		m := i.Message
		fmt.Fprintf(&out, "message %s on %s, %s, %s\n", i.Event, i.Channel, m.Kind, stamp(m.At))
		line("from", "%s", aliases(i.From), true)
		line("name", "%q", i.Name, i.Name != "")
		line("text", "%q", m.Text, true)
		line("start", "%s", m.Start, m.Start != "")
		line("choice", "%q", m.ChoiceID, m.ChoiceID != "")
		line("external id", "%q", m.ExternalID, m.ExternalID != "")
		if m.Media != nil {
			line("media", "%+v", *m.Media, true)
		}
		if m.Location != nil {
			line("location", "%+v", *m.Location, true)
		}
		line("language", "%q", i.Language, i.Language != "")
	}
	for _, r := range b.Receipts {
		fmt.Fprintf(&out, "receipt on %s, %s, %s\n", r.Channel, r.State, stamp(r.At))
		line("message", "%q", r.Message, r.Message != "")
		line("external id", "%q", r.ExternalID, r.ExternalID != "")
		line("from", "%s", aliases(r.From), len(r.From) > 0)
		line("until", "%s", stamp(r.Until), !r.Until.IsZero())
		line("code", "%s", r.Code, r.Code != "")
		line("reason", "%s", r.Reason, r.Reason != "")
		line("shut", "%t", r.Shut, r.Shut)
		line("opted out", "%t", r.OptedOut, r.OptedOut)
		if r.Pricing != nil {
			line("pricing", "%+v", *r.Pricing, true)
		}
	}
	for _, e := range b.Events {
		fmt.Fprintf(&out, "event %q on %s, %s\n  %s\n", e.Kind, e.Channel, stamp(e.At), bytes.Join(bytes.Fields(e.Body), []byte(" ")))
	}
	return out.String()
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return "no time"
	}
	return at.Format("2006-01-02T15:04:05.999Z07:00")
}

func aliases(all []bot.Alias) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, a.Channel+":"+a.Kind+":"+a.Value)
	}
	return strings.Join(parts, ", ")
}
