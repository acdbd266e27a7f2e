package carry

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyLimits are those of every kind of channel, and of the small ones.
func anyLimits(t *rapid.T) Limits {
	all := []Limits{phone, gallery, bare, wall, {Unit: Bytes, Text: 100}, {Unit: Bytes, Text: 60, Caption: 30, PlaceText: 10}}
	for _, kind := range Kinds() {
		l, _ := Of(kind)
		all = append(all, l)
	}
	return rapid.SampledFrom(all).Draw(t, "limits")
}

func anyContent(t *rapid.T, name string) Content {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(rapid.StringMatching(`[a-zä🚲]{0,20}( [a-z.\n]{1,30}){0,20}`).Draw(t, "text"), rapid.SampledFrom([]int{1, 1, 1, 9}).Draw(t, "times"))
	})
	c := Content{Text: text.Draw(t, name)}
	titles := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Zé🚲]{1,30}`), 0, 12, rapid.ID[string])
	c.Choices = choices(titles.Draw(t, "titles")...)
	if len(c.Choices) > 0 {
		c.Choices[0].ID += strings.Repeat("x", rapid.SampledFrom([]int{0, 0, 0, 230}).Draw(t, "longer id"))
	}
	if kind := rapid.SampledFrom([]string{"", "image", "video", "audio", "document"}).Draw(t, "media"); kind != "" {
		c.Media = &Media{Kind: kind, URL: "https://cdn.example/a"}
	}
	c.Wants = rapid.SampledFrom([]string{"", WantsLocation}).Draw(t, "wants")
	if rapid.IntRange(0, 9).Draw(t, "template") == 0 {
		c.Template = &Template{Name: "still_on_it", Language: "en_US"}
	}
	return c
}

// keeps fails where a message is more than the channel can carry.
func keeps(t *rapid.T, p Part, l Limits) {
	room, most, title := l.Text, 0, 0
	switch p.Layout {
	case LayoutButtons:
		room, most, title = l.ButtonText, l.Buttons, l.ButtonTitle
	case LayoutList:
		room, most, title = l.ListText, l.List, l.ListTitle
	case LayoutPlain:
	}
	if p.Media != nil {
		room = min(room, l.Caption)
		if p.Media.Kind == audio {
			room = 0
		}
		if p.Layout == LayoutList || p.Layout == LayoutButtons && !l.Header {
			t.Fatalf("a file in %s", short(p))
		}
	}
	if p.Wants != "" {
		room = min(room, l.PlaceText)
		if !l.PlaceWith && (p.Media != nil || p.Layout != LayoutPlain) {
			t.Fatalf("a place is asked for in %s", short(p))
		}
	}
	if p.Template == nil && l.Unit.Len(p.Text) > room {
		t.Fatalf("%s does not fit into %d", short(p), room)
	}
	if p.Text == "" && (p.Media == nil || p.Layout != LayoutPlain || p.Wants != "") {
		t.Fatalf("%s has no text", short(p))
	}
	if len(p.Choices) > most || (p.Layout == LayoutPlain) != (len(p.Choices) == 0) {
		t.Fatalf("%s with room for %d", short(p), most)
	}
	for _, c := range p.Choices {
		if l.Unit.Len(c.Title) > title {
			t.Fatalf("the title %q in %s", c.Title, short(p))
		}
		if l.ChoiceID > 0 && l.Unit.Len(c.ID) > l.ChoiceID {
			t.Fatalf("the id %q in %s", c.ID, short(p))
		}
	}
}

func TestFitLosesNothingAndKeepsTheLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, say := anyLimits(t), anyContent(t, "text")
		got := Fit(say, l)
		if say.Template != nil && l.Templates {
			if diff := cmp.Diff([]Part{{Text: say.Text, Template: say.Template}}, got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			return
		}
		var text strings.Builder
		var all Part
		for i, p := range got {
			keeps(t, p, l)
			if p.Template != nil {
				t.Fatalf("a template in %s", short(p))
			}
			text.WriteString(p.Text)
			if i > 0 && p.Media != nil || i < len(got)-1 && (len(p.Choices) > 0 || p.Wants != "") {
				t.Fatalf("message %d of %d is %s", i+1, len(got), short(p))
			}
			all = Part{Choices: p.Choices, Layout: p.Layout, Wants: p.Wants, Media: all.Media}
			if i == 0 {
				all.Media = p.Media
			}
		}
		var want strings.Builder
		want.WriteString(say.Text)
		if all.Layout == LayoutPlain {
			for i, c := range say.Choices {
				want.WriteString(strconv.Itoa(i+1) + "." + c.Title)
			}
		} else if diff := cmp.Diff(say.Choices, all.Choices); diff != "" {
			t.Fatalf("choices (-want +got):\n%s", diff)
		}
		if withoutSpace(text.String()) != withoutSpace(want.String()) {
			t.Fatalf("got %q, want %q", text.String(), want.String())
		}
		if all.Media != say.Media {
			t.Fatalf("the file is %+v, want %+v", all.Media, say.Media)
		}
		can := l.PlaceText > 0 && withoutSpace(want.String()) != "" && (l.PlaceWith || all.Layout == LayoutPlain)
		if (all.Wants != "") != (can && say.Wants != "") {
			t.Fatalf("wants %q, and got %q", say.Wants, all.Wants)
		}
	})
}

func TestJoinNeverGivesMoreMessagesThanApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, first, second := anyLimits(t), anyContent(t, "first"), anyContent(t, "second")
		first.Apart, second.Apart = rapid.Bool().Draw(t, "apart"), rapid.IntRange(0, 9).Draw(t, "apart too") == 0
		joined, ok := Join(first, second, l)
		if !ok {
			return
		}
		if together, apart := len(Fit(joined, l)), len(Fit(first, l))+len(Fit(second, l)); together >= apart {
			t.Fatalf("%d messages together, %d apart", together, apart)
		}
		if withoutSpace(joined.Text) != withoutSpace(first.Text+second.Text) {
			t.Fatalf("it says %q, not %q and %q", joined.Text, first.Text, second.Text)
		}
		want := Content{Text: joined.Text, Choices: second.Choices, Media: first.Media, Wants: second.Wants}
		if diff := cmp.Diff(want, joined); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestEveryKindHasLimits(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		l, ok := Of(kind)
		if !ok || l.Text < 160 || l.Unit == "" {
			t.Errorf("%s: %+v, %t", kind, l, ok)
		}
		for _, pair := range [][2]int{{l.Buttons, l.ButtonTitle}, {l.Buttons, l.ButtonText}, {l.List, l.ListTitle}, {l.List, l.ListText}} {
			if (pair[0] > 0) != (pair[1] > 0) {
				t.Errorf("%s: half a table in %+v", kind, l)
			}
		}
		if l.Header && l.Caption == 0 || l.PlaceWith && l.PlaceText == 0 {
			t.Errorf("%s: a text has no room in %+v", kind, l)
		}
		for _, room := range []int{l.ButtonText, l.ListText, l.Caption, l.PlaceText} {
			if room > l.Text {
				t.Errorf("%s: %d is more than a text of %d", kind, room, l.Text)
			}
		}
	}
	if l, ok := Of("carrier pigeon"); ok || l != (Limits{}) {
		t.Errorf("a pigeon carries %+v", l)
	}
}

func TestLengthsAreThoseOfUTF16(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		if got, want := UTF16.Len(s), len(utf16.Encode([]rune(s))); got != want {
			t.Fatalf("%q has %d units, want %d", s, got, want)
		}
	})
}
