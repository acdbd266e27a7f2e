package whatsapp_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

// The bodies are those of Meta's documentation, but for what each of them has in
// common.
func TestSendWritesWhatMetaDocuments(t *testing.T) {
	t.Parallel()
	yes := []bot.Choice{{ID: "yes", Title: "Yes, thanks"}}
	const buttons = `"action":{"buttons":[{"type":"reply","reply":{"id":"yes","title":"Yes, thanks"}}]}`
	for name, c := range map[string]struct {
		message bot.Message
		want    string
	}{
		"a text": {
			bot.Message{Text: "Track it: https://shop.example/t/9"},
			`{"type":"text","text":{"body":"Track it: https://shop.example/t/9","preview_url":true}}`,
		},
		"a picture with a caption": {
			bot.Message{Text: "Size chart", Media: &bot.Media{Kind: "image", URL: "https://cdn.example/a.jpg"}},
			`{"type":"image","image":{"link":"https://cdn.example/a.jpg","caption":"Size chart"}}`,
		},
		"a film without one": {
			bot.Message{Media: &bot.Media{Kind: "video", URL: "https://cdn.example/a.mp4"}},
			`{"type":"video","video":{"link":"https://cdn.example/a.mp4"}}`,
		},
		"a sound": {
			bot.Message{Media: &bot.Media{Kind: "audio", URL: "https://cdn.example/a.ogg", Filename: "a.ogg"}},
			`{"type":"audio","audio":{"link":"https://cdn.example/a.ogg"}}`,
		},
		"a document with its name": {
			bot.Message{Text: "Invoice", Media: &bot.Media{Kind: "document", URL: "https://cdn.example/9", Filename: "invoice.pdf"}},
			`{"type":"document","document":{"link":"https://cdn.example/9","filename":"invoice.pdf","caption":"Invoice"}}`,
		},
		"buttons": {
			bot.Message{Text: "Did that help?", Choices: yes, Layout: bot.LayoutButtons},
			`{"type":"interactive","interactive":{"type":"button","body":{"text":"Did that help?"},` + buttons + `}}`,
		},
		"buttons under a picture": {
			bot.Message{Text: "This one?", Choices: yes, Layout: bot.LayoutButtons, Media: &bot.Media{Kind: "image", URL: "https://cdn.example/a.jpg"}},
			`{"type":"interactive","interactive":{"type":"button","header":{"type":"image","image":{"link":"https://cdn.example/a.jpg"}},
				"body":{"text":"This one?"},` + buttons + `}}`,
		},
		"buttons under a document": {
			bot.Message{Text: "Agreed?", Choices: yes, Layout: bot.LayoutButtons, Media: &bot.Media{Kind: "document", URL: "https://cdn.example/9", Filename: "terms.pdf"}},
			`{"type":"interactive","interactive":{"type":"button","header":{"type":"document","document":{"link":"https://cdn.example/9","filename":"terms.pdf"}},
				"body":{"text":"Agreed?"},` + buttons + `}}`,
		},
		"a question for a place": {
			bot.Message{Text: "Where are you?", Wants: bot.WantsLocation},
			`{"type":"interactive","interactive":{"type":"location_request_message","body":{"text":"Where are you?"},"action":{"name":"send_location"}}}`,
		},
		"a template with values": {
			bot.Message{Text: "Hello Mara, about A-9.", Template: &bot.Template{Name: "case_update", Language: "en_US", Params: []string{"Mara", "A-9"}}},
			`{"type":"template","template":{"name":"case_update","language":{"code":"en_US"},
				"components":[{"type":"body","parameters":[{"type":"text","text":"Mara"},{"type":"text","text":"A-9"}]}]}}`,
		},
		"a template without": {
			bot.Message{Text: "Still on it.", Template: &bot.Template{Name: "still_on_it", Language: "de"}},
			`{"type":"template","template":{"name":"still_on_it","language":{"code":"de"}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := metatest.NewGraph(t, metatest.Options{Numbers: []string{metatest.TestNumber}})
			c.message.Conversation, c.message.Seq = "c1", 1
			if _, err := open(t, g.URL()).Send(t.Context(), bot.Outgoing{
				To: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: "447700900123"}}, Message: c.message,
			}); err != nil {
				t.Fatal(err)
			}
			want := read(t, []byte(c.want))
			want["messaging_product"], want["recipient_type"], want["to"] = "whatsapp", "individual", "+447700900123"
			want["biz_opaque_callback_data"] = "c1-1"
			if diff := cmp.Diff(want, read(t, g.Sent()[0].Body)); diff != "" {
				t.Errorf("the body (-want +got):\n%s", diff)
			}
		})
	}
}

func read(t *testing.T, body []byte) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return m
}
