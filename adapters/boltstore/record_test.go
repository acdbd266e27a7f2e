package boltstore_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
	"frontdesk/flows"
)

// The names in the file, those that come from other packages too. Whoever
// changes one loses what was stored under it.
func TestWhatIsStoredKeepsItsNames(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := open(t, path, quick())
	c := hello("a")
	c.Contact.Language = "de-AT"
	at := c.Conversation.UpdatedAt
	c.Conversation.Flow = flows.State{
		Version: "v1", Flow: "start", Node: "ask", Vars: map[string]any{"n": 1.5}, Language: "de", Chosen: true, Told: true,
		Stack: []flows.Place{{Flow: "f", Node: "n"}}, Trace: []flows.Place{{Flow: "g", Node: "m"}}, Tries: 1, Misses: 2, Missed: []string{"hm"},
	}
	c.Conversation.Call = &bot.Call{
		ID: "c1", Attempts: 2, BegunAt: at, DueAt: at, Code: "timeout",
		Request: flows.Call{
			Method: "POST", URL: "https://example.com", Headers: map[string]string{"A": "b"}, Body: []byte("{}"), Timeout: time.Second, Tries: 3,
		},
	}
	c.Conversation.Gathered, c.Conversation.Rungs = []string{"one"}, 1
	c.Conversation.AnswerAt, c.Conversation.SilentAt, c.Conversation.CloseAt = at, at, at
	out := &c.Messages[1]
	out.Choices, out.Layout, out.Wants = []bot.Choice{{ID: "i", Title: "t"}}, bot.LayoutButtons, bot.WantsLocation
	out.Media = &bot.Media{Kind: "image", ID: "m", URL: "u", MIME: "image/png", Filename: "f"}
	out.Template = &bot.Template{Name: "n", Language: "en_US", Params: []string{"p"}}
	out.Location = &bot.Location{Latitude: 1, Longitude: 2, Name: "n", Address: "a"}
	if err := s.Commit(t.Context(), []bot.Change{c}); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	if err := s.KeepFlows(t.Context(), "v1", flows.Files{Root: "r", Content: map[string][]byte{"r": []byte("?")}}); err != nil {
		t.Fatalf("KeepFlows: %v", err)
	}
	closeStore(t, s)
	edit(t, path, func(tx *bolt.Tx) error {
		for _, tt := range []struct{ bucket, key, want string }{
			{"contacts", "ka", `{"id":"ka","name":"Ada","language":"de-AT","aliases":[{"channel":"whatsapp","kind":"phone","value":"a"}]}`},
			{"conversations", "a", `{"id":"a","channel":"whatsapp","contact":"ka",` +
				`"flow":{"version":"v1","flow":"start","node":"ask","vars":{"n":1.5},"language":"de","chosen":true,` +
				`"stack":[{"flow":"f","node":"n"}],"trace":[{"flow":"g","node":"m"}],"tries":1,"misses":2,"missed":["hm"],"told":true},` +
				`"newest_inbound":"2026-03-02T12:00:00Z",` +
				`"call":{"id":"c1","request":{"method":"POST","url":"https://example.com","headers":{"A":"b"},"body":"e30=","timeout":1000000000,"tries":3},` +
				`"attempts":2,"begun_at":"2026-03-02T12:00:00Z","due_at":"2026-03-02T12:00:00Z","code":"timeout"},` +
				`"gathered":["one"],"answer_at":"2026-03-02T12:00:00Z","silent_at":"2026-03-02T12:00:00Z","close_at":"2026-03-02T12:00:00Z","rungs":1,` +
				`"created_at":"2026-03-02T12:00:00Z","updated_at":"2026-03-02T12:00:00Z"}`},
			{"messages", string(key("a")), `{"conversation":"a","seq":2,"author":"bot","kind":"text","text":"What is its number?",` +
				`"choices":[{"id":"i","title":"t"}],"layout":"buttons","media":{"kind":"image","id":"m","url":"u","mime":"image/png","filename":"f"},` +
				`"template":{"name":"n","language":"en_US","params":["p"]},"location":{"latitude":1,"longitude":2,"name":"n","address":"a"},` +
				`"wants":"location","at":"2026-03-02T12:00:00Z","state":"queued"}`},
			{"flows", "v1", `{"root":"r","content":{"r":"Pw=="}}`},
		} {
			b := string(tx.Bucket([]byte(tt.bucket)).Get([]byte(tt.key)))
			if !strings.HasSuffix(b, tt.want) {
				t.Errorf("%s holds\n%s\nwant\n%s", tt.bucket, b, tt.want)
			}
		}
		return nil
	})
}
