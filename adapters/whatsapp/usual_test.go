package whatsapp

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

func twoNumbers() *decoder {
	return &decoder{
		own:      &Config{Name: "whatsapp", PhoneNumberID: metatest.TestNumber},
		accounts: map[string]string{"700100200300401": "whatsapp-sales"},
	}
}

// FuzzOnePass: what is read in one pass is what reading with care gives, unless
// an object names something twice, of which JSON does not say what it means.
func FuzzOnePass(f *testing.F) {
	for _, body := range metatest.Bodies(f, "testdata/decode") {
		f.Add(body)
	}
	f.Add(metatest.Batch(metatest.TestNumber, "BATCH", 3, 2, time.Unix(1795341600, 0)))
	f.Fuzz(func(t *testing.T, body []byte) {
		b, ok := twoNumbers().usual(body)
		if !ok || twice(json.NewDecoder(bytes.NewReader(body))) {
			return
		}
		d := twoNumbers()
		err := d.careful(body)
		if got, want := metatest.Print(b, nil), metatest.Print(d.batch, err); got != want {
			t.Fatalf("in one pass:\n%s\nwith care:\n%s", got, want)
		}
	})
}

// twice reports whether an object of d's next value names something twice, in
// whatever case.
func twice(d *json.Decoder) bool {
	token, _ := d.Token()
	names := make(map[string]bool)
	for token == json.Delim('{') && d.More() {
		name, _ := d.Token()
		key, _ := name.(string)
		key = strings.ToLower(strings.ToUpper(key)) // as encoding/json folds them
		if names[key] || twice(d) {
			return true
		}
		names[key] = true
	}
	for token == json.Delim('[') && d.More() {
		if twice(d) {
			return true
		}
	}
	if token == json.Delim('{') || token == json.Delim('[') {
		_, _ = d.Token() // its end
	}
	return false
}

func TestOnePassIsForWhatIsUsual(t *testing.T) {
	t.Parallel()
	at := time.Unix(1795341600, 0)
	mara := metatest.Person{Phone: "447700900123", UserID: "GB.7H2K9Q4ZT0", Name: "Mara Test"}
	hook := func() *metatest.Webhook { return metatest.WhatsApp(metatest.TestNumber) }
	for name, tt := range map[string]struct {
		webhook *metatest.Webhook
		usual   bool
	}{
		"a text":                 {hook().Text(mara, "wamid.1", at, "hello"), true},
		"a tap and a status":     {hook().Button(mara, "wamid.1", at, "yes", "Yes").Status("wamid.2", "read", at, ""), true},
		"a failed status":        {hook().Failed("wamid.2", at, "", 131047), true},
		"another number":         {metatest.WhatsApp("1").Text(mara, "wamid.1", at, "hello"), false},
		"a message without time": {hook().Text(mara, "wamid.1", time.Time{}, "hello"), false},
		"an unknown status":      {hook().Text(mara, "wamid.1", at, "hello").Status("wamid.2", "warped", at, ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, ok := twoNumbers().usual(tt.webhook.Body())
			if ok != tt.usual {
				t.Errorf("read in one pass: %v, want %v", ok, tt.usual)
			}
			if !ok && len(b.Messages)+len(b.Receipts)+len(b.Events) > 0 {
				t.Errorf("left over: %+v", b)
			}
		})
	}
}
