package carry

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// phone is a channel like WhatsApp, small enough to see the edges.
var phone = Limits{Unit: UTF16, Text: 60, Buttons: 3, ButtonTitle: 10, ButtonText: 30, List: 5, ListTitle: 14, ListText: 40}

func choices(titles ...string) []Choice {
	var out []Choice
	for _, t := range titles {
		out = append(out, Choice{ID: "main.menu:" + t, Title: t})
	}
	return out
}

func TestFitPicksWhatTheChannelCanCarry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		say     Content
		limits  Limits
		texts   []string
		layout  Layout // of the last message
		options int
	}{
		{"a short text is one message", Content{Text: "Hello"}, phone, []string{"Hello"}, LayoutPlain, 0},
		{"three short choices are buttons", Content{Text: "Pick", Choices: choices("A", "B", "C")}, phone, []string{"Pick"}, LayoutButtons, 3},
		{"four are a list", Content{Text: "Pick", Choices: choices("A", "B", "C", "D")}, phone, []string{"Pick"}, LayoutList, 4},
		{"a title too long for a button makes a list", Content{Text: "Pick", Choices: choices("Eleven char")}, phone, []string{"Pick"}, LayoutList, 1},
		{"six are numbers", Content{Text: "Pick", Choices: choices("A", "B", "C", "D", "E", "F")}, phone, []string{"Pick\n\n1. A\n2. B\n3. C\n4. D\n5. E\n6. F"}, LayoutPlain, 0},
		{"a title too long for a row makes numbers", Content{Text: "Pick", Choices: choices("More than fourteen")}, phone, []string{"Pick\n\n1. More than fourteen"}, LayoutPlain, 0},
		{"an emoji counts twice where it does", Content{Text: "Pick", Choices: choices("🚲🚲🚲🚲🚲🚲")}, phone, []string{"Pick"}, LayoutList, 1},
		{"a channel without choices gets numbers", Content{Text: "Pick", Choices: choices("A")}, Limits{Unit: Bytes, Text: 100}, []string{"Pick\n\n1. A"}, LayoutPlain, 0},
		{
			"the choices hang under the last part, and the rest uses the room of plain texts",
			Content{Text: "One sentence that is plain. Another that is longer still. And the question?", Choices: choices("A")},
			phone,
			[]string{"One sentence that is plain. Another that is longer still.", "And the question?"},
			LayoutButtons, 1,
		},
		{"a long text is cut between sentences", Content{Text: strings.Repeat("Nine char. ", 10)}, phone, []string{
			"Nine char. Nine char. Nine char. Nine char. Nine char.", "Nine char. Nine char. Nine char. Nine char. Nine char.",
		}, LayoutPlain, 0},
		{"nothing says nothing", Content{Text: " \n"}, phone, nil, LayoutPlain, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := Fit(c.say, c.limits)
			var texts []string
			for _, m := range got {
				texts = append(texts, m.Text)
			}
			if diff := cmp.Diff(c.texts, texts); diff != "" {
				t.Fatalf("texts (-want +got):\n%s", diff)
			}
			if len(got) == 0 {
				return
			}
			if last := got[len(got)-1]; last.Layout != c.layout || len(last.Choices) != c.options {
				t.Errorf("the last message has layout %q with %d choices, want %q with %d", last.Layout, len(last.Choices), c.layout, c.options)
			}
		})
	}
}

// withoutSpace is what must survive a split, whatever happens to the space between.
func withoutSpace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func checkSplit(t interface{ Fatalf(string, ...any) }, text string, limit int, u Unit) {
	parts := split(text, limit, u)
	for _, p := range parts {
		if n := u.Len(p); n > limit || n == 0 || strings.TrimSpace(p) != p {
			t.Fatalf("part %q has length %d of at most %d %s", p, n, limit, u)
		}
	}
	if got, want := withoutSpace(strings.Join(parts, "")), withoutSpace(text); got != want {
		t.Fatalf("split lost or changed something:\n got %q\nwant %q", got, want)
	}
}

func TestSplitLosesNothingAndKeepsTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("abc .!?\n\täé漢🚲\u200d"))).Draw(t, "text")
		checkSplit(t, text, rapid.IntRange(4, 40).Draw(t, "limit"), rapid.SampledFrom([]Unit{UTF16, Bytes}).Draw(t, "unit"))
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("nine ASCII"+strings.Repeat("漢", 60), 20)
	f.Add("\xff\xfe broken \xf0\x9f", 4)
	f.Add("a. b! c?\n\nd", 5)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 4 || limit > 5000 {
			return
		}
		checkSplit(t, text, limit, UTF16)
		checkSplit(t, text, limit, Bytes)
	})
}
