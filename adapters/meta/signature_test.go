package meta_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

const key meta.Secret = "demo-app-secret"

// The vectors were computed apart from this code.
func TestVerify(t *testing.T) {
	t.Parallel()
	const envelope = `{"object":"whatsapp_business_account","entry":[]}`
	const right = "sha256=d6003bedf605fdf46943662e7d2065e132f4b26764d6ec946ba3fae527acafc2"
	for name, c := range map[string]struct {
		secret    meta.Secret
		body      string
		signature string
		ok        bool
	}{
		"a plain body":                 {key, envelope, right, true},
		"backslash escapes, as sent":   {key, `{"text":"\u00e4\u00f6"}`, "sha256=11376a4daaa73b2e067ce8171f0498c4d915672dd69f45b7b6aaeead4e225505", true},
		"the same as literal UTF-8":    {key, `{"text":"äö"}`, "sha256=bced0505937c94cf92c2a0bebfe1f558aa5191dac23ef743c8092f04632b3b6d", true},
		"UTF-8 signed as escapes":      {key, `{"text":"äö"}`, "sha256=11376a4daaa73b2e067ce8171f0498c4d915672dd69f45b7b6aaeead4e225505", false},
		"no header":                    {key, envelope, "", false},
		"no prefix":                    {key, envelope, strings.TrimPrefix(right, "sha256="), false},
		"another prefix":               {key, envelope, "sha512=" + strings.TrimPrefix(right, "sha256="), false},
		"too short":                    {key, envelope, right[:70], false},
		"too long":                     {key, envelope, right + "0", false},
		"capital digits":               {key, envelope, "sha256=" + strings.ToUpper(strings.TrimPrefix(right, "sha256=")), false},
		"another secret":               {"demo-app-secreT", envelope, right, false},
		"one byte more":                {key, envelope + "\n", right, false},
		"no secret signs nothing":      {"", envelope, meta.Sign("", []byte(envelope)), false},
		"an empty body that is signed": {key, "", meta.Sign(key, nil), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if c.signature != "" {
				header.Set("X-Hub-Signature-256", c.signature)
			}
			err := meta.Verify(c.secret, header, []byte(c.body))
			if c.ok && err != nil || !c.ok && !errors.Is(err, bot.ErrSignature) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestVerifyAnyBody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		header := http.Header{"X-Hub-Signature-256": {meta.Sign(key, body)}}
		if err := meta.Verify(key, header, body); err != nil {
			t.Fatal(err)
		}
		if len(body) == 0 {
			return
		}
		at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
		body[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if err := meta.Verify(key, header, body); !errors.Is(err, bot.ErrSignature) {
			t.Fatalf("one bit was changed: %v", err)
		}
	})
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		verify meta.Secret
		query  string
		want   string
		ok     bool
	}{
		"right":              {"tok", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=tok", "115", true},
		"another token":      {"tok", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=toc", "", false},
		"a longer token":     {"tok", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=token", "", false},
		"no token":           {"tok", "hub.mode=subscribe&hub.challenge=115", "", false},
		"another mode":       {"tok", "hub.mode=unsubscribe&hub.challenge=115&hub.verify_token=tok", "", false},
		"we have no token":   {"", "hub.mode=subscribe&hub.challenge=115&hub.verify_token=", "", false},
		"nothing in between": {"tok", "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := meta.Challenge(c.verify, q)
			if got != c.want || ok != c.ok {
				t.Errorf("got %q, %t", got, ok)
			}
		})
	}
}
