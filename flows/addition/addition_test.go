package addition_test

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/flows"
	"frontdesk/flows/addition"
)

// shop is a flow file with an answer in each way of writing one.
const shop = `version: 1
business: B   # ours
handoff: {words: [agent]}
answers:
  hours:
    words: [open]
    examples:
      - when are you open   # asked most
      - "until when: today"
      # and more

    title: Opening hours

    say: 9 to 6.
  short: {words: [short], say: Short.}
  listed:
    examples: [can I list it, "a, b] or c", don't you list it]   # a few
    say: Listed.
  long:
    examples: [is this a rather long list of what customers ask us every day, and one more of it,
               it goes on here,
              ]
    say: Long.
  flat:
    words:
    - flat
    # about what is said
    say: |
      Flat.

        # no comment

# The flows.
flows:
  main:
    start: menu
    states:
      menu: {say: Menu, choices: [{title: A person, go: handoff}]}
`

func files(src string) flows.Files {
	return flows.Files{Root: "flows.yaml", Content: map[string][]byte{"flows.yaml": []byte(src)}}
}

// added are the lines that a diff adds; it must take none away but to make it longer.
func added(diff string) (lines []string) {
	for line := range strings.Lines(diff) {
		if strings.HasPrefix(line, "+") && !strings.HasPrefix(line, "+++") {
			lines = append(lines, strings.TrimRight(line[1:], "\n"))
		}
	}
	return lines
}

func TestExamplesAreAddedWhereTheAnswerHasThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer   string
		examples []string
		want     []string
	}{
		{"hours", []string{"When are you open?", "do you close: when", " are you\nthere "}, []string{`      - "do you close: when"`, "      - are you there"}},
		{"short", []string{"is it short", "SHORT!"}, []string{"  short: {examples: [is it short], words: [short], say: Short.}"}},
		{"listed", []string{"is it # listed", "yes"}, []string{`    examples: [can I list it, "a, b] or c", don't you list it, "is it # listed", "yes"]   # a few`}},
		{"long", []string{"the last of all those questions that customers ask us on a usual day, and more"}, []string{
			`               "the last of all those questions that customers ask us on a usual day, and more",`,
		}},
		{"flat", []string{"is it flat"}, []string{"    examples:", "      - is it flat"}},
	} {
		t.Run(c.answer, func(t *testing.T) {
			t.Parallel()
			got, err := addition.Examples(files(shop), c.answer, c.examples)
			if err != nil {
				t.Fatal(err)
			}
			if lines := added(got.Diff); !slices.Equal(lines, c.want) {
				t.Errorf("added are\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(c.want, "\n"))
			}
			understood(t, got, c.answer)
			patched(t, shop, got)
		})
	}
}

// understood checks that what was added is answered with the answer.
func understood(t *testing.T, a addition.Addition, answer string) {
	t.Helper()
	understoodIn(t, files(""), a, answer)
}

func understoodIn(t *testing.T, all flows.Files, a addition.Addition, answer string) {
	t.Helper()
	all.Content = maps.Clone(all.Content)
	all.Content[a.File] = a.After
	set, found := all.Set()
	if set == nil {
		t.Fatalf("the file is not understood any more: %v", found)
	}
	for _, words := range a.Examples {
		res := set.Step(flows.State{}, flows.Said{Text: words}, flows.Env{Channel: "webchat"})
		if res.Rule != flows.RuleAnswer {
			t.Errorf("%q is answered by rule %s", words, res.Rule)
		}
		if _, guesses := set.Compare(words); len(guesses) == 0 || guesses[0].Answer != answer {
			t.Errorf("%q is guessed as %v", words, guesses)
		}
	}
}

// patched lets patch and git make the file of the diff.
func patched(t *testing.T, before string, a addition.Addition) {
	t.Helper()
	for _, tool := range [][]string{{"patch", "-p0", "--no-backup-if-mismatch"}, {"git", "apply", "-p0"}} {
		dir := t.TempDir()
		at := filepath.Join(dir, filepath.FromSlash(a.File))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, []byte(before), 0o600)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), tool[0], tool[1:]...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(a.Diff)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s\n%s", tool, err, out, a.Diff)
			continue
		}
		if after, err := os.ReadFile(at); err != nil || string(after) != string(a.After) {
			t.Errorf("%v made\n%s\nof\n%s", tool, after, a.Diff)
		}
	}
}

func TestANewAnswerStandsBehindTheOthers(t *testing.T) {
	t.Parallel()
	got, err := addition.Answer(files(shop), "bike_rental", []string{"can I rent a bike", "renting: how?"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"  bike_rental:", "    examples:", "      - can I rent a bike", `      - "renting: how?"`,
		`    say: "To be written: the answer to bike rental"`,
	}
	if lines := added(got.Diff); !slices.Equal(lines, want) {
		t.Errorf("added are\n%s", got.Diff)
	}
	understood(t, got, "bike_rental")
	patched(t, shop, got)
}

// The first answer of a file, of one in two languages, and of one with lines that end
// as on Windows.
func TestANewAnswerIsAddedToAnyFile(t *testing.T) {
	t.Parallel()
	const bottom = "flows:\n  main:\n    start: menu\n    states:\n      menu: {say: Hi, end: true}"
	for name, src := range map[string]string{
		"without answers":      "version: 1\nbusiness: B\nhandoff: {words: [agent]}\n" + bottom,
		"in two languages":     "version: 1\nbusiness: B\nlanguages: [en, de]\nhandoff: {words: [agent]}\nanswers:\n  a: {words: [a], say: {en: A, de: A}}\n\n  b: {words: [b], say: {en: B, de: B}}\n" + strings.Replace(bottom, "Hi", "{en: Hi, de: Hallo}", 1) + "\n",
		"with other ends":      strings.ReplaceAll("version: 1\nbusiness: B\nhandoff: {words: [agent]}\nanswers:\n  a: {words: [a], say: A}\n"+bottom+"\n", "\n", "\r\n"),
		"answers at the end":   "version: 1\nbusiness: B\nhandoff: {words: [agent]}\n" + bottom + "\nanswers:\n  a:\n    words: [a]\n    say: A",
		"answers far indented": "version: 1\nbusiness: B\nhandoff: {words: [agent]}\nanswers:\n      a:\n              words: [a]\n              say: A\n" + bottom,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := addition.Answer(files(src), "rental", []string{"can I rent a bike"})
			if err != nil {
				t.Fatal(err)
			}
			understood(t, got, "rental")
			if name != "with other ends" { // patch takes lines as they end; git wants to know
				patched(t, src, got)
			}
			again, err := addition.Examples(files(string(got.After)), "rental", []string{"do you rent bikes"})
			if err != nil {
				t.Fatal(err)
			}
			understood(t, again, "rental")
		})
	}
}

func TestWhatAnotherFileHoldsIsAddedThere(t *testing.T) {
	t.Parallel()
	both := files("version: 1\nbusiness: B\nhandoff: {words: [agent]}\ninclude: [more/*.yaml]\nflows:\n  main:\n    start: menu\n    states:\n      menu: {say: Hi, end: true}\n")
	const more = "answers:\n  a: {words: [a], say: A}\n"
	both.Content["more/a.yaml"] = []byte(more)
	got, err := addition.Examples(both, "a", []string{"what is a"})
	if err != nil || got.File != "more/a.yaml" || !strings.HasPrefix(got.Diff, "--- more/a.yaml\n") {
		t.Fatalf("%+v, %v", got, err)
	}
	patched(t, more, got)
	if got, err = addition.Answer(both, "b", []string{"what is b"}); err != nil || got.File != "more/a.yaml" {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestWhatCannotBeAddedSaysWhy(t *testing.T) {
	t.Parallel()
	const flat = "version: 1\nbusiness: B\nhandoff: {words: [agent]}\nanswers: {a: {words: [a], say: A}}\nflows: {main: {start: menu, states: {menu: {say: Hi, end: true}}}}\n"
	const shared = "version: 1\nbusiness: B\nhandoff: {words: [agent]}\nanswers:\n  a: {words: &w [a], examples: &e [what is a], say: A}\n  b: {words: [b], examples: *e, say: B}\nflows: {main: {start: menu, states: {menu: {say: Hi, end: true}}}}\n"
	for _, c := range []struct {
		name string
		err  error
		do   func() error
	}{
		{"an answer that is not there", addition.ErrNoAnswer, func() error { _, err := addition.Examples(files(shop), "fish", []string{"x y"}); return err }},
		{"what it has", addition.ErrKnown, func() error {
			_, err := addition.Examples(files(shop), "hours", []string{"when are YOU open!"})
			return err
		}},
		{"nothing", addition.ErrKnown, func() error { _, err := addition.Examples(files(shop), "hours", []string{"?", " "}); return err }},
		{"an answer that is there", addition.ErrTaken, func() error { _, err := addition.Answer(files(shop), "hours", []string{"x y"}); return err }},
		{"a name that is none", addition.ErrRefused, func() error { _, err := addition.Answer(files(shop), "No Name", []string{"x y"}); return err }},
		{"a new answer without words", addition.ErrRefused, func() error { _, err := addition.Answer(files(shop), "fish", []string{"!"}); return err }},
		{"answers in one line", addition.ErrRefused, func() error { _, err := addition.Answer(files(flat), "fish", []string{"x y"}); return err }},
		{"examples that are another's", addition.ErrRefused, func() error { _, err := addition.Examples(files(shared), "b", []string{"what is b"}); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := c.do(); !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
		})
	}
}

// Every answer of the files that are shipped learns, and each file takes a new one.
func TestTheFilesThatAreShippedLearn(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../cmd/frontdesk/start/*/flows.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range append(paths, "../../flows.example.yaml") {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			set, all, found, err := flows.Load(os.DirFS(filepath.Dir(path)), filepath.Base(path), path)
			if set == nil {
				t.Fatal(found, err)
			}
			words := []string{"which is the very first thing that zebras ask?", "and then: do zebras ask for more"}
			for _, answer := range set.Answers() {
				got, err := addition.Examples(all, answer, words)
				if err != nil {
					t.Fatal(err)
				}
				understoodIn(t, all, got, answer)
			}
			got, err := addition.Answer(all, "zebras", words)
			if err != nil {
				t.Fatal(err)
			}
			understoodIn(t, all, got, "zebras")
			patched(t, string(all.Content[got.File]), got)
		})
	}
}

// Whatever customers write, the file says it afterwards, and all else as before; that
// is checked by addition itself, so that it must not refuse.
func TestWhateverCustomersWriteCanBeAdded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		words := "x" + rapid.OneOf(rapid.String(), rapid.StringMatching(`[ :#,\[\]{}&*!|>'"%@a-z0-9\\{}-]{1,30}`)).Draw(rt, "words")
		answer := rapid.SampledFrom([]string{"hours", "short", "listed", "long", "flat"}).Draw(rt, "answer")
		got, err := addition.Examples(files(shop), answer, []string{words, "another question of theirs"})
		if err != nil {
			rt.Fatalf("%q: %v", words, err)
		}
		if _, err := addition.Examples(files(string(got.After)), answer, []string{words}); !errors.Is(err, addition.ErrKnown) {
			rt.Fatalf("%q again: %v", words, err)
		}
		if rapid.IntRange(0, 3).Draw(rt, "new") > 0 {
			return
		}
		if _, err := addition.Answer(files(shop), "news", []string{words}); err != nil {
			rt.Fatalf("%q as a new answer: %v", words, err)
		}
	})
}
