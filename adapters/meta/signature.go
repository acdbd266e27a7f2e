package meta

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"frontdesk/bot"
)

// The header and its shape, "sha256=" and 64 lowercase hex digits, 71
// characters in all (Meta, create-webhook-endpoint, 2025-11-07).
const (
	signatureHeader = "X-Hub-Signature-256"
	signaturePrefix = "sha256="
	signatureLength = len(signaturePrefix) + 2*sha256.Size
)

// Sign is the value of the signature header for body: HMAC-SHA256 with the app
// secret over the raw bytes. Meta signs its JSON with non-ASCII characters
// escaped and sends exactly that, so a body is never decoded and encoded again
// before it is checked (Meta, Messenger webhooks).
func Sign(secret Secret, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return signaturePrefix + hex.EncodeToString(mac.Sum(nil))
}

// Verify reports with bot.ErrSignature that body was not signed with secret.
// The error carries nothing: an answer to a stranger must not hold the expected
// signature. The comparison takes the same time wherever the two differ. An
// empty secret verifies nothing.
func Verify(secret Secret, header http.Header, body []byte) error {
	got := header.Get(signatureHeader)
	if secret == "" || len(got) != signatureLength || !strings.HasPrefix(got, signaturePrefix) {
		return bot.ErrSignature
	}
	if !hmac.Equal([]byte(got), []byte(Sign(secret, body))) {
		return bot.ErrSignature
	}
	return nil
}

// Challenge answers the GET that Meta sends when a callback URL is saved: when
// hub.mode is "subscribe" and hub.verify_token is ours, the challenge is to be
// sent back as the plain body with 200, otherwise 403 (Meta,
// create-webhook-endpoint, 2025-11-07).
func Challenge(verify Secret, q url.Values) (challenge string, ok bool) {
	// Hashes have one length, so that not even the token's length shows in the time.
	want := sha256.Sum256([]byte(verify))
	got := sha256.Sum256([]byte(q.Get("hub.verify_token")))
	same := subtle.ConstantTimeCompare(want[:], got[:]) == 1
	if verify == "" || !same || q.Get("hub.mode") != "subscribe" {
		return "", false
	}
	return q.Get("hub.challenge"), true
}
