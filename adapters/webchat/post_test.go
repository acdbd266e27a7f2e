package webchat

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	const json, form = "application/json", "application/x-www-form-urlencoded"
	id := uuid(1)
	for _, c := range []struct {
		name, kind, body string
		want             posted
		err              error
		long             bool
	}{
		{"a text as JSON", json, `{"id":"` + id + `","text":" Hi \n"}`, posted{ID: id, Text: "Hi"}, nil, false},
		{"a text as a form", form, "id=" + id + "&text=a%0D%0Ab", posted{ID: id, Text: "a\nb"}, nil, false},
		{"a form with a charset", form + "; charset=utf-8", "id=" + id + "&text=%C3%A4", posted{ID: id, Text: "ä"}, nil, false},
		{"a choice", json, `{"id":"` + id + `","choice":"main.menu:Prices","message":2}`, posted{ID: id, Choice: "main.menu:Prices", Message: 2}, nil, false},
		{"a choice as a form", form, "id=" + id + "&choice=x&message=2", posted{ID: id, Choice: "x", Message: 2}, nil, false},
		{"a place", json, `{"id":"` + id + `","place":{"latitude":-90,"longitude":180}}`, posted{ID: id, Place: &place{-90, 180}}, nil, false},
		{"a place beyond the pole", json, `{"id":"` + id + `","place":{"latitude":90.1,"longitude":0}}`, posted{ID: id, Place: &place{90.1, 0}}, errNotUnderstood, false},
		{"a place in words", json, `{"id":"` + id + `","place":"here"}`, posted{}, errNotUnderstood, false},
		{"a place and a choice", json, `{"id":"` + id + `","choice":"x","message":2,"place":{}}`, posted{ID: id, Choice: "x", Message: 2, Place: &place{}}, errNotUnderstood, false},
		{"bytes that are no text", form, "id=" + id + "&text=a%FFb%00c", posted{ID: id, Text: "a\uFFFDbc"}, nil, false},
		{"nothing written", form, "id=" + id + "&text=+%0A", posted{ID: id}, errEmpty, false},
		{"no id", form, "text=Hi", posted{Text: "Hi"}, errNotUnderstood, false},
		{"an id of our own making", form, "id=1&text=Hi", posted{ID: "1", Text: "Hi"}, errNotUnderstood, false},
		{"a choice without message", form, "id=" + id + "&choice=x", posted{ID: id, Choice: "x"}, errNotUnderstood, false},
		{"a message that is no number", form, "id=" + id + "&choice=x&message=-1", posted{ID: id, Choice: "x"}, errNotUnderstood, false},
		{"as long as fits", form, "id=" + id + "&text=" + strings.Repeat("x", textMax-2) + url.QueryEscape("🙂"), posted{ID: id, Text: strings.Repeat("x", textMax-2) + "🙂"}, nil, false},
		{"one unit too long", form, "id=" + id + "&text=" + strings.Repeat("x", textMax-1) + url.QueryEscape("🙂"), posted{ID: id, Text: strings.Repeat("x", textMax-1) + "🙂"}, nil, true},
		{"broken JSON", json, `{"id":`, posted{}, errNotUnderstood, false},
		{"JSON of another kind", json, `[1]`, posted{}, errNotUnderstood, false},
		{"a broken form", form, "id=%zz", posted{}, errNotUnderstood, false},
		{"another kind", "text/plain", "Hi", posted{}, errNotUnderstood, false},
		{"no kind", "", "Hi", posted{}, errNotUnderstood, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := decode(c.kind, []byte(c.body))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, tooLong := errors.AsType[*longError](err); tooLong != c.long || !tooLong && !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("application/json", []byte(`{"id":"`+uuid(1)+`","text":"Hi"}`))
	f.Add("application/json", []byte(`{"id":"`+uuid(1)+`","place":{"latitude":48.1,"longitude":11.5}}`))
	f.Add("application/x-www-form-urlencoded", []byte("id="+uuid(1)+"&text=Hi&choice=x&message=1"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		p, err := decode(kind, body)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if !idShape.MatchString(p.ID) || !utf8.ValidString(p.Text) || strings.Contains(p.Text, "\x00") {
			t.Errorf("%+v", p)
		}
		if p.Place != nil && !p.Place.onEarth() {
			t.Errorf("the place %+v", *p.Place)
		}
		if p.Choice == "" && p.Place == nil && (p.Text == "" || len(p.Text) > 3*textMax) {
			t.Errorf("a text of %d bytes", len(p.Text))
		}
	})
}

func TestParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]part{
		"":                         nil,
		"Hi":                       {{Text: "Hi"}},
		"see https://a.example/b.": {{Text: "see "}, {"https://a.example/b", "https://a.example/b"}, {Text: "."}},
		"(http://a.example)":       {{Text: "("}, {"http://a.example", "http://a.example"}, {Text: ")"}},
		"https://a.example/?q=1&r=2 and https://b.example": {
			{"https://a.example/?q=1&r=2", "https://a.example/?q=1&r=2"}, {Text: " and "}, {"https://b.example", "https://b.example"},
		},
		"javascript:alert(1)":    {{Text: "javascript:alert(1)"}},
		`https://a.example"><b>`: {{"https://a.example", "https://a.example"}, {Text: `"><b>`}},
		"https://":               {{Text: "https://"}},
	} {
		got := parts(text)
		if len(got) != len(want) {
			t.Errorf("%q: %+v", text, got)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: %+v", text, got)
			}
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add("see https://a.example/b. Or (http://c.example)!")
	f.Fuzz(func(t *testing.T, text string) {
		var all strings.Builder
		for _, p := range parts(text) {
			all.WriteString(p.Text)
			if p.Href != "" && !strings.HasPrefix(p.Href, "https://") && !strings.HasPrefix(p.Href, "http://") {
				t.Errorf("a link to %q", p.Href)
			}
		}
		if all.String() != text {
			t.Errorf("%q became %q", text, all.String())
		}
	})
}
