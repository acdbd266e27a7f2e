package bot

import "testing"

func TestWhoMayBeMeant(t *testing.T) {
	t.Parallel()
	phone := Alias{Channel: "whatsapp", Kind: "phone", Value: "+436601234567"}
	bare := Alias{Channel: "whatsapp", Kind: "phone", Value: "436601234567"}
	user := Alias{Channel: "messenger", Kind: "psid", Value: "24001"}
	for _, tt := range []struct {
		name string
		of   Alias
		who  string
		want bool
	}{
		{"the number as it is stored", phone, "+436601234567", true},
		{"the number with spaces and signs", phone, " +43 (660) 123-45.67 ", true},
		{"the number as it is dialled", bare, "0043 660 1234567", true},
		{"the number after its channel", bare, "whatsapp:+43 660 1234567", true},
		{"the number after another channel", bare, "messenger:+436601234567", false},
		{"another number", phone, "+436601234568", false},
		{"a part of the number", phone, "+43660123456", false},
		{"a number with a word in it", phone, "x436601234567", false},
		{"a user id", user, "24001", true},
		{"a user id after its channel", user, "messenger:24001", true},
		{"a user id in another writing", user, "24 001", false},
		{"nobody", user, "", false},
		{"a channel alone", user, "messenger:", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.of.Means(tt.who); got != tt.want {
				t.Errorf("%q means %s: %t", tt.who, tt.of.Value, got)
			}
		})
	}
}

func TestATrailIsFoundInWhatPlatformsTell(t *testing.T) {
	t.Parallel()
	trail := Person{
		Contact: Contact{Aliases: []Alias{
			{Channel: "whatsapp", Kind: "phone", Value: "+436601234567"}, {Channel: "messenger", Kind: "psid", Value: "24001"},
		}},
		Conversations: []History{{Messages: []Message{{ExternalID: "wamid.1"}, {}}}},
	}.Trail()
	for _, tt := range []struct {
		name, body string
		want       bool
	}{
		{"by the number", `{"from": "436601234567"}`, true},
		{"by the number, as a number", `{"from": 436601234567}`, true},
		{"by a user id, deep inside", `{"a": [{"sender": {"id": "24001"}}]}`, true},
		{"by a user id, as a key", `{"24001": {}}`, true},
		{"by a message", `{"id": "wamid.1"}`, true},
		{"not by what only looks like it", `{"from": "124001", "id": "wamid.10", "x": ""}`, false},
		{"not by nothing", ``, false},
		{"before the body breaks", `{"id": "24001", `, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := trail.In([]byte(tt.body)); got != tt.want {
				t.Errorf("%s: %t", tt.body, got)
			}
		})
	}
}
