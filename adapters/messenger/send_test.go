package messenger_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

// The messages are those of Meta's documentation.
func TestSendWritesWhatMetaDocuments(t *testing.T) {
	t.Parallel()
	hours := []bot.Choice{{ID: "HOURS", Title: "Hours"}}
	const replies = `"quick_replies":[{"content_type":"text","title":"Hours","payload":"HOURS"}]`
	for name, c := range map[string]struct {
		message bot.Message
		want    string
	}{
		"a text": {bot.Message{Text: "Hello"}, `{"text":"Hello","metadata":"c1-1"}`},
		"quick replies": {
			bot.Message{Text: "Pick one", Choices: hours, Layout: bot.LayoutButtons},
			`{"text":"Pick one","metadata":"c1-1",` + replies + `}`,
		},
		"a picture": {
			bot.Message{Media: &bot.Media{Kind: "image", URL: "https://cdn.example/a.png"}},
			`{"attachment":{"type":"image","payload":{"url":"https://cdn.example/a.png","is_reusable":true}},"metadata":"c1-1"}`,
		},
		"a film": {
			bot.Message{Media: &bot.Media{Kind: "video", URL: "https://cdn.example/a.mp4"}},
			`{"attachment":{"type":"video","payload":{"url":"https://cdn.example/a.mp4","is_reusable":true}},"metadata":"c1-1"}`,
		},
		"a sound": {
			bot.Message{Media: &bot.Media{Kind: "audio", URL: "https://cdn.example/a.mp3"}},
			`{"attachment":{"type":"audio","payload":{"url":"https://cdn.example/a.mp3","is_reusable":true}},"metadata":"c1-1"}`,
		},
		"a document is a file": {
			bot.Message{Media: &bot.Media{Kind: "document", URL: "https://cdn.example/a.pdf", Filename: "terms.pdf"}},
			`{"attachment":{"type":"file","payload":{"url":"https://cdn.example/a.pdf","is_reusable":true}},"metadata":"c1-1"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := metatest.NewGraph(t, metatest.Options{Pages: []string{metatest.TestPage}})
			c.message.Conversation, c.message.Seq = "c1", 1
			if _, err := open(t, g.URL()).Send(t.Context(), bot.Outgoing{
				To: []bot.Alias{{Channel: "messenger", Kind: "psid", Value: "PSID_42"}}, Message: c.message,
			}); err != nil {
				t.Fatal(err)
			}
			var want, got any
			whole := `{"recipient":{"id":"PSID_42"},"messaging_type":"RESPONSE","message":` + c.want + `}`
			for body, into := range map[string]*any{whole: &want, string(g.Sent()[0].Body): &got} {
				if err := json.Unmarshal([]byte(body), into); err != nil {
					t.Fatalf("%v in %s", err, body)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the body (-want +got):\n%s", diff)
			}
		})
	}
}
