package whatsapp_test

import (
	"errors"
	"flag"
	"net/http"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldens = "testdata/decode"

// accounts are the WhatsApp channels of the app.
func accounts() map[string]string {
	return map[string]string{metatest.TestNumber: "whatsapp", "700100200300401": "whatsapp-sales"}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	metatest.Golden(t, goldens, 30, *update, accounts(), open(t, "").Decode)
}

// The vectors of the documentation: the signature is over the bytes as they came.
func TestDecodeVerifiesFirst(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	for name, v := range map[string]struct {
		body, signature string
		want            error
	}{
		"a right signature": {
			`{"object":"whatsapp_business_account","entry":[]}`,
			"sha256=d6003bedf605fdf46943662e7d2065e132f4b26764d6ec946ba3fae527acafc2", nil,
		},
		"another body": {
			`{"object":"whatsapp_business_account","entry":[ ]}`,
			"sha256=d6003bedf605fdf46943662e7d2065e132f4b26764d6ec946ba3fae527acafc2", bot.ErrSignature,
		},
		"no signature and no JSON": {"{", "", bot.ErrSignature},
		"signed, and not for WhatsApp": {
			`{"text":"\u00e4\u00f6"}`,
			"sha256=11376a4daaa73b2e067ce8171f0498c4d915672dd69f45b7b6aaeead4e225505", bot.ErrMalformed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.Decode(http.Header{"X-Hub-Signature-256": {v.signature}}, []byte(v.body), nil)
			if !errors.Is(err, v.want) {
				t.Errorf("got %v, want %v", err, v.want)
			}
		})
	}
}

func TestDecodeBatch(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	body := metatest.Batch(metatest.TestNumber, "BATCH", 1000, 70, at)
	b, err := open(t, "").Decode(metatest.Signed(metatest.TestSecret, body), body, nil)
	if err != nil || len(b.Messages) != 1000 || len(b.Events) != 0 {
		t.Fatalf("%d messages, %d events, error %v", len(b.Messages), len(b.Events), err)
	}
	last := b.Messages[999]
	if last.Event != "whatsapp/wamid.BATCH999" || last.Message.Text != "message 999: wo ist mein Päckchen?" || !last.Message.At.Equal(at.Add(999*time.Second)) {
		t.Errorf("the last is %+v", last)
	}
}

func BenchmarkDecode(b *testing.B) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for name, n := range map[string]int{"one message": 1, "1000 messages": 1000} {
		body := metatest.Batch(metatest.TestNumber, "BATCH", n, 70, at)
		header := metatest.Signed(metatest.TestSecret, body)
		c := open(b, "")
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := c.Decode(header, body, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
