package flows

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var fence = regexp.MustCompile("(?ms)^```(yaml|text)\n(.*?)^```$")

// TestDocs ensures that every example of the documentation is clean, or has the
// findings that the text block after it shows. An example that is no whole file
// is either some top-level keys or some states of main.
func TestDocs(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(string(docs), -1)
	if len(blocks) < 8 {
		t.Fatalf("%d examples found", len(blocks))
	}
	for i, b := range blocks {
		if b[1] != "yaml" {
			continue
		}
		want := ""
		if i+1 < len(blocks) && blocks[i+1][1] == "text" {
			want = blocks[i+1][2]
		}
		src := []byte(whole(b[2]))
		_, found := Parse("flows.yaml", src)
		if diff := cmp.Diff(want, render(t, "flows.yaml", src, found)); diff != "" {
			t.Errorf("the findings of this example (-want +got):\n%s\n%s", diff, src)
		}
	}
}

// whole makes a file of an example that is a part of one.
func whole(example string) string {
	const flows = "flows:\n  main:\n    start: "
	first, _, _ := strings.Cut(example, ":")
	switch first {
	case "version":
		return example
	case "queues", "handoff", "answers":
		head := "version: 1\nbusiness: B\n"
		if !strings.Contains(example, "\nhandoff:") {
			head += "handoff: {words: [agent]}\n"
		}
		return head + example + flows + "a\n    states:\n      a: {say: Hello, end: true}\n"
	default:
		indented := "      " + strings.ReplaceAll(strings.TrimRight(example, "\n"), "\n", "\n      ") + "\n"
		return "version: 1\nbusiness: B\nhandoff: {words: [agent]}\n" + flows + first + "\n    states:\n" + indented
	}
}

// TestExample talks through the file that comes with the program.
func TestExample(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../flows.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, found := Parse("flows.example.yaml", src)
	if len(found) > 0 {
		t.Fatalf("it is not clean:\n%s", render(t, "flows.example.yaml", src, found))
	}
	for _, c := range []struct {
		name  string
		lines []string
		want  []Effect // of the last line
	}{
		{"a question about opening hours", []string{"hi", "When are you open?!"}, []Effect{Say{Text: "We are open\nMonday to Friday 9:00-18:00\nSaturday 10:00-14:00"}}},
		{"a person in the middle of a repair", []string{"hi", "2", "can I talk to a human"}, []Effect{
			Say{Text: "One moment please, one of us will be with you shortly."},
			Escalate{Queue: "workshop", Reason: ReasonAsked},
		}},
		{"an order in a sentence", []string{"Track my order", "It is order 104233, I think"}, []Effect{
			Say{Text: "Thank you. We are looking up order 104233 and will answer you here."},
			Escalate{Queue: "billing", Reason: ReasonFlow, Note: "Where is order 104233?"},
		}},
		{"thanks after an answer", []string{"when are you open", "thanks", "thank you!"}, []Effect{Say{Text: "You are welcome!"}}},
		{"a day in a sentence", []string{"book a repair", "The brakes squeak", "on Monday please"}, []Effect{
			Say{Text: `So: "The brakes squeak", on Monday. Shall we book it?`},
		}},
		{"somebody who is no agent", []string{"hi", "2", "someone stole my front wheel"}, []Effect{
			Say{Text: "Which day would you like to bring it in?"},
		}},
		{"an order", []string{"hello", "track my order", "104-233", "104233"}, []Effect{
			Say{Text: "Thank you. We are looking up order 104233 and will answer you here."},
			Escalate{Queue: "billing", Reason: ReasonFlow, Note: "Where is order 104233?"},
		}},
		{"a repair", []string{"hi", "book a repair", "The brakes squeak", "next friday please", "yes"}, []Effect{
			Say{Text: "Thank you! We will confirm the time here in a moment."},
			Escalate{Queue: "workshop", Reason: ReasonFlow, Note: "Repair: The brakes squeak, friday"},
		}},
		{"a return", []string{"I want to return something", "1", "A helmet"}, []Effect{
			Say{Text: `All right. We are preparing the return of "A helmet".`},
			Escalate{Queue: "billing", Reason: ReasonFlow, Note: "Return: A helmet"},
		}},
		{"nothing that we understand", []string{"hi", "do you have zebras", "I said zebras"}, []Effect{
			Say{Text: "One moment please, one of us will be with you shortly."},
			Escalate{Queue: "workshop", Reason: ReasonNotUnderstood, Words: []string{"do you have zebras", "I said zebras"}},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var r Result
			for _, line := range c.lines {
				r = set.Step(r.State, Said{Text: line}, Env{ContactName: "Ada Lovelace"})
			}
			if s, ok := r.Effects[0].(Say); ok && len(c.want) == 1 { // the choices are the menu's, not this test's
				r.Effects[0] = Say{Text: s.Text}
			}
			if diff := cmp.Diff(c.want, r.Effects); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReadme runs README's flow, and the mistake that it shows.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(string(readme), -1)
	i := slices.IndexFunc(blocks, func(b []string) bool { return b[1] == "yaml" })
	if i < 0 || i+1 >= len(blocks) || blocks[i+1][1] != "text" {
		t.Fatal("README shows no flow followed by a finding")
	}
	src := []byte(blocks[i][2])
	if set, found := Parse("flows.yaml", src); set == nil || len(found) > 0 {
		t.Errorf("README's flow has findings:\n%s", render(t, "flows.yaml", src, found))
	}
	wrong := []byte(strings.Replace(string(src), "go: menu\n", "go: menue\n", 1))
	_, found := Parse("flows.yaml", wrong)
	if diff := cmp.Diff(blocks[i+1][2], render(t, "flows.yaml", wrong, found)); diff != "" {
		t.Errorf("README's finding (-want +got):\n%s", diff)
	}
}
