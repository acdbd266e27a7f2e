package webchat

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
)

// says puts a message of the bot's into a visitor's conversation, as if a flow
// had said it and it was sent.
func (d *desk) says(v *visitorAt, m bot.Message) {
	d.t.Helper()
	m.Author, m.State, m.Kind = bot.AuthorBot, bot.StateSent, bot.KindText
	if m.Media != nil {
		m.Kind = bot.Kind(m.Media.Kind)
	}
	for {
		s := d.known(v)
		c := s.Conversation
		c.LastSeq++
		c.Version++
		m.Conversation, m.Seq, m.At = c.ID, c.LastSeq, time.Now().UTC()
		err := d.store.Commit(d.t.Context(), []bot.Change{{Base: s.Conversation.Version, Conversation: c, Messages: []bot.Message{m}}})
		if errors.Is(err, bot.ErrConflict) {
			continue // something was sent meanwhile
		}
		if err != nil {
			d.t.Fatal(err)
		}
		d.hub.Publish(bot.Hint{Conversation: c.ID})
		return
	}
}

// known is what the store knows of a visitor.
func (d *desk) known(v *visitorAt) bot.Snapshot {
	d.t.Helper()
	s, err := d.store.Load(d.t.Context(), bot.Lookup{Channel: "webchat", Aliases: []bot.Alias{visitorOf(v.token).alias("webchat")}})
	if err != nil || s.Conversation.ID == "" {
		d.t.Fatalf("%+v, %v", s, err)
	}
	return s
}

func TestFilesAndPlacesLookAsInTheirGoldenFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14*time.Hour + 5*time.Minute)
		d := newDesk(t, nil)
		v := d.visit()
		wantStatus(t, v.send(posted{ID: uuid(1), Text: "Show me"}), http.StatusOK)
		d.says(v, bot.Message{Text: "This one?", Media: &bot.Media{Kind: "image", URL: "https://cdn.example/city.jpg?w=1&h=2", Filename: "city-bike.jpg"}})
		d.says(v, bot.Message{Media: &bot.Media{Kind: "image", URL: "https://cdn.example/2.jpg"}})
		d.says(v, bot.Message{Text: "All of it is here.", Media: &bot.Media{Kind: "document", URL: "https://cdn.example/terms", Filename: "terms.pdf"}})
		d.says(v, bot.Message{Media: &bot.Media{Kind: "audio", URL: "https://cdn.example/bell.mp3"}})
		d.says(v, bot.Message{Text: "Where are you?", Wants: bot.WantsLocation})
		golden(t, "files.html", text(t, v.get("/chat")))
		wantStatus(t, v.send(posted{ID: uuid(2), Place: &place{48.137154321, -11.5754}}), http.StatusOK)
		body := text(t, v.get("/chat"))
		wantText(t, body, "My location: 48.137154,-11.5754</p>")

		got := v.talk("0").Messages
		want := []*attached{
			nil,
			{"image", "city-bike.jpg", "https://cdn.example/city.jpg?w=1&h=2"},
			{"image", "Picture", "https://cdn.example/2.jpg"},
			{"document", "terms.pdf", "https://cdn.example/terms"},
			{"audio", "Recording", "https://cdn.example/bell.mp3"},
			nil, nil,
		}
		for i, m := range got {
			if diff := cmp.Diff(want[i], m.File); diff != "" {
				t.Errorf("line %d (-want +got):\n%s", i+1, diff)
			}
			if m.Locate != (i == 5) {
				t.Errorf("line %d asks for a place: %t", i+1, m.Locate)
			}
		}
	})
}

func TestOnlyEncryptedAddressesAreShown(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://cdn.example/a.png", "javascript:alert(1)", "data:image/png;base64,", "//cdn.example/a", "https:", "https://%zz", ""} {
		l := show(bot.Message{Author: bot.AuthorBot, Text: "Look", Media: &bot.Media{Kind: "image", URL: address}}, "")
		if l.File != nil {
			t.Errorf("%q is shown as %+v", address, l.File)
		}
		var words strings.Builder
		for _, p := range l.Parts {
			words.WriteString(p.Text)
		}
		if want := strings.TrimSpace(address + "\nLook"); words.String() != want {
			t.Errorf("%q is told as %q", address, words.String())
		}
	}
}

func TestPicturesMayComeFromAnywhereAndNothingElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	policy := d.visit().get("/chat").Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src https: 'self' data:; connect-src 'self';"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy is %q, without %q", policy, want)
		}
	}
}

func TestAPlaceIsTakenAsAPlace(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v := d.visit()
	wantStatus(t, v.send(posted{ID: uuid(1), Place: &place{48.137154321, -11.5754}}), http.StatusOK)
	messages, err := d.store.Transcript(t.Context(), d.known(v).Conversation.ID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	got := messages[0]
	want := &bot.Location{Latitude: 48.137154, Longitude: -11.5754}
	if diff := cmp.Diff(want, got.Location); diff != "" || got.Kind != bot.KindLocation || got.Text != "48.137154,-11.5754" {
		t.Errorf("a %s that says %q (-want +got):\n%s", got.Kind, got.Text, diff)
	}
}

func TestTheFirstLanguageOfTheBrowserIsKnown(t *testing.T) {
	t.Parallel()
	var got []string
	d := newDesk(t, func(c *Config) {
		handle := c.Handle
		c.Handle = func(ctx context.Context, b bot.Batch) error {
			got = append(got, b.Messages[0].Language)
			return handle(ctx, b)
		}
	})
	v := d.visit()
	r := v.request("application/json", `{"id":"`+uuid(1)+`","text":"Hallo"}`)
	r.Header.Set("Accept-Language", "de-AT,de;q=0.9,en;q=0.8")
	wantStatus(t, v.do(r), http.StatusOK)
	r = v.request("application/x-www-form-urlencoded", "id="+uuid(2)+"&text=Hallo")
	wantStatus(t, v.do(r), http.StatusSeeOther)
	if diff := cmp.Diff([]string{"de-AT", ""}, got); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                         "",
		"en":                       "en",
		"de-AT,de;q=0.9,en;q=0.8":  "de-AT",
		"zh-Hant-TW;q=0.9, en":     "zh-Hant-TW",
		" pt-BR ; q=1":             "pt-BR",
		"*":                        "",
		"es-419":                   "es-419",
		"english":                  "",
		"e":                        "",
		"de_DE":                    "",
		"<script>":                 "",
		"de-" + longWord + ",en":   "",
		"de-a-b-c-d-e-f-g-h":       "",
		";q=0.9":                   "",
		",en":                      "",
		"DE":                       "DE",
		"x-klingon":                "",
		"sr-Latn-RS-extra-extra-x": "",
	} {
		if got := language(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

const longWord = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
