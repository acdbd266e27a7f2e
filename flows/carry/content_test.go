package carry

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Channels that differ in what may stand with a file, small enough to see the
// edges: one like WhatsApp, one like Messenger, one like our page.
var (
	gallery = Limits{
		Unit: UTF16, Text: 60, Buttons: 3, ButtonTitle: 10, ButtonText: 30, List: 5, ListTitle: 14, ListText: 40,
		Caption: 25, Header: true, PlaceText: 20, Templates: true,
	}
	bare = Limits{Unit: UTF16, Text: 60, Buttons: 3, ButtonTitle: 10, ButtonText: 30}
	wall = Limits{
		Unit: UTF16, Text: 60, Buttons: 3, ButtonTitle: 10, ButtonText: 30, Caption: 60, Header: true, PlaceText: 40, PlaceWith: true,
	}
)

// short writes a part on one line: what it holds, in the order in which it is seen.
func short(p Part) string {
	var out []string
	if p.Template != nil {
		out = append(out, "template "+p.Template.Name)
	}
	if p.Media != nil {
		out = append(out, p.Media.Kind)
	}
	if p.Text != "" {
		out = append(out, strconv.Quote(p.Text))
	}
	if p.Layout != LayoutPlain || len(p.Choices) > 0 {
		out = append(out, fmt.Sprintf("%s of %d", p.Layout, len(p.Choices)))
	}
	if p.Wants != "" {
		out = append(out, "wants "+p.Wants)
	}
	return strings.Join(out, ", ")
}

func TestFitPutsTogetherWhatCanStandTogether(t *testing.T) {
	t.Parallel()
	const long = "A sentence that is longer than captions."
	file := func(kind string) *Media { return &Media{Kind: kind, URL: "https://cdn.example/a"} }
	for _, c := range []struct {
		name   string
		say    Content
		limits Limits
		want   []string
	}{
		{"a picture has its caption", Content{Text: "Size chart", Media: file("image")}, gallery, []string{`image, "Size chart"`}},
		{"a document has one, too", Content{Text: "Invoice", Media: file("document")}, gallery, []string{`document, "Invoice"`}},
		{"audio has none", Content{Text: "Listen", Media: file("audio")}, gallery, []string{"audio", `"Listen"`}},
		{"a channel without captions sends the text after it", Content{Text: "Size chart", Media: file("image")}, bare, []string{"image", `"Size chart"`}},
		{"what is too long for a caption comes after the file", Content{Text: long, Media: file("video")}, gallery, []string{"video", `"` + long + `"`}},
		{"a file needs no text", Content{Media: file("image")}, gallery, []string{"image"}},
		{"a text of space is none", Content{Text: " \n", Media: file("image")}, gallery, []string{"image"}},
		{"buttons stand under a picture", Content{Text: "This?", Media: file("image"), Choices: choices("Yes", "No")}, gallery, []string{`image, "This?", buttons of 2`}},
		{"no buttons stand under audio", Content{Text: "This?", Media: file("audio"), Choices: choices("Yes", "No")}, gallery, []string{"audio", `"This?", buttons of 2`}},
		{"without headers they come after it", Content{Text: "This?", Media: file("image"), Choices: choices("Yes", "No")}, bare, []string{"image", `"This?", buttons of 2`}},
		{"a list has no picture", Content{Text: "This?", Media: file("image"), Choices: choices("A", "B", "C", "D")}, gallery, []string{"image", `"This?", list of 4`}},
		{"numbers are words of the caption", Content{Text: "Go?", Media: file("image"), Choices: choices("Fifteen letters")}, gallery, []string{`image, "Go?\n\n1. Fifteen letters"`}},
		{"and can be too long for it", Content{Text: "Which one?", Media: file("image"), Choices: choices("Fifteen letters")}, gallery, []string{"image", `"Which one?\n\n1. Fifteen letters"`}},
		{
			"a long text above buttons begins under the picture",
			Content{Text: "Twenty letters here. And a question of some length?", Media: file("image"), Choices: choices("Yes")},
			gallery,
			[]string{`image, "Twenty letters here."`, `"And a question of some length?", buttons of 1`},
		},
		{
			"a text that fits under buttons and not under a picture comes after it",
			Content{Text: "A text of twenty-eight here.", Media: file("image"), Choices: choices("Yes")},
			gallery,
			[]string{"image", `"A text of twenty-eight here.", buttons of 1`},
		},
		{"an id that is too long makes numbers", Content{Text: "Go?", Choices: choices("Yes")}, Limits{Unit: UTF16, Text: 60, Buttons: 3, ButtonTitle: 10, ButtonText: 30, ChoiceID: 12}, []string{`"Go?\n\n1. Yes"`}},
		{"one that fits does not", Content{Text: "Go?", Choices: choices("Yes")}, Limits{Unit: UTF16, Text: 60, Buttons: 3, ButtonTitle: 10, ButtonText: 30, ChoiceID: 13}, []string{`"Go?", buttons of 1`}},
		{"choices without words are written", Content{Media: file("image"), Choices: choices("Yes", "No")}, gallery, []string{`image, "1. Yes\n2. No"`}},
		{"also where nothing else is said", Content{Choices: choices("Yes", "No")}, gallery, []string{`"1. Yes\n2. No"`}},

		{"a place is asked for by a button", Content{Text: "Where are you?", Wants: WantsLocation}, gallery, []string{`"Where are you?", wants location`}},
		{"or in words alone", Content{Text: "Where are you?", Wants: WantsLocation}, bare, []string{`"Where are you?"`}},
		{"the room above that button is kept", Content{Text: "We come to you. Where are you now?", Wants: WantsLocation}, gallery, []string{`"We come to you."`, `"Where are you now?", wants location`}},
		{"buttons win over it", Content{Text: "Where?", Wants: WantsLocation, Choices: choices("Skip")}, gallery, []string{`"Where?", buttons of 1`}},
		{"numbers leave it", Content{Text: "Where?", Wants: WantsLocation, Choices: choices("Not now, later")}, Limits{Unit: UTF16, Text: 60, PlaceText: 40}, []string{`"Where?\n\n1. Not now, later", wants location`}},
		{"a file comes before it", Content{Text: "Where?", Wants: WantsLocation, Media: file("image")}, gallery, []string{"image", `"Where?", wants location`}},
		{"our page shows all of it at once", Content{Text: "Where?", Wants: WantsLocation, Media: file("image"), Choices: choices("Skip")}, wall, []string{`image, "Where?", buttons of 1, wants location`}},
		{"the shorter room counts", Content{Text: "We shall come to you at once. Where are you?", Wants: WantsLocation, Choices: choices("Skip")}, wall, []string{`"We shall come to you at once."`, `"Where are you?", buttons of 1, wants location`}},
		{"a wish that nobody knows is none", Content{Text: "Hello", Wants: "blood"}, gallery, []string{`"Hello"`}},

		{"a template stands alone", Content{Text: "We are still on it.", Template: &Template{Name: "still_on_it"}, Media: file("image"), Choices: choices("Yes")}, gallery, []string{`template still_on_it, "We are still on it."`}},
		{"without templates its words are sent", Content{Text: "Still on it.", Template: &Template{Name: "still_on_it"}, Choices: choices("Yes")}, bare, []string{`"Still on it.", buttons of 1`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range Fit(c.say, c.limits) {
				got = append(got, short(p))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestJoinSavesMessages(t *testing.T) {
	t.Parallel()
	picture := &Media{Kind: "image", URL: "https://cdn.example/a.png"}
	for _, c := range []struct {
		name          string
		first, second Content
		limits        Limits
		want          []string // nil: they stay apart
	}{
		{"two texts are one", Content{Text: "Hi. "}, Content{Text: "\nHow are you?"}, gallery, []string{`"Hi.\n\nHow are you?"`}},
		{"the second brings its choices", Content{Text: "Hi."}, Content{Text: "Pick", Choices: choices("A")}, gallery, []string{`"Hi.\n\nPick", buttons of 1`}},
		{"the second brings its wish", Content{Text: "Hi."}, Content{Text: "Where?", Wants: WantsLocation}, gallery, []string{`"Hi.\n\nWhere?", wants location`}},
		{"the first brings its file", Content{Text: "Hi.", Media: picture}, Content{Text: "Pick", Choices: choices("A")}, gallery, []string{`image, "Hi.\n\nPick", buttons of 1`}},
		{"a file finds its caption", Content{Media: picture}, Content{Text: "Pick"}, gallery, []string{`image, "Pick"`}},
		{"but not where there are none", Content{Media: picture}, Content{Text: "Pick"}, bare, nil},
		{"what would need as many stays as it is", Content{Text: strings.Repeat("x", 50)}, Content{Text: strings.Repeat("y", 50)}, gallery, nil},
		{"a caption that would break stays", Content{Text: "Hello there.", Media: picture}, Content{Text: "And a text."}, Limits{Unit: UTF16, Text: 60, Caption: 20}, nil},
		{"nothing follows choices", Content{Text: "Pick", Choices: choices("A")}, Content{Text: "Hi."}, gallery, nil},
		{"nothing follows a wish", Content{Text: "Where?", Wants: WantsLocation}, Content{Text: "Hi."}, gallery, nil},
		{"a second file stands for itself", Content{Text: "Hi."}, Content{Text: "Look", Media: picture}, gallery, nil},
		{"a template stands for itself", Content{Text: "Hi."}, Content{Text: "Look", Template: &Template{Name: "x"}}, gallery, nil},
		{"also the other way round", Content{Text: "Hi.", Template: &Template{Name: "x"}}, Content{Text: "Look"}, gallery, nil},
		{"what must be apart stays apart", Content{Text: "Hi.", Apart: true}, Content{Text: "Look"}, gallery, nil},
		{"also the second", Content{Text: "Hi."}, Content{Text: "Look", Apart: true}, gallery, nil},
		{"nothing is not joined", Content{}, Content{Text: "Look"}, gallery, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			joined, ok := Join(c.first, c.second, c.limits)
			if ok != (c.want != nil) {
				t.Fatalf("joined: %t, as %+v", ok, joined)
			}
			var got []string
			for _, p := range Fit(joined, c.limits) {
				got = append(got, short(p))
			}
			if diff := cmp.Diff(c.want, got); ok && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
