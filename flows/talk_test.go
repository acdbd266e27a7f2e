package flows

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"frontdesk/flows/source"
)

// TestTalk plays the conversations of testdata/talk. The part "talk" holds one
// input a line:
//
//	> text           the customer writes
//	* id | title     taps a choice
//	+ kind           sends a picture, a voice note ...
//	! returned       a person gave the conversation back
//	@ flow.node      the stored state says that the customer is here
//	= name           the profile name from now on
//
// and "transcript" what came of it. The flows are the part "flows.yaml", or
// testdata/shop.yaml.
func TestTalk(t *testing.T) {
	t.Parallel()
	for _, path := range archives(t, "testdata/talk/*.txtar", 30) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			src := shop(t)
			if i := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "flows.yaml" }); i >= 0 {
				src = ar.Files[i].Data
			}
			got := play(t, mustParse(t, src), string(section(t, ar, "talk")))
			golden(t, path, ar, "transcript", got)
		})
	}
}

func shop(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func mustParse(t testing.TB, src []byte) *Set {
	t.Helper()
	set, found := Parse("flows.yaml", src)
	if source.Failed(found) {
		t.Fatalf("the flows have errors: %+v", found)
	}
	return set
}

func play(t *testing.T, set *Set, talk string) string {
	t.Helper()
	var (
		b   strings.Builder
		st  State
		env Env
	)
	for line := range strings.Lines(talk) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			continue
		}
		fmt.Fprintf(&b, "%s\n", line)
		kind, rest, _ := strings.Cut(line, " ")
		var in Input
		switch kind {
		case ">":
			in = Said{Text: strings.ReplaceAll(rest, `\n`, "\n")}
		case "*":
			id, title, _ := strings.Cut(rest, " | ")
			in = Tapped{ID: id, Title: title}
		case "+":
			in = Sent{Kind: rest}
		case "!":
			in = Returned{}
		case "@":
			st.Flow, st.Node, _ = strings.Cut(rest, ".")
			continue
		case "=":
			env.ContactName = rest
			continue
		default:
			t.Fatalf("no such line: %q", line)
		}
		r := set.Step(st, in, env)
		st = r.State
		transcript(&b, r)
	}
	return b.String()
}

// transcript writes a result as people read it.
func transcript(b *strings.Builder, r Result) {
	fmt.Fprintf(b, "    rule: %s\n", r.Rule)
	for _, t := range r.Trail {
		fmt.Fprintf(b, "    went: %s\n", t)
	}
	for _, e := range r.Effects {
		switch e := e.(type) {
		case Say:
			fmt.Fprintf(b, "    says: %s\n", strings.ReplaceAll(e.Text, "\n", "\n          "))
			for _, c := range e.Choices {
				fmt.Fprintf(b, "          [%s] %s\n", c.Title, c.ID)
			}
		case Escalate:
			fmt.Fprintf(b, "    person: queue=%s reason=%s", e.Queue, e.Reason)
			if e.Note != "" {
				fmt.Fprintf(b, " note=%q", e.Note)
			}
			if e.Words != nil {
				fmt.Fprintf(b, " words=%q", e.Words)
			}
			b.WriteByte('\n')
		case End:
			b.WriteString("    end\n")
		}
	}
	s := r.State
	fmt.Fprintf(b, "    stands: %q", s.Flow+"."+s.Node)
	if s.Tries+s.Misses > 0 {
		fmt.Fprintf(b, " tries=%d misses=%d", s.Tries, s.Misses)
	}
	if len(s.Missed) > 0 {
		fmt.Fprintf(b, " missed=%q", s.Missed)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Vars)) {
		fmt.Fprintf(b, " %s=%q", name, s.Vars[name])
	}
	b.WriteByte('\n')
}
