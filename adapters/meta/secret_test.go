package meta_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"frontdesk/adapters/meta"
)

func TestSecretPrintsAsNothingElse(t *testing.T) {
	t.Parallel()
	const value = "EAAhush"
	secret := meta.Secret(value)
	hidden := struct{ f func() meta.Secret }{secret.Hide()}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s"} {
		for _, v := range []any{secret, &secret, struct{ S meta.Secret }{secret}, []meta.Secret{secret}, map[meta.Secret]meta.Secret{secret: secret}, hidden, &hidden} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("a line", "secret", secret, "within", struct{ S meta.Secret }{secret})
	}
	if err := json.NewEncoder(&out).Encode(map[string]any{"list": []meta.Secret{secret}, "one": secret, "pointer": &secret}); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{value, fmt.Sprintf("%x", value), fmt.Sprintf("%X", value), fmt.Sprintf("%d", []byte(value))} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the secret shows as %q in:\n%s", form, out.String())
		}
	}
	if string(secret) != value || string(secret.Hide()()) != value {
		t.Error("the value cannot be had")
	}
}
